"""LightGBM loads a model text and scores a Parquet file of features; counts the rows whose raw score is not, bit for bit,
the one given. Prints one JSON object.

usage: read_model.py MODEL.txt FEATURES.parquet SCORES (little-endian doubles)
"""
import json
import sys

import lightgbm as lgb
import numpy as np
import pandas as pd

booster = lgb.Booster(model_file=sys.argv[1])
table = pd.read_parquet(sys.argv[2])
for name in table:
    if not pd.api.types.is_numeric_dtype(table[name]):
        table[name] = table[name].astype("category")
expected = np.fromfile(sys.argv[3], dtype="<f8")
scores = booster.predict(table[booster.feature_name()], raw_score=True, num_threads=1)
different = int((scores.view(np.uint64) != expected.view(np.uint64)).sum())
print(json.dumps({"rows": len(scores), "different": different, "trees": booster.num_trees()}))
