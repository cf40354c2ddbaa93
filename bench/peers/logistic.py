"""scikit-learn on the logistic benchmark's table (made by boosting.py make numbers). Prints one JSON object.

usage: logistic.py FOLDER THREADS
StandardScaler and LogisticRegression (l2, C 1) from raw rows, until the largest component of the gradient of the mean
objective is at most 1e-10: the fastest of the solvers that reach it counts. lbfgs at its default tolerance beside it.
"""
import json
import os
import sys
import time
import warnings

folder, threads = sys.argv[1], sys.argv[2]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = threads

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore")
limit = 1e-10
rows = json.load(open(f"{folder}/table.json"))["train"]
raw = np.load(f"{folder}/rows.npy")[:rows]
labels = np.fromfile(f"{folder}/labels.i8", dtype=np.int8)[:rows].astype(np.float64)


def fit(**options):
    start = time.perf_counter()
    X = StandardScaler().fit_transform(raw)
    scaled = time.perf_counter()
    model = LogisticRegression(C=1.0, **options).fit(X, labels)
    seconds = time.perf_counter() - start
    beta = model.coef_[0]
    residual = (expit(X @ beta + model.intercept_[0]) - labels) / rows
    slope = max(abs(residual.sum()), np.abs(X.T @ residual + beta / rows).max())
    told = {"seconds": seconds, "slope": float(slope), "steps": int(model.n_iter_[0])}
    return told | {"solver": options["solver"], "scalingSeconds": scaled - start}


LogisticRegression(solver="newton-cholesky").fit(raw[:500], labels[:500])  # imports and allocators are warm
exact = [fit(solver=solver, tol=tol, max_iter=2000)
         for solver, tol in (("newton-cholesky", limit), ("lbfgs", limit), ("newton-cg", limit))]
reached = [told for told in exact if told["slope"] <= limit]
best = min(reached, key=lambda told: told["seconds"])
print(json.dumps(best | {"lbfgsDefault": fit(solver="lbfgs")}))
