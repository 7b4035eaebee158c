//! How samples of results compare: over seeds, over folds, over models.
//!
//! Probabilities go through functions that differ between platforms in their last digits, so the records of this module
//! are written with six significant digits ([`six_digits`]); in memory they keep all of theirs.

mod binomial;
mod bootstrap;
mod diebold_mariano;
mod digits;
mod effect;
mod friedman;
mod holm;
mod kolmogorov_smirnov;
mod mann_whitney;
mod normal;
mod paired;
mod pairwise;
mod quantile;
mod ranks;
mod sample;
mod wilcoxon;

pub use binomial::proportion_interval;
pub use bootstrap::{Bootstrap, Estimate, Interval};
pub use diebold_mariano::diebold_mariano;
pub use digits::six_digits;
pub use effect::{cliffs_delta, hedges_g, probability_of_superiority};
pub use friedman::{FriedmanTest, friedman, nemenyi_critical_difference};
pub use holm::holm_adjusted;
pub use kolmogorov_smirnov::kolmogorov_smirnov;
pub use mann_whitney::mann_whitney;
pub use paired::{Location, PairedComparison, Pairing, Units, Verdict};
pub use pairwise::{Pair, Pairwise, Standing};
pub use quantile::{Summary, median, quantile};
pub use sample::{Method, Test};
pub use wilcoxon::wilcoxon_signed_rank;
