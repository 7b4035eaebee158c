"""Golden values of `theta.rs`, from statsmodels.

    python3 theta.py > theta.json        (statsmodels 0.15)

Two-step estimation, the season tested; the optimiser's smoothing weight is written into the file.
"""

import json

import numpy as np
from statsmodels.tsa.forecasting.theta import ThetaModel

rng = np.random.RandomState(21)
step = np.arange(72)
wave = np.sin(step * np.pi / 6)
series = {
    "multiplicative": (12, (100 + 1.5 * step) * (1 + 0.2 * wave) + 4 * rng.randn(72)),
    "additive": (12, 10 * wave - 0.2 * step + 2 * rng.randn(72)),
    "odd": (7, 50 + 0.4 * step + 8 * np.cos(step * 2 * np.pi / 7) + 2 * rng.randn(72)),
    "walk": (12, 20 + np.cumsum(rng.randn(72))),
}
golden = {}
for name, (season, values) in series.items():
    fit = ThetaModel(values, period=season, method="auto").fit()
    golden[name] = {
        "season": season,
        "values": values.tolist(),
        "alpha": float(fit.params["alpha"]),
        "forecast": [float(value) for value in fit.forecast(15)],
    }
    print(name, fit.model._has_seasonality, fit.model.method, file=__import__("sys").stderr)
print(json.dumps(golden, indent=1))
