"""Golden numbers of Keras' optimizers, clipping, losses and schedules, for crates/training/tests/golden.rs.

    pip install keras==3.15.* jax
    KERAS_BACKEND=jax python make.py > golden.json

Each optimizer case starts from `start`, gets `gradients[i]` (one list per variable) at step i with the learning rate
`rates[i]` (a schedule, set before the step), and has the variables `weights[i]` after it.
"""

import json
import os

os.environ["KERAS_BACKEND"] = "jax"
import jax
import keras
import numpy as np

START = [[0.5, -1.25, 2.0], [0.1, -0.3]]
GRADIENTS = [
    [[0.3, -2.0, 0.01], [5.0, -0.7]],
    [[-0.4, 1.5, 0.02], [4.0, 0.9]],
    [[0.9, -0.1, -3.0], [-6.0, 0.0]],
    [[0.05, 0.0, 1.0], [0.5, 2.5]],
    [[-1.1, 0.6, 0.0], [0.25, -1.5]],
    [[0.7, 0.7, -0.7], [1.0, 1.0]],
]
FACTORS = [1.0, 1.0, 0.5, 0.5, 2.0, 0.1]

OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "rmsprop": keras.optimizers.RMSprop,
}
CASES = [
    ("sgd", {}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.5, "weight_decay": 0.01}),
    ("adam", {}),
    ("adam", {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    ("adam", {"amsgrad": True, "learning_rate": 0.01, "beta_2": 0.5}),
    ("adamw", {}),
    ("adamw", {"learning_rate": 0.1, "weight_decay": 0.1}),
    ("rmsprop", {}),
    ("rmsprop", {"learning_rate": 0.01, "momentum": 0.9}),
    ("rmsprop", {"centered": True, "rho": 0.8, "epsilon": 1e-4}),
    ("rmsprop", {"centered": True, "momentum": 0.3, "weight_decay": 0.02}),
    ("sgd", {"clipvalue": 0.5}),
    ("sgd", {"clipnorm": 1.0}),
    ("sgd", {"global_clipnorm": 1.0}),
    ("adam", {"global_clipnorm": 2.0, "learning_rate": 0.01}),
]


def optimizer_case(name, options):
    optimizer = OPTIMIZERS[name](**options)
    variables = [keras.Variable(np.array(values, dtype="float32")) for values in START]
    optimizer.build(variables)
    base = float(np.float64(options.get("learning_rate", optimizer.get_config()["learning_rate"])))
    rates, weights = [], []
    for factor, gradients in zip(FACTORS, GRADIENTS):
        rate = base * factor
        optimizer.learning_rate = rate
        optimizer.apply([np.array(g, dtype="float32") for g in gradients], variables)
        rates.append(rate)
        weights.append([[float(x) for x in np.asarray(v)] for v in variables])
    return {"optimizer": name, "options": options, "rates": rates, "weights": weights}


FORECASTS = [[1.0, -2.5, 0.3], [0.0, 4.0, 100.0]]
ACTUAL = [[1.5, 0.5, 0.31], [-0.2, 3.75, 90.0]]
LOSSES = {
    "mean-squared-error": keras.losses.MeanSquaredError(),
    "mean-absolute-error": keras.losses.MeanAbsoluteError(),
    "huber": keras.losses.Huber(delta=1.0),
    "huber-2.5": keras.losses.Huber(delta=2.5),
    "log-cosh": keras.losses.LogCosh(),
    "mean-absolute-percentage-error": keras.losses.MeanAbsolutePercentageError(),
}


def loss_case(name, loss):
    y, actual = np.array(FORECASTS, dtype="float32"), np.array(ACTUAL, dtype="float32")
    value, gradient = jax.value_and_grad(lambda y: loss(actual, y))(y)
    weights = np.array([0.25, 3.0], dtype="float32")
    weighted, weighted_gradient = jax.value_and_grad(lambda y: loss(actual, y, sample_weight=weights))(y)
    floats = lambda a: [float(x) for x in np.asarray(a).ravel()]
    return {
        "loss": name,
        "value": float(value),
        "gradient": floats(gradient),
        "weighted": float(weighted),
        "weighted_gradient": floats(weighted_gradient),
    }


def schedule(name, schedule, steps):
    return {"schedule": name, "rates": [float(schedule(step)) for step in range(steps)]}


S = keras.optimizers.schedules
class Model:
    """What a callback sees of a model: weights that say which epoch they are of, a flag, and a learning rate."""

    def __init__(self, rate):
        self.optimizer = type("Optimizer", (), {"learning_rate": rate})()
        self.stop_training = False
        self.epoch = None

    def get_weights(self):
        return self.epoch

    def set_weights(self, epoch):
        self.epoch = epoch


RANDOM = np.random.RandomState(7)


def losses(epochs):
    """A falling curve with noise in eighths, which f32 holds exactly: ties and exact hits of min_delta occur."""
    curve = 3.0 * np.exp(-np.arange(epochs) / 6.0) + 0.3 * np.abs(RANDOM.randn(epochs))
    return [round(float(value) * 8) / 8 for value in curve]


def early_stopping_case(options):
    values = losses(25)
    callback, model = keras.callbacks.EarlyStopping(monitor="loss", **options), Model(0.1)
    callback.set_model(model)
    callback.on_train_begin()
    epochs = 0
    for epoch, value in enumerate(values):
        model.epoch = epoch
        callback.on_epoch_end(epoch, {"loss": value})
        epochs += 1
        if model.stop_training:
            break
    callback.on_train_end()
    return {"options": options, "losses": values, "epochs": epochs, "weights_of": model.epoch, "best": callback.best}


def plateau_case(options):
    values = losses(40)
    callback, model = keras.callbacks.ReduceLROnPlateau(monitor="loss", **options), Model(0.1)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"loss": value})
        rates.append(float(model.optimizer.learning_rate))
    return {"options": options, "losses": values, "rates": rates}


EARLY_STOPPING = [
    {},
    {"patience": 1},
    {"patience": 3},
    {"patience": 3, "restore_best_weights": True},
    {"patience": 2, "min_delta": 0.125, "restore_best_weights": True},
    {"patience": 4, "min_delta": 0.25},
    {"patience": 2, "mode": "max", "restore_best_weights": True},
    {"patience": 4, "baseline": 1.5, "restore_best_weights": True},
    {"patience": 6, "baseline": 2.0},
    {"patience": 2, "start_from_epoch": 7, "restore_best_weights": True},
    {"patience": 25, "restore_best_weights": True},
]
PLATEAUS = [
    {"patience": 2},
    {"patience": 3, "factor": 0.5},
    {"patience": 1, "factor": 0.5, "cooldown": 2},
    {"patience": 2, "factor": 0.2, "min_lr": 0.003, "cooldown": 1},
    {"patience": 2, "min_delta": 0.25, "factor": 0.7},
    {"patience": 2, "mode": "max", "factor": 0.9},
]

GOLDEN = {
    "keras": keras.__version__,
    "start": START,
    "gradients": GRADIENTS,
    "optimizers": [optimizer_case(*case) for case in CASES],
    "forecasts": [x for row in FORECASTS for x in row],
    "actual": [x for row in ACTUAL for x in row],
    "sample_weights": [0.25, 3.0],
    "losses": [loss_case(*item) for item in LOSSES.items()],
    "early_stopping": [early_stopping_case(options) for options in EARLY_STOPPING for _ in range(3)],
    "plateaus": [plateau_case(options) for options in PLATEAUS for _ in range(2)],
    "schedules": [
        schedule("exponential", S.ExponentialDecay(0.1, 5, 0.5), 12),
        schedule("step", S.ExponentialDecay(0.1, 5, 0.5, staircase=True), 12),
        schedule("cosine", S.CosineDecay(0.1, 10, alpha=0.05), 12),
        schedule("warm-up", S.CosineDecay(0.01, 10, alpha=0.05, warmup_target=0.1, warmup_steps=4), 16),
    ],
}


def lines(value):
    """One line for each case keeps the file readable."""
    if isinstance(value, list) and isinstance(value[0], dict):
        return "[\n  " + ",\n  ".join(json.dumps(item) for item in value) + "\n ]"
    return json.dumps(value)


print("{\n " + ",\n ".join(f"{json.dumps(key)}: {lines(value)}" for key, value in GOLDEN.items()) + "\n}")
