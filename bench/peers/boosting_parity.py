"""LightGBM on the very columns and splits that the studio learned from. Trains with the given parameters and early
stopping on the validation rows, writes the raw scores of the test rows (float64) behind one another, split by split, and
prints one JSON object: each split's number of trees and first tree, as text.

usage: boosting_parity.py JOB.json SCORES
job: {data, rows, features: [{name, kind}], parameters, rounds, patience, splits: [PARTS]}
data holds the columns one after the other (float64; a category is its code + 1, NaN is missing), then the labels.
PARTS holds one character per row: t train, v validation (early stopping), e test.
"""
import json
import sys

import lightgbm as lgb
import numpy as np

job = json.load(open(sys.argv[1]))
table = np.fromfile(job["data"]).reshape(-1, job["rows"])
X, y = np.ascontiguousarray(table[:-1].T), table[-1]
categories = [at for at, feature in enumerate(job["features"]) if feature["kind"] == "category"]

answers, scores = [], []
for letters in job["splits"]:
    parts = np.array(list(letters))
    train, validation, test = (np.flatnonzero(parts == part) for part in "tve")
    data = lgb.Dataset(X[train], y[train], categorical_feature=categories, free_raw_data=False)
    watched = lgb.Dataset(X[validation], y[validation], reference=data)
    model = lgb.train(job["parameters"], data, job["rounds"], valid_sets=[watched],
                      callbacks=[lgb.early_stopping(job["patience"], verbose=False)])
    scores.append(model.predict(X[test], raw_score=True))
    answers.append({"trees": model.best_iteration, "first": model.model_to_string(num_iteration=1)})
np.concatenate(scores).tofile(sys.argv[2])
print(json.dumps({"version": lgb.__version__, "splits": answers}))
