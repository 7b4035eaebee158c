//! Losses, optimizers, callbacks and the fit loop: one loop, all else is a callback.
//!
//! ```
//! use recurra_models::{FirstLayer, Head, LastState, LstmCell, Network, Recurrent, Sequential};
//! use recurra_series::Samples;
//! use recurra_training::{
//!     Callback, Control, EpochEnd, FitData, FitOptions, LearningRateScheduler, Loss, OptimizerOptions, Progress, Sgd,
//!     TerminateOnNan, TrainingError, fit, forecasts,
//! };
//!
//! /// Four steps of a ramp, and the next value. (`recurra_series::Windows` does this for a series.)
//! struct Ramp;
//! impl Samples for Ramp {
//!     fn len(&self) -> usize { 100 }
//!     fn steps(&self) -> usize { 4 }
//!     fn columns(&self) -> usize { 1 }
//!     fn outputs(&self) -> usize { 1 }
//!     fn gather(&self, indices: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
//!         let at = |index: usize| index as f32 / 100.0;
//!         for ((index, window), target) in indices.iter().zip(inputs.chunks_mut(4)).zip(targets) {
//!             (0..4).for_each(|step| window[step] = at(index + step));
//!             *target = at(index + 4);
//!         }
//!     }
//! }
//!
//! /// Looks at the network at the end of every tenth epoch.
//! struct EveryTenth(Vec<f32>);
//! impl Callback for EveryTenth {
//!     fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
//!         if (event.record.epoch + 1) % 10 == 0 {
//!             self.0.push(control.network().predict(&[0.1, 0.2, 0.3, 0.4], 4)?[0]);
//!         }
//!         Ok(())
//!     }
//! }
//!
//! type Body = Recurrent<LstmCell, usize, 8, LastState>;
//! let mut network = Sequential::<(Body, Head<8>)>::new(1, 1, 51, |device| {
//!     Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
//! })?;
//! let options = FitOptions {
//!     epochs: 20,
//!     seed: 51,
//!     loss: Loss::Huber { delta: 1.0 },
//!     optimizer: OptimizerOptions::Sgd(Sgd { learning_rate: 0.01, momentum: 0.9, ..Sgd::default() }),
//!     ..FitOptions::default()
//! };
//! let mut schedule = LearningRateScheduler::new(|epoch, rate| if epoch == 10 { rate / 2.0 } else { rate });
//! let mut progress = Progress::new(|at| assert!(at.epoch < at.epochs));
//! let mut every_tenth = EveryTenth(Vec::new());
//! let history = fit(
//!     &mut network,
//!     FitData::new(&Ramp).with_validation(&Ramp),
//!     &options,
//!     &mut [&mut schedule, &mut TerminateOnNan, &mut progress, &mut every_tenth],
//! )?;
//! assert_eq!(history.epochs.len(), 20);
//! assert_eq!(history.diverged(), None);
//! assert!(history.epochs[19].training.loss < history.epochs[0].training.loss);
//! assert_eq!(every_tenth.0.len(), 2);
//! let (forecasts, actual) = forecasts(&network, &Ramp)?;
//! assert_eq!(forecasts.len(), actual.len());
//! # Ok::<(), TrainingError>(())
//! ```

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
mod metric;
mod optimizer;
mod options;
mod running;
mod schedule;
mod trainer;
mod weights;

pub use callback::{BatchBegin, BatchEnd, Callback, Control, EpochBegin, EpochEnd, TrainBegin};
pub use callbacks::{
    CallbackState, CsvLogger, EarlyStopping, EarlyStoppingOptions, Ema, EmaOptions, Interruption, Keep, Lambda,
    LearningRateScheduler, ModelCheckpoint, Position, Progress, ReduceLrOnPlateau, ReduceLrOnPlateauOptions,
    TensorBoard, TerminateOnNan,
};
pub use checkpoint::{CheckpointError, Checkpoints, Interval, Resume};
pub use data::FitData;
pub use error::TrainingError;
pub use evaluate::{evaluate, forecasts};
pub use fit::fit;
pub use history::{CodeChange, EpochRecord, History, Measures, Stop, StopReason};
pub use learning_rate_finder::{LearningRateFinder, LearningRateSweep, SweepPoint};
pub use loss::Loss;
pub use metric::{Metric, Mode};
pub use optimizer::{Adam, Clipping, Optimizer, OptimizerOptions, RmsProp, Sgd};
pub use options::FitOptions;
pub use schedule::Schedule;
pub use trainer::Trainer;
