"""A LightGBM model to score with on both sides, and its own predictions. Prints one JSON object.

usage: boosting_predict.py train FOLDER LEAVES ROUNDS   on a table of boosting.py; writes FOLDER/model.txt and scores.f64
       boosting_predict.py predict FOLDER               one thread: rows a second, and microseconds for one row
"""
import json
import sys
import time

import lightgbm as lgb
import numpy as np


def table(folder):
    told = json.load(open(f"{folder}/table.json"))
    return told, np.load(f"{folder}/rows.npy"), np.fromfile(f"{folder}/labels.i8", dtype=np.int8)


def train(folder, leaves, rounds):
    told, X, y = table(folder)
    k = told["train"]
    parameters = dict(objective="binary", num_leaves=leaves, learning_rate=0.05, min_data_in_leaf=50, num_threads=1,
                      verbose=-1, force_col_wise=True, deterministic=True, seed=1)
    categorical = [f for f, count in enumerate(told["levels"]) if count]
    model = lgb.train(parameters, lgb.Dataset(X[:k], y[:k], params=parameters, categorical_feature=categorical), rounds)
    model.save_model(f"{folder}/model.txt")
    model.predict(X, raw_score=True, num_threads=1).tofile(f"{folder}/scores.f64")
    return {"trees": model.num_trees()}


def predict(folder):
    _, X, _ = table(folder)
    model = lgb.Booster(model_file=f"{folder}/model.txt")
    model.predict(X[:1000], raw_score=True, num_threads=1)
    passes = []
    for _ in range(3):
        a = time.process_time()
        model.predict(X, raw_score=True, num_threads=1)
        passes.append(time.process_time() - a)
    a = time.perf_counter()
    for i in range(1000):
        model.predict(X[i:i + 1], raw_score=True, num_threads=1)
    return {"rowsPerSecond": len(X) / sorted(passes)[1], "rowMicroseconds": (time.perf_counter() - a) * 1000}


what, folder, *args = sys.argv[1:]
print(json.dumps(train(folder, *map(int, args)) if what == "train" else predict(folder)))
