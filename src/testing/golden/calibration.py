"""Reference calibrators by scipy and scikit-learn. Run: python calibration.py > calibration.json

Platt and beta: the maximum of the likelihood, found by BFGS. Platt: smoothed targets. Beta: logistic regression on
ln s and -ln(1 - s) (Kull 2017, eq. 4). Isotonic: the fitted steps of IsotonicRegression at each distinct score.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression

random = np.random.default_rng(7)
raw = np.round(random.normal(-0.3, 1.6, 600), 2)
log_odds = 1.1 * np.logaddexp(0, raw) - 0.6 * np.logaddexp(0, -raw) - 2
labels = (random.random(600) < 1 / (1 + np.exp(-log_odds))).astype(int)


def fit(columns, targets):
    def loss(w):
        z = columns @ w[:-1] + w[-1]
        p = 1 / (1 + np.exp(-z))
        value = np.mean(np.logaddexp(0, z) - targets * z)
        return value, np.append(columns.T @ (p - targets), np.sum(p - targets)) / len(targets)

    start = np.append(np.ones(columns.shape[1]), 0.0)
    found = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-12, "maxiter": 10000})
    return found.x


positives = labels.sum()
targets = np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (len(labels) - positives + 2))
slope, intercept = fit(raw[:, None], targets)
log_score = -np.logaddexp(0, -raw)
log_complement = np.logaddexp(0, raw)
a, b, c = fit(np.column_stack([log_score, log_complement]), labels)
isotonic = IsotonicRegression().fit(raw, labels)
distinct = np.unique(raw)

json.dump(
    {
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__},
        "raw": raw.tolist(),
        "labels": labels.tolist(),
        "platt": {"slope": slope, "intercept": intercept},
        "beta": {"a": a, "b": b, "c": c},
        "isotonic": {"raw": distinct.tolist(), "rate": isotonic.predict(distinct).tolist()},
    },
    sys.stdout,
)
