//! A network and a classical method on the same backtest: `cargo run -p recurra-zoo --example network_against_theta`.
//!
//! Both are [`Forecaster`]s: what measures them does not know which is which.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use recurra_evaluation::Forecaster;
use recurra_evaluation::backtest::Backtest;
use recurra_evaluation::metrics::Metric;
use recurra_series::datasets;
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{Classical, NetworkForecaster, NetworkSettings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let zoo = Registry::builtin();
    let entry = zoo.find("gru-1x16")?;
    // The recipe that comes with the model: windows, scaling, loss, optimizer, epochs.
    let network = NetworkForecaster::new(entry, NetworkSettings::of(entry.recipe(), 51));
    let theta = Classical::Theta.forecaster(12, 20);
    let models: [&dyn Forecaster; 2] = [&network, &*theta];

    let panel = datasets::load("el-nino")?.panel;
    let plan = Backtest {
        folds: 24,
        ..Backtest::new(6)
    };
    let result = plan.run(&models, &panel.series)?;
    println!("sea surface temperature, 6 months ahead, 24 cutoffs");
    for metric in [Metric::Mae, Metric::Rmse, Metric::Bias] {
        for score in result.pooled(metric) {
            let why = || score.undefined.as_ref().map(ToString::to_string).unwrap_or_default();
            let value = score.value.map_or_else(why, |value| format!("{value:7.3}"));
            println!("  {:6} {:10} {value}", metric.to_string(), score.model);
        }
    }
    Ok(())
}
