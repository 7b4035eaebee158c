//! The command that `recurra fit` proposes next, with all that it needs to work as it is printed.

use recurra_training::OptimizerOptions;
use recurra_zoo::forecaster::{Scaling, Strategy};
use recurra_zoo::model_file::{ModelFile, SavedModel};

use super::Arguments;
use super::job::Job;
use crate::data_flags::{DataFlags, FormFlags};
use crate::model_flags::{Rate, TrainingFlags};
use crate::text::shell;

/// Folds of the proposed backtest, where the data has room for them.
const FOLDS: usize = 5;

/// A command line that grows.
struct Line(String);

impl Line {
    fn flag(&mut self, flag: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.0 += &format!(" {flag} {}", shell(&value.to_string()));
        }
    }

    fn list(&mut self, flag: &str, values: &[String]) {
        self.flag(flag, (!values.is_empty()).then(|| values.join(",")));
    }

    fn form(&mut self, form: &FormFlags) {
        let delimiter = form.delimiter.map(|character| match character {
            '\t' => "tab".to_owned(),
            character => character.to_string(),
        });
        self.flag("--delimiter", delimiter);
        self.flag("--decimal", form.decimal.map(|mark| format!("{mark:?}").to_lowercase()));
        self.flag("--time-format", form.time_format.as_ref());
    }

    fn data(&mut self, flags: &DataFlags) {
        self.flag("--time", flags.time.as_ref());
        self.flag("--value", flags.value.as_ref());
        self.flag("--id", flags.id.as_ref());
        self.list("--past-exog", &flags.past_exog);
        self.list("--future-exog", &flags.future_exog);
        if flags.calendar {
            self.0 += " --calendar";
        }
        self.form(&flags.form);
        self.flag("--frequency", flags.frequency);
        self.flag("--fill", flags.fill);
        self.flag("--season", flags.season);
    }

    fn training(&mut self, flags: &TrainingFlags, found_rate: Option<f64>) {
        self.flag("--window", flags.window);
        self.flag(
            "--strategy",
            flags.strategy.filter(|strategy| *strategy != Strategy::Recursive),
        );
        self.flag("--scale", (flags.scale != Scaling::Standard).then_some(flags.scale));
        self.flag("--difference", flags.difference);
        self.flag("--epochs", flags.epochs);
        self.flag("--patience", flags.patience);
        self.flag("--batch-size", flags.batch_size);
        let rate = match flags.lr {
            Some(Rate::Given(rate)) => Some(rate),
            Some(Rate::Auto) => found_rate,
            None => None,
        };
        self.flag("--lr", rate);
        self.flag("--loss", flags.loss.as_ref());
        let optimizer = flags.optimizer.and_then(|optimizer| match optimizer {
            OptimizerOptions::Adam(adam) if adam.weight_decay.is_some() => Some("adamw"),
            OptimizerOptions::Adam(_) => Some("adam"),
            OptimizerOptions::Sgd(_) => Some("sgd"),
            OptimizerOptions::RmsProp(_) => Some("rmsprop"),
            _ => None,
        });
        self.flag("--optimizer", optimizer);
    }
}

/// A forecast with the model.
pub(super) fn forecast(file: &ModelFile, job: &Job<'_>, output: &str, arguments: &Arguments) -> String {
    // A recursive model with past covariates reaches the next step only, and without a hold-out that was no mistake.
    let horizon = match &file.model {
        SavedModel::Network(fitted)
            if fitted.settings().strategy == Strategy::Recursive && !file.data.past.is_empty() =>
        {
            1
        }
        _ => job.horizon,
    };
    let data = shell(&arguments.data);
    let mut line = Line(format!("recurra forecast {} {data} --horizon {horizon}", shell(output)));
    line.form(&arguments.data_flags.form);
    line.0 += " -o forecast.csv";
    if let Some(covariate) = file.data.future.first() {
        line.0 += &format!(
            " --future future.csv (a table that you make: `{covariate}`{} at the next {horizon} times)",
            match file.data.future.len() {
                1 => "",
                _ => " and the other covariates",
            }
        );
    }
    line.0
}

/// A backtest beside a classical method, for a model that was no better than naive.
pub(super) fn backtest(file: &ModelFile, job: &Job<'_>, arguments: &Arguments) -> String {
    let name = file.model.name();
    let other = if name == "theta" {
        "exponential-smoothing"
    } else {
        "theta"
    };
    let lengths = job.dataset.panel.series.iter().map(|series| series.len());
    // All folds together lie in the last half of the shortest series.
    let folds = (lengths.min().unwrap_or(0) / 2 / job.horizon).clamp(1, FOLDS);
    let mut line = Line(format!(
        "recurra backtest {} --model {name},{other} --horizon {} --folds {folds}",
        shell(&arguments.data),
        job.horizon
    ));
    line.data(&arguments.data_flags);
    line.training(&arguments.training, job.found_rate.get());
    line.0
}
