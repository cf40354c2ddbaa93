/** How an export is tried where it will run: a script beside it that scores sample.json and prints a certificate. */
const certificate = `
def certificate(engine, propensity, probability):
    ours = np.array(sample["propensity"], float), np.array(sample["probability"], float)
    theirs = np.asarray(propensity, float).ravel(), np.asarray(probability, float).ravel()
    cut, medium, high = (sample["cutoffs"][name] for name in ("cut", "medium", "high"))
    band = lambda score: (score >= medium).astype(int) + (score >= high)
    worst = lambda a, b: float(np.nan_to_num(np.abs(a - b), nan=1.0).max())
    print(json.dumps(dict(
        modelVersion=sample["modelVersion"], engine=engine, rows=len(ours[0]),
        worstPropensityDifference=worst(ours[0], theirs[0]), worstProbabilityDifference=worst(ours[1], theirs[1]),
        rowsChangingSideAtTheCut=int(((ours[0] >= cut) != (theirs[0] >= cut)).sum()),
        rowsChangingBand=int((band(ours[0]) != band(theirs[0])).sum()))))
`;

const opening = (
  needs: string,
): string => `"""Scores sample.json and prints how far it is from the studio. pip install ${needs}"""
import json, os
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
sample = json.load(open(os.path.join(here, "sample.json"), encoding="utf-8"))
${certificate}`;

export const verifyOnnx = `${opening('onnxruntime numpy')}
import onnxruntime

session = onnxruntime.InferenceSession(os.path.join(here, "model.onnx"))
feed = {}
for value in session.get_inputs():
    column = sample["features"][value.name]
    if value.type == "tensor(string)":
        feed[value.name] = np.array([each or "" for each in column], object).reshape(-1, 1)
    else:
        feed[value.name] = np.array([np.nan if each is None else each for each in column], np.float64).reshape(-1, 1)
certificate("onnxruntime " + onnxruntime.__version__,
            *session.run(["propensity_score", "conversion_probability"], feed))
`;

export const verifySql = `${opening('duckdb pandas numpy')}
import duckdb, pandas as pd

table = pd.DataFrame({name: pd.Series(values, dtype=None if kind == "number" else object)
                      for name, (kind, values) in sample["customers"].items()})
for name, (kind, values) in sample["customers"].items():
    if kind == "number":
        table[name] = pd.to_numeric(table[name])
table.insert(0, sample["id"], np.arange(len(table)))
db = duckdb.connect()
db.register("given", table)
types = {"number": "DOUBLE", "date": "TIMESTAMP"}
quote = lambda name: '"' + name.replace('"', '""') + '"'
columns = [f"CAST({quote(name)} AS {types.get(kind, 'VARCHAR')}) AS {quote(name)}"
           for name, (kind, _) in sample["customers"].items()]
db.execute(f"CREATE TABLE customers AS SELECT {quote(sample['id'])}, {', '.join(columns)} FROM given")
query = open(os.path.join(here, "score.sql"), encoding="utf-8").read()
scores = db.execute(f"SELECT * FROM ({query}) AS answers ORDER BY 1").df()
certificate("duckdb " + duckdb.__version__, scores.propensity_score, scores.conversion_probability)
`;
