"""DeLong's test for two correlated AUCs, straight from the definition (O(m n)). Run: python delong.py > delong.json"""

import json
import sys

import numpy as np
import scipy
from scipy.stats import norm

random = np.random.default_rng(11)


def components(labels, scores):
    x, y = scores[labels == 1], scores[labels == 0]
    psi = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    return psi.mean(axis=1), psi.mean(axis=0), psi.mean()


def case(name, size, noise, digits):
    truth = random.normal(-1.5, 1.5, size)
    labels = (random.random(size) < 1 / (1 + np.exp(-truth))).astype(int)
    first = np.round(truth + random.normal(0, 1, size), digits)
    second = np.round(truth + random.normal(0, noise, size), digits)
    v10a, v01a, auc_a = components(labels, first)
    v10b, v01b, auc_b = components(labels, second)
    s10, s01 = np.cov(v10a, v10b), np.cov(v01a, v01b)
    s = s10 / len(v10a) + s01 / len(v01a)
    error = np.sqrt(s[0, 0] + s[1, 1] - 2 * s[0, 1])
    return {
        "name": name,
        "labels": labels.tolist(),
        "first": first.tolist(),
        "second": second.tolist(),
        "difference": auc_a - auc_b,
        "standardError": error,
        "pValue": 2 * norm.sf(abs(auc_a - auc_b) / error),
    }


json.dump(
    {
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
        "cases": [case("distinct scores", 600, 1.6, 12), case("ties", 500, 1.1, 0)],
    },
    sys.stdout,
)
