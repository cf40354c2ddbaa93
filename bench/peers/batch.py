"""CSV to scored CSV by pandas or pyarrow and LightGBM, and the table and model they score.

make FOLDER ROWS             table of ROWS x 60 (table.csv) and a model of 200 trees x 31 leaves (model.txt)
pandas|pyarrow FOLDER        scores table.csv into peer.csv
measure COMMAND ...          runs a command; seconds and the most memory of it, its threads and children
compare FOLDER OURS          largest difference of the scores, and rows whose input columns differ
The last line printed is a JSON object."""
import json, os, resource, subprocess, sys, time

folder = sys.argv[2]
table, model, peer = (os.path.join(folder, name) for name in ("table.csv", "model.txt", "peer.csv"))
names = [f"f{i}" for i in range(60)]


def make(rows):
    import lightgbm as lgb, numpy as np, pyarrow as pa, pyarrow.csv as pc
    r = np.random.default_rng(1)
    x = r.standard_normal((rows, 60))
    x[:, 20:30] = np.exp(x[:, 20:30])
    x[:, 30:40] = np.floor(np.abs(x[:, 30:40]) * 5)
    x[:, 40:45] = r.integers(0, 12, (rows, 5))
    x[:, :10] += 0.5 * x[:, 10:20]
    x = np.round(x, 6)
    z = 1.2 * (x[:, 0] > 0.5) + 0.8 * np.tanh(x[:, 1]) + 0.6 * x[:, 2] * x[:, 3] + 0.4 * x[:, 4] - 3
    y = r.random(rows) < 1 / (1 + np.exp(-z))
    learn = slice(0, min(rows, 200_000))
    parameters = dict(objective="binary", num_leaves=31, learning_rate=0.05, min_data_in_leaf=50, verbose=-1)
    lgb.train(parameters, lgb.Dataset(x[learn], y[learn], feature_name=names), 200).save_model(model)
    pc.write_csv(pa.table({name: x[:, i] for i, name in enumerate(names)}), table)
    print(json.dumps(dict(megabytes=os.path.getsize(table) / 1e6)))


def with_pandas():
    import lightgbm as lgb, pandas as pd
    d = pd.read_csv(table)
    d["propensity_score"] = lgb.Booster(model_file=model).predict(d[names].to_numpy(), num_threads=2)
    d["risk_category"] = pd.cut(d.propensity_score, [-1, 0.4, 0.7, 2], right=False, labels=["Low", "Medium", "High"])
    d.to_csv(peer, index=False)


def with_pyarrow():
    import lightgbm as lgb, numpy as np, pyarrow as pa, pyarrow.csv as pc
    d = pc.read_csv(table)
    x = np.column_stack([d[name].to_numpy() for name in names])
    s = lgb.Booster(model_file=model).predict(x, num_threads=2)
    bands = np.where(s >= 0.7, "High", np.where(s >= 0.4, "Medium", "Low"))
    pc.write_csv(d.append_column("propensity_score", pa.array(s)).append_column("risk_category", pa.array(bands)), peer)


def measure(command):
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(done.stderr.decode()[-2000:])
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps(dict(seconds=seconds, megabytes=kilobytes / (1024 if sys.platform != "darwin" else 1024 * 1024))))


def compare(ours):
    import lightgbm as lgb, numpy as np, pyarrow.csv as pc
    given, scored = pc.read_csv(table), pc.read_csv(ours)
    x = np.column_stack([given[name].to_numpy() for name in names])
    worst = np.abs(scored["propensity_score"].to_numpy() - lgb.Booster(model_file=model).predict(x)).max()
    changed = sum(int((scored[name].to_numpy() != given[name].to_numpy()).sum()) for name in names)
    print(json.dumps(dict(worst=float(worst), changed=changed, rows=scored.num_rows)))


if sys.argv[1] == "make":
    make(int(sys.argv[3]))
elif sys.argv[1] == "measure":
    measure(sys.argv[2:])
elif sys.argv[1] == "compare":
    compare(sys.argv[3])
else:
    {"pandas": with_pandas, "pyarrow": with_pyarrow}[sys.argv[1]]()
