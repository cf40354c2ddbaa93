"""PyTorch on the neural benchmark's table (made by boosting.py make numbers). Prints one JSON object.

usage: neural.py epochs FOLDER THREADS BATCH EPOCHS   seconds of each epoch over the training rows, and of scoring them
       neural.py fit FOLDER THREADS                   to early stopping on the last fifth: seconds and validation AUC
Layers [128, 64, 32], batch normalisation, ReLU, dropout 0.2, class balancing, inputs standardised and cut at 5, Adam;
PyTorch's own initialisation. `fit` has the studio's defaults for batch, learning rate, decay and patience.
"""
import json
import os
import sys
import time

what, folder, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import numpy as np
import torch
from torch import nn

torch.set_num_threads(threads)
torch.manual_seed(1)
told = json.load(open(f"{folder}/table.json"))
k = told["train"]
raw = np.load(f"{folder}/rows.npy")
labels = np.fromfile(f"{folder}/labels.i8", dtype=np.int8)


def encode():
    mean, spread = raw[:k].mean(0), raw[:k].std(0)
    return torch.from_numpy(np.clip((raw - mean) / spread, -5, 5).astype(np.float32))


def network(width):
    layers = []
    for size in (128, 64, 32):
        layers += [nn.Linear(width, size), nn.BatchNorm1d(size), nn.ReLU(), nn.Dropout(0.2)]
        width = size
    return nn.Sequential(*layers, nn.Linear(width, 1))


def run_epoch(net, optimiser, loss, X, y, batch):
    net.train()
    order = torch.randperm(k)
    for start in range(0, k, batch):
        rows = order[start:start + batch]
        if len(rows) < 2:
            break
        optimiser.zero_grad()
        loss(net(X[rows]).squeeze(1), y[rows]).backward()
        optimiser.step()


def score(net, X):
    net.eval()
    with torch.no_grad():
        return torch.cat([net(X[s:s + 4096]).squeeze(1) for s in range(0, len(X), 4096)])


def auc_of(scores, y):
    ranks = np.empty(len(y))
    ranks[np.argsort(scores)] = np.arange(1, len(y) + 1)
    positives = int(y.sum())
    return (ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(y) - positives))


def epochs(batch, count):
    X, y = encode(), torch.from_numpy(labels.astype(np.float32))
    net = network(X.shape[1])
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    loss = nn.BCEWithLogitsLoss(pos_weight=(1 - y[:k].mean()) / y[:k].mean())
    seconds = []
    for _ in range(count):
        start = time.perf_counter()
        run_epoch(net, optimiser, loss, X, y, batch)
        seconds.append(time.perf_counter() - start)
    scoring = []
    for _ in range(3):
        start = time.perf_counter()
        score(net, X[:k])
        scoring.append(time.perf_counter() - start)
    return {"epochSeconds": seconds, "scoredPerSecond": k / min(scoring)}


def fit():
    start = time.perf_counter()
    X, y = encode(), torch.from_numpy(labels.astype(np.float32))
    net = network(X.shape[1])
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, 0.95)
    loss = nn.BCEWithLogitsLoss(pos_weight=(1 - y[:k].mean()) / y[:k].mean())
    best, best_epoch, state = 0.0, 0, None
    for epoch in range(1, 51):
        run_epoch(net, optimiser, loss, X, y, 256)
        schedule.step()
        auc = auc_of(score(net, X[k:]).numpy(), labels[k:])
        if auc > best:
            best, best_epoch, state = auc, epoch, {name: value.clone() for name, value in net.state_dict().items()}
        elif epoch - best_epoch >= 8:
            break
    net.load_state_dict(state)
    return {"seconds": time.perf_counter() - start, "auc": best, "epochs": epoch}


print(json.dumps(epochs(int(sys.argv[4]), int(sys.argv[5])) if what == "epochs" else fit()))
