"""Golden values of `comparison_statistics.rs`, from SciPy and NumPy.

    python3 comparison_statistics.py > comparison_statistics.json        (SciPy 1.17, NumPy 2.4, dieboldmariano 1.1)

The samples are written into the file as well, so that the test reads the very same numbers.
"""

import json

import numpy as np
from dieboldmariano import dm_test
from scipy import stats

rng = np.random.RandomState(11)


def floats(values):
    return [float(value) for value in values]


samples = {
    "small-left": rng.normal(6.0, 0.5, 9),
    "small-right": rng.normal(5.6, 0.7, 12),
    "seeds-left": rng.gamma(4.0, 0.4, 40),
    "seeds-right": rng.gamma(4.0, 0.5, 40),
    "long-left": rng.normal(0.0, 1.0, 120),
    "long-right": rng.normal(0.3, 1.2, 90),
    "far-left": rng.normal(0.0, 1.0, 30),
    "far-right": rng.normal(4.0, 1.0, 25),
    "tied-left": np.round(rng.normal(5.0, 1.0, 30), 1),
    "tied-right": np.round(rng.normal(5.3, 1.0, 30), 1),
}
samples = {name: np.array(floats(values)) for name, values in samples.items()}
pairs = ["small", "seeds", "long", "far", "tied"]
golden = {"samples": {name: floats(values) for name, values in samples.items()}, "two-sample": {}, "paired": {}}

for name in pairs:
    left, right = samples[f"{name}-left"], samples[f"{name}-right"]
    ks = stats.ks_2samp(left, right, method="exact")
    ties = len(set(left) | set(right)) < len(left) + len(right)
    exact = not ties and max(len(left), len(right)) <= 50
    mw = stats.mannwhitneyu(left, right, method="exact" if exact else "asymptotic")
    n, m = len(left), len(right)
    deviation = np.sqrt(((n - 1) * left.var(ddof=1) + (m - 1) * right.var(ddof=1)) / (n + m - 2))
    golden["two-sample"][name] = {
        "kolmogorov-smirnov": floats([ks.statistic, ks.pvalue]),
        "mann-whitney": floats([mw.statistic, mw.pvalue]),
        "exact": exact,
        "superiority": float(mw.statistic / (n * m)),
        "hedges-g": float((left.mean() - right.mean()) / deviation * (1 - 3 / (4 * (n + m) - 9))),
    }

for name in ["seeds", "tied"]:
    left, right = samples[f"{name}-left"], samples[f"{name}-right"]
    differences = left - right
    simple = name == "seeds"
    assert simple or (differences == 0).any() or len(set(abs(differences))) < len(differences)
    w = stats.wilcoxon(left, right, method="exact" if simple else "asymptotic", correction=not simple)
    # SciPy's two-sided statistic is the smaller of both rank sums; ours is that of the positive differences.
    kept = differences[differences != 0]
    positive = stats.rankdata(abs(kept))[kept > 0].sum()
    golden["paired"][name] = {"statistic": float(positive), "p": float(w.pvalue), "exact": simple}

sample = samples["seeds-left"]


def bootstrap(data, statistic, method, seed):
    result = stats.bootstrap(
        data, statistic, n_resamples=2000, method=method, confidence_level=0.9, vectorized=False,
        paired=False, random_state=np.random.RandomState(seed),
    )
    return floats([result.confidence_interval.low, result.confidence_interval.high])


golden["bootstrap"] = {
    "percentile-median": bootstrap((sample,), np.median, "percentile", 3),
    "bca-mean": bootstrap((sample,), np.mean, "BCa", 4),
    "percentile-median-difference": bootstrap(
        (sample, samples["long-right"]), lambda x, y: np.median(x) - np.median(y), "percentile", 5
    ),
}
probabilities = [0.0, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.987, 1.0]
golden["quantiles"] = {"probabilities": probabilities, "values": floats(np.quantile(sample, probabilities))}
p_values = [0.01, 0.04, 0.03, 0.005, 0.2, 0.03]
golden["holm"] = {
    "p": p_values,
    # By its definition (statsmodels: multipletests(p, method="holm")).
    "adjusted": [],
}
order = np.argsort(p_values, kind="stable")
running, adjusted = 0.0, np.zeros(len(p_values))
for place, index in enumerate(order):
    running = max(running, (len(p_values) - place) * p_values[index])
    adjusted[index] = min(1.0, running)
golden["holm"]["adjusted"] = floats(adjusted)

golden["proportions"] = []
for successes, trials in [(0, 10), (10, 10), (3, 10), (361, 461), (1892, 2000), (1, 3000)]:
    interval = stats.binomtest(successes, trials).proportion_ci(0.95, method="exact")
    golden["proportions"].append([successes, trials, float(interval.low), float(interval.high)])

# An independent implementation: the package dieboldmariano (github.com/edoannunziata/dieboldmariano), with Harvey, Leybourne and Newbold's
# correction. It takes forecasts and actual values; with zeros for the latter its loss is that of the forecasts.
golden["diebold-mariano"] = []
zeros = [0.0] * 90
losses = (floats(samples["long-left"][:90] ** 2), floats(abs(samples["long-right"])))
for overlap in (1, 3):
    statistic, p = dm_test(
        zeros, *losses, loss=lambda actual, forecast: forecast, h=overlap, one_sided=False, harvey_correction=True
    )
    golden["diebold-mariano"].append([overlap, float(statistic), float(p)])

golden["friedman"] = []
for models in (3, 8):
    for rounded in (False, True):
        values = rng.normal(5.0, 1.0, (models, 11)) + np.linspace(0.0, 1.5, models)[:, None]
        values = np.round(values) if rounded else values
        test = stats.friedmanchisquare(*values)
        golden["friedman"].append(
            {"values": [floats(row) for row in values], "chi-squared": float(test.statistic), "p": float(test.pvalue)}
        )
# [models, units, critical difference at 95 %]
golden["nemenyi"] = [
    [k, n, float(stats.studentized_range.ppf(0.95, k, np.inf) / np.sqrt(2) * np.sqrt(k * (k + 1) / (6 * n)))]
    for k, n in [(2, 10), (5, 30), (21, 11)]
]

print(json.dumps(golden, indent=1))
