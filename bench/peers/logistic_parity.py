"""scikit-learn's logistic regression on the studio's own encoded inputs. Writes each fit's intercept, coefficients and
probabilities (float64) behind one another, and prints one JSON object: per fit the steps and whether it converged.

usage: logistic_parity.py JOB.json OUT
job: {data, rows, width, fits: [{solver, C, l1_ratio, tol, max_iter, balanced, columns}]}
data holds the inputs one after the other, then the labels; a fit uses the columns named. C null means no penalty.
"""
import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
job = json.load(open(sys.argv[1]))
table = np.fromfile(job["data"]).reshape(job["width"] + 1, job["rows"])
y = table[-1]
answers, out = [], []
for fit in job["fits"]:
    X = np.ascontiguousarray(table[fit["columns"]].T)
    model = LogisticRegression(
        C=np.inf if fit["C"] is None else fit["C"], l1_ratio=fit["l1_ratio"], solver=fit["solver"], tol=fit["tol"],
        max_iter=fit["max_iter"], class_weight="balanced" if fit["balanced"] else None, random_state=0)
    if fit["solver"] == "saga":
        model.set_params(penalty="elasticnet")
    model.fit(X, y)
    out += [model.intercept_, model.coef_[0], model.predict_proba(X)[:, 1]]
    answers.append({"steps": int(model.n_iter_[0]), "converged": bool(model.n_iter_[0] < fit["max_iter"])})
np.concatenate(out).tofile(sys.argv[2])
print(json.dumps({"version": sklearn.__version__, "fits": answers}))
