"""The simpler model of tools/benches/simple.h with numpy: a matrix of assets by quarters.

usage: project.py INPUTS STAGES     CSV and JSON, as bench_projection gives them

Reckons once for each line on standard input: {"seconds": ..., "totals": [[pence, ...], ...]}
"""
import json
import sys
import time

import numpy as np

QUARTERS = 40
PPM = 1_000_000

partner, stage, quarter, value = np.loadtxt(sys.argv[1], delimiter=",", dtype=np.int64, ndmin=2).T.copy()
stages = json.loads(sys.argv[2])
steps_most = max(len(s["steps"]) for s in stages)
p_ppm = np.array([s["p_ppm"] for s in stages])
steps = np.array([s["steps"] + [[QUARTERS, 0]] * (steps_most - len(s["steps"])) for s in stages])
# Assets stand body by body, so a body's rows are a span.
bodies, begins = np.unique(partner, return_index=True)


def rounded(product):
    return (product + PPM // 2) // PPM


def reckon():
    matrix = np.zeros((len(value), QUARTERS), dtype=np.int64)
    expected = rounded(value * p_ppm[stage])
    rows = np.arange(len(value))
    for k in range(steps_most):
        at = quarter + steps[stage, k, 0]
        inside = at < QUARTERS
        matrix[rows[inside], at[inside]] += rounded(expected * steps[stage, k, 1])[inside]
    return np.add.reduceat(matrix, begins, axis=0)


for _ in sys.stdin:
    began = time.perf_counter()
    totals = reckon()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "totals": dict(zip(map(str, bodies), totals.tolist()))}), flush=True)
