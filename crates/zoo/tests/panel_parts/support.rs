//! Panels as parts, and the settings of their trainings.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use recurra_series::{Covariate, Panel, Series, Time};
use recurra_training::{BatchEnd, Callback, Checkpoints, Control, EpochBegin, SaveEvery, StopReason, TrainingError};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{KeptTraining, NetworkSettings, PanelParts, PartError, TrainingEnd};

/// Panels as parts, and how often one was read.
pub(crate) struct Parts {
    pub(crate) panels: Vec<Panel>,
    pub(crate) reads: AtomicUsize,
}

impl PanelParts for Parts {
    fn count(&self) -> usize {
        self.panels.len()
    }

    fn read(&self, index: usize) -> Result<Panel, PartError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(self.panels[index].clone())
    }
}

/// Stops the training before a pass, or after a batch of it.
pub(crate) struct StopAt {
    pub(crate) pass: usize,
    pub(crate) batch: Option<usize>,
}

impl Callback for StopAt {
    fn epoch_begin(&mut self, event: &EpochBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if event.epoch == self.pass && self.batch.is_none() {
            control.stop(StopReason::Interrupted);
        }
        Ok(())
    }

    fn batch_end(&mut self, event: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if event.epoch == self.pass && self.batch == Some(event.batch) {
            control.stop(StopReason::Interrupted);
        }
        Ok(())
    }
}

pub(crate) fn series(index: usize) -> Series {
    let value = |day: usize| (index + 1) as f64 * (10.0 + ((day + index) % 7) as f64) + (day * 5 % 4) as f64;
    let times = (0..60).map(|day| Time::Number(f64::from(day))).collect();
    Series::new(times, (0..60).map(value).collect())
        .unwrap()
        .with_unique_id(format!("shop-{index}"))
        .with_past_covariate(Covariate {
            name: "rain".into(),
            values: (0..60).map(|day| ((day * (index + 3)) % 5) as f64).collect(),
        })
        .unwrap()
}

pub(crate) fn parts(counts: &[usize]) -> Parts {
    let mut next = 0..;
    let panels = counts.iter().map(|count| Panel {
        series: next.by_ref().take(*count).map(series).collect(),
        frequency: None,
    });
    Parts {
        panels: panels.collect(),
        reads: AtomicUsize::new(0),
    }
}

pub(crate) fn settings(epochs: usize) -> NetworkSettings {
    let zoo = Registry::builtin();
    let mut settings = NetworkSettings::of(zoo.find("gru-1x8").unwrap().recipe(), 51);
    settings.window = 10;
    settings.training.epochs = epochs;
    settings
}

/// A training from its beginning, with its checkpoint in `folder`.
pub(crate) fn kept_in(folder: &Path, every: Option<SaveEvery>) -> KeptTraining {
    KeptTraining {
        checkpoints: Checkpoints {
            path: folder.join("panel.checkpoint"),
            every,
            code: "test".to_owned(),
        },
        resume: None,
    }
}

pub(crate) const WHOLE: TrainingEnd<'static> = &|series| Ok(series.len());
