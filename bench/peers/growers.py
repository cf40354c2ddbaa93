"""xgboost's hist trees and catboost's oblivious trees on the very columns and splits that the studio learned from:
their own defaults, with the number of trees, the learning rate and early stopping by AUC given. Prints one JSON list: a run per split.

usage: growers.py JOB.json xgboost|catboost   {values, rows, columns: [{name, kind, levels?}], labels,
                                               splits: [{seed, parts}], trees, learning_rate, patience}
values: one little-endian double per cell, column after column; a category's code, -1 where missing.
parts holds one character per row: t train, v validation (early stopping), e test, - none of them.
"""
import json
import sys
import time

import catboost
import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.metrics import roc_auc_score

job = json.load(open(sys.argv[1]))
values = np.fromfile(job["values"], dtype="<f8").reshape(len(job["columns"]), job["rows"])
y = np.array(job["labels"])
trees, rate, patience = (job[name] for name in ("trees", "learning_rate", "patience"))
for_xgboost, for_catboost = pd.DataFrame(), pd.DataFrame()
for column, cells in zip(job["columns"], values):
    if column["kind"] == "number":
        for_xgboost[column["name"]] = for_catboost[column["name"]] = cells
    else:
        levels = pd.Categorical.from_codes(cells.astype(int), column["levels"])
        for_xgboost[column["name"]] = levels
        for_catboost[column["name"]] = pd.Series(levels).astype(object).where(cells >= 0, "missing").astype(str)
categories = [column["name"] for column in job["columns"] if column["kind"] != "number"]


def xgboost_hist(train, validation, test, seed):
    parameters = dict(objective="binary:logistic", eval_metric="auc", tree_method="hist", learning_rate=rate,
                      seed=seed, nthread=1)
    data, watched, held = (xgb.DMatrix(for_xgboost.iloc[rows], y[rows], enable_categorical=True, nthread=1)
                           for rows in (train, validation, test))
    model = xgb.train(parameters, data, trees, evals=[(watched, "validation")], early_stopping_rounds=patience,
                      verbose_eval=False)
    return model.predict(held, iteration_range=(0, model.best_iteration + 1)), model.best_iteration + 1


def catboost_symmetric(train, validation, test, seed):
    model = catboost.CatBoostClassifier(iterations=trees, learning_rate=rate, eval_metric="AUC", random_seed=seed,
                                        od_type="Iter", od_wait=patience, thread_count=1, verbose=False,
                                        allow_writing_files=False)
    data, watched, held = (catboost.Pool(for_catboost.iloc[rows], y[rows], cat_features=categories)
                           for rows in (train, validation, test))
    model.fit(data, eval_set=watched, use_best_model=True)
    return model.predict_proba(held)[:, 1], model.tree_count_


learn = {"xgboost": xgboost_hist, "catboost": catboost_symmetric}[sys.argv[2]]
runs = []
for split in job["splits"]:
    parts = np.array(list(split["parts"]))
    train, validation, test = (np.flatnonzero(parts == part) for part in "tve")
    started = time.perf_counter()
    scores, count = learn(train, validation, test, split["seed"])
    seconds = time.perf_counter() - started
    runs.append({"auc": float(roc_auc_score(y[test], scores)), "trees": int(count), "seconds": seconds})
print(json.dumps(runs))
