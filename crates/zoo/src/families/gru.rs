//! Networks of GRU layers.

use recurra_models::GruCell;

use super::family;

family!(
    GruCell,
    "gru",
    "GRU",
    [8 => 16, 16 => 32, 32 => 64, 40 => 80, 64 => 128, 128 => 256]
);
