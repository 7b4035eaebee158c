//! How good forecasts are. Every metric has its formula and its undefined cases.

mod points;
mod scale;
mod undefined;

pub use points::Points;
pub use scale::SeasonalScale;
pub use undefined::Undefined;
