"""FastAPI + uvicorn + LightGBM answering the same customers from the same model.

usage: serving.py make FOLDER            trains 200 trees of 31 leaves; writes FOLDER/model.txt and FOLDER/requests.ndjson
       MODEL=FOLDER/model.txt uvicorn --app-dir bench/peers serving:app --port N --log-level warning
"""
import json
import os
import sys

os.environ["OMP_NUM_THREADS"] = "1"
import lightgbm as lgb
import numpy as np

NUMBERS = {  # name: (low, high, whole)
    "age": (18, 80, True), "tenure_months": (1, 120, True), "email_open_rate": (0, 1, False),
    "email_click_rate": (0, 0.4, False), "emails_received": (0, 30, True), "website_visits_30d": (0, 60, True),
    "session_minutes": (0, 40, False), "pages_per_visit": (1, 20, False), "app_sessions_30d": (0, 60, True),
    "total_purchases": (0, 50, True), "avg_order_value": (5, 300, False), "days_since_last_purchase": (0, 700, True),
    "cart_adds_30d": (0, 20, True), "cart_abandon_rate": (0, 1, False), "discount_used_rate": (0, 1, False),
    "support_tickets": (0, 8, True), "satisfaction": (1, 10, False),
}
REGIONS = ["north", "south", "east", "west"]
DEVICES = ["mobile", "desktop", "tablet"]
DERIVED = ["total_spend", "engagement", "log_visits", "purchase_rate"]


def features(c):
    v = [c[name] for name in list(NUMBERS)[:16]] + [7.0 if c["satisfaction"] is None else c["satisfaction"]]
    return v + [c["total_purchases"] * c["avg_order_value"],
                0.6 * c["email_open_rate"] + 0.4 * c["email_click_rate"],
                float(np.log1p(c["website_visits_30d"])), c["total_purchases"] / c["tenure_months"]]


def make(folder, rows=50_000):
    rng = np.random.default_rng(7)
    columns = {name: rng.uniform(low, high, rows) for name, (low, high, _) in NUMBERS.items()}
    columns = {name: np.floor(x) if NUMBERS[name][2] else np.round(x, 3) for name, x in columns.items()}
    missing = rng.random(rows) < 0.1
    customers = [
        {"customer_id": f"C{i:06d}"}
        | {name: None if name == "satisfaction" and missing[i] else float(x[i]) for name, x in columns.items()}
        | {"region": REGIONS[i % 4], "device": DEVICES[i % 3]}
        for i in range(rows)
    ]
    X = np.array([features(c) for c in customers])
    signal = 2 * X[:, 18] + 0.8 * X[:, 19] - X[:, 11] / 200 + X[:, 20] - X[:, 13] + 0.1 * X[:, 16] + rng.normal(0, 1, rows)
    y = (signal > np.quantile(signal, 0.8)).astype(np.int8)
    parameters = dict(objective="binary", num_leaves=31, learning_rate=0.05, verbose=-1, num_threads=1, deterministic=True)
    model = lgb.train(parameters, lgb.Dataset(X, y, feature_name=list(NUMBERS) + DERIVED), 200)
    model.save_model(f"{folder}/model.txt")
    with open(f"{folder}/requests.ndjson", "w") as out:
        for c in customers[:1000]:
            out.write(json.dumps(c, separators=(",", ":")) + "\n")
    return {"trees": model.num_trees(), "conversions": int(y.sum())}


if __name__ == "__main__":
    print(json.dumps(make(sys.argv[2])))
else:
    from fastapi import FastAPI
    from pydantic import BaseModel

    model = lgb.Booster(model_file=os.environ["MODEL"])
    names = model.feature_name()

    class Customer(BaseModel):
        customer_id: str
        age: float
        tenure_months: float
        email_open_rate: float
        email_click_rate: float
        emails_received: float
        website_visits_30d: float
        session_minutes: float
        pages_per_visit: float
        app_sessions_30d: float
        total_purchases: float
        avg_order_value: float
        days_since_last_purchase: float
        cart_adds_30d: float
        cart_abandon_rate: float
        discount_used_rate: float
        support_tickets: float
        satisfaction: float | None = None
        region: str
        device: str

    def vector(c):
        x = np.empty(21)
        x[:17] = [c.age, c.tenure_months, c.email_open_rate, c.email_click_rate, c.emails_received, c.website_visits_30d,
                  c.session_minutes, c.pages_per_visit, c.app_sessions_30d, c.total_purchases, c.avg_order_value,
                  c.days_since_last_purchase, c.cart_adds_30d, c.cart_abandon_rate, c.discount_used_rate,
                  c.support_tickets, 7.0 if c.satisfaction is None else c.satisfaction]
        x[17] = c.total_purchases * c.avg_order_value
        x[18] = 0.6 * c.email_open_rate + 0.4 * c.email_click_rate
        x[19] = np.log1p(c.website_visits_30d)
        x[20] = c.total_purchases / c.tenure_months
        return x

    def answer(c, p):
        band = "High" if p >= 0.7 else "Medium" if p >= 0.4 else "Low"
        return dict(customer_id=c.customer_id, propensity_score=p, risk_category=band, confidence=abs(p - 0.5) * 2)

    app = FastAPI()

    @app.get("/health")
    def health():
        return {"status": "ok"}

    @app.post("/predict")
    async def predict(c: Customer, reasons: int = 0):
        x = vector(c)[None]
        told = answer(c, float(model.predict(x, num_threads=1)[0]))
        if reasons:
            phi = model.predict(x, pred_contrib=True, num_threads=1)[0]
            top = np.argsort(-np.abs(phi[:-1]))[:reasons]
            told["reasons"] = [dict(feature=names[i], effect=float(phi[i])) for i in top]
        return told

    @app.post("/predict/batch")
    async def batch(cs: list[Customer]):
        p = model.predict(np.stack([vector(c) for c in cs]), num_threads=1)
        return [answer(c, float(q)) for c, q in zip(cs, p)]
