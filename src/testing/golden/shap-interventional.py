"""Interventional SHAP values, the same through the sigmoid, and interaction values, of the shap package's TreeExplainer.

pip install shap==0.51.0 lightgbm==4.7.0 numpy; python -P shap-interventional.py > shap-interventional.json
-P keeps shap.py beside this file from being taken for the package.
Numbers with missing values; a shallow model, and one of deep trees that split on a feature again and again.
"""
import json
import lightgbm as lgb
import numpy as np
import shap

rng = np.random.default_rng(11)
N = 2000
X = rng.normal(size=(N, 6))
X[:, 1] = rng.integers(0, 4, size=N)
X[rng.random(N) < 0.3, 2] = np.nan
X[rng.random(N) < 0.05, 0] = np.nan
logit = np.nan_to_num(X[:, 0]) * X[:, 1] - np.nan_to_num(X[:, 2], nan=1.5) + np.abs(X[:, 3]) * X[:, 4]
y = (rng.random(N) < 1 / (1 + np.exp(-logit + 1))).astype(int)
background = X[:30]
rows = X[100:110].copy()
rows[0, [0, 2]] = np.nan


def case(name, rounds, **parameters):
    settings = {"objective": "binary", "verbose": -1, "seed": 1, "num_threads": 1, "deterministic": True, **parameters}
    booster = lgb.train(settings, lgb.Dataset(X, y), rounds)
    raw = shap.TreeExplainer(booster, data=background, feature_perturbation="interventional")
    sigmoid = shap.TreeExplainer(
        booster, data=background, feature_perturbation="interventional", model_output="probability"
    )
    pairs = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
    return {
        "name": name,
        "model": booster.model_to_string(),
        "expected": float(raw.expected_value),
        "attributions": raw.shap_values(rows).tolist(),
        "expectedProbability": float(sigmoid.expected_value),
        "probabilityAttributions": sigmoid.shap_values(rows).tolist(),
        "interactions": np.asarray(pairs.shap_interaction_values(rows)).tolist(),
    }


def cells(table):
    return [[None if np.isnan(v) else v for v in row] for row in table]


print(json.dumps({
    "background": cells(background),
    "rows": cells(rows),
    "cases": [
        case("shallow", 12, num_leaves=8, learning_rate=0.2),
        case("deep", 3, num_leaves=60, min_data_in_leaf=2, learning_rate=0.3),
    ],
}))
