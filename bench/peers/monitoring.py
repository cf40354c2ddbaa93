"""Evidently's drift preset with PSI on every column, reference against current. usage: monitoring.py FOLDER REFERENCE CURRENT COLUMNS

Makes the columns on the first call (FOLDER/values.bin, float64, column after column); prints seconds, page size and memory."""

import json
import os
import resource
import sys
import time

import numpy as np
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

folder, before, now, columns = sys.argv[1], *map(int, sys.argv[2:5])
path = os.path.join(folder, "values.bin")
if not os.path.exists(path):
    values = np.random.default_rng(1).standard_normal((columns, before + now))
    values[:5, before:] += 0.2
    values.tofile(path)
values = np.fromfile(path).reshape(columns, before + now)
frame = pd.DataFrame({f"f{i}": values[i] for i in range(columns)})
reference, current = frame[:before], frame[before:]
started, cpu = time.perf_counter(), time.process_time()
report = Report([DataDriftPreset(num_method="psi")]).run(current_data=current, reference_data=reference)
seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
page = os.path.join(folder, "evidently.html")
report.save_html(page)
found = {each["metric_name"]: each["value"] for each in report.dict()["metrics"]}
psi = [next(float(v) for k, v in found.items() if f"column=f{i}," in k) for i in range(columns)]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps(dict(seconds=seconds, cpu=cpu_seconds, pageMb=os.path.getsize(page) / 1e6, peakMb=peak, psi=psi)))
