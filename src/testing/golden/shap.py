"""SHAP values of LightGBM's own `pred_contrib`, for tree-shap.test.ts.

pip install lightgbm==4.7.0 numpy; python shap.py > shap.json
Numbers, missing values, zero as missing, a categorical column of 40 levels, deep trees, unseen and odd values.
"""
import json
import lightgbm as lgb
import numpy as np

rng = np.random.default_rng(7)
N = 3000
X = np.empty((N, 6))
X[:, 0] = rng.normal(size=N)
X[:, 1] = rng.integers(0, 4, size=N)
X[:, 2] = np.where(rng.random(N) < 0.3, np.nan, rng.normal(size=N))
X[:, 3] = np.where(rng.random(N) < 0.4, 0.0, rng.exponential(size=N))
X[:, 4] = rng.integers(0, 40, size=N)
X[:, 5] = rng.random(N)
logit = X[:, 0] + np.where(np.isnan(X[:, 2]), 1.0, X[:, 2] * X[:, 1] * 0.5) + np.sin(X[:, 4]) + (X[:, 3] > 0.5) * X[:, 5]
y = (rng.random(N) < 1 / (1 + np.exp(-logit + 1))).astype(int)

probe = X[rng.choice(N, 24, replace=False)].copy()
probe[0] = np.nan
probe[1] = 0.0
probe[2, 0], probe[2, 2] = np.inf, -np.inf
probe[3, 4] = 99
probe[4, 4] = -1
probe[5, 4] = 3.9
probe[6, 3] = 1e-36
probe[7, 3] = -0.0


def case(name, rounds, **parameters):
    settings = {"objective": "binary", "verbose": -1, "seed": 1, "num_threads": 1, "deterministic": True, **parameters}
    booster = lgb.train(settings, lgb.Dataset(X, y, categorical_feature=[4]), rounds)
    contributions = booster.predict(probe, pred_contrib=True)
    return {
        "name": name,
        "model": booster.model_to_string(),
        "raw": booster.predict(probe, raw_score=True).tolist(),
        "contributions": contributions[:, :-1].tolist(),
        "expected": contributions[0, -1],
    }


print(json.dumps({
    "rows": [[None if np.isnan(v) else ("inf" if v == np.inf else "-inf" if v == -np.inf else v) for v in row] for row in probe],
    "cases": [
        case("missing values and categories", 12, num_leaves=15, learning_rate=0.2, min_data_in_leaf=5),
        case("zero as missing, class balancing", 8, num_leaves=15, zero_as_missing=True, is_unbalance=True),
        case("deep trees", 3, num_leaves=120, min_data_in_leaf=1, min_sum_hessian_in_leaf=1e-3, learning_rate=0.3),
        case("one constant tree", 1, num_leaves=2, min_data_in_leaf=2000),
    ],
}))
