//! Trains one network and takes down what each of its cells yields.

use crate::{
    cell::Cell,
    error::RunError,
    experiment::ExperimentKind,
    outcome::{EpochSummary, Outcome, Validation},
    prepared::Prepared,
    split_series::SplitSeries,
};
use recurra_evaluation::metrics::Points;
use recurra_models::Network;
use recurra_series::{CentredWindows, Samples};
use recurra_training::{
    Callback, Control, Ema, EmaOptions, EpochEnd, FitData, FitOptions, History, Interruption, LearningRateScheduler,
    StopReason, TerminateOnNan, Trainer, TrainingError, forecasts,
};
use recurra_zoo::{BuildOptions, Registry};

/// How a training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All its cells are finished.
    Whole,
    /// It was told to stop.
    Stopped,
}

/// The work of one epoch of `cell`: parameters × steps × windows. It also shows, before anything runs, whether the recipe
/// can be trained.
pub(crate) fn epoch_work(cell: &Cell, data: &SplitSeries) -> Result<f64, RunError> {
    let prepared = prepare(cell, data)?;
    let setup = Setup::new(cell, &prepared)?;
    Trainer::new(options(cell), setup.network.as_ref()).map_err(|error| recipe_error(cell, error))?;
    let parameters = setup.network.parameter_count();
    Ok(parameters as f64 * cell.recipe.window as f64 * setup.training.len() as f64)
}

/// Trains the network of `cells` once, and hands over each cell's outcome (`on_cell`, by index) when its epochs are done.
/// The cells differ in their epochs alone, and stand by rising epochs.
pub(crate) fn train(
    cells: &[&Cell],
    data: &SplitSeries,
    stopped: &dyn Fn() -> bool,
    on_epoch: &mut dyn FnMut(usize, f64),
    on_cell: &mut dyn FnMut(usize, Outcome) -> Result<(), RunError>,
) -> Result<Ending, RunError> {
    let Some(last) = cells.last() else {
        return Ok(Ending::Whole);
    };
    let prepared = prepare(last, data)?;
    let mut setup = Setup::new(last, &prepared)?;
    let averaging = last.recipe.averaging;
    let mut recorder = OutcomeRecorder {
        cells,
        prepared: &prepared,
        averaging: averaging.is_some(),
        finished: 0,
        parameters: setup.network.parameter_count(),
        validation: &setup.validation,
        on_epoch,
        on_cell,
        error: None,
    };
    let mut schedule = LearningRateScheduler::new(|epoch, _| last.recipe.learning_rate(epoch));
    let failed = |error| recipe_error(last, error);
    let mut trainer = Trainer::new(options(last), setup.network.as_ref()).map_err(failed)?;
    let mut average = averaging.map(|momentum| Ema::new(EmaOptions { momentum }));
    let (mut terminate, mut interruption) = (TerminateOnNan, Interruption::new(stopped));
    let mut callbacks: Vec<&mut dyn Callback> = vec![&mut schedule, &mut terminate, &mut interruption];
    if let Some(average) = &mut average {
        callbacks.push(average);
    }
    callbacks.push(&mut recorder);
    let history = trainer
        .fit(setup.network.as_mut(), FitData::new(&setup.training), &mut callbacks)
        .map_err(failed)?;
    if let Some(error) = recorder.error {
        return Err(error);
    }
    if let Some(epoch) = history.diverged() {
        // The epoch in which it diverged has no figures; the cells that end before it are finished.
        let whole = history
            .epochs
            .iter()
            .take(epoch)
            .map(|epoch| recorder.record(epoch))
            .collect();
        let outcome = recorder.outcome(whole, Some(epoch), None);
        for which in recorder.finished..cells.len() {
            on_cell(which, outcome.clone())?;
        }
        return Ok(Ending::Whole);
    }
    // The network has its averaged weights now.
    if averaging.is_some() && history.stop.is_none() {
        recorder.take_down(setup.network.as_ref(), history).map_err(failed)?;
        if let Some(error) = recorder.error {
            return Err(error);
        }
    }
    Ok(if recorder.finished == cells.len() {
        Ending::Whole
    } else {
        Ending::Stopped
    })
}

fn prepare<'a>(cell: &'a Cell, data: &'a SplitSeries) -> Result<Prepared<'a>, RunError> {
    Prepared::new(&cell.recipe, data).map_err(|error| recipe_error(cell, error))
}

/// The network of a cell with its fresh weights, and its windows.
struct Setup<'a> {
    network: Box<dyn Network>,
    training: CentredWindows<'a>,
    validation: CentredWindows<'a>,
}

impl<'a> Setup<'a> {
    fn new(cell: &Cell, prepared: &'a Prepared<'_>) -> Result<Self, RunError> {
        // Before a network is made: a recipe that leaves no windows may have asked for a huge one.
        let training = prepared.training().map_err(|error| recipe_error(cell, error))?;
        let validation = prepared.validation().map_err(|error| recipe_error(cell, error))?;
        let zoo = Registry::builtin();
        let entry = zoo
            .find(&cell.recipe.model)
            .map_err(|error| recipe_error(cell, error))?;
        let build = BuildOptions {
            columns: prepared.columns(),
            output_scale: cell.recipe.output_scale,
            seed: cell.seed,
            ..BuildOptions::default()
        };
        Ok(Self {
            network: entry.build(&build).map_err(|error| recipe_error(cell, error))?,
            training,
            validation,
        })
    }
}

fn options(cell: &Cell) -> FitOptions {
    let recipe = &cell.recipe;
    FitOptions {
        epochs: recipe.epochs,
        batch_size: recipe.batch,
        shuffle_buffer: Some(recipe.shuffle_buffer),
        seed: cell.seed,
        loss: recipe.loss,
        optimizer: recipe.optimizer,
    }
}

fn recipe_error(cell: &Cell, error: impl std::fmt::Display) -> RunError {
    RunError::Recipe {
        experiment: cell.experiment.clone(),
        message: error.to_string(),
    }
}

/// The callback that takes down what the cells yield.
struct OutcomeRecorder<'a> {
    cells: &'a [&'a Cell],
    /// Cells whose outcome is handed over.
    finished: usize,
    parameters: usize,
    prepared: &'a Prepared<'a>,
    validation: &'a CentredWindows<'a>,
    /// Whether forecasts are made with averaged weights, which the network has at the end alone.
    averaging: bool,
    on_epoch: &'a mut dyn FnMut(usize, f64),
    on_cell: &'a mut dyn FnMut(usize, Outcome) -> Result<(), RunError>,
    error: Option<RunError>,
}

impl Callback for OutcomeRecorder<'_> {
    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let loss = event.record.training.loss;
        if !loss.is_finite() {
            return Ok(());
        }
        let done = event.record.epoch + 1;
        (self.on_epoch)(done, loss);
        if self.averaging {
            return Ok(());
        }
        self.take_down(control.network(), control.history())?;
        if self.error.is_some() {
            control.stop(StopReason::Interrupted);
        }
        Ok(())
    }
}

impl OutcomeRecorder<'_> {
    /// Hands over the outcome of every cell that ends with the last epoch of `history`.
    fn take_down(&mut self, network: &dyn Network, history: &History) -> Result<(), TrainingError> {
        let done = history.epochs.len();
        while let Some(cell) = self.cells.get(self.finished).filter(|cell| cell.recipe.epochs == done) {
            let validation = match cell.kind {
                ExperimentKind::RateSweep => None,
                ExperimentKind::Forecast => self.validate(network)?,
            };
            // A finite loss with forecasts that are not finite has diverged in its last step.
            let diverged = (cell.kind == ExperimentKind::Forecast && validation.is_none()).then_some(done - 1);
            let epochs = history.epochs.iter().map(|epoch| self.record(epoch)).collect();
            let outcome = self.outcome(epochs, diverged, validation);
            if let Err(error) = (self.on_cell)(self.finished, outcome) {
                self.error = Some(error);
                return Ok(());
            }
            self.finished += 1;
        }
        Ok(())
    }

    /// An epoch with its mean absolute error in the unit of the series.
    fn record(&self, epoch: &recurra_training::EpochRecord) -> EpochSummary {
        EpochSummary {
            learning_rate: epoch.learning_rate,
            loss: epoch.training.loss,
            mae: epoch.training.mae * self.prepared.unit(),
        }
    }

    fn outcome(&self, history: Vec<EpochSummary>, diverged: Option<usize>, validation: Option<Validation>) -> Outcome {
        Outcome {
            parameters: self.parameters,
            history,
            diverged,
            validation,
        }
    }

    /// The forecasts of the validation part and their errors; `None` if one is not finite.
    fn validate(&self, network: &dyn Network) -> Result<Option<Validation>, TrainingError> {
        let (outputs, _) = forecasts(network, self.validation)?;
        let Ok(forecast) = self.prepared.forecasts(self.validation, &outputs) else {
            return Ok(None);
        };
        let wide = |values: &[f32]| values.iter().map(|value| f64::from(*value)).collect::<Vec<f64>>();
        let (forecasts, actual) = (wide(&forecast), wide(self.prepared.actual()));
        let Ok(points) = Points::new(&actual, &forecasts) else {
            return Ok(None);
        };
        Ok(Some(Validation {
            forecast,
            mae: points.mean_absolute_error(),
            mse: points.mean_squared_error(),
            bias: points.bias(),
        }))
    }
}
