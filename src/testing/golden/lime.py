"""The local line of the lime package through made-up customers: LimeBase.explain_instance_with_data with its own kernel.

pip install lime==0.2.0.1 scikit-learn==1.9.1 numpy; python -P lime.py > lime.json
"""
import json

import numpy as np
from lime.lime_base import LimeBase

ROWS, WIDTH = 300, 8
draw = np.random.default_rng(2)
same = (draw.random((ROWS, WIDTH)) < np.linspace(0.2, 0.8, WIDTH)).astype(int)
same[0] = 1
numbers = 1 / (1 + np.exp(1 - same @ draw.standard_normal(WIDTH) - same[:, 0] * same[:, 1]))
distances = np.sqrt(((same - same[0]) ** 2).sum(axis=1))
kernel_width = np.sqrt(WIDTH) * 0.75
base = LimeBase(lambda d: np.sqrt(np.exp(-(d**2) / kernel_width**2)), random_state=0)
intercept, weights, score, _ = base.explain_instance_with_data(
    same, np.column_stack([1 - numbers, numbers]), distances, 1, WIDTH, feature_selection="none"
)
print(json.dumps({
    "same": same.tolist(),
    "numbers": numbers.tolist(),
    "intercept": float(intercept),
    "weights": [float(dict(weights)[j]) for j in range(WIDTH)],
    "fit": float(score),
}))
