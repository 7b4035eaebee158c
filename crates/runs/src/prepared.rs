//! The series as a recipe's network sees it, and the way from its outputs to forecasts.

use crate::{
    recipe::{Recipe, Season},
    split_series::SplitSeries,
};
use recurra_series::{CentredWindows, WindowColumns, WindowError, WindowOptions, Windows};
use recurra_zoo::forecaster::{Scaling, Transform, TransformError};

/// Why a series cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unprepared {
    #[error(transparent)]
    Transform(#[from] TransformError),
    #[error(transparent)]
    Window(#[from] WindowError),
}

/// The scaled series with its covariates. What is fitted is fitted on the training part alone.
pub(crate) struct Prepared<'a> {
    data: &'a SplitSeries,
    recipe: &'a Recipe,
    transform: Transform,
    wide: Vec<f64>,
    /// The scaled series.
    scaled: Vec<f32>,
    /// Points at the start of the series that a window cannot begin at: they have no difference, or no season before.
    skipped: usize,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(recipe: &'a Recipe, data: &'a SplitSeries) -> Result<Self, Unprepared> {
        let wide: Vec<f64> = data.values.iter().map(|value| f64::from(*value)).collect();
        let lag = recipe.difference.unwrap_or(0);
        let transform = Transform::fit(recipe.scale.unwrap_or(Scaling::None), lag, &wide[..data.train().len()])?;
        Ok(Self {
            scaled: transform.apply(&wide)?,
            data,
            recipe,
            transform,
            wide,
            skipped: recipe.reach().saturating_sub(recipe.window),
        })
    }

    /// Numbers per step of a window.
    pub(crate) fn columns(&self) -> usize {
        let beside = |season: Season| season.neighbours.saturating_mul(2).saturating_add(1);
        self.recipe.season.map_or(0, beside).saturating_add(1)
    }

    /// The windows that training reads.
    pub(crate) fn training(&self) -> Result<CentredWindows<'_>, Unprepared> {
        self.windows(self.skipped, self.data.split)
    }

    /// One window for each value of the validation part: the values just before it, the first ones from the end of the
    /// training part.
    pub(crate) fn validation(&self) -> Result<CentredWindows<'_>, Unprepared> {
        self.windows(
            self.data.split.saturating_sub(self.recipe.window).max(self.skipped),
            self.data.values.len(),
        )
    }

    /// The windows, with their targets, within the points from `from` to `to` of the series.
    fn windows(&self, from: usize, to: usize) -> Result<CentredWindows<'_>, Unprepared> {
        let lag = self.transform.lag();
        let part = |back: usize| {
            let back = lag.saturating_add(back);
            let range = from.saturating_sub(back)..to.saturating_sub(back);
            self.scaled.get(range).unwrap_or_default()
        };
        let mut columns = WindowColumns::new(part(0));
        if let Some(Season { period, neighbours }) = self.recipe.season {
            for back in (period.saturating_sub(neighbours)..=period.saturating_add(neighbours)).rev() {
                columns = columns.with_future(part(back))?;
            }
        }
        let options = WindowOptions {
            size: self.recipe.window,
            ..WindowOptions::default()
        };
        let windows = Windows::with_columns(columns, options)?;
        Ok(CentredWindows::new(windows, self.recipe.centre))
    }

    /// What the network's outputs for the windows of [`Prepared::validation`] forecast, in the unit of the series.
    pub(crate) fn forecasts(&self, validation: &CentredWindows<'_>, outputs: &[f32]) -> Result<Vec<f32>, Unprepared> {
        let forecast = |(index, output): (usize, &f32)| {
            let history = &self.wide[..self.data.split + index];
            let scaled = output + validation.level(index);
            Ok(self.transform.invert(history, &[scaled])?[0] as f32)
        };
        outputs.iter().enumerate().map(forecast).collect()
    }

    /// What the forecasts are compared with.
    pub(crate) fn actual(&self) -> &[f32] {
        self.data.validation()
    }

    /// How many units of the series an error of 1 is in what the network forecasts.
    pub(crate) fn unit(&self) -> f64 {
        self.transform.unit().unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::matrix::Matrix;
    use recurra_series::{Centre, Samples};

    fn recipe(fields: &str) -> Recipe {
        let text = format!(
            "schema = 1\ndata = {{ series = \"reference\", split = 1000 }}\n[[experiment]]\nid = \"x\"\ntitle = \"\"\ntutorial = \"\"\n\
             description = \"\"\n[experiment.recipe]\nmodel = \"rnn-1x8\"\nwindow = 4\nbatch = 8\nshuffle_buffer = 8\nepochs = 1\n\
             output_scale = 1.0\nloss = {{ name = \"mean-squared-error\" }}\noptimizer = {{ name = \"adam\" }}\n{fields}\n"
        );
        Matrix::parse(&text).unwrap().experiments[0].recipe.clone()
    }

    /// Sixty values of no simple form, the last twenty to be forecast.
    fn data() -> SplitSeries {
        SplitSeries::new((0..60).map(|t| (t * t % 17) as f32 + 0.5 * t as f32).collect(), 40)
    }

    fn gathered(windows: &CentredWindows<'_>, index: usize) -> (Vec<f32>, f32) {
        let (mut input, mut target) = (vec![0.0; windows.steps() * windows.columns()], [0.0]);
        windows.gather(&[index], &mut input, &mut target);
        (input, target[0])
    }

    #[test]
    fn a_plain_recipe_reads_the_series_itself() {
        let (recipe, data) = (recipe(""), data());
        let prepared = Prepared::new(&recipe, &data).unwrap();
        let (training, validation) = (prepared.training().unwrap(), prepared.validation().unwrap());
        assert_eq!((training.len(), validation.len(), prepared.columns()), (36, 20, 1));
        assert_eq!(gathered(&training, 35), (data.values[35..39].to_vec(), data.values[39]));
        assert_eq!(
            gathered(&validation, 0),
            (data.values[36..40].to_vec(), data.values[40])
        );
        let outputs = [7.25; 20];
        assert_eq!(prepared.forecasts(&validation, &outputs).unwrap(), outputs);
    }

    /// Against a loop that takes every number from the series by its time.
    #[test]
    fn the_season_before_stands_one_step_early() {
        let (period, neighbours, window) = (10, 2, 4);
        let recipe = recipe("season = { period = 10, neighbours = 2 }\ncentre = \"window-mean\"");
        let data = data();
        let prepared = Prepared::new(&recipe, &data).unwrap();
        let (training, validation) = (prepared.training().unwrap(), prepared.validation().unwrap());
        assert_eq!((training.len(), validation.len()), (40 - 12 - 4, 20));
        assert_eq!(recipe.centre, Some(Centre::WindowMean));
        // The target's time of the first window of either.
        for (windows, first) in [(&training, 16), (&validation, 40)] {
            for index in 0..windows.len() {
                let target = first + index;
                let value = |t: usize| data.values[t];
                let mut columns: Vec<Vec<f32>> = vec![(target - window..target).map(value).collect()];
                for t in target - period - neighbours..=target - period + neighbours {
                    columns.push((t + 1 - window..=t).map(value).collect());
                }
                let mean =
                    |column: &[f32]| (column.iter().map(|v| f64::from(*v)).sum::<f64>() / column.len() as f64) as f32;
                let level = mean(&columns[0]);
                let expected: Vec<f32> = (0..window)
                    .flat_map(|step| columns.iter().map(move |column| column[step] - mean(column)))
                    .collect();
                assert_eq!(
                    gathered(windows, index),
                    (expected, value(target) - level),
                    "target {target}"
                );
            }
        }
    }

    #[test]
    fn what_the_network_ought_to_say_forecasts_the_series() {
        let data = data();
        for scale in ["", "scale = \"standard\"", "scale = \"minmax\""] {
            for centre in ["", "centre = \"window-mean\"", "centre = \"last-value\""] {
                for more in ["", "difference = 7", "season = { period = 10, neighbours = 1 }"] {
                    let recipe = recipe(&format!("{scale}\n{centre}\n{more}"));
                    let prepared = Prepared::new(&recipe, &data).unwrap();
                    let validation = prepared.validation().unwrap();
                    let targets: Vec<f32> = (0..20).map(|index| gathered(&validation, index).1).collect();
                    let forecasts = prepared.forecasts(&validation, &targets).unwrap();
                    // Rounding in f32 of values below 50, a few times over.
                    for (forecast, actual) in forecasts.iter().zip(prepared.actual()) {
                        assert!((forecast - actual).abs() < 2e-5, "{scale} {centre} {more}");
                    }
                }
            }
        }
    }

    #[test]
    fn only_the_training_part_decides_the_scale() {
        let (recipe, mut data) = (recipe("scale = \"standard\""), data());
        let before = Prepared::new(&recipe, &data).unwrap().scaled[..40].to_vec();
        data.values[40..].fill(1e6);
        assert_eq!(Prepared::new(&recipe, &data).unwrap().scaled[..40], before);
    }

    /// A recipe need not come from a matrix, which refuses such numbers.
    #[test]
    fn numbers_beyond_all_bounds_do_not_overflow() {
        let (mut recipe, data) = (recipe(""), data());
        recipe.season = Some(Season {
            period: usize::MAX,
            neighbours: 3,
        });
        let prepared = Prepared::new(&recipe, &data).unwrap();
        assert_eq!(prepared.columns(), 8);
        assert!(prepared.training().is_err() && prepared.validation().is_err());
    }

    #[test]
    fn a_season_longer_than_the_training_part_is_refused() {
        let (recipe, data) = (recipe("season = { period = 38 }"), data());
        let prepared = Prepared::new(&recipe, &data).unwrap();
        let error = prepared.training().map(drop).unwrap_err().to_string();
        assert!(error.contains("2 points are fewer than a window of 4"), "{error}");
    }
}
