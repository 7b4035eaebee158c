//! Classical methods: what every network has to beat.
//!
//! All of them compute with additions, multiplications, divisions and square roots of `f64` in index order, so a
//! forecast has the same bits on every machine.

mod autoregression;
mod checks;
mod decomposition;
mod drift;
mod exponential_smoothing;
mod line;
mod naive;
mod per_series;
mod season_length;
mod seasonal_difference;
mod seasonal_mean;
mod seasonal_naive;
mod smoothing;
mod stateless;
mod theta;
mod trailing_mean;

pub use autoregression::Autoregression;
pub use drift::Drift;
pub use exponential_smoothing::ExponentialSmoothing;
pub use naive::Naive;
pub use season_length::SeasonLength;
pub use seasonal_difference::SeasonalDifference;
pub use seasonal_mean::SeasonalMean;
pub use seasonal_naive::SeasonalNaive;
pub use theta::Theta;
pub use trailing_mean::TrailingMean;
