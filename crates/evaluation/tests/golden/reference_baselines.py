"""Figures of `reference_baselines.rs`: MAE, MSE and bias of the classical methods on the reference series, one step ahead.

    python3 reference_baselines.py        (NumPy 2)
"""

import numpy as np

time = np.arange(1461, dtype=np.float32)
phase = (time % 365) / 365
pattern = np.where(phase < 0.4, np.cos(phase * 2 * np.pi), 1 / np.exp(3 * phase))
series = (10 + 0.05 * time + 40 * pattern + 5 * np.random.RandomState(42).randn(1461)).astype(np.float32)
series = series.astype(np.float64)
validation = np.arange(1000, len(series))
season = 365


def show(name, forecast):
    error = forecast - series[validation]
    print(name, [float(v) for v in (np.abs(error).mean(), (error**2).mean(), error.mean())])


def forecast(rule):
    return np.array([rule(t) for t in validation])


def ten_days(t):
    return series[t - 5 : t + 5].mean()


def two_seasons(t):
    return (ten_days(t - season) + ten_days(t - 2 * season)) / 2


def difference(t):
    return np.mean([series[u] - series[u - season] for u in range(t - 50, t)])


def residual(t, trailing):
    return np.mean([series[u] - two_seasons(u) for u in range(t - trailing, t)])


show("naive", forecast(lambda t: series[t - 1]))
show("trailing-mean", forecast(lambda t: series[t - 30 : t].mean()))
show("seasonal-difference", forecast(lambda t: series[t - season] + difference(t)))
show("smoothed-seasonal-difference", forecast(lambda t: ten_days(t - season) + difference(t)))
for trailing in (50, 150):
    show(f"seasonal-mean {trailing}", forecast(lambda t: two_seasons(t) + residual(t, trailing)))

mean, deviation = series[:1000].mean(), series[:1000].std()
scaled = (series - mean) / deviation
windows = np.array([scaled[t - 20 : t] for t in range(20, len(series))])
inputs, targets = windows[:980], scaled[20:1000]
centred = inputs - inputs.mean(0)
for penalty in (0, 1, 25):
    gram = centred.T @ centred + penalty * np.eye(20)
    weights = np.linalg.solve(gram, centred.T @ (targets - targets.mean()))
    result = (windows[980:] - inputs.mean(0)) @ weights + targets.mean()
    show(f"autoregression {penalty}", result * deviation + mean)
