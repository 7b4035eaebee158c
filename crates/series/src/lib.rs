//! Time series: generation, tables, cleaning, splitting, scaling, windows and batches.

mod batches;
mod joined;
mod random_state;
pub mod reference;
mod samples;
mod scalers;
mod shuffle;
mod window_columns;
mod windows;

pub use batches::batches;
pub use joined::{JoinError, JoinedSamples};
pub use random_state::RandomState;
pub use samples::Samples;
pub use scalers::{LogScaler, MinMaxScaler, ScaleError, StandardScaler};
pub use shuffle::ShuffleBuffer;
pub use window_columns::WindowColumns;
pub use windows::{WindowError, WindowOptions, Windows, sliding};
