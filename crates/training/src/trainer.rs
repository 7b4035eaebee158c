//! A training, and where it stands.

use std::fs;
use std::path::Path;

use recurra_models::{Generator, Network, parameters, set_parameters};
use recurra_series::ShuffleBuffer;

use crate::callback::Callback;
use crate::callbacks::CallbackState;
use crate::checkpoint::{Checkpoint, CheckpointError, Checkpoints, Identity, Position, Resume};
use crate::data::FitData;
use crate::error::TrainingError;
use crate::history::{CodeChange, History, StopReason};
use crate::optimizer::Optimizer;
use crate::options::FitOptions;
use crate::running::Running;

/// A training: its options, and where it stands.
///
/// Interrupted, it can go on, in this process by calling [`Trainer::fit`] again, in another one from a checkpoint; the end is
/// the same to the last bit.
///
/// A training that was not interrupted but has ended can be given more epochs. Callbacks that have the last word on the
/// weights make a difference then ([`Ema`](crate::Ema), and [`EarlyStopping`](crate::EarlyStopping) that restores the best
/// ones): the network in this process has their weights and goes on from them, as in Keras; the checkpoint was written
/// before and holds the weights of the last step.
///
/// ```
/// # use recurra_models::{FirstLayer, Head, LastState, LstmCell, Network, Recurrent, Sequential};
/// # use recurra_series::{WindowOptions, Windows};
/// use recurra_training::{Checkpoints, FitData, FitOptions, Resume, SaveEvery, Trainer};
/// # type Body = Recurrent<LstmCell, usize, 4, LastState>;
/// # let build = || Sequential::<(Body, Head<4>)>::new(1, 1, 51, |device| {
/// #     Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
/// # });
/// # let series: Vec<f32> = (0..60).map(|day| (day % 7) as f32).collect();
/// # let windows = Windows::new(&series, WindowOptions::default())?;
/// # let folder = tempfile::tempdir()?;
///
/// let data = FitData::new(&windows);
/// let checkpoints = Checkpoints {
///     path: folder.path().join("run.checkpoint"),
///     every: Some(SaveEvery::Epochs(1)),
///     code: "my-program 1.0".to_owned(),
/// };
/// let mut network = build()?;
/// let mut trainer = Trainer::new(FitOptions { epochs: 2, ..FitOptions::default() }, &network)?
///     .with_checkpoints(checkpoints.clone());
/// trainer.fit(&mut network, data, &mut [])?;
///
/// // In another process, for four epochs in all:
/// let mut network = build()?;
/// let options = FitOptions { epochs: 4, ..FitOptions::default() };
/// let mut trainer = Trainer::resume(checkpoints, Resume::default(), options, &mut network, data, &mut [])?;
/// assert_eq!(trainer.fit(&mut network, data, &mut [])?.epochs.len(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Trainer {
    pub(crate) options: FitOptions,
    pub(crate) optimizer: Optimizer,
    /// How many parameters the network has that is trained.
    pub(crate) parameters: usize,
    /// The state from which the order of the current epoch is drawn.
    pub(crate) shuffle: ShuffleBuffer,
    pub(crate) history: History,
    pub(crate) epoch: usize,
    /// Batches of the epoch that are done.
    pub(crate) batch: usize,
    pub(crate) running: Running,
    pub(crate) checkpoints: Option<Checkpoints>,
    /// A reason to stop that the checkpoint came with: the training that was saved was about to end.
    pub(crate) stop: Option<StopReason>,
}

impl Trainer {
    /// A training of `network` before its first step.
    ///
    /// # Errors
    /// If an option is outside its range.
    pub fn new(options: FitOptions, network: &dyn Network) -> Result<Self, TrainingError> {
        options.check()?;
        let parameters = network.parameter_count();
        let optimizer = Optimizer::new(options.optimizer, parameters);
        let mut generator = Generator::for_purpose(options.seed, "shuffling");
        let seed = u64::from(generator.next_u32()) << 32 | u64::from(generator.next_u32());
        let shuffle = ShuffleBuffer::new(options.shuffle_buffer.unwrap_or(usize::MAX), seed);
        Ok(Self {
            options,
            optimizer,
            parameters,
            shuffle,
            history: History::default(),
            epoch: 0,
            batch: 0,
            running: Running::default(),
            checkpoints: None,
            stop: None,
        })
    }

    /// The same training, writing checkpoints at the given interval and when it ends.
    #[must_use]
    pub fn with_checkpoints(mut self, checkpoints: Checkpoints) -> Self {
        self.checkpoints = Some(checkpoints);
        self
    }

    /// The training that the checkpoint holds; `network` and `callbacks` are brought to where they stood. Options,
    /// architecture and data must be those of the checkpoint, except for the number of epochs. Further checkpoints go to the
    /// same file.
    ///
    /// # Errors
    /// If the file cannot be read, is damaged, or is of another training (the error names the field that differs) or other
    /// code.
    pub fn resume(
        checkpoints: Checkpoints,
        resume: Resume,
        options: FitOptions,
        network: &mut dyn Network,
        data: FitData<'_>,
        callbacks: &mut [&mut dyn Callback],
    ) -> Result<Self, TrainingError> {
        let path = checkpoints.path.clone();
        let bytes = fs::read(&path).map_err(|source| TrainingError::File {
            action: "read",
            path,
            source,
        })?;
        let path = &checkpoints.path;
        let mut checkpoint = Checkpoint::from_bytes(path, &bytes)?;
        let mut trainer = Self::new(options, network)?;
        checkpoint.check(path, &Identity::new(&trainer.options, network, data))?;
        let Position {
            epoch,
            batch,
            shuffle,
            steps,
            stop,
            ..
        } = checkpoint.position.clone();
        if checkpoint.code != checkpoints.code {
            let (from, to) = (checkpoint.code, checkpoints.code.clone());
            if !resume.allow_code_change {
                let path = path.clone();
                return Err(CheckpointError::Code {
                    path,
                    checkpoint: from,
                    here: to,
                }
                .into());
            }
            checkpoint
                .history
                .code_changes
                .push(CodeChange { epoch, batch, from, to });
        }
        set_parameters(network, &checkpoint.parameters)?;
        network.set_states(checkpoint.states)?;
        restore(path, checkpoint.callbacks, callbacks)?;
        let batches = data.training.len().div_ceil(trainer.options.batch_size);
        let possible = checkpoint.position.is_possible(batches, trainer.options.batch_size);
        if !possible || epoch != checkpoint.history.epochs.len() {
            return Err(not_whole(path, "its position is none that a training comes to"));
        }
        let rate = checkpoint.position.learning_rate();
        trainer.optimizer = Optimizer::restored(trainer.options.optimizer, rate, steps, checkpoint.moments);
        if !trainer.optimizer.fits(trainer.parameters) {
            return Err(not_whole(
                path,
                "the optimizer's moments are not one value for each parameter",
            ));
        }
        trainer.history = checkpoint.history;
        trainer.running = checkpoint.position.running();
        (trainer.epoch, trainer.batch, trainer.shuffle, trainer.stop) = (epoch, batch, shuffle, stop);
        Ok(trainer.with_checkpoints(checkpoints))
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> &FitOptions {
        &self.options
    }

    /// What was measured so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The history, when training is over.
    #[must_use]
    pub fn into_history(self) -> History {
        self.history
    }

    /// The optimizer as it stands.
    #[must_use]
    pub fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// Sets the number of epochs in all, so that a further [`Trainer::fit`] goes on from where the training stands.
    pub fn set_epochs(&mut self, epochs: usize) {
        self.options.epochs = epochs;
    }

    /// The bytes of a checkpoint.
    pub(crate) fn checkpoint(
        &self,
        code: &str,
        identity: &Identity,
        network: &dyn Network,
        callbacks: &[&mut dyn Callback],
        stop: Option<&StopReason>,
    ) -> Result<Vec<u8>, TrainingError> {
        // Whoever takes up an interrupted training wants it to go on.
        let stop = stop.filter(|&reason| *reason != StopReason::Interrupted).cloned();
        let states = callbacks
            .iter()
            .map(|callback| Ok((callback.name().to_owned(), callback.state()?)));
        let checkpoint = Checkpoint {
            code: code.to_owned(),
            identity: identity.clone(),
            position: Position::new(
                [self.epoch, self.batch],
                self.shuffle.clone(),
                (self.optimizer.learning_rate(), self.optimizer.steps()),
                self.running,
                stop,
            ),
            history: self.history.clone(),
            parameters: parameters(network),
            states: network.states(),
            moments: self.optimizer.slots().to_vec(),
            callbacks: states.collect::<Result<_, TrainingError>>()?,
        };
        Ok(checkpoint.to_bytes()?)
    }
}

fn not_whole(path: &Path, problem: &str) -> TrainingError {
    let (path, problem) = (path.to_owned(), problem.to_owned());
    CheckpointError::NotWhole { path, problem }.into()
}

/// Gives every callback of the checkpoint its state back: the first state of a name to the first callback of that name, the
/// second to the second. States of callbacks that remember nothing may be left over: whether such a callback is there is not
/// part of a training.
fn restore(
    path: &Path,
    states: Vec<(String, CallbackState)>,
    callbacks: &mut [&mut dyn Callback],
) -> Result<(), TrainingError> {
    let mut free: Vec<&mut &mut dyn Callback> = callbacks.iter_mut().collect();
    for (name, state) in states {
        match free.iter().position(|callback| callback.name() == name) {
            Some(index) => free.remove(index).restore(state)?,
            None if state == CallbackState::default() => {}
            None => {
                return Err(CheckpointError::MissingCallback {
                    path: path.to_owned(),
                    callback: name,
                }
                .into());
            }
        }
    }
    Ok(())
}
