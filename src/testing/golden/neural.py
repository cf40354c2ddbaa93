"""A few optimiser steps of PyTorch from given weights, losses with their derivatives, and learning-rate schedules.
Layers [6, 4] over 5 numbers, batch normalisation with epsilon 0.001, Adam with epsilon 1e-7; decay on weights alone.

python neural.py > neural.json
"""
import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
draw = np.random.default_rng(3)
ROWS, WIDTH, BATCH, EPOCHS, RATE, LEVELS, DIMENSION = 48, 5, 24, 3, 0.01, 4, 3
X = draw.standard_normal((ROWS, WIDTH)).astype(np.float32)
codes = draw.integers(0, LEVELS, ROWS)
y = (X[:, 0] * X[:, 1] + draw.standard_normal(ROWS) > 0).astype(int)
w = np.where(y == 1, 1.5, 0.75)
ACTIVATIONS = {'relu': nn.ReLU, 'gelu': nn.GELU, 'silu': nn.SiLU}


def floats(tensor):
    return [float(np.float32(v)) for v in tensor.detach().numpy().ravel()]


def losses(scores, labels, gamma, smoothing):
    t = labels * (1 - smoothing) + smoothing / 2
    one, zero = -F.logsigmoid(scores), -F.logsigmoid(-scores)
    if gamma:
        one, zero = torch.sigmoid(-scores) ** gamma * one, torch.sigmoid(scores) ** gamma * zero
    return t * one + (1 - t) * zero


def network(width, activation, norm):
    layers, before = [], width
    for units in (6, 4):
        layers.append(nn.Linear(before, units, bias=not norm))
        if norm:
            layers.append(nn.BatchNorm1d(units, eps=1e-3))
        layers.append(ACTIVATIONS[activation]())
        before = units
    net = nn.Sequential(*layers, nn.Linear(before, 1))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.tensor(np.float32(draw.standard_normal(parameter.shape) * 0.5)))
    return net


def weights(net, table):
    told, layers = list(net), []
    for at, layer in enumerate(told):
        if not isinstance(layer, nn.Linear):
            continue
        norm = told[at + 1] if at + 1 < len(told) and isinstance(told[at + 1], nn.BatchNorm1d) else None
        each = {'inputs': layer.in_features, 'units': layer.out_features, 'weights': floats(layer.weight.T)}
        each['biases'] = floats(layer.bias) if layer.bias is not None else [0.0] * layer.out_features
        if norm is not None:
            each |= {'gamma': floats(norm.weight), 'beta': floats(norm.bias), 'mean': floats(norm.running_mean)}
        layers.append(each)
    return {'layers': layers, 'embedding': floats(table.weight) if table is not None else []}


def steps(**choices):
    """From the first start where no gradient is but rounding, of which Adam would make a whole step."""
    global draw
    for seed in range(1000):
        draw = np.random.default_rng(seed)
        told, least = steps_from(**choices)
        if least > 1e-5:
            return told
    raise SystemExit('no start')


def steps_from(activation='relu', norm=True, optimizer='adamw', weight_decay=0.1, clip=0.0, gamma=0.0, smoothing=0.0,
               embeds=False):
    table = nn.Embedding(LEVELS, DIMENSION) if embeds else None
    # Embeddings begin at a whole panel of 8 inputs; the gap is zero.
    net = network(8 + DIMENSION if embeds else WIDTH, activation, norm)
    if embeds:
        with torch.no_grad():
            table.weight.copy_(torch.tensor(np.float32(draw.standard_normal((LEVELS, DIMENSION)))))
    decayed = [m.weight for m in net if isinstance(m, nn.Linear)] + ([table.weight] if embeds else [])
    free = [p for p in net.parameters() if all(p is not d for d in decayed)]
    groups = [{'params': decayed, 'weight_decay': weight_decay}, {'params': free, 'weight_decay': 0.0}]
    kind = torch.optim.AdamW if optimizer == 'adamw' else torch.optim.Adam
    adam = kind(groups, lr=RATE, eps=1e-7)
    start = weights(net, table)
    norms, scores, least = [], [], 1.0
    net.train()
    for _ in range(EPOCHS):
        for at in range(0, ROWS, BATCH):
            rows = slice(at, at + BATCH)
            x = torch.tensor(X[rows], dtype=torch.float64)
            if embeds:
                x = torch.cat([x, torch.zeros(BATCH, 8 - WIDTH), table(torch.tensor(codes[rows]))], 1)
            out = net(x).squeeze(1)
            adam.zero_grad()
            (torch.tensor(w[rows]) * losses(out, torch.tensor(y[rows] * 1.0), gamma, smoothing)).mean().backward()
            for p in decayed + free:
                sizes = p.grad.abs()[p.grad != 0]
                least = min(least, float(sizes.min()) if len(sizes) else 1.0)
            norms.append(float(nn.utils.clip_grad_norm_(decayed + free, clip or 1e9)))
            scores += floats(out)
            adam.step()
    settings = {'activation': activation, 'optimizer': optimizer, 'weightDecay': weight_decay, 'clipNorm': clip,
                'focalGamma': gamma, 'labelSmoothing': smoothing}
    end = weights(net, table)
    return {'settings': settings, 'start': start, 'end': end, 'norms': norms, 'scores': scores[-ROWS:]}, least


def slopes(gamma, smoothing):
    z = torch.tensor([-30.0, -6.0, -1.0, -0.1, 0.0, 0.3, 2.0, 5.0, 40.0], requires_grad=True)
    told = {'gamma': gamma, 'smoothing': smoothing, 'scores': z.tolist()}
    for label in (0, 1):
        values = losses(z, torch.full_like(z, label), gamma, smoothing)
        told[f'loss{label}'] = values.tolist()
        told[f'slope{label}'] = torch.autograd.grad(values.sum(), z)[0].tolist()
    return told


AUCS = [0.60, 0.65, 0.64, 0.65, 0.63, 0.66, 0.60, 0.61, 0.62, 0.63, 0.64, 0.7]


def rates(make):
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.004)
    schedule, told = make(optimiser), []
    for auc in AUCS:
        told.append(optimiser.param_groups[0]['lr'])
        optimiser.step()
        schedule.step(auc) if isinstance(schedule, torch.optim.lr_scheduler.ReduceLROnPlateau) else schedule.step()
    return told


schedulers = torch.optim.lr_scheduler
print(json.dumps({
    'versions': {'torch': torch.__version__.split('+')[0]},
    'rows': X.ravel().tolist(), 'codes': codes.tolist(), 'labels': y.tolist(), 'rowWeights': w.tolist(),
    'batch': BATCH, 'epochs': EPOCHS, 'rate': RATE, 'levels': LEVELS, 'dimension': DIMENSION,
    'steps': [steps(), steps(norm=False, optimizer='adam'), steps(activation='gelu', clip=0.05),
              steps(activation='silu', weight_decay=0.0, gamma=2.0, smoothing=0.1), steps(embeds=True, clip=0.2)],
    'losses': [slopes(0.0, 0.0), slopes(0.0, 0.2), slopes(2.0, 0.0), slopes(0.5, 0.1)],
    'aucs': AUCS,
    'schedules': {
        'exponential': rates(lambda o: schedulers.ExponentialLR(o, 0.9)),
        'cosine': rates(lambda o: schedulers.CosineAnnealingLR(o, 12)),
        'plateau': rates(lambda o: schedulers.ReduceLROnPlateau(o, 'max', factor=0.5, patience=2, threshold=0)),
    },
}))
