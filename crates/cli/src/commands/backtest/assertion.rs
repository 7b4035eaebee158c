//! Conditions that a backtest has to meet: `mae<=6.0`, `mae<naive`.

use std::fmt;
use std::str::FromStr;

use recurra_evaluation::backtest::{BacktestResult, ForecastRow};
use recurra_evaluation::metrics::{Metric, Undefined};

use crate::failure::Failure;
use crate::text::figure;

/// A condition on a metric of every model.
#[derive(Clone, Debug)]
pub(crate) struct Assertion {
    text: String,
    metric: Metric,
    operator: Operator,
    bound: Bound,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    AtMost,
    Below,
    AtLeast,
    Above,
}

#[derive(Clone, Debug)]
enum Bound {
    Number(f64),
    /// The same metric of another model.
    Model(String),
}

impl FromStr for Assertion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let operators = [
            ("<=", Operator::AtMost),
            (">=", Operator::AtLeast),
            ("<", Operator::Below),
            (">", Operator::Above),
        ];
        let found = operators
            .into_iter()
            .find_map(|(sign, operator)| Some((text.split_once(sign)?, operator)));
        let Some(((metric, bound), operator)) = found else {
            return Err("write a metric, one of <=, <, >=, >, and a number or `naive`: mae<=6.0".to_owned());
        };
        let metric = metric
            .trim()
            .parse()
            .map_err(|error: recurra_evaluation::metrics::MetricError| error.to_string())?;
        let bound = match bound.trim() {
            "" => return Err("the bound is missing: mae<=6.0".to_owned()),
            bound => match bound.parse::<f64>() {
                Ok(number) if number.is_finite() => Bound::Number(number),
                Ok(_) => return Err(format!("`{bound}` is no finite number")),
                Err(_) => Bound::Model(bound.to_owned()),
            },
        };
        Ok(Self {
            text: text.to_owned(),
            metric,
            operator,
            bound,
        })
    }
}

impl fmt::Display for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Operator {
    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::AtMost => value <= bound,
            Self::Below => value < bound,
            Self::AtLeast => value >= bound,
            Self::Above => value > bound,
        }
    }
}

/// Checks every assertion for every model that was asked for, but for the one that it compares with. An undefined metric is
/// no pass and no failure: it is an error. So is a metric of fewer forecasts than were asked for: a model may fail just
/// where it would be bad. And so is a comparison of a model with itself alone.
pub(super) fn check(assertions: &[Assertion], result: &BacktestResult, models: &[&str]) -> Result<(), Failure> {
    let mut broken = Vec::new();
    for assertion in assertions {
        let scores = result.pooled(assertion.metric);
        let value = |model: &str| {
            let score = scores.iter().find(|score| score.model == model).ok_or_else(|| {
                Failure::Input(format!(
                    "--assert {assertion}: no model is called `{model}` in this backtest"
                ))
            })?;
            complete(assertion, result, model)?;
            score.value.ok_or_else(|| {
                let reason = score.undefined.as_ref().map_or_else(String::new, ToString::to_string);
                let lacking = match score.undefined {
                    Some(Undefined::NoIntervals { .. }) => without_intervals(result, model),
                    _ => String::new(),
                };
                Failure::Input(format!(
                    "--assert {assertion}: {} of {model} is undefined: {reason}{lacking}",
                    assertion.metric
                ))
            })
        };
        let (bound, models) = match &assertion.bound {
            Bound::Number(number) => (*number, models.to_vec()),
            Bound::Model(other) => (
                value(other)?,
                models.iter().copied().filter(|model| model != other).collect(),
            ),
        };
        if models.is_empty() {
            return Err(Failure::Input(format!(
                "--assert {assertion}: it compares a model with itself; name another one in --model too"
            )));
        }
        for model in models {
            let value = value(model)?;
            if !assertion.operator.holds(value, bound) {
                let bound = match &assertion.bound {
                    Bound::Number(_) => String::new(),
                    Bound::Model(model) => format!(" ({model}: {})", figure(bound)),
                };
                broken.push(format!(
                    "{assertion} does not hold for {model}: {} is {}{bound}",
                    assertion.metric,
                    figure(value)
                ));
            }
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Failure::Found(broken.join("; ")))
    }
}

/// How many forecasts lack an interval that others have, of which series first, and what to do; nothing where none does.
fn without_intervals(result: &BacktestResult, model: &str) -> String {
    let rows: Vec<&ForecastRow> = (result.table.rows.iter()).filter(|row| &*row.model == model).collect();
    let lacking = rows.iter().filter(|row| row.bounds.iter().any(Option::is_none));
    let count = lacking.clone().count();
    if count == 0 || count == rows.len() {
        return String::new();
    }
    let first = lacking
        .map(|row| &*row.unique_id)
        .next()
        .filter(|name| !name.is_empty());
    let series = first.map_or_else(String::new, |name| format!(", the first of `{name}`"));
    format!(
        " ({count} of {} lack one{series}: too few earlier errors, as where values were filled in none counts); give fewer --folds or a \
         smaller --step",
        rows.len()
    )
}

/// Refuses an assertion about a model some of whose forecasts are missing.
fn complete(assertion: &Assertion, result: &BacktestResult, model: &str) -> Result<(), Failure> {
    let rows = |model: &str| result.table.rows.iter().filter(|row| &*row.model == model).count();
    let most = result.table.models().into_iter().map(rows).max().unwrap_or(0);
    let (found, failure) = (
        rows(model),
        result.failures.iter().find(|failure| failure.model == model),
    );
    // Other failures are of folds that are not scored, or of quantiles, and then the intervals are missing.
    if found == most {
        return Ok(());
    }
    let reason = failure.map_or_else(String::new, |failure| format!(": {}", failure.message));
    Err(Failure::Input(format!(
        "--assert {assertion}: {model} was scored on {found} of {most} values only, as forecasts are missing{reason}"
    )))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn conditions_are_read() {
        let assertion: Assertion = "mae <= 6.0".parse().unwrap();
        assert_eq!((assertion.metric, assertion.operator), (Metric::Mae, Operator::AtMost));
        assert!(matches!(assertion.bound, Bound::Number(6.0)));
        assert!(matches!("rmse<naive".parse::<Assertion>().unwrap().bound, Bound::Model(model) if model == "naive"));
        for wrong in ["mae", "mae<=", "mae<=nan", "fit<=2"] {
            assert!(wrong.parse::<Assertion>().is_err(), "{wrong}");
        }
    }
}
