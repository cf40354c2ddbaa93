"""Quantiles of the standard normal distribution by scipy, and with them the knots along which a network's numbers become
normally distributed, beside scikit-learn's QuantileTransformer, which places the outermost values otherwise.

python normal-quantile.py > normal-quantile.json
"""
import json

import numpy as np
import scipy
import sklearn
from scipy.stats import norm
from sklearn.preprocessing import QuantileTransformer

KNOTS = 100
shares = np.unique(np.concatenate([
    [1e-300, 1e-100, 1e-30, 1e-16, 1e-9, 1e-6, 0.02425, np.nextafter(0.02425, 0), np.nextafter(0.5, 0), 0.5],
    np.linspace(0.001, 0.999, 333),
    [1 - 1e-6, 1 - 1e-9, 1 - 2**-53],
]))

random = np.random.default_rng(12)
columns = {
    'smooth': np.round(random.normal(size=701), 6),
    'mostly zero': np.where(random.random(701) < 0.4, 0, np.round(random.gamma(2, 3, 701))),
    'few rows': np.array([5.0, 1.0, 1.0, 9.0, 2.5]),
    'two values': (np.arange(90) % 9 == 0).astype(float),
}


def knots(values):
    ordered = np.sort(values)
    last = min(KNOTS, len(ordered)) - 1
    quantiles = ordered[np.floor(np.arange(last + 1) / last * (len(ordered) - 1) + 0.5).astype(int)]
    places = np.unique(quantiles)
    share = np.array([np.mean(np.flatnonzero(quantiles == place)) / last for place in places])
    return places, norm.ppf(np.clip(share, 1 / (2 * KNOTS), 1 - 1 / (2 * KNOTS)))


def described(values):
    places, outputs = knots(values)
    at = np.unique(np.concatenate([values, [values.min() - 1, values.max() + 1, values.mean()]]))[::7]
    transformer = QuantileTransformer(n_quantiles=KNOTS, output_distribution='normal', subsample=None)
    theirs = transformer.fit(values[:, None]).transform(at[:, None])[:, 0] if len(values) >= KNOTS else None
    return {
        'values': values.tolist(),
        'knots': places.tolist(),
        'outputs': outputs.tolist(),
        'at': at.tolist(),
        'transformed': np.interp(at, places, outputs).tolist(),
        'scikitLearn': None if theirs is None else theirs.tolist(),
    }


print(json.dumps({
    'scipy': scipy.__version__,
    'sklearn': sklearn.__version__,
    'shares': shares.tolist(),
    'quantiles': norm.ppf(shares).tolist(),
    'columns': {name: described(values) for name, values in columns.items()},
}))
