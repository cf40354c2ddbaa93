"""Reference values for gradient boosting, made by LightGBM (versions are written into boosting.json).

python boosting.py > boosting.json

A small table with numbers, missing values, ties, a category of 12 levels and one of 3; a model trained by LightGBM on it,
as text, with its raw scores; and the AUC that LightGBM reaches on rows it did not see.
"""
import json

import lightgbm as lgb
import numpy as np
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(20240601)
rows, train_rows = 3000, 2000
x = np.round(rng.normal(size=(rows, 5)), 2)
x[:, 1] = np.round(np.exp(x[:, 1]), 1)
x[:, 2] = rng.integers(0, 4, rows)
x[rng.random(rows) < 0.15, 3] = np.nan
city = rng.integers(0, 13, rows)  # 0 is missing
plan = rng.integers(0, 4, rows)
effect = np.round(rng.normal(size=13), 1)
z = (
    0.8 * x[:, 0] + 0.5 * (x[:, 1] > 1) * x[:, 2] - 0.9 * np.isnan(x[:, 3])
    + np.nan_to_num(x[:, 3]) * 0.5 + effect[city] + 0.7 * (plan == 2) - 1.2
)
y = (rng.random(rows) < 1 / (1 + np.exp(-z))).astype(int)
table = np.column_stack([x, city, plan]).astype(float)
# Missing is NaN for LightGBM; the studio's number for it is 0.
given = table.copy()
given[:, 5:][given[:, 5:] == 0] = np.nan

parameters = dict(
    objective="binary", learning_rate=0.1, num_leaves=15, min_data_in_leaf=20, min_data_per_group=50, is_unbalance=True,
    verbose=-1, num_threads=1, seed=1, deterministic=True,
)
data = lgb.Dataset(given[:train_rows], y[:train_rows], categorical_feature=[5, 6])
booster = lgb.train(parameters, data, 40)
raw = booster.predict(given[train_rows:], raw_score=True)
small = lgb.train(parameters, data, 8)

# Rows that try every rule: exact thresholds, zeros, infinities, missing, unknown and odd categories.
thresholds = [node for node in small.trees_to_dataframe()["threshold"].dropna() if isinstance(node, (int, float))]
odd = [0.0, -0.0, 1e-36, -1e-36, np.inf, -np.inf, np.nan, *map(float, thresholds[:20])]
probe = np.column_stack(
    [rng.choice(odd, 400) for _ in range(5)] + [rng.choice([0, 1, 3, 7, 12, 13, 40, -1, 2.9, -0.5, np.nan], 400) for _ in range(2)]
)


def numbers(values):
    """JSON has no NaN or infinity."""
    return ["nan" if np.isnan(v) else "inf" if v == np.inf else "-inf" if v == -np.inf else float(v) for v in values]


print(json.dumps({
    "versions": {"lightgbm": lgb.__version__, "numpy": np.__version__},
    "trainRows": train_rows,
    "columns": [numbers(column) for column in table.T],
    "labels": "".join(map(str, y)),
    "auc": roc_auc_score(y[train_rows:], raw),
    "model": small.model_to_string(),
    "probe": [numbers(column) for column in probe.T],
    "probeScores": small.predict(probe, raw_score=True).tolist(),
}))
