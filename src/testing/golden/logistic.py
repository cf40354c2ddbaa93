"""Reference fits of logistic regression by scikit-learn on a small synthetic table with numbers (gaps among them) and
categories, encoded as src/core/models/encoding.ts says. L1 and elastic net carry the objective that saga reaches.

python logistic.py > logistic.json
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings('ignore')
draw = np.random.default_rng(11)
ROWS, TRAIN = 1500, 1200
income = np.round(np.exp(draw.normal(10, 0.5, ROWS)))
age = draw.integers(18, 80, ROWS).astype(float)
visits = draw.poisson(3, ROWS).astype(float)
visits[draw.random(ROWS) < 0.15] = np.nan
constant = np.full(ROWS, 7.0)
region = draw.choice(4, ROWS, p=[0.5, 0.3, 0.15, 0.05])
region[draw.random(ROWS) < 0.05] = -1
device = draw.choice(3, ROWS)
score = -2.2 + 0.03 * (age - 45) + 0.5 * np.nan_to_num(visits, nan=2) - 0.4 * (region == 1) + 0.8 * (device == 2) + 3e-5 * (income - 22000)
label = (draw.random(ROWS) < 1 / (1 + np.exp(-score))).astype(int)
weight = np.round(draw.uniform(0.5, 2, ROWS), 2)


def encoded(with_categories):
    blocks = []
    for values in (income, age, visits, constant):
        known = values[:TRAIN][~np.isnan(values[:TRAIN])]
        scale = known.std() or 1.0
        blocks.append(np.nan_to_num((values - known.mean()) / scale, nan=0.0))
        if len(known) < TRAIN:
            blocks.append(np.isnan(values).astype(float))
    if with_categories:
        blocks += [(region == level).astype(float) for level in range(4)]
        blocks += [(device == level).astype(float) for level in range(3)]
    return np.column_stack(blocks)


def objective(X, w, coefficients, intercept, C, l1_ratio):
    """Mean weighted log-loss plus penalty, as ours: scikit-learn's divided by C·Σw."""
    raw = X @ coefficients + intercept
    y = label[:TRAIN]
    losses = np.logaddexp(0, np.where(y == 1, -raw, raw))
    penalty = 0.5 * (1 - l1_ratio) * coefficients @ coefficients + l1_ratio * np.abs(coefficients).sum()
    return (w @ losses + penalty / C) / w.sum()


fits = []
for name, with_categories, parameters in [
    ('l2', True, dict(penalty='l2', C=0.05, class_weight='none')),
    ('l2 balanced', True, dict(penalty='l2', C=2.0, class_weight='balanced')),
    ('none', False, dict(penalty='none', C=1.0, class_weight='none')),
    ('l1', True, dict(penalty='l1', C=0.1, class_weight='balanced')),
    ('elastic net', True, dict(penalty='elasticnet', C=0.1, l1_ratio=0.3, class_weight='none')),
]:
    X = encoded(with_categories)
    ratio = {'l2': 0.0, 'none': 0.0, 'l1': 1.0}.get(parameters['penalty'], parameters.get('l1_ratio'))
    smooth = ratio == 0.0
    C = np.inf if parameters['penalty'] == 'none' else parameters['C']
    weighted = name != 'l2'
    w = weight[:TRAIN] if weighted else np.ones(TRAIN)
    y = label[:TRAIN]
    # Class weights made here, so that they do not hang on how a version of scikit-learn counts weighted rows.
    if parameters['class_weight'] == 'balanced':
        w = w * np.where(y == 1, w.sum() / (2 * w[y == 1].sum()), w.sum() / (2 * w[y == 0].sum()))
    # Without a penalty the constant column (an input that is always 0) is left out: any coefficient fits it.
    used = X.std(axis=0) > 0
    model = LogisticRegression(
        C=C, l1_ratio=ratio, solver='newton-cholesky' if smooth else 'saga', tol=1e-12 if smooth else 1e-14, max_iter=1000 if smooth else 200000, random_state=0
    )
    if not smooth:
        model.set_params(penalty='elasticnet')
    model.fit(X[:TRAIN][:, used], y, sample_weight=w)
    coefficients = np.zeros(X.shape[1])
    coefficients[used] = model.coef_[0]
    fits.append(dict(
        name=name, withCategories=with_categories, weighted=weighted, parameters=parameters,
        intercept=model.intercept_[0], coefficients=coefficients.tolist(),
        probabilities=model.predict_proba(X[:, used])[:, 1].tolist(),
        objective=objective(X[:TRAIN], w, coefficients, model.intercept_[0], C, ratio), steps=int(model.n_iter_[0]),
    ))


def listed(values):
    return [None if np.isnan(value) else value for value in values.tolist()]


print(json.dumps(dict(
    scikitLearn=sklearn.__version__, train=TRAIN,
    numbers=dict(income=listed(income), age=listed(age), visits=listed(visits), constant=listed(constant)),
    categories=dict(region=region.tolist(), device=device.tolist()),
    labels=label.tolist(), weights=weight.tolist(), fits=fits,
)))
