"""LightGBM and scikit-learn on folds dealt by the studio: raw columns, native categoricals for the trees, one-hot and
standardised columns for the logistic regression. Each is fitted with and without class balancing, the trees with 15 and
31 leaves, and the best mean is the peer's. Prints one JSON object.

usage: real_data.py JOB.json   {file, separator, label, positive, exclude, numeric, threads, folds: [{seed, parts}]}
parts holds one character per row: t train, v validation (early stopping), e test.
"""
import json
import sys

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

job = json.load(open(sys.argv[1]))
table = pd.read_csv(job["file"], sep=job["separator"])
y = (table[job["label"]].astype(str) == job["positive"]).to_numpy().astype(int)
X = table.drop(columns=[job["label"], *job["exclude"]])
for name in job["numeric"]:
    X[name] = pd.to_numeric(X[name], errors="coerce")
numbers = [name for name in X if pd.api.types.is_numeric_dtype(X[name])]
categories = [name for name in X if name not in numbers]
X[categories] = X[categories].astype("category")


def boosting(train, validation, test, seed, balanced, leaves):
    parameters = dict(objective="binary", metric="auc", learning_rate=0.05, num_leaves=leaves, is_unbalance=balanced,
                      seed=seed, num_threads=job["threads"], verbose=-1)
    data = lgb.Dataset(X.iloc[train], y[train])
    model = lgb.train(parameters, data, 1000, valid_sets=[lgb.Dataset(X.iloc[validation], y[validation], reference=data)],
                      callbacks=[lgb.early_stopping(50, verbose=False)])
    return model.predict(X.iloc[test])


def logistic(learn, test, balanced):
    encode = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), categories), sparse_threshold=0)
    model = make_pipeline(encode, StandardScaler(),
                          LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced" if balanced else None))
    return model.fit(X.iloc[learn], y[learn]).predict_proba(X.iloc[test])[:, 1]


aucs = {}
for fold in job["folds"]:
    parts = np.array(list(fold["parts"]))
    assert len(parts) == len(y), f"{len(parts)} rows dealt, {len(y)} read"
    train, validation, test = (np.flatnonzero(parts == part) for part in "tve")
    for balanced in (False, True):
        how = "balanced" if balanced else "plain"
        scores = {("boosting", f"{how}, {leaves} leaves"): boosting(train, validation, test, fold["seed"], balanced, leaves)
                  for leaves in (15, 31)}
        # Nothing is chosen on validation here, so those rows are learned from too.
        scores["logistic", how] = logistic(np.concatenate([train, validation]), test, balanced)
        for (kind, variant), score in scores.items():
            aucs.setdefault(kind, {}).setdefault(variant, []).append(roc_auc_score(y[test], score))
means = {kind: {how: float(np.mean(each)) for how, each in by.items()} for kind, by in aucs.items()}
print(json.dumps({"rows": len(y), "positives": int(y.sum()), "columns": X.shape[1], "auc": means}))
