"""What all peers share: the models, the windows, and how a time is taken.

Every peer script is started as `python PEER.py MODEL SECONDS` and prints one line of JSON: the median milliseconds of a
training epoch, of 461 forecasts, and the median microseconds of one forecast. With `first-epoch` for SECONDS it trains one
epoch and prints its peak memory instead. A missing package ends it with exit code 3.
"""

import importlib
import json
import statistics
import sys
import time

# name: (cell, layers, hidden units, window, batch, windows per epoch)
MODELS = {
    "rnn-2x40": ("rnn", 2, 40, 20, 128, 980),
    "bilstm-1x32": ("lstm", 1, 32, 20, 32, 980),
    "bilstm-2x32": ("lstm", 2, 32, 20, 32, 980),
    "bilstm-3x32": ("lstm", 3, 32, 20, 32, 980),
    "bilstm-2x128": ("lstm", 2, 128, 96, 256, 4096),
}
SCALE = 100.0
LEARNING_RATE = 1e-6
MOMENTUM = 0.9
MISSING = 3
FIRST_EPOCH = "first-epoch"


def need(*names):
    """Imports packages, or says which one is missing and ends."""
    modules = []
    for name in names:
        try:
            modules.append(importlib.import_module(name))
        except ImportError as error:
            print(f"{name} is missing ({error}): pip install -r xtask/peers/requirements.txt", file=sys.stderr)
            sys.exit(MISSING)
    return modules


def arguments():
    """The model's row and the seconds that may be spent on each measurement; 0 where the first epoch is all."""
    name, seconds = sys.argv[1], sys.argv[2]
    return name, MODELS[name], 0.0 if seconds == FIRST_EPOCH else float(seconds)


def first_epoch(train):
    """Where the first epoch is all: trains it, prints the most memory that was resident, and ends."""
    if sys.argv[2] == FIRST_EPOCH:
        (resource,) = need("resource")
        train()
        print(json.dumps({"peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
        sys.exit()


def windows(window, count):
    """`count` windows `[count, window]` of a series, and the value after each. Any series will do for a time."""
    import numpy

    length = window + count
    steps = numpy.arange(length, dtype="float32")
    values = 50 + 30 * numpy.sin(steps / 58).astype("float32") + numpy.random.default_rng(0).normal(0, 5, length)
    values = values.astype("float32")
    views = numpy.lib.stride_tricks.sliding_window_view(values, window)[:count]
    return numpy.ascontiguousarray(views), numpy.ascontiguousarray(values[window:])


def median_time(work, seconds, least=3):
    """The median seconds of one call of `work`, after one call that does not count."""
    work()
    times, begin = [], time.perf_counter()
    while len(times) < least or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def report(version, epoch, many, one):
    """Prints what was measured; all arguments are in seconds."""
    print(json.dumps({"version": version, "ms_per_epoch": epoch * 1e3, "ms_461": many * 1e3, "us_1": one * 1e6}))
