//! The callbacks that come with the crate.

mod early_stopping;
mod ema;
mod interruption;
mod lambda;
mod learning_rate_scheduler;
mod progress;
mod reduce_on_plateau;
mod state;
mod terminate_on_nan;

pub use early_stopping::{EarlyStopping, EarlyStoppingOptions};
pub use ema::{Ema, EmaOptions};
pub use interruption::Interruption;
pub use lambda::Lambda;
pub use learning_rate_scheduler::LearningRateScheduler;
pub use progress::{Position, Progress};
pub use reduce_on_plateau::{ReduceLrOnPlateau, ReduceLrOnPlateauOptions};
pub use state::CallbackState;
pub use terminate_on_nan::TerminateOnNan;
