#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One-sided Clopper-Pearson bounds by SciPy.

  bounds.py           prints SciPyBounds.swift, the table the tests compare with
  bounds.py --stdin   reads lines "events n level", prints lines "lower upper"
"""
import random
import sys

from scipy import __version__
from scipy.special import betaincinv


def bounds(events, n, level):
    lower = 0.0 if events <= 0 else float(betaincinv(events, n - events + 1, 1 - level))
    upper = 1.0 if events >= n else float(betaincinv(events + 1, n - events, level))
    return lower, upper


def cases():
    for n in (1, 2, 12, 59, 299, 640, 2994, 2995, 10_000, 300_000, 7_200_000):
        for share in (0, 0.0005, 0.001, 0.01, 0.05, 0.3, 0.5, 0.9, 1):
            for level in (0.9, 0.95, 0.99):
                yield float(round(n * share)), float(n), level
    dice = random.Random(5)
    for _ in range(150):  # fractions, as they come out of a design effect
        effect = 1 + dice.expovariate(0.1)
        n = dice.choice((50, 1500, 12_000, 300_000, 3_600_000))
        yield dice.randrange(0, n // 10) / effect, n / effect, dice.choice((0.8, 0.95, 0.999))


if __name__ == "__main__":
    if sys.argv[1:] == ["--stdin"]:
        for line in sys.stdin:
            print(*(repr(bound) for bound in bounds(*map(float, line.split()))))
    else:
        print("// SPDX-License-Identifier: Apache-2.0")
        print(f"// Made by bounds.py with SciPy {__version__}; do not edit. events, n, level, lower bound, upper bound.")
        print('let sciPyBounds = """')
        for case in cases():
            print(" ", *(repr(value) for value in (*case, *bounds(*case))))
        print('  """')
