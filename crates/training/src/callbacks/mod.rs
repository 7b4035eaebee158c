//! The callbacks that come with the crate.

mod learning_rate_scheduler;
mod progress;
mod terminate_on_nan;

pub use learning_rate_scheduler::LearningRateScheduler;
pub use progress::{Position, Progress};
pub use terminate_on_nan::TerminateOnNan;
