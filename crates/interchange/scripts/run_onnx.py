"""Forecasts with an ONNX model: python run_onnx.py MODEL.onnx HISTORY.json, where the history is [batch, steps, columns]."""
import json
import sys

import numpy
import onnxruntime

with open(sys.argv[2]) as file:
    history = numpy.array(json.load(file), "float32")
session = onnxruntime.InferenceSession(sys.argv[1])
(forecast,) = session.run(["forecast"], {"history": history})
print(json.dumps(forecast.tolist()))
