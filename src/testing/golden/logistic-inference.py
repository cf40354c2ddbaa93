"""Reference figures for the inference of logistic regression, on the table of logistic.json: estimates with their errors
by statsmodels' Logit and (weighted, HC0) GLM, variance inflation factors, and a scorecard fitted by scikit-learn.

python logistic-inference.py > logistic-inference.json
"""
import json
import os

import numpy as np
import sklearn
import statsmodels
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression
from statsmodels.stats.outliers_influence import variance_inflation_factor

here = os.path.dirname(os.path.abspath(__file__))
table = json.load(open(os.path.join(here, 'logistic.json')))
TRAIN = table['train']
y = np.array(table['labels'])[:TRAIN]
weight = np.array(table['weights'])[:TRAIN]
numbers = {name: np.array([np.nan if v is None else v for v in values], dtype=float)[:TRAIN] for name, values in table['numbers'].items()}
codes = {name: np.array(values)[:TRAIN] for name, values in table['categories'].items()}

names, blocks = [], []
for name, values in numbers.items():
    if name == 'constant':
        continue
    known = values[~np.isnan(values)]
    names.append(name)
    blocks.append(np.nan_to_num((values - known.mean()) / known.std(), nan=0.0))
    if len(known) < TRAIN:
        names.append(f'{name} is missing')
        blocks.append(np.isnan(values).astype(float))
for name, values in codes.items():
    counts = np.bincount(values + 1)  # 0 is missing
    reference = np.argmax(counts)
    for level in [*range(1, len(counts)), 0]:
        if level != reference and counts[level] > 0:
            names.append(f'{name} = {name} {level - 1}' if level else f'{name} = missing')
            blocks.append((values + 1 == level).astype(float))
X = sm.add_constant(np.column_stack(blocks))


def figures(fit):
    low, high = fit.conf_int().T
    return dict(coefficient=fit.params.tolist(), standardError=fit.bse.tolist(), z=fit.tvalues.tolist(),
                pValue=fit.pvalues.tolist(), low=low.tolist(), high=high.tolist())


logit = sm.Logit(y, X).fit(method='newton', tol=1e-14, maxiter=100, disp=0)
total = weight.sum()
balanced = weight * np.where(y == 1, total / (2 * weight[y == 1].sum()), total / (2 * weight[y == 0].sum()))
robust = sm.GLM(y, X, family=sm.families.Binomial(), var_weights=balanced).fit(tol=1e-14, maxiter=100, cov_type='HC0')

# The scorecard: at most 4 bins of equal counts, levels of at least 10 % of the rows.
positives, others = y.sum(), (1 - y).sum()


def evidence(bins, count):
    rows = np.bincount(bins, minlength=count)
    events = np.bincount(bins, weights=y, minlength=count)
    share = np.where(events == 0, 0.5, events) / positives
    other = np.where(rows - events == 0, 0.5, rows - events) / others
    woe = np.log(share / other)
    return rows, events, woe, (share - other) * woe


features = []
for name, values in numbers.items():
    known = np.sort(values[~np.isnan(values)])
    edges = sorted({known[int(np.ceil(b * len(known) / 4)) - 1] for b in range(1, 4)} - {known[-1]})
    bins = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, np.nan_to_num(values)))
    features.append((name, bins, len(edges) + 1 + int(np.isnan(values).any())))
for name, values in codes.items():
    counts = np.bincount(values[values >= 0])
    kept = [level for level in range(len(counts)) if counts[level] >= 0.1 * TRAIN]
    rare = len(kept) < len(counts)
    place = {level: at for at, level in enumerate(kept)}
    bins = np.array([len(kept) + int(rare) if v < 0 else place.get(v, len(kept)) for v in values])
    features.append((name, bins, len(kept) + int(rare) + int((values < 0).any())))
card, woes = [], []
for name, bins, count in features:
    rows, events, woe, iv = evidence(bins, count)
    if iv.sum() < 0.005:
        continue
    woes.append(woe[bins])
    card.append(dict(name=name, rows=rows.tolist(), conversions=events.tolist(), weightOfEvidence=woe.tolist(), informationValue=iv.sum(), woe=woe))
W = np.column_stack(woes)
model = LogisticRegression(C=1.0, solver='newton-cholesky', tol=1e-12, max_iter=100).fit(W, y)
factor = 40 / np.log(2)
for feature, coefficient in zip(card, model.coef_[0]):
    feature['coefficient'] = coefficient
    feature['points'] = np.round(factor * coefficient * feature.pop('woe')).tolist()

print(json.dumps(dict(
    versions=dict(statsmodels=statsmodels.__version__, scikitLearn=sklearn.__version__),
    names=['intercept', *names], likelihood=figures(logit), logLikelihood=logit.llf, robust=figures(robust),
    inflation=[variance_inflation_factor(X, j) for j in range(1, X.shape[1])],
    scorecard=dict(basePoints=float(np.round(500 + factor * (model.intercept_[0] - np.log(0.1)))), features=card),
)))
