# SPDX-License-Identifier: Apache-2.0
"""The test of growth with NumPy and SciPy: series as arguments for its figures, none for the simulation behind it.

growth.py "1,2,3,...;4,5,6,..."   slope, lower and upper bound of each
growth.py                         how often flat series are called growing, and leaks are found; minutes
"""
import sys

import numpy as np
from scipy import stats

LARGEST, LEVEL = 0.9, 0.95
GRID = np.linspace(0, LARGEST, 91)


def tables(n):
    """Slope weights, residual maker, and for each rho: variance per sum of squares, freedom, expected correlation."""
    t = np.arange(n) - (n - 1) / 2
    columns = np.c_[np.ones(n), t]
    maker = np.eye(n) - columns @ np.linalg.pinv(columns)
    weights = t / (t @ t)
    distance = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    rows = []
    for rho in GRID:
        correlation = rho**distance
        residual = maker @ correlation @ maker
        trace = np.trace(residual)
        rows.append(
            (weights @ correlation @ weights / trace, trace**2 / (residual**2).sum(), np.trace(residual, 1) / trace)
        )
    return weights, maker, np.array(rows)


def bounds(series):
    """Slope, lower and upper bound of each row."""
    n = series.shape[1]
    weights, maker, rows = tables(n)
    slope = series @ weights
    residual = series @ maker
    squares = (residual**2).sum(1)
    found = (residual[:, 1:] * residual[:, :-1]).sum(1) / squares
    wanted = found + np.sqrt((1 - np.minimum(found**2, 1)) / n)
    wanders = wanted > rows[-1, 2]
    place = np.clip(np.searchsorted(rows[:, 2], wanted), 0, len(GRID) - 1)
    width = stats.t.ppf(LEVEL, np.maximum(1, rows[place, 1])) * np.sqrt(rows[place, 0] * squares)
    differences = np.diff(series, axis=1)
    mean = differences.mean(1)
    scatter = stats.t.ppf(LEVEL, n - 2) * differences.std(1, ddof=1) / np.sqrt(n - 1)
    half = series[:, n // 2 :]
    halfway = np.arange(half.shape[1]) - (half.shape[1] - 1) / 2
    slows = (slope > 0) & (half @ halfway / (halfway @ halfway) < slope / 2)
    centre = np.where(wanders, mean, slope)
    width = np.where(wanders, scatter, width)
    return centre, np.where(slows, -np.inf, centre - width), centre + width


def correlated(generator, runs, n, rho):
    values = np.empty((runs, n))
    values[:, 0] = generator.standard_normal(runs)
    for i in range(1, n):
        values[:, i] = rho * values[:, i - 1] + np.sqrt(1 - rho**2) * generator.standard_normal(runs)
    return values


def simulate(runs=4000):
    generator = np.random.default_rng(1)

    def tell(name, series):
        _, lower, upper = bounds(series)
        print(f"{name:36} growing {np.mean(lower > 0):6.1%}  shrinking {np.mean(upper < 0):6.1%}")

    for n in (6, 10, 22, 46, 94):
        t = np.arange(n)[None, :]
        noise = lambda size: size * generator.standard_normal((runs, n))
        for rho in (0, 0.3, 0.5, 0.7, 0.8, 0.9):
            tell(f"{n} medians, rho {rho}", correlated(generator, runs, n, rho))
        tell(f"{n}, random walk", np.cumsum(noise(1), axis=1))
        for period in (1.7, 3.3, 5, 8, 12):
            phase = generator.random(runs)[:, None]
            tell(f"{n}, saw-tooth of {period}", (t / period + phase) % 1 + noise(0.05))
        place = generator.integers(1, n, size=runs)[:, None]
        tell(f"{n}, a step", (t >= place) + noise(0.02))
        for length in (2, 5):
            tell(f"{n}, growth that ends, {length}", -np.exp(-t / length) + noise(0.02))
        for total in (5, 10, 30):
            for rho in (0, 0.5, 0.8):
                leak = correlated(generator, runs, n, rho) + total * t / n
                tell(f"{n}, leak of {total} deviations, rho {rho}", leak)


if len(sys.argv) > 1:
    for text in sys.argv[1].split(";"):
        figures = bounds(np.array([[float(value) for value in text.split(",")]]))
        print(*(repr(float(figure[0])) for figure in figures))
else:
    simulate()
