//! Scores of every series by itself, or of every step of the horizon.

use recurra_evaluation::backtest::{BacktestResult, Grouping, Score};
use recurra_evaluation::metrics::Metric;

use crate::text::{columns_within, figure};

/// What scores are taken over, besides all forecasts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum By {
    /// Every series by itself.
    Series,
    /// Every step of the horizon by itself.
    Step,
}

impl By {
    fn grouping(self) -> Grouping {
        match self {
            Self::Series => Grouping::Series,
            Self::Step => Grouping::Step,
        }
    }

    /// Every metric of every model on every group.
    pub(super) fn scores(self, result: &BacktestResult, metrics: &[Metric]) -> Vec<Score> {
        let coverage = result.table.levels.iter().map(|level| Metric::Coverage(*level));
        let metrics = metrics.iter().copied().chain(coverage);
        metrics
            .flat_map(|metric| result.scores(metric, self.grouping()))
            .collect()
    }

    /// The mean absolute errors as a table: a row for every group, a column for every model.
    pub(super) fn text(self, result: &BacktestResult, width: usize) -> String {
        let models = result.table.models();
        let scores = result.scores(Metric::Mae, self.grouping());
        let title = match self {
            Self::Series => "MAE by series",
            Self::Step => "MAE by step",
        };
        let mut rows = vec![vec![title.to_owned()]];
        rows[0].extend(models.iter().map(|model| (*model).to_owned()));
        let name = |score: &Score| match self {
            Self::Series => score.unique_id.clone().unwrap_or_default(),
            Self::Step => score.step.unwrap_or_default().to_string(),
        };
        // Groups in the order in which any model has them: one may lack forecasts.
        let mut places = std::collections::HashMap::new();
        for score in &scores {
            let name = name(score);
            let place = *places.entry(name.clone()).or_insert_with(|| {
                let mut row = vec![name];
                row.resize(models.len() + 1, "-".to_owned());
                rows.push(row);
                rows.len() - 1
            });
            let column = models.iter().position(|model| *model == score.model);
            if let (Some(column), Some(value)) = (column, score.value) {
                rows[place][column + 1] = figure(value);
            }
        }
        columns_within(&rows, width)
    }
}
