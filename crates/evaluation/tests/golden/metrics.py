"""Golden values of `metrics.rs`, from utilsforecast.

    python3 metrics.py > metrics.json        (utilsforecast 0.2.17, scikit-learn not needed)

Its sMAPE leaves the factor 2 out, its MAPE is a fraction, its mqloss is half of our CRPS.
"""

import json

import numpy as np
import pandas as pd
import utilsforecast.losses as losses

rng = np.random.RandomState(5)
season = 4
training, scored, golden = [], [], {"series": {}}
for name, level in (("north", 50.0), ("south", 3.0)):
    values = level * (1 + 0.3 * np.sin(np.arange(60) * np.pi / 2)) + level / 10 * rng.randn(60)
    time = np.arange(60)
    training.append(pd.DataFrame({"unique_id": name, "ds": time[:40], "y": values[:40]}))
    forecast = values[40:] + level / 8 * rng.randn(20) + level / 50
    frame = {"unique_id": name, "ds": time[40:], "y": values[40:], "m": forecast}
    for percent, width in ((80, 0.15), (95, 0.22)):
        frame[f"m-lo-{percent}"] = forecast - level * width * (1 + 0.1 * rng.rand(20))
        frame[f"m-hi-{percent}"] = forecast + level * width * (1 + 0.1 * rng.rand(20))
    scored.append(pd.DataFrame(frame))
training, scored = pd.concat(training), pd.concat(scored)

quantiles = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
columns = {"m": ["m-lo-95", "m-lo-80", "m", "m-hi-80", "m-hi-95"]}
tables = {
    "mae": losses.mae(scored, ["m"]),
    "mse": losses.mse(scored, ["m"]),
    "rmse": losses.rmse(scored, ["m"]),
    "bias": losses.bias(scored, ["m"]),
    "mape": losses.mape(scored, ["m"]),
    "smape": losses.smape(scored, ["m"]),
    "mase": losses.mase(scored, ["m"], seasonality=season, train_df=training),
    "rmsse": losses.rmsse(scored, ["m"], seasonality=season, train_df=training),
    "pinball": losses.mqloss(scored, columns, quantiles),
    "coverage-80": losses.coverage(scored, ["m"], 80),
    "coverage-95": losses.coverage(scored, ["m"], 95),
}
for name, own in scored.groupby("unique_id"):
    metrics = {metric: float(table.set_index("unique_id").loc[name, "m"]) for metric, table in tables.items()}
    metrics["smape"] *= 2
    metrics["crps"] = 2 * metrics["pinball"]
    # No such losses there; by their definitions.
    metrics["r2"] = float(1 - ((own.m - own.y) ** 2).sum() / ((own.y - own.y.mean()) ** 2).sum())
    metrics["width-80"] = float((own["m-hi-80"] - own["m-lo-80"]).mean())
    golden["series"][name] = {
        "training": training[training.unique_id == name].y.tolist(),
        "actual": own.y.tolist(),
        "forecast": own.m.tolist(),
        "bounds": {
            str(percent): [own[f"m-lo-{percent}"].tolist(), own[f"m-hi-{percent}"].tolist()] for percent in (80, 95)
        },
        "metrics": metrics,
    }
print(json.dumps(golden, indent=1))
