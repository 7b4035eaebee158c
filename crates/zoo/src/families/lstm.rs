//! Networks of LSTM layers.

use recurra_models::LstmCell;

use super::family;

family!(
    LstmCell,
    "lstm",
    "LSTM",
    [8 => 16, 16 => 32, 32 => 64, 40 => 80, 64 => 128, 128 => 256]
);
