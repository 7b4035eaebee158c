"""PyTorch eager, with its fused layers, at the best of one thread and all threads."""

import os

import common

torch, np = common.need("torch", "numpy")

name, (cell, depth, hidden, window, batch, count), seconds = common.arguments()
x, y = (torch.from_numpy(values) for values in common.windows(window, count))


class Network(torch.nn.Module):
    """The recurrent stack, a dense layer, and the scale."""

    def __init__(self):
        super().__init__()
        kind = torch.nn.RNN if cell == "rnn" else torch.nn.LSTM
        self.bidirectional = cell == "lstm"
        self.body = kind(1, hidden, depth, batch_first=True, bidirectional=self.bidirectional)
        self.head = torch.nn.Linear(hidden * (2 if self.bidirectional else 1), 1)

    def forward(self, windows):
        states, _ = self.body(windows[..., None])
        last = states[:, -1]
        if self.bidirectional:
            last = torch.cat([states[:, -1, :hidden], states[:, 0, hidden:]], dim=-1)
        return self.head(last)[:, 0] * common.SCALE


network = Network()
loss = torch.nn.HuberLoss() if cell == "rnn" else torch.nn.MSELoss()
optimizer = torch.optim.SGD(network.parameters(), lr=common.LEARNING_RATE, momentum=common.MOMENTUM)


def epoch():
    for indices in torch.randperm(count).split(batch):
        optimizer.zero_grad(set_to_none=True)
        loss(network(x[indices]), y[indices]).backward()
        optimizer.step()


common.first_epoch(epoch)


@torch.inference_mode()
def predict(windows):
    return network(windows).numpy()


def best(work, share):
    """The median time at the better of one thread and all of them."""
    times = []
    for threads in {1, os.cpu_count() or 1}:
        torch.set_num_threads(threads)
        times.append(common.median_time(work, share))
    return min(times)


common.report(
    f"PyTorch {torch.__version__}, eager",
    best(epoch, seconds / 2),
    best(lambda: predict(x[:461]), seconds / 8),
    best(lambda: predict(x[:1]), seconds / 8),
)
