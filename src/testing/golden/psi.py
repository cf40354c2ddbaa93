"""PSI over ten quantile bins of the reference, by numpy. Run: python psi.py > psi.json"""

import json
import sys

import numpy as np

random = np.random.default_rng(3)


def psi(before, now):
    before, now = np.where(before == 0, 0.0001, before), np.where(now == 0, 0.0001, now)
    return float(np.sum((now - before) * np.log(now / before)))


def shares(values, edges):
    present = values[~np.isnan(values)]
    # Right-closed bins: a value that equals an edge belongs below it.
    counts = np.bincount(np.searchsorted(edges, present, side="left"), minlength=len(edges) + 1)
    return np.append(counts, np.isnan(values).sum()) / len(values)


def case(name, reference, current):
    present = reference[~np.isnan(reference)]
    edges = np.unique(np.quantile(present, np.arange(1, 10) / 10))
    before, now = shares(reference, edges), shares(current, edges)
    none = lambda values: [None if np.isnan(v) else float(v) for v in values]
    return {
        "name": name,
        "reference": none(reference),
        "current": none(current),
        "edges": edges.tolist(),
        "referenceShares": before.tolist(),
        "currentShares": now.tolist(),
        "psi": psi(before, now),
    }


def holes(values, share):
    values = values.copy()
    values[random.random(len(values)) < share] = np.nan
    return values


skewed = np.round(random.exponential(3, 400) * (random.random(400) < 0.4), 1)
json.dump(
    {
        "versions": {"numpy": np.__version__},
        "cases": [
            case("a shifted mean", random.normal(0, 1, 500), random.normal(0.4, 1.1, 300)),
            case("missing values appear", random.normal(5, 2, 400), holes(random.normal(5, 2, 400), 0.1)),
            case("mostly zero", skewed, np.round(random.exponential(4, 350) * (random.random(350) < 0.5), 1)),
        ],
    },
    sys.stdout,
)
