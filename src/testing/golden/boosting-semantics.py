"""What LightGBM grows under each of its settings, on the table of first-tree.json; written into boosting-semantics.json.

python boosting-semantics.py > boosting-semantics.json

Only settings whose outcome hangs neither on LightGBM's own random numbers (a forest and GOSS that take all, dart that drops
all) nor on the last bit (where max_delta_step clips a leaf and all of its children, their gain is 0 but for rounding).
"""
import json
import pathlib

import lightgbm as lgb
import numpy as np

known = json.loads((pathlib.Path(__file__).parent / "first-tree.json").read_text())
table = np.array([[np.nan if value is None else value for value in column] for column in known["columns"]]).T
label = np.array([int(each) for each in known["labels"]])
ROWS = len(label)
weights = 0.5 + (np.arange(ROWS) % 7) / 4
TRAIN = 1800

always = dict(objective="binary", num_leaves=12, learning_rate=0.1, num_threads=1, verbose=-1, force_col_wise=True)
cases = {
    "max_delta_step": dict(max_delta_step=1.2),
    "path_smooth": dict(path_smooth=30),
    "path_smooth and max_delta_step": dict(path_smooth=5, max_delta_step=0.7, lambda_l1=0.5, lambda_l2=2),
    "monotone": dict(monotone_constraints=[-1, 1, -1, 0, 0, 0]),
    "monotone and path_smooth": dict(monotone_constraints=[0, -1, 1, -1, 0, 0], path_smooth=10),
    "interactions": dict(interaction_constraints=[[0, 1, 4], [2, 3, 5]]),
    "interactions of some": dict(interaction_constraints=[[1, 4], [4, 3]]),
    "weights": dict(),
    "zero_as_missing": dict(zero_as_missing=True),
    "without use_missing": dict(use_missing=False),
    "goss": dict(data_sample_strategy="goss", top_rate=0.4, other_rate=0.6, learning_rate=0.9),
    "rf": dict(boosting="rf", feature_fraction=0.99),
    "dart": dict(boosting="dart", drop_rate=1.0, skip_drop=0.0, max_drop=-1, uniform_drop=True),
    "dart of xgboost": dict(boosting="dart", drop_rate=1.0, skip_drop=0.0, max_drop=-1, uniform_drop=True, xgboost_dart_mode=True),
    "cross_entropy": dict(objective="cross_entropy"),
    "continued": dict(),
    "gains": dict(min_gain_to_split=3, min_sum_hessian_in_leaf=8, lambda_l1=1, max_depth=4),
}


def dataset(case, rows=slice(None), reference=None):
    weight = weights[rows] if case in ("weights", "cross_entropy", "measures") else None
    return lgb.Dataset(table[rows], label[rows], weight=weight, categorical_feature=[4, 5], reference=reference, free_raw_data=False)


def grown(case):
    parameters = {**always, **cases[case]}
    model = lgb.train(parameters, dataset(case), 3)
    if case == "continued":
        model = lgb.train(parameters, dataset(case), 2, init_model=model)
    return model.model_to_string()


train = dataset("measures", slice(0, TRAIN))
measures = {}
metrics = ["auc", "average_precision", "binary_logloss", "binary_error"]
lgb.train({**always, "metric": metrics}, train, 5, valid_sets=[dataset("measures", slice(TRAIN, ROWS), train)],
          callbacks=[lgb.record_evaluation(measures)])

print(json.dumps({
    "versions": {"lightgbm": lgb.__version__, "numpy": np.__version__},
    "trees": {case: grown(case) for case in cases},
    "trainRows": TRAIN,
    "measures": measures["valid_0"],
}))
