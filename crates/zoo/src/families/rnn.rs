//! Networks of simple recurrent layers.

use recurra_models::SimpleRnnCell;

use super::family;

family!(
    SimpleRnnCell,
    "rnn",
    "simple recurrent",
    [8 => 16, 16 => 32, 32 => 64, 40 => 80, 64 => 128, 128 => 256]
);
