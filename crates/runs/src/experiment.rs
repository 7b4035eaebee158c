//! One row of the matrix.

use crate::{problems::MatrixProblem, recipe::Recipe};
use recurra_report::records::Source;
use serde::{Deserialize, Serialize};

/// One row of the matrix: a recipe, and what the tutorial says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// The name used on the command line and in `results.json`: lower-case letters, digits and hyphens.
    pub id: String,
    /// The name used in headings.
    pub title: String,
    /// What the tutorial says of the error, in a few words for a table's cell.
    pub tutorial: String,
    /// The method in a sentence or two.
    pub description: String,
    /// The training curves are shown once more, enlarged, for the last so many epochs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoom_last: Option<usize>,
    /// Whether the experiment ends in a forecast or in a curve of losses.
    #[serde(default)]
    pub kind: ExperimentKind,
    /// Whose recipe it is.
    #[serde(default)]
    pub source: Source,
    /// Everything that decides the bits, besides the seed and the series.
    pub recipe: Recipe,
}

/// What an experiment ends in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ExperimentKind {
    /// A forecast of the validation part and its errors: a row in `runs`.
    #[default]
    Forecast,
    /// A learning-rate sweep, the loss of every epoch against its learning rate: rows in `sweep`, the name in files.
    #[serde(rename = "sweep")]
    RateSweep,
}

impl Experiment {
    /// Refuses an id that is no file name, and a recipe that no run on so long a training part can do.
    pub(crate) fn validate(&self, split: usize) -> Result<(), MatrixProblem> {
        let wrong = |field: &'static str, want: &'static str| MatrixProblem::Value {
            experiment: self.id.clone(),
            field,
            want,
        };
        // Ids become file names.
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if self.id.is_empty() || !self.id.chars().all(plain) {
            return Err(wrong("id", "lower-case letters, digits and hyphens"));
        }
        self.recipe.validate().map_err(|(field, want)| wrong(field, want))?;
        if self.recipe.reach() >= split {
            return Err(wrong(
                "recipe.window",
                "shorter: with recipe.difference and recipe.season it has to leave points to train on before data.split",
            ));
        }
        Ok(())
    }
}
