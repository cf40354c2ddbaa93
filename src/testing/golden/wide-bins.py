"""The first tree and the validation AUC of 40 that LightGBM grows from columns of more than 256 bins.

python wide-bins.py > wide-bins.json (versions are written into it)

Amounts and an age in days have more values than bins, visits are few and sometimes missing, and a category of 600 levels
takes more than 255 bins, whatever max_bin. Of two splits that part a leaf's rows alike either may win; the seed is one
whose trees hold no such pair.
"""
import json
import sys

import lightgbm as lgb
import numpy as np

draw = np.random.default_rng(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
TRAIN, ROWS = 4000, 6000
amount = np.round(np.exp(draw.normal(3, 1, ROWS)), 2)
amount[draw.random(ROWS) < 0.1] = 0
amount[draw.random(ROWS) < 0.1] = np.nan
days = draw.integers(6000, 30000, ROWS).astype(float)
change = np.round(draw.normal(size=ROWS), 4)
visits = draw.poisson(4, ROWS).astype(float)
visits[draw.random(ROWS) < 0.1] = np.nan
shop = np.floor(600 * draw.random(ROWS) ** 1.3) + 1
effect = np.round(draw.normal(0, 1.2, 602), 1)
score = -1.5 + effect[shop.astype(int)] + np.abs(days - 15000) / 8000 + 0.004 * np.nan_to_num(amount, nan=80) + 0.9 * (change > 0.8)
label = (draw.random(ROWS) < 1 / (1 + np.exp(-score))).astype(int)
table = np.column_stack([amount, days, change, visits, shop]).astype(float)
kinds = ["number"] * 4 + ["category"]
settings = {
    "1023": dict(max_bin=1023),
    "65535": dict(max_bin=65535, min_data_in_bin=1),
    "category alone": dict(max_bin=255),
    "large groups": dict(max_bin=2000, cat_smooth=2, min_data_per_group=10, max_cat_threshold=300, lambda_l1=0.5),
}


def auc(label, score):
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = ((ends - counts + 1 + ends) / 2)[inverse]
    positives = label.sum()
    return (ranks[label == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(label) - positives))


def grown(own):
    parameters = dict(objective="binary", num_leaves=31, learning_rate=0.1, num_threads=1, verbose=-1, **own)
    data = lgb.Dataset(table[:TRAIN], label[:TRAIN], categorical_feature=[4])
    model = lgb.train(parameters, data, 40)
    return {"parameters": own, "tree": model.model_to_string(num_iteration=1), "auc": auc(label[TRAIN:], model.predict(table[TRAIN:]))}


def listed(values):
    return [None if np.isnan(value) else (int(value) if value == int(value) else value) for value in values]


print(json.dumps({
    "versions": {"lightgbm": lgb.__version__, "numpy": np.__version__},
    "kinds": kinds,
    "train": TRAIN,
    "columns": [listed(column) for column in table.T],
    "labels": "".join(map(str, label)),
    "models": {name: grown(own) for name, own in settings.items()},
}, separators=(",", ":")))
