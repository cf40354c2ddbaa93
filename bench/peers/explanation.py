"""Attributions of a table's rows by LightGBM itself and by the shap package. Prints one JSON object.

usage: explanation.py contributions FOLDER ROWS THREADS   pred_contrib of the first ROWS rows with FOLDER/model.txt; writes
                                                          FOLDER/contributions.f64
       explanation.py interventional FOLDER ROWS BACKGROUND   shap.TreeExplainer of ROWS rows after the first BACKGROUND,
                                                              compared with those; writes the same file
"""
import json
import sys
import time

import lightgbm as lgb
import numpy as np

what, folder, rows, last = sys.argv[1:]
model = lgb.Booster(model_file=f"{folder}/model.txt")
table = np.load(f"{folder}/rows.npy")
if what == "interventional":
    import shap

    X = table[int(last):int(last) + int(rows)]
    attribute = shap.TreeExplainer(
        model, data=table[:int(last)], feature_perturbation="interventional"
    ).shap_values
else:
    X = table[:int(rows)]

    def attribute(chosen):
        return model.predict(chosen, pred_contrib=True, num_threads=int(last))

attribute(X[:10])
started = time.perf_counter()
contributions = attribute(X)
seconds = time.perf_counter() - started
contributions.astype(np.float64).tofile(f"{folder}/contributions.f64")
print(json.dumps({"rowsPerSecond": len(X) / seconds}))
