"""The studio's network in PyTorch, on the very inputs and splits of the studio. Prints one JSON object.

usage: neural_parity.py JOB.json
JOB: {"rows", "layers", "dropout", ...the recipe, "splits": [{"inputs": path of float32 rows, "labels": path of int8,
"width", "train", "validation", "seed"}]}: the first `train` rows learn, the next `validation` stop, the others test.
Answers {"splits": [{"auc", "epochs"}]}, auc on test at the epoch best on validation.
"""
import json
import os
import sys

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
job = json.load(open(sys.argv[1]))


def network(width):
    parts = []
    for size in job["layers"]:
        dense = nn.Linear(width, size, bias=False)
        nn.init.normal_(dense.weight, 0, (2 / width) ** 0.5)
        parts += [dense, nn.BatchNorm1d(size, eps=1e-3), nn.ReLU(), nn.Dropout(job["dropout"])]
        width = size
    output = nn.Linear(width, 1)
    nn.init.normal_(output.weight, 0, (1 / width) ** 0.5)
    nn.init.zeros_(output.bias)
    return nn.Sequential(*parts, output)


def auc_of(scores, y):
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    positives = int(y.sum())
    return (ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(y) - positives))


def score(net, X):
    net.eval()
    with torch.no_grad():
        return torch.cat([net(X[s:s + 4096]).squeeze(1) for s in range(0, len(X), 4096)]).numpy()


def fit(split):
    torch.manual_seed(split["seed"])
    X = torch.from_numpy(np.fromfile(split["inputs"], dtype=np.float32).reshape(-1, split["width"]))
    labels = np.fromfile(split["labels"], dtype=np.int8)
    k, stop = split["train"], split["train"] + split["validation"]
    y = torch.from_numpy(labels.astype(np.float32))
    share = float(labels[:k].mean())
    weights = torch.where(y == 1, 1 / (2 * share), 1 / (2 * (1 - share)))
    net = network(split["width"])
    matrices = [each for each in net.parameters() if each.dim() == 2]
    vectors = [each for each in net.parameters() if each.dim() == 1]
    groups = [{"params": matrices, "weight_decay": job["weightDecay"]}, {"params": vectors, "weight_decay": 0}]
    optimiser = torch.optim.AdamW(groups, job["learningRate"], eps=1e-7)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, job["learningRateDecay"])
    loss = nn.BCEWithLogitsLoss(reduction="none")
    best, best_epoch, test = 0.0, 0, 0.0
    for epoch in range(1, job["epochs"] + 1):
        net.train()
        for rows in torch.tensor_split(torch.randperm(k), -(-k // job["batchSize"])):
            optimiser.zero_grad()
            (weights[rows] * loss(net(X[rows]).squeeze(1), y[rows])).mean().backward()
            optimiser.step()
        schedule.step()
        scores = score(net, X[k:])
        auc = auc_of(scores[:stop - k], labels[k:stop])
        if auc > best:
            best, best_epoch, test = auc, epoch, auc_of(scores[stop - k:], labels[stop:])
        elif epoch - best_epoch >= job["patience"]:
            break
    return {"auc": float(test), "epochs": epoch}


print(json.dumps({"splits": [fit(split) for split in job["splits"]]}))
