"""Loads weights that Recurra wrote into Keras: python load_in_keras.py FILE.weights.h5|FILE.npz bilstm-2x32 [COLUMNS OUTPUTS SCALE]"""
import re
import sys

import keras
import numpy
from keras import layers

file, name, columns, outputs, scale = [*sys.argv[1:], *["1", "1", "1.0"][len(sys.argv) - 3:]]
both_ways, cell, depth, units = re.fullmatch(r"(bi)?(rnn|lstm|gru)-(\d+)x(\d+)", name).groups()
cell = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}[cell]
body = [cell(int(units), return_sequences=i + 1 < int(depth)) for i in range(int(depth))]
if both_ways:
    body = [layers.Bidirectional(layer) for layer in body]
model = keras.Sequential([keras.Input((None, int(columns))), *body, layers.Dense(int(outputs)), layers.Rescaling(float(scale))])
if file.endswith(".npz"):
    arrays = numpy.load(file)
    model.set_weights([arrays[name] for name in arrays.files])
else:
    model.load_weights(file)
