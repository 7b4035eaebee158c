//! The families of recurrent networks: one file for each cell.

pub(crate) mod gru;
pub(crate) mod lstm;
pub(crate) mod rnn;
mod stacks;

/// The entries of one cell: one way and bidirectional, one to three layers deep, for every hidden size. A bidirectional
/// layer's width `2·H` is spelled out, because the types need it as a number.
macro_rules! family {
    ($cell:ty, $stem:literal, $name:literal, [$($hidden:literal => $width:literal),+]) => {
        pub(crate) fn entries() -> Vec<$crate::Entry> {
            use $crate::families::{describe, stacks};
            vec![$(
                describe::<1>($stem, $name, $hidden, false, stacks::one_way_1::<$cell, $hidden>),
                describe::<2>($stem, $name, $hidden, false, stacks::one_way_2::<$cell, $hidden>),
                describe::<3>($stem, $name, $hidden, false, stacks::one_way_3::<$cell, $hidden>),
                describe::<1>($stem, $name, $hidden, true, stacks::bidirectional_1::<$cell, $hidden, $width>),
                describe::<2>($stem, $name, $hidden, true, stacks::bidirectional_2::<$cell, $hidden, $width>),
                describe::<3>($stem, $name, $hidden, true, stacks::bidirectional_3::<$cell, $hidden, $width>),
            )+]
        }
    };
}
pub(crate) use family;

use recurra_models::{ModelError, Network};

use crate::entry::{BuildOptions, Entry};
use crate::recipe::Recipe;

/// The entry `[bi]{stem}-{DEPTH}x{hidden}`.
fn describe<const DEPTH: usize>(
    stem: &str,
    cell: &str,
    hidden: usize,
    bidirectional: bool,
    build: fn(&BuildOptions) -> Result<Box<dyn Network>, ModelError>,
) -> Entry {
    let (prefix, direction) = if bidirectional {
        ("bi", "bidirectional ")
    } else {
        ("", "")
    };
    let layers = if DEPTH == 1 {
        "one".to_owned()
    } else {
        format!("{DEPTH} stacked")
    };
    let plural = if DEPTH == 1 { "" } else { "s" };
    let description = format!("{layers} {direction}{cell} layer{plural} of {hidden} units");
    Entry::new(
        format!("{prefix}{stem}-{DEPTH}x{hidden}"),
        description,
        Recipe::default(),
        build,
    )
}
