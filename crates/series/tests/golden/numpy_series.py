"""Writes the golden numbers of `recurra-series` with NumPy itself.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6
    venv/bin/python crates/series/tests/golden/numpy_series.py crates/series/tests/fixtures

- numpy-reference-series.csv: the reference series (t, the noise z in the shortest digits that read back, the series with 9).
- numpy-randn.csv: the first 257 values of `RandomState(seed).randn` for several seeds.
"""

import pathlib
import sys

import numpy as np

SEEDS = [0, 1, 7, 51, 12345, 2**31, 2**32 - 1]


def reference_series():
    time = np.arange(1461, dtype=np.float32)
    season = (time % 365) / 365
    pattern = np.where(season < 0.4, np.cos(season * 2 * np.pi), 1 / np.exp(3 * season))
    z = np.random.RandomState(42).randn(1461)
    series = 10 + 0.05 * time + 40 * pattern
    assert series.dtype == np.float32
    series += 5 * z
    return z, series


def main(folder):
    z, series = reference_series()
    with open(folder / "numpy-reference-series.csv", "w", newline="\n") as out:
        out.write("t,z,series\n")
        for t in range(1461):
            out.write(f"{t},{float(z[t])!r},{series[t]:.9g}\n")
    with open(folder / "numpy-randn.csv", "w", newline="\n") as out:
        out.write("seed,index,z\n")
        for seed in SEEDS:
            for index, value in enumerate(np.random.RandomState(seed).randn(257)):
                out.write(f"{seed},{index},{float(value)!r}\n")


main(pathlib.Path(sys.argv[1]))
