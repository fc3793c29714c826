#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How often a run whose true share of failures is just over the limit passes, by estimator of the design effect.

The estimator in Sources/Judgement/DesignEffect.swift was chosen with this (NumPy and SciPy; a few minutes):

  simulation.py [RUNS] [SECONDS]

Columns: independent | one batch size | batches of 1x 2x 4x | + correlation of neighbours | + 1 largest clump more |
+ 1.5 | + 2. "none" is how often not a single failure happened: no estimator can do better than that.
"""
import sys

import numpy as np
from scipy.stats import beta

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 300
dice = np.random.default_rng(7)


def failing_share(share, kind, seconds, part):
    """Probability to fail, per run and second. part: failing share within a clump, or the spread of a wandering rate."""
    if kind == "independent":
        return np.full((RUNS, SECONDS), share)
    if kind == "wandering":
        keep = np.exp(-1 / seconds)
        level = np.zeros((RUNS, SECONDS))
        level[:, 0] = dice.normal(size=RUNS)
        for i in range(1, SECONDS):
            level[:, i] = keep * level[:, i - 1] + np.sqrt(1 - keep * keep) * dice.normal(size=RUNS)
        return np.minimum(1, share * np.exp(part * level - part * part / 2))
    covered = np.zeros((RUNS, SECONDS))
    gap = seconds * (1 - share / part) / (share / part)
    time = -4 * (seconds + gap) * (1 + dice.uniform(size=RUNS))
    while time.min() < SECONDS:
        start = time + dice.exponential(gap, RUNS)
        time = start + (seconds if kind == "fixed" else dice.exponential(seconds, RUNS))
        for run in np.nonzero((time > 0) & (start < SECONDS))[0]:
            begin, end = max(0.0, start[run]), min(float(SECONDS), time[run])
            whole = np.arange(int(begin), int(np.ceil(end)))
            covered[run, whole] += np.minimum(end, whole + 1) - np.maximum(begin, whole)
    return np.clip(covered, 0, 1) * part


def batched(values, size):
    count = SECONDS // size
    sums = values[:, : count * size].reshape(RUNS, count, size).sum(2).astype(float)
    sums[:, -1] += values[:, count * size :].sum(1)
    return sums


def effect_of_size(n, x, size, more, correlated):
    ns, xs = batched(n, size), batched(x, size)
    k, total, events = ns.shape[1], n.sum(1), x.sum(1)
    share = events / total
    residual = xs - share[:, None] * ns
    squares = (residual**2).sum(1)
    with np.errstate(all="ignore"):
        effect = k / (k - 1) * (squares + more * (residual**2).max(1)) / (total * share * (1 - share))
        if correlated:
            rho = (residual[:, 1:] * residual[:, :-1]).sum(1) / squares
            rho = np.clip(rho + (1 + 3 * np.maximum(rho, 0)) / k, 0, 0.7)
            effect = effect * (1 + rho) / (1 - rho)
    return np.maximum(np.where((events == 0) | (events == total), 1, effect), 1)


def effect(n, x, least, more, correlated):
    size = min(5, max(1, SECONDS // 12))
    result = effect_of_size(n, x, size, more, correlated)
    while SECONDS // (2 * size) >= least:
        size *= 2
        result = np.maximum(result, effect_of_size(n, x, size, more, correlated))
    return result


ESTIMATORS = [
    lambda n, x: np.ones(RUNS),
    lambda n, x: effect(n, x, 10**9, 0, False),
    lambda n, x: effect(n, x, 12, 0, False),
    lambda n, x: effect(n, x, 24, 0, True),
    lambda n, x: effect(n, x, 24, 1, True),
    lambda n, x: effect(n, x, 24, 1.5, True),
    lambda n, x: effect(n, x, 24, 2, True),
]


def passed(limit, n, x, d):
    total, events = n.sum(1) / d, x.sum(1) / d
    return (np.where(events >= total, 1, beta.ppf(0.95, events + 1, np.maximum(total - events, 1e-9))) < limit).mean()


def row(rate, limit, factor, kind, seconds=0, part=0, label=""):
    share = failing_share(limit * factor, kind, seconds, part)
    n = np.full((RUNS, SECONDS), rate)
    x = dice.binomial(n, share)
    figures = " ".join(f"{passed(limit, n, x, estimator(n, x)):.3f}" for estimator in ESTIMATORS)
    print(f"{rate}/s {limit:g} x{factor:g} {kind} {label:22s} none {(x.sum(1) == 0).mean():.3f} | {figures}", flush=True)


for rate, limit in ((5, 0.05), (1000, 0.05), (100, 0.01), (1000, 0.001)):
    for factor in (1.001, 0.7, 0.5, 0.25):
        row(rate, limit, factor, "independent")
    for expected in (3, 5, 10):
        for seconds in (1, 2, 5, 10, 20):
            part = limit * SECONDS / (expected * seconds)
            if part <= 1:
                for kind in ("fixed", "random"):
                    row(rate, limit, 1.001, kind, seconds, part, f"{expected} clumps of {seconds} s")
    for seconds in (5, 10, 20):
        for spread in (0.5, 1):
            row(rate, limit, 1.001, "wandering", seconds, spread, f"{seconds} s by {spread}")
        row(rate, limit, 0.5, "wandering", seconds, 0.5, f"{seconds} s by 0.5")
