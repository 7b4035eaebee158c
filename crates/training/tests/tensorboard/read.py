"""Reads the event files of a folder with TensorBoard's own loader, and prints each scalar as `tag step value`.

    pip install tensorboard
    python read.py FOLDER
"""

import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
events.Reload()
for tag in sorted(events.Tags()["scalars"]):
    for event in events.Scalars(tag):
        print(tag, event.step, event.value)
for tag in sorted(events.Tags()["tensors"]):
    for event in events.Tensors(tag):
        print(tag, event.step, event.tensor_proto.float_val[0])
