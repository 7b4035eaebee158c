//! Which method would have forecast the Nile and the CO₂ of the air best? `cargo run -p recurra-evaluation --example backtest`.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use recurra_evaluation::Forecaster;
use recurra_evaluation::backtest::{Backtest, Loss};
use recurra_evaluation::baselines::{Drift, ExponentialSmoothing, SeasonLength, SeasonalNaive, Theta, TrailingMean};
use recurra_evaluation::metrics::Metric;
use recurra_evaluation::statistics::Bootstrap;
use recurra_series::datasets;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let season_length = SeasonLength::Inferred;
    let (drift, mean) = (Drift, TrailingMean::default());
    let (seasonal, smoothing) = (SeasonalNaive { season_length }, ExponentialSmoothing { season_length });
    let theta = Theta { season_length };
    let models: [&dyn Forecaster; 5] = [&drift, &mean, &seasonal, &smoothing, &theta];

    for (name, horizon) in [("nile", 1), ("co2-monthly", 12)] {
        let panel = datasets::load(name)?.panel;
        let plan = Backtest {
            folds: 30,
            ..Backtest::new(horizon)
        };
        let result = plan.run(&models, &panel.series)?;
        println!("{name}, {horizon} ahead, 30 cutoffs");
        for score in result.pooled(Metric::Mae) {
            // A metric that is undefined says why.
            let why = || score.undefined.as_ref().map(ToString::to_string).unwrap_or_default();
            let value = score.value.map_or_else(why, |mae| format!("{mae:.3}"));
            println!("  {:22} MAE {value}", score.model);
        }
        let comparison = result.compare(Loss::Absolute, &Bootstrap::default())?;
        let best = &comparison.standings[0];
        println!(
            "  lowest mean rank: {}, clearly better than {}\n",
            best.model,
            best.better_than.join(", ")
        );
    }
    Ok(())
}
