//! What `recurra fit FOLDER` says at its end.

use recurra_zoo::forecaster::PanelParts;
use recurra_zoo::model_file::{ModelFile, SavedModel, weights_sha256};
use serde::Serialize;

use super::Job;
use crate::commands::fit::report;
use crate::failure::Failure;
use crate::text::{counted, shell};

/// What `--json` prints.
#[derive(Serialize)]
struct Fit<'a> {
    model: &'a str,
    parameters: usize,
    window: usize,
    horizon: usize,
    parts: usize,
    series: usize,
    points: usize,
    hold_out: Option<report::Scores>,
    refitted: bool,
    weights_sha256: String,
    output: String,
}

impl Job<'_> {
    pub(super) fn report(&self, file: &ModelFile) -> Result<(), Failure> {
        let SavedModel::Network(fitted) = &file.model else {
            return Ok(());
        };
        let (network, output) = (fitted.network(), self.arguments.output.display().to_string());
        if self.terminal.json {
            return self.terminal.json(&Fit {
                model: self.entry.name(),
                parameters: network.parameter_count(),
                window: self.settings.window,
                horizon: self.horizon,
                parts: self.folder.count(),
                series: file.data.series,
                points: file.data.points,
                hold_out: file.hold_out.as_ref().map(report::Scores::of),
                refitted: file.refitted,
                weights_sha256: weights_sha256(network),
                output,
            });
        }
        if self.terminal.quiet {
            return Ok(());
        }
        let measured = match &file.hold_out {
            Some(part) => report::measured(part).join("\n"),
            None => report::not_measured(file).to_owned(),
        };
        self.terminal.words(&format!(
            "{}: {}, window {}, {} forecasts, {} scale, {}\n{measured}\nwrote {output}, fitted on {}\nnext: recurra \
             forecast {} {} --horizon {} -o forecasts\n",
            self.entry.name(),
            counted(network.parameter_count(), "parameter"),
            self.settings.window,
            self.settings.strategy,
            self.settings.scale,
            counted(self.settings.training.epochs, "epoch"),
            report::fitted_on(file),
            shell(&output),
            shell(&self.arguments.data),
            self.horizon,
        ))
    }
}
