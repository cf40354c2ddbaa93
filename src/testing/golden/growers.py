"""Golden values for growers, written to growers.json: xgboost 3.2.0's margins after one and three depth-wise trees, and
the splits of catboost 1.2.10's first oblivious tree on the columns without missing values.

Whole numbers from 0 to 11, so that both sides have the same bins; one column has missing values. CatBoost weighs a leaf
of n rows by n where we have its hessian, n / 4 in the first tree: its l2_leaf_reg of 12 is our lambda_l2 of 3.
"""
import json
import os
import tempfile

import catboost
import numpy as np
import xgboost as xgb

random = np.random.default_rng(5)
rows = 800
X = random.integers(0, 12, (rows, 4)).astype(float)
X[random.random(rows) < 0.15, 1] = np.nan
z = 0.25 * (X[:, 0] - 5) + np.where(np.isnan(X[:, 1]), 1.5, 0.1 * np.nan_to_num(X[:, 1])) - 2
z += 1.5 * (X[:, 2] > 8) + 1.5 * (X[:, 3] < 4)
y = (random.random(rows) < 1 / (1 + np.exp(-z))).astype(int)
parameters = dict(objective="binary:logistic", tree_method="hist", max_depth=5, learning_rate=0.3, base_score=0.5,
                  reg_lambda=1.0, min_child_weight=1.1)
model = xgb.train(parameters, xgb.DMatrix(X, y), 3)
margin = lambda trees: model.predict(xgb.DMatrix(X), output_margin=True, iteration_range=(0, trees))
leaves = model.predict(xgb.DMatrix(X), pred_leaf=True)
oblivious = catboost.CatBoostClassifier(iterations=1, depth=5, l2_leaf_reg=12, learning_rate=0.3, score_function="L2",
                                        bootstrap_type="No", random_strength=0, boost_from_average=False, thread_count=1,
                                        feature_border_type="GreedyLogSum", verbose=False, allow_writing_files=False)
complete = [0, 2, 3]
oblivious.fit(X[:, complete], y)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.json")
    oblivious.save_model(path, format="json")
    [tree] = json.load(open(path))["oblivious_trees"]
text = json.dumps({
    "columns": [[None if np.isnan(v) else int(v) for v in column] for column in X.T],
    "labels": y.tolist(),
    "leafCounts": [len(set(leaves[:, tree])) for tree in range(3)],
    "levels": [[complete[split["float_feature_index"]], split["border"]] for split in tree["splits"]],
    "margins": {trees: [round(float(v), 6) for v in margin(trees)] for trees in (1, 3)},
})
open(__file__.replace(".py", ".json"), "w").write(text + "\n")
