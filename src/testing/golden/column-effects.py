"""Reference values of partial dependence, permutation importance, ALE, interaction partners and a regression tree.

Made with scikit-learn 1.9.1, PyALE 1.2.0 and numpy 2.4.6 (shap's approximate_interactions, MIT, is restated below from
shap 0.51: it needs nothing but numpy): python src/testing/golden/column-effects.py
"""
import json
import pathlib

import numpy as np
import pandas as pd
from PyALE import ale
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.tree import DecisionTreeRegressor

rng = np.random.default_rng(5)
rows = 240
X = rng.normal(size=(rows, 4))
X[:, 1] = 0.7 * X[:, 0] + 0.5 * X[:, 1]
X[:, 2] = rng.integers(0, 5, rows)
X = np.round(X, 3)


class Formula(RegressorMixin, BaseEstimator):
    """f = a + 2 b c − a² / 2 + 3 (d > 0.5): known, with an interaction and a step."""

    def fit(self, X, y):
        self.is_fitted_ = True
        return self

    def predict(self, X):
        X = np.asarray(X, dtype=float)
        a, b, c, d = X[:, 0], X[:, 1], X[:, 2], X[:, 3]
        return a + 2 * b * c - a * a / 2 + 3 * (d > 0.5)


model = Formula().fit(X, None)
y = model.predict(X) + rng.normal(size=rows)

pdp = partial_dependence(model, X, [0], grid_resolution=9, kind="both", method="brute")
permuted = permutation_importance(model, X, y, scoring="r2", n_repeats=400, random_state=0)

frame = pd.DataFrame(X, columns=list("abcd"))
effect = ale(frame, model, ["a"], grid_size=8, include_CI=False, plot=False)


def approximate_interactions(index, shap_values, X):
    srt = np.argsort(X[:, index], kind="stable")
    shap_ref = shap_values[srt, index]
    inc = max(min(int(len(X) / 10.0), 50), 1)
    found = []
    for i in range(X.shape[1]):
        def strength(val):
            v = 0.0
            if i == index or np.sum(np.abs(val)) < 1e-8:
                return v
            for j in range(0, len(X), inc):
                if np.std(val[j:j + inc]) > 0 and np.std(shap_ref[j:j + inc]) > 0:
                    v += abs(np.corrcoef(shap_ref[j:j + inc], val[j:j + inc])[0, 1])
            return v
        found.append(max(strength(X[srt, i]), strength(np.isnan(X[srt, i]).astype(float))))
    return found


# Attributions of f with a, b, c, d independent: the product b c shared, with centred parts.
phi = np.zeros_like(X)
mb, mc = X[:, 1].mean(), X[:, 2].mean()
phi[:, 0] = X[:, 0] - X[:, 0] ** 2 / 2
phi[:, 1] = (X[:, 1] - mb) * (X[:, 2] + mc)
phi[:, 2] = (X[:, 2] - mc) * (X[:, 1] + mb)
phi[:, 3] = 3 * (X[:, 3] > 0.5)

# Ties would leave the order to the sorter: the column is made distinct.
distinct = X.copy()
distinct[:, 1] += np.arange(rows) * 1e-6

tree_rows = 60
tree = DecisionTreeRegressor(max_depth=3, min_samples_leaf=5).fit(X[:tree_rows], y[:tree_rows])
answers = tree.predict(X[:tree_rows])

golden = {
    "rows": X.tolist(),
    "target": y.tolist(),
    "partialDependence": {
        "grid": pdp["grid_values"][0].tolist(),
        "average": pdp["average"][0].tolist(),
        "first": pdp["individual"][0][0].tolist(),
    },
    "permutation": {
        "mean": permuted.importances_mean.tolist(),
        "standardDeviation": permuted.importances_std.tolist(),
        "repeats": 400,
    },
    "ale": {"edges": effect.index.tolist(), "effects": effect["eff"].tolist(), "counts": effect["size"].tolist()},
    "interactions": {
        "values": distinct[:, 1].tolist(),
        "attributions": phi[:, 1].tolist(),
        "strengths": approximate_interactions(1, phi, distinct),
    },
    "tree": {"rows": tree_rows, "answers": answers.tolist(), "leaves": int(tree.get_n_leaves())},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
