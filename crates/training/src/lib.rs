#![doc = include_str!("../README.md")]

mod background_writer;
mod callback;
mod callbacks;
mod checkpoint;
mod crc32c;
mod data;
mod error;
mod evaluate;
mod fit;
mod history;
mod learning_rate_finder;
mod loss;
mod monitor;
mod optimizer;
mod options;
mod quantiles;
mod running;
mod schedule;
mod trainer;
mod weights;
mod written_loss;

pub use callback::{BatchBegin, BatchEnd, Callback, Control, EpochBegin, EpochEnd, TrainBegin};
pub use callbacks::{
    CallbackState, CsvLogger, EarlyStopping, EarlyStoppingOptions, Ema, EmaOptions, Interruption, Keep, Lambda,
    LearningRateScheduler, ModelCheckpoint, Progress, ReduceLrOnPlateau, ReduceLrOnPlateauOptions, TensorBoard,
    TerminateOnNan,
};
pub use checkpoint::{CheckpointError, Checkpoints, Resume, SaveEvery};
pub use data::{FitData, Validate};
pub use error::TrainingError;
pub use evaluate::{Evaluation, evaluate, forecasts};
pub use fit::fit;
pub use history::{CodeChange, EpochRecord, History, Measures, Stop, StopReason};
pub use learning_rate_finder::{DIVERGENCE_FACTOR, LearningRateFinder, LearningRateSweep, SweepPoint, suggested_rate};
pub use loss::Loss;
pub use monitor::{Mode, Monitor};
pub use optimizer::{Adam, Clipping, Optimizer, OptimizerOptions, RmsProp, Sgd};
pub use options::FitOptions;
pub use quantiles::{Quantiles, QuantilesError};
pub use schedule::Schedule;
pub use trainer::Trainer;
