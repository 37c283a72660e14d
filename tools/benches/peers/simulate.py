"""What a team would write with numpy: one asset after the other, all its paths at once.

usage: simulate.py ASSETS PATHS

numpy's own Philox (4x64), three blocks of 128 bits a path as ours has, a sale that happens or not, one of
four quarters, a price with the market's and its own luck, its cost, and the year's sums. No requests, no owners,
no partnerships, one track. Reckons once for each line on standard input: {"seconds": ...}
"""
import json
import sys
import time

import numpy as np

ASSETS, PATHS = int(sys.argv[1]), int(sys.argv[2])
PPM = 1_000_000
YEARS = 11


def rounded(n, by):
    return (n + by // 2) // by


def reckon():
    sums = np.zeros((YEARS + 4, PATHS), dtype=np.int64)
    market = np.random.Generator(np.random.Philox(key=0)).integers(-300_000, 300_000, (YEARS + 4, PATHS))
    upto = (np.array([0.55, 0.80, 0.92]) * 2**32).astype(np.int64)
    paths = np.arange(PATHS)
    for asset in range(ASSETS):
        words = np.random.Philox(key=asset + 1).random_raw(6 * PATHS).view(np.uint32).reshape(12, PATHS).astype(np.int64)
        sold = words[2] < int(0.75 * 2**32)
        year = asset % YEARS + np.searchsorted(upto, words[3], side="right")
        z = sum((w & 0xFFFF) + (w >> 16) for w in words[5:11]) - 393_210
        factor = np.maximum(100_000, PPM + market[year, paths] + rounded(130_000 * z, 65_536))
        gross = rounded(20_000_000 * factor, PPM)
        net = gross - rounded(gross * 20_000, PPM) - 250_000
        sums[year, paths] += np.where(sold, net, 0)
    return np.percentile(sums.sum(axis=0), [10, 50, 90])


for _ in sys.stdin:
    began = time.perf_counter()
    reckon()
    print(json.dumps({"seconds": time.perf_counter() - began}), flush=True)
