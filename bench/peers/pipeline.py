"""The studio's main job in Python, as a competent engineer would write it (vectorised): customers, features, three models
with early stopping and class balancing, evaluation with calibration, files. Prints one JSON object.

usage: pipeline.py OUTDIR CUSTOMERS THREADS LEAVES
"""
import json
import os
import resource
import sys
import time

out, customers, threads, leaves = sys.argv[1], *map(int, sys.argv[2:5])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import lightgbm as lgb
import numpy as np
import pandas as pd
import torch
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, confusion_matrix, f1_score, log_loss
from sklearn.metrics import precision_score, recall_score, roc_auc_score, roc_curve
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn

os.makedirs(out, exist_ok=True)
stages, last = [], [time.perf_counter()]


def lap(name):
    now = time.perf_counter()
    stages.append({"name": name, "seconds": now - last[0]})
    last[0] = now


def make_customers(n, seed=7):
    r = np.random.default_rng(seed)
    engagement, affluence = r.beta(2, 3, n), r.standard_normal(n)
    d = pd.DataFrame({
        "customer_id": [f"CUST_{i:07d}" for i in range(n)],
        "age": np.clip(r.normal(42, 13, n), 18, 90).round(),
        "tenure_months": np.clip(r.exponential(24, n), 1, 180).round(),
        "region": r.choice(["north", "south", "east", "west", "capital", "islands"], n),
        "device": r.choice(["mobile", "desktop", "tablet"], n, p=[0.6, 0.32, 0.08]),
        "channel": r.choice(["paid", "organic", "referral", "social", "email"], n),
        "email_open_rate": np.clip(r.normal(engagement * 0.7, 0.12), 0, 1),
        "email_click_rate": np.clip(r.normal(engagement * 0.25, 0.06), 0, 1),
        "emails_received": r.poisson(18, n),
        "website_visits_30d": r.poisson(1 + 12 * engagement),
        "session_minutes": r.gamma(2, 2 + 3 * engagement),
        "pages_per_visit": 1 + r.gamma(2, 1 + 2 * engagement),
        "app_sessions_30d": r.poisson(6 * engagement),
        "has_app": r.random(n) < 0.3 + 0.4 * engagement,
        "follows_social": r.random(n) < 0.15 + 0.3 * engagement,
        "social_interactions": r.poisson(2 * engagement),
        "total_purchases": r.poisson(np.exp(0.8 + 0.5 * affluence)),
        "avg_order_value": np.exp(r.normal(3.9 + 0.2 * affluence, 0.5)),
        "days_since_last_purchase": np.clip(r.exponential(90 - 50 * engagement), 0, 720).round(),
        "cart_adds_30d": r.poisson(3 * engagement),
        "cart_abandon_rate": r.beta(4, 3, n),
        "discount_used_rate": r.beta(2, 5, n),
        "support_tickets": r.poisson(0.6, n),
        "satisfaction": np.where(r.random(n) < 0.2, np.nan, np.clip(r.normal(7.5, 1.6, n), 0, 10)),
        "returns_rate": r.beta(1.5, 12, n),
        "wishlist_items": r.poisson(2, n),
        "reviews": r.poisson(0.5, n),
        "loyalty_points": r.gamma(1.2, 300, n).round(),
    })
    z = 2.2 * (d.days_since_last_purchase < 30) + 1.8 * np.tanh(3 * (d.email_open_rate - 0.3))
    z += 0.12 * d.website_visits_30d + 1.8 * np.log1p(d.total_purchases) * engagement
    z += 1.1 * (d.cart_adds_30d > 2) * (d.cart_abandon_rate < 0.6) - 0.4 * d.support_tickets
    z = 2.7 * (z - z.mean()) / z.std()
    d["converted"] = (r.random(n) < 1 / (1 + np.exp(-(z - np.quantile(z, 0.95) - 0.3)))).astype(int)
    return d


def make_features(d):
    f = d.copy()
    score = lambda s, k: pd.qcut(s.rank(method="first"), k, labels=False) + 1
    f["recency_score"] = 6 - score(f.days_since_last_purchase, 5)
    f["frequency_score"] = score(f.total_purchases, 5)
    f["monetary"] = f.total_purchases * f.avg_order_value
    f["monetary_score"] = score(f.monetary, 5)
    f["rfm"] = f.recency_score + f.frequency_score + f.monetary_score
    f["rfm_segment"] = pd.cut(f.rfm, [0, 5, 8, 11, 15], labels=False)
    f["email_engagement"] = 0.6 * f.email_open_rate + 0.4 * f.email_click_rate
    f["web_engagement"] = np.log1p(f.website_visits_30d) * np.log1p(f.session_minutes)
    f["mobile_engagement"] = f.has_app * np.log1p(f.app_sessions_30d)
    f["social_engagement"] = f.follows_social * 1.0 + np.log1p(f.social_interactions)
    parts = ["email_engagement", "web_engagement", "mobile_engagement", "social_engagement"]
    f["engagement"] = f[parts].rank(pct=True).mean(axis=1)
    f["lifecycle"] = pd.cut(f.tenure_months, [0, 3, 12, 36, 999], labels=False)
    f["purchase_velocity"] = f.total_purchases / f.tenure_months
    f["value_tier"] = score(f.monetary, 4)
    f["browse_to_purchase"] = f.website_visits_30d / (f.total_purchases + 1)
    f["engagement_x_recency"] = f.engagement * f.recency_score
    f["value_x_frequency"] = f.value_tier * f.frequency_score
    f["email_x_web"] = f.email_engagement * f.web_engagement
    f["age_group"] = pd.cut(f.age, [0, 25, 35, 45, 55, 65, 120], labels=False)
    f["tenure_bin"] = pd.cut(f.tenure_months, [0, 6, 12, 24, 48, 999], labels=False)
    f["cart_value"] = f.cart_adds_30d * f.avg_order_value * (1 - f.cart_abandon_rate)
    for c in ("monetary", "avg_order_value", "loyalty_points", "session_minutes", "days_since_last_purchase"):
        f["log_" + c] = np.log1p(f[c])
    f["satisfaction_missing"] = f.satisfaction.isna() * 1
    f["satisfaction"] = f.satisfaction.fillna(f.satisfaction.median())
    f["discount_x_recency"] = f.discount_used_rate * f.recency_score
    f["tickets_per_purchase"] = f.support_tickets / (f.total_purchases + 1)
    f["recent_30"] = (f.days_since_last_purchase < 30) * 1
    f = f.drop(columns=["customer_id", "converted"])
    return pd.get_dummies(f, columns=["region", "device", "channel"]).astype(float)


def train_network(Z, y, train, validation):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    layers, width = [], Z.shape[1]
    for size in (128, 64, 32):
        layers += [nn.Linear(width, size), nn.BatchNorm1d(size), nn.ReLU(), nn.Dropout(0.3)]
        width = size
    net = nn.Sequential(*layers, nn.Linear(width, 1))
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    X, t, rows = torch.tensor(Z, dtype=torch.float32), torch.tensor(y, dtype=torch.float32), torch.tensor(train)
    loss = nn.BCEWithLogitsLoss(pos_weight=torch.tensor((y[train] == 0).sum() / y[train].sum()))
    best, waited, state = 0.0, 0, None
    for _ in range(50):
        net.train()
        order = rows[torch.randperm(len(rows))]
        for start in range(0, len(order) - 1, 512):
            batch = order[start:start + 512]
            optimiser.zero_grad()
            loss(net(X[batch]).squeeze(1), t[batch]).backward()
            optimiser.step()
        net.eval()
        with torch.no_grad():
            auc = roc_auc_score(y[validation], net(X[validation]).squeeze(1).numpy())
        if auc > best:
            best, waited, state = auc, 0, {k: v.clone() for k, v in net.state_dict().items()}
        else:
            waited += 1
            if waited >= 7:
                break
    net.load_state_dict(state)
    with torch.no_grad():
        return net, torch.sigmoid(net(X).squeeze(1)).numpy()


d = make_customers(customers)
lap("customers")
f = make_features(d)
X, y = f.to_numpy(), d.converted.to_numpy()
rows = np.arange(customers)
train, test = train_test_split(rows, test_size=0.2, stratify=y, random_state=1)
train, validation = train_test_split(train, test_size=0.25, stratify=y[train], random_state=1)
scaler = StandardScaler().fit(X[train])
Z = scaler.transform(X)
lap("features")
logistic = LogisticRegression(class_weight="balanced", max_iter=1000).fit(Z[train], y[train])
lap("logistic")
boosting = lgb.train(
    dict(objective="binary", learning_rate=0.05, num_leaves=leaves, is_unbalance=True, metric="auc",
         verbose=-1, num_threads=threads),
    lgb.Dataset(X[train], y[train]), 1000, valid_sets=[lgb.Dataset(X[validation], y[validation])],
    callbacks=[lgb.early_stopping(50, verbose=False)])
lap("boosting")
net, network_scores = train_network(Z, y, train, validation)
lap("neural")
scores = {
    "logistic": logistic.predict_proba(Z)[:, 1],
    "boosting": boosting.predict(X),
    "neural": network_scores,
}
metrics = {}
for kind, p in scores.items():
    calibrator = LogisticRegression().fit(np.log(p[validation] / (1 - p[validation]))[:, None], y[validation])
    q = calibrator.predict_proba(np.log(p[test] / (1 - p[test]))[:, None])[:, 1]
    chosen = p[test] >= 0.7
    rng = np.random.default_rng(1)
    picks = rng.integers(0, len(test), (200, len(test)))
    bands = np.quantile([roc_auc_score(y[test][i], p[test][i]) for i in picks], [0.025, 0.975])
    metrics[kind] = dict(
        auc=roc_auc_score(y[test], p[test]), auc_band=bands.tolist(), pr_auc=average_precision_score(y[test], p[test]),
        log_loss=log_loss(y[test], q), brier=brier_score_loss(y[test], q), precision=precision_score(y[test], chosen),
        recall=recall_score(y[test], chosen), f1=f1_score(y[test], chosen), confusion=confusion_matrix(y[test], chosen).tolist())
    roc_curve(y[test], p[test])
    calibration_curve(y[test], q)
lap("evaluate")
d.to_parquet(f"{out}/customers.parquet")
f.to_parquet(f"{out}/features.parquet")
boosting.save_model(f"{out}/model.txt")
json.dump(metrics, open(f"{out}/metrics.json", "w"), default=float)
lap("save")
print(json.dumps({
    "stages": stages,
    "total": sum(stage["seconds"] for stage in stages),
    "peakMemoryMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "auc": {kind: float(each["auc"]) for kind, each in metrics.items()},
}))
