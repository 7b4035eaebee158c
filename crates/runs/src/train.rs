//! Trains one network and takes down what each of its cells yields.

use crate::{data::Dataset, error::Error, outcome::Outcome, plan::Cell};

/// How a training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All its cells are finished.
    Whole,
    /// It was told to stop.
    Stopped,
}

/// The work of one epoch of `cell`: parameters × steps × windows. It also shows, before anything runs, whether the recipe
/// can be built.
pub(crate) fn epoch_work(cell: &Cell, data: &Dataset) -> Result<f64, Error> {
    let _ = data;
    Err(Error::Recipe {
        experiment: cell.experiment.clone(),
        message: "not there yet".into(),
    })
}

/// Trains the network of `cells` once, and hands over each cell's outcome (`on_cell`, by index) when its epochs are done.
pub(crate) fn train(
    cells: &[&Cell],
    data: &Dataset,
    stopped: &dyn Fn() -> bool,
    on_epoch: &mut dyn FnMut(usize, f64),
    on_cell: &mut dyn FnMut(usize, Outcome) -> Result<(), Error>,
) -> Result<Ending, Error> {
    let _ = (cells, data, stopped, on_epoch, on_cell);
    Ok(Ending::Stopped)
}
