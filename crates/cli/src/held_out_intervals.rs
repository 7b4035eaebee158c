//! Prediction intervals from a model's errors on held-out data.

use recurra_evaluation::History;
use recurra_evaluation::metrics::Level;
use recurra_zoo::forecaster::HoldOut;
use recurra_zoo::model_file::ModelFile;

/// The half widths of a model's intervals. They are the same for every series but for its scale, and each takes all errors of its
/// step, so they are worked out once.
pub(crate) struct HeldOutIntervals<'a> {
    hold_out: Option<&'a HoldOut>,
    /// For every level, by step; nothing where there are too few errors.
    half_widths: Vec<Vec<Option<f64>>>,
}

impl<'a> HeldOutIntervals<'a> {
    /// The intervals of a model at these levels, up to `horizon` steps ahead.
    pub(crate) fn new(file: &'a ModelFile, levels: &[Level], horizon: usize) -> Self {
        let hold_out = file.hold_out.as_ref();
        let half_width = |step, level| hold_out?.half_width(step, level);
        let by_step = |level: &Level| (1..=horizon).map(|step| half_width(step, *level)).collect();
        Self {
            hold_out,
            half_widths: levels.iter().map(by_step).collect(),
        }
    }

    /// The scale of a series, in which the half widths are measured.
    pub(crate) fn scale_of(&self, history: &History<'_>) -> f64 {
        self.hold_out.map_or(1.0, |hold_out| hold_out.scale_of(history))
    }

    /// The interval at the level with this place about a forecast `step` + 1 steps ahead, if the model has errors enough for one.
    pub(crate) fn about(&self, value: f64, scale: f64, place: usize, step: usize) -> Option<(f64, f64)> {
        let half = (*self.half_widths.get(place)?.get(step)?)? * scale;
        Some((value - half, value + half))
    }
}
