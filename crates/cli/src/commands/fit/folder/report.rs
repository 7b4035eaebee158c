//! What `recurra fit FOLDER` says at its end.

use recurra_zoo::forecaster::PanelParts;
use recurra_zoo::model_file::{ModelFile, SavedModel, weights_sha256};
use serde::Serialize;

use super::Job;
use crate::commands::fit::report;
use crate::failure::Failure;
use crate::text::shell;

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
            "{}\n{measured}\nwrote {output}, fitted on {}\nnext: {}\n",
            report::network(file, fitted),
            report::fitted_on(file),
            self.next(file, &output),
        ))
    }

    /// A forecast with the model: of the folder, or of one file of it where covariates have to be known beforehand.
    fn next(&self, file: &ModelFile, output: &str) -> String {
        let (model, data, horizon) = (shell(output), shell(&self.arguments.data), self.horizon);
        match file.data.future.first() {
            None => format!("recurra forecast {model} {data} --horizon {horizon} -o forecasts"),
            Some(covariate) => format!(
                "recurra forecast {model} FILE --horizon {horizon} -o forecast.csv --future future.csv (a file of {data}, and a table that you make: \
                 `{covariate}` and all other known-future covariates of its series at the next times)"
            ),
        }
    }
}
