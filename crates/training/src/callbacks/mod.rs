//! The callbacks that come with the crate.

mod csv_logger;
mod early_stopping;
mod ema;
mod interruption;
mod lambda;
mod learning_rate_scheduler;
mod model_checkpoint;
mod progress;
mod reduce_on_plateau;
mod state;
mod tensor_board;
mod terminate_on_nan;

pub use csv_logger::CsvLogger;
pub use early_stopping::{EarlyStopping, EarlyStoppingOptions};
pub use ema::{Ema, EmaOptions};
pub use interruption::Interruption;
pub use lambda::Lambda;
pub use learning_rate_scheduler::LearningRateScheduler;
pub use model_checkpoint::{Keep, ModelCheckpoint};
pub use progress::Progress;
pub use reduce_on_plateau::{ReduceLrOnPlateau, ReduceLrOnPlateauOptions};
pub use state::CallbackState;
pub use tensor_board::TensorBoard;
pub use terminate_on_nan::TerminateOnNan;
