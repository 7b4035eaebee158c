//! How good forecasts are. Every metric has its formula, its source and its undefined cases.

mod intervals;
mod level;
mod metric;
mod points;
mod scale;
mod scored;
mod undefined;

pub use intervals::{Intervals, crps_from_quantiles, pinball_loss};
pub use level::{Level, LevelError};
pub use metric::{Metric, MetricError, Target};
pub use points::Points;
pub use scale::SeasonalScale;
pub use scored::{Bounds, Scored};
pub use undefined::Undefined;
