"""Keras on TensorFlow, as a tutorial would write it: `model.fit` and `model.predict`."""

import os

import common

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
keras, tensorflow = common.need("keras", "tensorflow")
layers = keras.layers

name, (cell, depth, hidden, window, batch, count), seconds = common.arguments()
x, y = common.windows(window, count)

model = keras.Sequential([keras.Input((window, 1))])
for layer in range(depth):
    sequences = layer < depth - 1
    if cell == "rnn":
        model.add(layers.SimpleRNN(hidden, return_sequences=sequences))
    else:
        model.add(layers.Bidirectional(layers.LSTM(hidden, return_sequences=sequences)))
model.add(layers.Dense(1))
model.add(layers.Rescaling(common.SCALE))
loss = keras.losses.Huber() if cell == "rnn" else "mse"
optimizer = keras.optimizers.SGD(learning_rate=common.LEARNING_RATE, momentum=common.MOMENTUM)
model.compile(loss=loss, optimizer=optimizer, metrics=["mae"])

data = tensorflow.data.Dataset.from_tensor_slices((x[..., None], y)).shuffle(count).batch(batch).prefetch(1)


def train():
    model.fit(data, epochs=1, verbose=0)


common.first_epoch(train)
forecast = x[:461, :, None]
common.report(
    f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}",
    common.median_time(train, seconds),
    common.median_time(lambda: model.predict(forecast, verbose=0), seconds / 4),
    common.median_time(lambda: model.predict(forecast[:1], verbose=0), seconds / 4),
)
