"""JAX by hand: the whole epoch, gathers and optimizer included, is one jitted function."""

import common

jax, np = common.need("jax", "numpy")
jnp, lax = jax.numpy, jax.lax

name, (cell, depth, hidden, window, batch, count), seconds = common.arguments()
x, y = (jnp.asarray(values) for values in common.windows(window, count))
gates = {"rnn": 1, "lstm": 4}[cell]
directions = {"rnn": 1, "lstm": 2}[cell]


def rnn(weights, inputs):
    """All states `[steps, batch, hidden]` of one pass over `inputs` `[steps, batch, width]`."""
    kernel, recurrent, bias = weights
    projected = inputs @ kernel + bias

    def simple(state, step):
        state = jnp.tanh(step + state @ recurrent)
        return state, state

    def lstm(state, step):
        h, c = state
        i, f, g, o = jnp.split(step + h @ recurrent, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    zero = jnp.zeros((inputs.shape[1], hidden))
    return lax.scan(simple, zero, projected)[1] if cell == "rnn" else lax.scan(lstm, (zero, zero), projected)[1]


def forecast(parameters, windows):
    """One forecast per window of `[batch, steps]`."""
    stack, (kernel, bias) = parameters
    values = windows.T[..., None]
    for number, passes in enumerate(stack):
        states = [rnn(passes[0], values)]
        if directions == 2:
            states.append(rnn(passes[1], values[::-1])[::-1])
        values = jnp.concatenate(states, axis=-1)
        if number == depth - 1:
            # The last state of each pass: a backward one ends at the first step.
            last = [states[0][-1]] + [state[0] for state in states[1:]]
            values = jnp.concatenate(last, axis=-1)
    return (values @ kernel + bias)[:, 0] * common.SCALE


def loss(parameters, windows, actual):
    error = forecast(parameters, windows) - actual
    if cell == "rnn":
        size = jnp.abs(error)
        return jnp.mean(jnp.where(size <= 1, 0.5 * error**2, size - 0.5))
    return jnp.mean(error**2)


def step(carry, indices):
    parameters, velocity = carry
    value, gradient = jax.value_and_grad(loss)(parameters, x[indices], y[indices])
    velocity = jax.tree.map(lambda v, g: common.MOMENTUM * v - common.LEARNING_RATE * g, velocity, gradient)
    return (jax.tree.map(jnp.add, parameters, velocity), velocity), value


@jax.jit
def epoch(carry, key):
    order = jax.random.permutation(key, count)
    whole = count // batch * batch
    carry, losses = lax.scan(step, carry, order[:whole].reshape(-1, batch))
    if whole < count:
        carry, _ = step(carry, order[whole:])
    return carry, losses


def initial():
    generator = np.random.default_rng(0)

    def draw(*shape):
        return jnp.asarray(generator.uniform(-0.15, 0.15, shape).astype("float32"))

    width, stack = 1, []
    for _ in range(depth):
        stack.append([(draw(width, gates * hidden), draw(hidden, gates * hidden), draw(gates * hidden)) for _ in range(directions)])
        width = directions * hidden
    return stack, (draw(width, 1), draw(1))


parameters = initial()
state = [(parameters, jax.tree.map(jnp.zeros_like, parameters)), jax.random.key(0)]


def train():
    state[0], _ = epoch(state[0], state[1])
    jax.block_until_ready(state[0])


common.first_epoch(train)
predict = jax.jit(forecast)
many, one = x[:461], x[:1]
common.report(
    f"JAX {jax.__version__}, the whole epoch jitted",
    common.median_time(train, seconds),
    common.median_time(lambda: np.asarray(predict(parameters, many)), seconds / 4),
    common.median_time(lambda: np.asarray(predict(parameters, one)), seconds / 4),
)
