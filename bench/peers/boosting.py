"""The boosting benchmark's tables, and LightGBM on them. Prints one JSON object.

usage: boosting.py make TABLE FOLDER ROWS            TABLE: numbers | categories
       boosting.py bank PATH FOLDER                  the public bank-marketing table (additional-full, CSV or CSV.gz)
       boosting.py train FOLDER THREADS LEAVES ROUNDS [quantised]
A folder holds table.json, rows.npy (for Python: row after row), columns.f64 (for us: column after column), labels.i8.
The first four fifths train; categories are whole numbers from 0, missing is NaN.
"""
import json
import os
import re
import sys
import time

import numpy as np


def make(table, rows):
    r = np.random.default_rng(1)
    if table == "numbers":
        X = r.standard_normal((rows, 60))
        X[:, 20:30] = np.exp(X[:, 20:30])
        X[:, 30:40] = np.floor(np.abs(X[:, 30:40]) * 5)
        X[:, 40:45] = r.integers(0, 12, (rows, 5))
        X[:, :10] += 0.5 * X[:, 10:20]
        z = (1.2 * (X[:, 0] > 0.5) + 0.8 * np.tanh(X[:, 1]) + 0.6 * X[:, 2] * X[:, 3] + 0.5 * np.log1p(X[:, 20])
             + 0.3 * (X[:, 30] > 4) - 0.7 * (X[:, 40] == 3) + 0.4 * X[:, 4] + 0.3 * np.sin(2 * X[:, 5]) - 3.6)
        levels = [0] * 60
    else:
        X = r.standard_normal((rows, 30))
        levels = [0] * 20 + [2, 3, 5, 8, 12, 20, 40, 80, 150, 200]
        z = 1.2 * (X[:, 0] > 0.5) + 0.8 * np.tanh(X[:, 1]) + 0.6 * X[:, 2] * X[:, 3] - 3
        for f in range(20, 30):
            X[:, f] = np.floor(levels[f] * r.random(rows) ** 2)
            z += r.normal(0, 0.4, levels[f])[X[:, f].astype(int)]
    y = (r.random(rows) < 1 / (1 + np.exp(-z))).astype(np.int8)
    return X, y, levels


def bank(path):
    import pandas as pd

    table = pd.read_csv(path, sep=";").sample(frac=1, random_state=1)
    y = (table.pop("y") == "yes").to_numpy().astype(np.int8)
    table = table.drop(columns=["duration"])
    levels = [0 if pd.api.types.is_numeric_dtype(table[name]) else table[name].nunique() for name in table]
    for name, count in zip(list(table), levels):
        if count:
            table[name] = table[name].astype("category").cat.codes
    return table.to_numpy(dtype=np.float64), y, levels


def save(folder, X, y, levels):
    os.makedirs(folder, exist_ok=True)
    np.save(f"{folder}/rows.npy", np.ascontiguousarray(X))
    np.ascontiguousarray(X.T).tofile(f"{folder}/columns.f64")
    y.tofile(f"{folder}/labels.i8")
    told = {"rows": len(y), "train": int(len(y) * 0.8), "levels": levels}
    json.dump(told, open(f"{folder}/table.json", "w"))
    return told


def resident_mb():
    """Of this process alone: what getrusage tells is at least what its parent held when it started."""
    return int(re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1]) / 1024


def train(folder, threads, leaves, rounds, quantised):
    import lightgbm as lgb
    from sklearn.metrics import roc_auc_score

    told = json.load(open(f"{folder}/table.json"))
    X, y, k = np.load(f"{folder}/rows.npy"), np.fromfile(f"{folder}/labels.i8", dtype=np.int8), told["train"]
    categorical = [f for f, count in enumerate(told["levels"]) if count]
    parameters = dict(objective="binary", num_leaves=leaves, learning_rate=0.05, min_data_in_leaf=50, num_threads=threads,
                      verbose=-1, force_col_wise=True, is_unbalance=True, deterministic=True, seed=1,
                      use_quantized_grad=quantised)
    before = resident_mb()
    a = time.perf_counter()
    data = lgb.Dataset(X[:k], y[:k], params=parameters, categorical_feature=categorical)
    data.construct()
    b = time.perf_counter()
    model = lgb.train(parameters, data, rounds)
    c = time.perf_counter()
    peak = resident_mb()
    scores = model.predict(X[k:], raw_score=True, num_threads=threads)
    return {"binning": b - a, "total": c - a, "peakMb": peak, "grownMb": peak - before,
            "auc": float(roc_auc_score(y[k:], scores)), "trees": model.num_trees()}


what, *args = sys.argv[1:]
if what == "make":
    print(json.dumps(save(args[1], *make(args[0], int(args[2])))))
elif what == "bank":
    print(json.dumps(save(args[1], *bank(args[0]))))
else:
    print(json.dumps(train(args[0], int(args[1]), int(args[2]), int(args[3]), "quantised" in args)))
