//! Running a backtest.

use super::error::BacktestError;
use super::parallel::in_order;
use super::plan::Backtest;
use super::result::BacktestResult;
use crate::forecaster::Forecaster;
use recurra_series::Series;

impl Backtest {
    /// Runs the backtest. The naive forecast comes first if it is not among the models. A model that fails somewhere is
    /// reported in [`BacktestResult::failures`], and has no rows there.
    ///
    /// # Errors
    /// If the settings do not fit together or the series are too short for the folds.
    pub fn run(&self, models: &[&dyn Forecaster], panel: &[Series]) -> Result<BacktestResult, BacktestError> {
        let blocks = self.blocks(models, panel)?;
        let done = in_order(self.threads, blocks.len(), |index| blocks.run(index));
        blocks.gather(done)
    }
}
