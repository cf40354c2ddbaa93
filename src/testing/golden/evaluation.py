"""Reference values of every measure, by scikit-learn, scipy and numpy. Run: python evaluation.py > evaluation.json

Three samples: plain scores, scores with many ties, and a small one whose size ten does not divide.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.stats import ks_2samp
from sklearn import metrics

random = np.random.default_rng(20260101)


def tied(labels, scores):
    """Labels with those of equal scores replaced by their mean: the order of ties then cannot matter."""
    mean = {score: labels[scores == score].mean() for score in np.unique(scores)}
    return np.array([mean[score] for score in scores])


def bins(labels, scores):
    order = np.argsort(-scores, kind="stable")
    shared = tied(labels, scores)[order]
    return np.array_split(shared, 10), np.array_split(scores[order], 10)


def measure(name, raw, labels, probability, cut):
    propensity = 1 / (1 + np.exp(-raw))
    decided = (propensity >= cut).astype(int)
    tn, fp, fn, tp = metrics.confusion_matrix(labels, decided, labels=[0, 1]).ravel()
    ranked, _ = bins(labels, raw)
    observed, predicted = bins(labels, probability)
    sizes = np.array([len(each) for each in observed])
    gaps = np.array([abs(o.mean() - p.mean()) for o, p in zip(observed, predicted)])
    return {
        "name": name,
        "raw": raw.tolist(),
        "labels": labels.tolist(),
        "probability": probability.tolist(),
        "cut": cut,
        "confusion": {
            "truePositive": int(tp),
            "falsePositive": int(fp),
            "trueNegative": int(tn),
            "falseNegative": int(fn),
        },
        "scores": {
            "auc": metrics.roc_auc_score(labels, raw),
            "prAuc": metrics.average_precision_score(labels, raw),
            "ks": ks_2samp(raw[labels == 1], raw[labels == 0]).statistic,
            "lift10": ranked[0].mean() / labels.mean(),
            "capture10": ranked[0].sum() / labels.sum(),
            "logLoss": metrics.log_loss(labels, probability),
            "brier": metrics.brier_score_loss(labels, probability),
            "ece": float((sizes * gaps).sum() / sizes.sum()),
        },
        "atCut": {
            "precision": metrics.precision_score(labels, decided, zero_division=0),
            "recall": metrics.recall_score(labels, decided),
            "f1": metrics.f1_score(labels, decided),
            "accuracy": metrics.accuracy_score(labels, decided),
            "balancedAccuracy": metrics.balanced_accuracy_score(labels, decided),
            "mcc": metrics.matthews_corrcoef(labels, decided),
        },
        "deciles": [
            {
                "customers": len(o),
                "predicted": float(p.mean()),
                "observed": float(o.mean()),
                "lift": float(o.mean() / labels.mean()),
            }
            for o, p in zip(observed, predicted)
        ],
    }


def sample(name, size, digits, cut):
    raw = np.round(random.normal(-0.5, 1.5, size), digits)
    labels = (random.random(size) < 1 / (1 + np.exp(2 - 1.2 * raw))).astype(int)
    probability = 1 / (1 + np.exp(2.2 - 1.1 * raw))
    return measure(name, raw, labels, probability, cut)


json.dump(
    {
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__},
        "samples": [
            sample("plain scores", 500, 12, 0.7),
            sample("many ties", 400, 0, 0.5),
            sample("a size ten does not divide", 87, 1, 0.4),
        ],
    },
    sys.stdout,
)
