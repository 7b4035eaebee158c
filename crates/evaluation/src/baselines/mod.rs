//! Classical methods: what every network has to beat.
//!
//! All of them compute with additions, multiplications, divisions and square roots of `f64` in index order, so a
//! forecast has the same bits on every machine.

mod autoregression;
mod checks;
mod naive;
mod seasonal_difference;
mod seasonal_mean;
mod stateless;
mod trailing_mean;

pub use autoregression::Autoregression;
pub use naive::Naive;
pub use seasonal_difference::SeasonalDifference;
pub use seasonal_mean::SeasonalMean;
pub use trailing_mean::TrailingMean;
