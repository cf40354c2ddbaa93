"""Performance with labels by scikit-learn, and estimated without them by NannyML's formulas.

Run: pip install nannyml==0.13.1 statsmodels; python performance.py > performance.json"""

import json
import sys

import numpy as np
import pandas as pd
from nannyml.drift.multivariate.data_reconstruction import DataReconstructionDriftCalculator
from nannyml.performance_estimation.confidence_based.metrics import (
    estimate_precision,
    estimate_recall,
    estimate_roc_auc,
)
from sklearn.metrics import log_loss, precision_score, recall_score, roc_auc_score

random = np.random.default_rng(5)
probability = np.round(1 / (1 + np.exp(-random.normal(-1.5, 1.5, 400))), 6)
propensity = np.round(np.sqrt(probability), 3)
labels = (random.random(400) < probability).astype(int)
taken = (propensity >= 0.6).astype(int)

mix = random.normal(size=(6, 6))
before = random.normal(size=(300, 6)) @ mix + random.normal(size=(300, 6)) * 0.3
now = np.column_stack([before[:200, 0], *(random.permutation(before[:200, i]) for i in range(1, 6))])
before, now = np.round(before, 4), np.round(now, 4)
names = [f"x{i}" for i in range(6)]
holes = before.copy()
holes[::11, 2] = np.nan
reference, current = pd.DataFrame(holes, columns=names), pd.DataFrame(now, columns=names)
calculator = DataReconstructionDriftCalculator(column_names=names, chunk_number=1).fit(reference)
error = lambda frame: float(calculator.calculate(frame).data[("reconstruction_error", "value")].iloc[-1])

json.dump(
    {
        "made_with": "nannyml 0.13.1, scikit-learn",
        "probability": probability.tolist(),
        "propensity": propensity.tolist(),
        "labels": labels.tolist(),
        "cut": 0.6,
        "known": {
            "auc": roc_auc_score(labels, propensity),
            "precision": precision_score(labels, taken),
            "recall": recall_score(labels, taken),
            "logLoss": log_loss(labels, probability),
            "calibration": labels.sum() / probability.sum(),
        },
        "estimated": {
            "auc": estimate_roc_auc(probability, propensity),
            "precision": estimate_precision(taken, probability),
            "recall": estimate_recall(taken, probability),
        },
        "reconstruction": {
            "reference": [[None if np.isnan(v) else v for v in row] for row in holes],
            "current": now.tolist(),
            "referenceError": error(reference),
            "currentError": error(current),
        },
    },
    sys.stdout,
)
