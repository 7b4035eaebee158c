//! The reference series: a trend, a yearly season and noise, four years of daily values.
//!
//! For `t = 0 … 1460`:
//!
//! ```text
//! season(t)  = (t mod 365) / 365
//! pattern(s) = cos(2πs) if s < 0.4, else exp(-3s)
//! series(t)  = 10 + 0.05·t + 40·pattern(season(t)) + 5·z(t)
//! ```
//!
//! `z` is [`RandomState`]`::new(42).randn(1461)`. The clean part is evaluated in `f32`, operation by operation in the
//! order in which NumPy evaluates it on a `float32` time axis; the noise is added in `f64` and the sum rounded to `f32`.
//! The cosine and the exponential are taken in `f64` by the `libm` crate and rounded to `f32`: that is closer to NumPy's
//! vectorised `float32` functions (1 unit in the last place at most) than `libm`'s own `f32` functions would be, and has
//! the same bits on every machine.

use crate::RandomState;

/// How many values the series has.
pub const LENGTH: usize = 1461;
/// The training part is the values before this index; the rest, 461 values, is the validation part.
pub const TRAIN_LENGTH: usize = 1000;
/// The length of an input window.
pub const WINDOW: usize = 20;
/// The seed of the noise.
pub const NOISE_SEED: u32 = 42;

/// The period of the season in steps.
const PERIOD: f32 = 365.0;

/// All 1,461 values of the reference series.
///
/// ```
/// use recurra_series::reference;
///
/// let values = reference::values();
/// assert_eq!(values.len(), reference::LENGTH);
/// assert_eq!(values[0], 52.48357);
/// ```
#[must_use]
pub fn values() -> Vec<f32> {
    generate(LENGTH, NOISE_SEED)
}

/// The series of the same formula with another length and another seed of its noise, for data that nobody has tuned a
/// model to.
#[must_use]
pub fn generate(length: usize, noise_seed: u32) -> Vec<f32> {
    let noise = RandomState::new(noise_seed).randn(length);
    (0..length)
        .zip(noise)
        .map(|(t, z)| (f64::from(clean(t)) + z * 5.0) as f32)
        .collect()
}

/// Trend and season at step `t`, without noise.
#[must_use]
pub fn clean(t: usize) -> f32 {
    let time = t as f32;
    (10.0 + 0.05 * time) + 40.0 * pattern((time % PERIOD) / PERIOD)
}

/// The seasonal pattern at `season` in `[0, 1)`.
fn pattern(season: f32) -> f32 {
    if season < 0.4 {
        let angle = season * 2.0 * std::f32::consts::PI;
        libm::cos(f64::from(angle)) as f32
    } else {
        1.0 / (libm::exp(f64::from(3.0 * season)) as f32)
    }
}
