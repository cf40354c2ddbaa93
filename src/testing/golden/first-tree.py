"""The first tree that LightGBM grows (versions are written into first-tree.json), with and without class balancing.

python first-tree.py > first-tree.json

The table holds what decides between near-equal learners: a rarest level beyond 99 % of the rows (LightGBM gives it no bin
of its own), levels whose groups gain nothing in a leaf (its children are not asked again), bins whose row counts are
estimated from unequal hessians, missing values and zeros. Of two splits that part the rows alike LightGBM takes the one whose sums happen to round up; the
seed is one whose tree holds no such pair.
"""
import json

import lightgbm as lgb
import numpy as np

draw = np.random.default_rng(4)
ROWS = 2400
amount = np.round(np.exp(draw.normal(3, 1, ROWS)), 1)
amount[draw.random(ROWS) < 0.3] = 0
age = draw.integers(18, 80, ROWS).astype(float)
change = np.round(draw.normal(size=ROWS), 2)
visits = draw.poisson(4, ROWS).astype(float)
visits[draw.random(ROWS) < 0.1] = np.nan
city = draw.choice(np.arange(1, 15), ROWS, p=np.array([300, 250, 200, 150, 120, 100, 80, 70, 60, 50, 40, 30, 20, 10]) / 1480)
plan = draw.choice([1, 2, 3, 4], ROWS, p=[0.5, 0.3, 0.198, 0.002])
effect = np.round(draw.normal(0, 0.8, 15), 1)
score = -2 + effect[city] + 0.03 * (age - 45) + 0.5 * np.isnan(visits) + 0.7 * (plan == 2) + 0.01 * amount + 0.4 * (change > 1)
label = (draw.random(ROWS) < 1 / (1 + np.exp(-score))).astype(int)
table = np.column_stack([amount, age, change, visits, city, plan]).astype(float)
kinds = ["number"] * 4 + ["category"] * 2


def grown(balanced):
    parameters = dict(objective="binary", num_leaves=31, learning_rate=0.1, is_unbalance=balanced, num_threads=1, verbose=-1)
    data = lgb.Dataset(table, label, categorical_feature=[4, 5])
    return lgb.train(parameters, data, 1).model_to_string()


def listed(values):
    return [None if np.isnan(value) else value for value in values]


print(json.dumps({
    "versions": {"lightgbm": lgb.__version__, "numpy": np.__version__},
    "kinds": kinds,
    "columns": [listed(column) for column in table.T],
    "labels": "".join(map(str, label)),
    "trees": {"plain": grown(False), "balanced": grown(True)},
}))
