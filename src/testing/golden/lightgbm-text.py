"""LightGBM model files of every sort with LightGBM's own scores of adversarial rows.

python lightgbm-text.py > lightgbm-text.json          small ones, kept beside this file
python lightgbm-text.py --large FOLDER [ROWS]         larger ones, for npm run nightly: FOLDER/models.json and,
                                                      per model, NAME.txt, NAME.few.txt (its first trees), NAME.rows
                                                      (doubles by column) and NAME.scores
python lightgbm-text.py --check FOLDER NAME …         loads NAME.ours.txt, and again as saved by LightGBM, and counts the
                                                      NAME.rows whose score is not, bit for bit, that of NAME.scores
python lightgbm-text.py --old 2.2.3=LIB 3.3.5=LIB > … with models trained by older libraries (lib_lightgbm.so of the
                                                      wheels on PyPI), through the C API; scored by the present one

Rows hold missing values, signed zeros, the neighbours of LightGBM's zero threshold, infinities, the model's thresholds
and their neighbours, and categories that are unseen, negative, fractional or huge. Scores are log-odds: LightGBM's raw
score, divided by the number of trees for random forests, times the objective's sigmoid.
"""
import base64
import ctypes
import json
import multiprocessing
import os
import re
import socket
import sys
import tempfile

import lightgbm as lgb
import numpy as np
import pandas as pd

K = float(np.float32(1e-35))
ODD = [0.0, -0.0, 1e-36, -1e-36, 1e-35, -1e-35, K, -K, np.nextafter(K, 1), np.nextafter(K, 0), np.nextafter(-K, -1),
       np.nextafter(-K, 0), np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1.7976931348623157e308, -1.7976931348623157e308]
ODD_CODES = [np.nan, -1, -0.5, -0.0, 0.5, 0.999, 2.9, 3.0000001, 12, 31, 31.9, 32, 33, 63, 64, 95.5, 96, 1000, 2**31 - 1,
             2**31, 2**32, 2**32 + 3, 1e18, 1e300, np.inf, -np.inf]
NUMBERS, CODES = 3, 2
REFUSED = ["linear tree", "multiclass", "multiclassova", "regression", "poisson", "cross_entropy_lambda", "custom objective"]


def make_table(rows, seed):
    rng = np.random.default_rng(seed)
    a = np.round(rng.normal(size=rows), 2)
    b = np.round(np.exp(rng.normal(size=rows)), 1) * (rng.random(rows) < 0.8)
    c = np.where(rng.random(rows) < 0.2, np.nan, rng.integers(-3, 4, rows))
    d = np.minimum(rng.geometric(0.12, rows), 70).astype(float)
    e = rng.integers(0, 4, rows).astype(float)
    effect = rng.normal(size=80)
    z = a + 0.4 * np.sqrt(b) - 0.7 * np.isnan(c) + 0.3 * np.nan_to_num(c) + effect[d.astype(int)] + (e == 2) - 0.8
    y = (rng.random(rows) < 1 / (1 + np.exp(-z))).astype(float)
    d[rng.random(rows) < 0.1] = np.nan
    return np.column_stack([a, b, c, d, e]), y


def cases(small):
    """Name, parameters and what is special of each model."""
    size = dict(num_leaves=6 if small else 31, min_data_per_group=20, min_data_in_leaf=10)
    both = dict(categorical_feature=[3, 4])
    yield "numbers", size, {}
    yield "numbers, zero as missing", {**size, "zero_as_missing": True}, {}
    yield "numbers, no missing", {**size, "use_missing": False}, {}
    yield "categories", {**size, **both}, {}
    yield "categories, zero as missing", {**size, **both, "zero_as_missing": True}, {}
    yield "categories, no missing", {**size, **both, "use_missing": False}, {}
    yield "categories one by one", {**size, **both, "max_cat_to_onehot": 100}, {}
    yield "dart", {**size, **both, "boosting": "dart", "drop_rate": 0.5}, {}
    yield "random forest", {**size, **both, "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}, {}
    yield "goss", {**size, **both, "data_sample_strategy": "goss", "learning_rate": 0.5}, {}
    yield "sigmoid 0.7", {**size, **both, "sigmoid": 0.7}, {}
    yield "cross-entropy", {**size, **both, "objective": "cross_entropy"}, {}
    yield "is_unbalance, no average", {**size, "is_unbalance": True, "boost_from_average": False}, {}
    yield "extra trees, monotone", {**size, "extra_trees": True, "monotone_constraints": [1, 0, 0, 0, 0]}, {}
    yield "quantised gradients", {**size, **both, "use_quantized_grad": True}, {}
    yield "one leaf", {**size, "min_data_in_leaf": 10**6}, {}
    yield "stumps", {**size, **both, "num_leaves": 2}, {}
    yield "pandas", size, {"pandas": True}
    yield "missing or not", size, {"flag": True}
    yield "odd names", size, {"names": ["größe=1", "a=b=c", "%s\\", "日本", "__proto__"]}
    yield "distributed", {**size, **both}, {"machines": 2}
    yield "continued", {**size, **both}, {"continued": True}
    yield "refitted", {**size, **both}, {"refit": True}
    if small:
        yield "linear tree", {**size, "linear_tree": True}, {}
        yield "multiclass", {**size, "objective": "multiclass", "num_class": 3}, {}
        yield "multiclassova", {**size, "objective": "multiclassova", "num_class": 3}, {}
        for objective in ["regression", "poisson", "cross_entropy_lambda"]:
            yield objective, {**size, "objective": objective}, {}
        yield "custom objective", {**size, "objective": custom}, {}
        return
    yield "255 leaves", {**size, **both, "num_leaves": 255, "min_data_in_leaf": 2}, {"rows": 20000, "trees": 20}
    yield "4096 leaves", {**size, **both, "num_leaves": 4096, "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 0,
                          "min_data_in_bin": 1, "max_bin": 4000}, {"rows": 40000, "trees": 3, "noise": True}
    yield "many trees", {**size, **both, "num_leaves": 63}, {"rows": 20000, "trees": 600}
    yield "many bins", {**size, "max_bin": 60000, "min_data_in_bin": 1}, {"rows": 20000, "noise": True}
    yield "depth 3", {**size, **both, "max_depth": 3}, {}
    yield "few bins", {**size, **both, "max_bin": 3}, {}
    yield "bagging, feature fraction", {**size, **both, "bagging_freq": 1, "bagging_fraction": 0.5,
                                        "feature_fraction": 0.5}, {}
    yield "path smooth, L1", {**size, **both, "path_smooth": 5, "lambda_l1": 1}, {}


def custom(predictions, data):
    p = 1 / (1 + np.exp(-predictions))
    return p - data.get_label(), p * (1 - p)


def train(params, special, small, seed):
    rows = special.get("rows", 800 if small else 4000)
    trees = special.get("trees", 3 if small else 20)
    x, y = make_table(rows, seed)
    if special.get("flag"):
        y[np.isnan(x[:, 2])] = 1
        x[:, 2] = np.where(np.isnan(x[:, 2]), np.nan, 1)
    if special.get("noise"):
        x[:, 0] = np.random.default_rng(seed).normal(size=rows)
    if params.get("num_class"):
        y = np.floor(y + x[:, 4] % 2)
    parameters = {"objective": "binary", "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True, **params}
    table = x
    if special.get("pandas"):
        table = to_pandas(x)
    categories = parameters.pop("categorical_feature", "auto")
    make = lambda: lgb.Dataset(table, y, categorical_feature=categories, feature_name=special.get("names", "auto"),
                               free_raw_data=False)
    if special.get("machines"):
        return train_distributed(parameters, x, y, categories, trees)
    booster = lgb.train(parameters, make(), trees)
    if special.get("continued"):
        booster = lgb.train(parameters, make(), trees, init_model=booster)
    if special.get("refit"):
        booster = booster.refit(table[: rows // 2], y[: rows // 2])
    return booster.model_to_string()


def to_pandas(x):
    """Categories that are text, numbers and truths, a column of one category, and a column of one number."""
    city = np.array(["Köln", "a,b", "", "x:y", "__proto__", "n 6", "7", "true"])
    codes = np.nan_to_num(x[:, 3], nan=-1).astype(int)
    return pd.DataFrame({
        "a": x[:, 0],
        "city": pd.Categorical.from_codes(np.where(codes < 0, -1, codes % 8), city),
        "c": x[:, 2],
        "plan": pd.Categorical(x[:, 4].astype(int) * 10),
        "only": pd.Categorical(["k"] * len(x)),
        "flag": pd.Categorical(x[:, 0] > 0.3),
        "constant": 1.0,
    })


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def train_one_machine(parameters, x, y, categories, trees, port, answer):
    data = lgb.Dataset(x, y, categorical_feature=categories, params={"pre_partition": True})
    answer.put(lgb.train({**parameters, "local_listen_port": port}, data, trees).model_to_string())


def train_distributed(parameters, x, y, categories, trees):
    ports = free_ports(2)
    machines = ",".join(f"127.0.0.1:{port}" for port in ports)
    parameters = {**parameters, "tree_learner": "data", "num_machines": 2, "machines": machines, "time_out": 2}
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    workers = [context.Process(target=train_one_machine, args=(parameters, x[i::2], y[i::2], categories, trees, port, answer))
               for i, port in enumerate(ports)]
    for worker in workers:
        worker.start()
    texts = [answer.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    # The machines' own ports are no part of the model.
    texts = [re.sub(r"\[(machines|local_listen_port): .*\]", r"[\1: ]", text) for text in texts]
    assert texts[0] == texts[1], "the machines disagree"
    return texts[0]


def train_old(library, parameters, trees):
    """A model text of an older LightGBM."""
    lib = ctypes.CDLL(library)
    lib.LGBM_GetLastError.restype = ctypes.c_char_p

    def call(name, *args):
        if getattr(lib, name)(*args) != 0:
            raise SystemExit(lib.LGBM_GetLastError().decode())

    x, y = make_table(800, 99)
    x, y = np.ascontiguousarray(x), y.astype(np.float32)
    text = " ".join(f"{key}={value}" for key, value in parameters.items()).encode()
    data, booster, finished = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_int()
    call("LGBM_DatasetCreateFromMat", x.ctypes.data_as(ctypes.c_void_p), 1, ctypes.c_int32(x.shape[0]),
         ctypes.c_int32(x.shape[1]), 1, text, None, ctypes.byref(data))
    call("LGBM_DatasetSetField", data, b"label", y.ctypes.data_as(ctypes.c_void_p), len(y), 0)
    call("LGBM_BoosterCreate", data, text, ctypes.byref(booster))
    for _ in range(trees):
        call("LGBM_BoosterUpdateOneIter", booster, ctypes.byref(finished))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.txt").encode()
        if "lightgbm-2" in library:
            call("LGBM_BoosterSaveModel", booster, 0, -1, path)
        else:
            call("LGBM_BoosterSaveModel", booster, 0, -1, 0, path)
        return open(path, encoding="utf-8").read()


def thresholds_of(text, features):
    """The thresholds of each feature's number splits, as the file has them."""
    found = [[] for _ in range(features)]
    for block in text.split("\nTree=")[1:]:
        field = dict(line.split("=", 1) for line in block.split("\n\n")[0].split("\n")[1:])
        for feature, threshold, kind in zip(*(field[key].split() for key in ["split_feature", "threshold", "decision_type"])):
            if not int(kind) & 1:
                found[int(feature)].append(float(threshold))
    return [sorted(set(each)) for each in found]


def adversarial(text, booster, categories, rows, seed):
    rng = np.random.default_rng(seed)
    columns = []
    for feature, thresholds in enumerate(thresholds_of(text, booster.num_feature())):
        if feature in categories:
            usual = rng.integers(0, 40, rows).astype(float)
            columns.append(np.where(rng.random(rows) < 0.5, rng.choice(ODD_CODES, rows), usual))
            continue
        near = np.array(thresholds or [0.5])
        near = np.concatenate([near, np.nextafter(near, np.inf), np.nextafter(near, -np.inf)])
        pool = np.where(rng.random(rows) < 0.55, rng.choice(near, rows), rng.choice(ODD, rows))
        columns.append(np.where(rng.random(rows) < 0.15, np.round(rng.normal(size=rows), 1), pool))
    return columns


def pandas_rows(rows, seed):
    """The table again, but each category column with values it was not trained on, and nothing where nothing is known."""
    rng = np.random.default_rng(seed)
    x, _ = make_table(rows, seed)
    x[rng.random(rows) < 0.3, 0] = np.nan
    table = to_pandas(x)
    table["city"] = pd.Categorical(np.where(rng.random(rows) < 0.2, "unseen", np.array(table["city"], dtype=object)))
    table["plan"] = pd.Categorical(np.where(rng.random(rows) < 0.2, 7, np.array(table["plan"])))
    return table


def score(text, rows):
    booster = lgb.Booster(model_str=text)
    raw = booster.predict(rows, raw_score=True, num_threads=1)
    sigmoid = re.search(r"\nobjective=binary sigmoid:(\S+)", text)
    odds = raw / (booster.num_trees() if "\naverage_output\n" in text else 1) * float(sigmoid[1] if sigmoid else 1)
    probability = booster.predict(rows, num_threads=1)
    assert np.allclose(1 / (1 + np.exp(-odds)), probability, rtol=0, atol=1e-15)
    return odds, probability


def doubles(values):
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode()


def texts(small, old):
    for index, (name, params, special) in enumerate(cases(small)):
        yield name, train(params, special, small, index), params.get("categorical_feature", []), special
    for version, library in old:
        params = dict(objective="binary", num_leaves=6, categorical_feature="3,4", min_data_per_group=20, verbose=-1)
        yield f"made by {version}", train_old(library, params, 3), [3, 4], {}


def column_of(values):
    if isinstance(values.dtype, pd.CategoricalDtype) and not pd.api.types.is_integer_dtype(values.cat.categories):
        return {"category": [None if value is None or value != value else str(value) for value in values]}
    return {"number": doubles(values.astype(float))}


def small_models(old):
    accepted, refused = [], {}
    for index, (name, text, categories, special) in enumerate(texts(True, old)):
        if name in REFUSED:
            refused[name] = text
            continue
        rows = 48
        if special.get("pandas"):
            table = pandas_rows(rows, index)
        else:
            booster = lgb.Booster(model_str=text)
            table = pd.DataFrame(dict(zip(booster.feature_name(), adversarial(text, booster, categories, rows, index))))
        odds, probability = score(text, table)
        accepted.append({
            "name": name,
            "model": text,
            "columns": {column: column_of(table[column]) for column in table},
            "logOdds": doubles(odds),
            "probability": doubles(probability),
        })
    versions = {"lightgbm": lgb.__version__, "numpy": np.__version__, "pandas": pd.__version__}
    print(json.dumps({"versions": versions, "accepted": accepted, "refused": refused}, ensure_ascii=False))


def large_models(folder, rows):
    listed = []
    for index, (name, text, categories, special) in enumerate(texts(False, [])):
        file = re.sub(r"\W+", "-", name)
        with open(os.path.join(folder, f"{file}.txt"), "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        few = lgb.Booster(model_str=text).model_to_string(num_iteration=3)
        with open(os.path.join(folder, f"{file}.few.txt"), "w", encoding="utf-8", newline="\n") as out:
            out.write(few)
        listed.append({"name": name, "file": file, "isScored": not special.get("pandas")})
        if special.get("pandas"):
            continue
        booster = lgb.Booster(model_str=text)
        columns = adversarial(text, booster, categories, rows, index)
        np.stack(columns).astype("<f8").tofile(os.path.join(folder, f"{file}.rows"))
        score(text, np.stack(columns, axis=1))[0].astype("<f8").tofile(os.path.join(folder, f"{file}.scores"))
    with open(os.path.join(folder, "models.json"), "w") as out:
        json.dump(listed, out)
    print(json.dumps({"models": len(listed), "rows": rows, "lightgbm": lgb.__version__}))


def check(folder, files):
    answer = {"rows": 0, "different": 0}
    for file in files:
        path = os.path.join(folder, file)
        with open(f"{path}.ours.txt", encoding="utf-8", newline="") as source:
            text = source.read()
        booster = lgb.Booster(model_str=text)
        expected = np.fromfile(f"{path}.scores", dtype="<f8")
        rows = np.fromfile(f"{path}.rows", dtype="<f8").reshape(booster.num_feature(), -1).T
        for each in [text, booster.model_to_string()]:
            odds, _ = score(each, np.ascontiguousarray(rows))
            answer["rows"] += len(odds)
            answer["different"] += int((odds.view(np.uint64) != expected.view(np.uint64)).sum())
    print(json.dumps({**answer, "models": len(files)}))


if __name__ == "__main__":
    # LightGBM itself writes to the standard output.
    sys.stdout = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    mode = sys.argv[1] if len(sys.argv) > 1 else ""
    if mode == "--large":
        large_models(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 100_000)
    elif mode == "--check":
        check(sys.argv[2], sys.argv[3:])
    else:
        small_models([each.split("=", 1) for each in sys.argv[2:]])
