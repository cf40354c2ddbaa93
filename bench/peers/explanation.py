"""LightGBM's own attributions of a table's rows. Prints one JSON object.

usage: explanation.py contributions FOLDER ROWS THREADS   pred_contrib of the first ROWS rows with FOLDER/model.txt; writes
                                                          FOLDER/contributions.f64
"""
import json
import sys
import time

import lightgbm as lgb
import numpy as np

_, folder, rows, threads = sys.argv[1:]
X = np.load(f"{folder}/rows.npy")[:int(rows)]
model = lgb.Booster(model_file=f"{folder}/model.txt")
model.predict(X[:10], pred_contrib=True, num_threads=int(threads))
started = time.perf_counter()
contributions = model.predict(X, pred_contrib=True, num_threads=int(threads))
seconds = time.perf_counter() - started
contributions.astype(np.float64).tofile(f"{folder}/contributions.f64")
print(json.dumps({"rowsPerSecond": len(X) / seconds}))
