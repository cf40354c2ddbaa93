"""Drift measures by Evidently and scipy. Run: pip install evidently==0.7.23 scipy==1.17.1 pandas==2.3.3; python drift.py > drift.json"""

import json
import sys

import evidently
import numpy as np
import pandas as pd
import scipy
from evidently.legacy.calculations.stattests import psi_stat_test, wasserstein_stat_test
from evidently.legacy.core import ColumnType
from scipy import stats
from scipy.spatial import distance

random = np.random.default_rng(11)


def shares(reference, current):
    """Levels of the reference, unseen ones together, then the missing."""
    levels = list(dict.fromkeys(reference.dropna()))
    row = lambda values: [
        *((values == level).sum() for level in levels),
        (~values.isin(levels) & values.notna()).sum(),
        values.isna().sum(),
    ]
    return levels, row(reference), row(current)


def bins(reference, current):
    distinct = np.unique(reference.dropna())
    few = len(distinct) <= 10
    edges = (distinct[1:] + distinct[:-1]) / 2 if few else np.unique(np.quantile(reference.dropna(), np.arange(1, 10) / 10))
    row = lambda values: [
        *np.bincount(np.searchsorted(edges, values.dropna(), side="left"), minlength=len(edges) + 1),
        values.isna().sum(),
    ]
    return row(reference), row(current)


def of_counts(before, now):
    before, now = np.array(before), np.array(now)
    p, q = before / before.sum(), now / now.sum()
    used = before + now > 0
    return {
        "jensen_shannon": distance.jensenshannon(p, q),
        "hellinger": float(np.sqrt(1 - min(1, np.sum(np.sqrt(p * q))))),
        "chi_square": stats.chi2_contingency([before[used], now[used]], correction=False).statistic,
        "missing_shift": q[-1] - p[-1],
    }


def number(name, reference, current):
    reference, current = pd.Series(reference, dtype=float), pd.Series(current, dtype=float)
    present = reference.dropna(), current.dropna()
    measures = {
        "ks": stats.ks_2samp(*present).statistic,
        "wasserstein": wasserstein_stat_test.func(*present, ColumnType.Numerical, 0.1)[0],
        "psi_evidently": psi_stat_test.func(*present, ColumnType.Numerical, 0.1)[0],
        **of_counts(*bins(reference, current)),
    }
    listed = lambda values: [None if np.isnan(value) else value for value in values]
    return record(name, "number", listed(reference), listed(current), measures)


def category(name, reference, current):
    reference, current = pd.Series(reference, dtype=object), pd.Series(current, dtype=object)
    _, before, now = shares(reference, current)
    measures = {
        "psi_evidently": psi_stat_test.func(reference.dropna(), current.dropna(), ColumnType.Categorical, 0.1)[0],
        "unseen_share": now[-2] / sum(now),
        **of_counts(before, now),
    }
    return record(name, "category", reference.tolist(), current.tolist(), measures)


def record(name, kind, reference, current, measures):
    measures = {key: float(value) for key, value in measures.items()}
    return {"name": name, "kind": kind, "reference": reference, "current": current, "measures": measures}


def holes(values, share):
    return np.where(random.random(len(values)) < share, np.nan, values)


def levels(names, weights, size):
    return random.choice(np.array(names, dtype=object), size, p=np.array(weights) / sum(weights))


cities = [f"city {i}" for i in range(30)]
json.dump(
    {
        "versions": {"evidently": evidently.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "cases": [
            number("a shifted mean", random.normal(0, 1, 512), random.normal(0.4, 1.1, 300)),
            number("missing values appear", random.normal(50, 20, 400), holes(random.normal(55, 20, 400), 0.2)),
            number("few whole numbers", random.poisson(2, 400), random.poisson(3, 350)),
            number("mostly zero", random.exponential(3, 300) * (random.random(300) < 0.4), random.exponential(4, 200)),
            number("a reference that hardly varies", 5 + random.normal(0, 1e-5, 200), 5 + random.normal(0, 2e-5, 200)),
            category("a new level", levels(["web", "shop", None], [6, 3, 1], 300), levels(["web", "app", None], [5, 4, 2], 250)),
            category("many levels", levels(cities, 1 / np.arange(1, 31), 300), levels(cities, 1 / np.arange(1, 31) ** 0.5, 300)),
        ],
    },
    sys.stdout,
)
