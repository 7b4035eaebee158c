//! Trains one network and takes down what each of its cells yields.

use crate::{
    data::Dataset,
    error::Error,
    matrix::{Kind, Recipe},
    outcome::{EpochRecord, Outcome, Validation},
    plan::Cell,
};
use recurra_evaluation::metrics::Points;
use recurra_models::Network;
use recurra_series::{Samples, WindowOptions, Windows};
use recurra_training::{
    BatchEnd, Callback, Control, EpochEnd, FitData, FitOptions, LearningRateScheduler, StopReason, TerminateOnNan,
    Trainer, TrainingError, forecasts,
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
pub(crate) fn epoch_work(cell: &Cell, data: &Dataset) -> Result<f64, Error> {
    let setup = Setup::new(cell, data)?;
    Trainer::new(options(cell), setup.network.as_ref()).map_err(|error| recipe_error(cell, error))?;
    let parameters = setup.network.parameter_count();
    Ok(parameters as f64 * cell.recipe.window as f64 * setup.training.len() as f64)
}

/// Trains the network of `cells` once, and hands over each cell's outcome (`on_cell`, by index) when its epochs are done.
/// The cells differ in their epochs alone, and stand by rising epochs.
pub(crate) fn train(
    cells: &[&Cell],
    data: &Dataset,
    stopped: &dyn Fn() -> bool,
    on_epoch: &mut dyn FnMut(usize, f64),
    on_cell: &mut dyn FnMut(usize, Outcome) -> Result<(), Error>,
) -> Result<Ending, Error> {
    let Some(last) = cells.last() else {
        return Ok(Ending::Whole);
    };
    let mut setup = Setup::new(last, data)?;
    let mut observer = Observer {
        cells,
        finished: 0,
        parameters: setup.network.parameter_count(),
        validation: &setup.validation,
        stopped,
        on_epoch,
        on_cell,
        error: None,
    };
    let mut schedule = LearningRateScheduler::new(|epoch, _| last.recipe.learning_rate(epoch));
    let failed = |error| recipe_error(last, error);
    let mut trainer = Trainer::new(options(last), setup.network.as_ref()).map_err(failed)?;
    let mut callbacks: [&mut dyn Callback; 3] = [&mut schedule, &mut TerminateOnNan, &mut observer];
    let history = trainer
        .fit(setup.network.as_mut(), FitData::new(&setup.training), &mut callbacks)
        .map_err(failed)?;
    if let Some(error) = observer.error {
        return Err(error);
    }
    if let Some(epoch) = history.diverged() {
        // The epoch in which it diverged has no figures; the cells that end before it are finished.
        let whole = history.epochs.iter().take(epoch).map(record).collect();
        let outcome = observer.outcome(whole, Some(epoch), None);
        for which in observer.finished..cells.len() {
            on_cell(which, outcome.clone())?;
        }
        return Ok(Ending::Whole);
    }
    Ok(if observer.finished == cells.len() {
        Ending::Whole
    } else {
        Ending::Stopped
    })
}

/// The network of a cell with its fresh weights, and its windows.
struct Setup<'a> {
    network: Box<dyn Network>,
    training: Windows<'a>,
    validation: Windows<'a>,
}

impl<'a> Setup<'a> {
    fn new(cell: &Cell, data: &'a Dataset) -> Result<Self, Error> {
        let Recipe {
            model,
            window,
            output_scale,
            ..
        } = &cell.recipe;
        let zoo = Registry::builtin();
        let entry = zoo.find(model).map_err(|error| recipe_error(cell, error))?;
        let build = BuildOptions {
            output_scale: *output_scale,
            seed: cell.seed,
            ..BuildOptions::default()
        };
        let network = entry.build(&build).map_err(|error| recipe_error(cell, error))?;
        let windows = WindowOptions {
            size: *window,
            ..WindowOptions::default()
        };
        let training = Windows::new(data.train(), windows).map_err(|error| recipe_error(cell, error))?;
        // Each value of the validation part is forecast from the values just before it, the first ones from the end of
        // the training part, which is longer than a window.
        let from = data.split - window;
        let validation = Windows::new(&data.values[from..], windows).map_err(|error| recipe_error(cell, error))?;
        Ok(Self {
            network,
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

fn recipe_error(cell: &Cell, error: impl std::fmt::Display) -> Error {
    Error::Recipe {
        experiment: cell.experiment.clone(),
        message: error.to_string(),
    }
}

fn record(epoch: &recurra_training::EpochRecord) -> EpochRecord {
    EpochRecord {
        learning_rate: epoch.learning_rate,
        loss: epoch.training.loss,
        mae: epoch.training.mae,
    }
}

/// The callback that stops when told to and takes down what the cells yield.
struct Observer<'a> {
    cells: &'a [&'a Cell],
    /// Cells whose outcome is handed over.
    finished: usize,
    parameters: usize,
    validation: &'a Windows<'a>,
    stopped: &'a dyn Fn() -> bool,
    on_epoch: &'a mut dyn FnMut(usize, f64),
    on_cell: &'a mut dyn FnMut(usize, Outcome) -> Result<(), Error>,
    error: Option<Error>,
}

impl Callback for Observer<'_> {
    fn batch_end(&mut self, _: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if (self.stopped)() {
            control.stop(StopReason::Interrupted);
        }
        Ok(())
    }

    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let loss = event.record.training.loss;
        if !loss.is_finite() {
            return Ok(());
        }
        let done = event.record.epoch + 1;
        (self.on_epoch)(done, loss);
        while let Some(cell) = self.cells.get(self.finished).filter(|cell| cell.recipe.epochs == done) {
            let history = control.history().epochs.iter().map(record).collect();
            let validation = match cell.kind {
                Kind::Sweep => None,
                Kind::Forecast => self.validate(control.network())?,
            };
            // A finite loss with forecasts that are not finite has diverged in its last step.
            let diverged = (cell.kind == Kind::Forecast && validation.is_none()).then_some(event.record.epoch);
            let outcome = self.outcome(history, diverged, validation);
            if let Err(error) = (self.on_cell)(self.finished, outcome) {
                self.error = Some(error);
                control.stop(StopReason::Interrupted);
                return Ok(());
            }
            self.finished += 1;
        }
        Ok(())
    }
}

impl Observer<'_> {
    fn outcome(&self, history: Vec<EpochRecord>, diverged: Option<usize>, validation: Option<Validation>) -> Outcome {
        Outcome {
            parameters: self.parameters,
            history,
            diverged,
            validation,
        }
    }

    /// The forecasts of the validation part and their errors; `None` if one is not finite.
    fn validate(&self, network: &dyn Network) -> Result<Option<Validation>, TrainingError> {
        let (forecast, actual) = forecasts(network, self.validation)?;
        let wide = |values: &[f32]| values.iter().map(|value| f64::from(*value)).collect::<Vec<f64>>();
        let (forecasts, actual) = (wide(&forecast), wide(&actual));
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
