//! An LSTM learns a sine, watched through a callback: `cargo run -p recurra-training --example learn_a_sine`.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use recurra_models::{FirstLayer, Head, LastState, LstmCell, Recurrent, Sequential};
use recurra_series::{WindowOptions, Windows};
use recurra_training::{
    Adam, Callback, Control, EpochEnd, FitData, FitOptions, OptimizerOptions, TerminateOnNan, TrainingError, fit,
    forecasts,
};

/// Prints a bar as long as the validation error, every fifth epoch.
struct Bars;

impl Callback for Bars {
    fn epoch_end(&mut self, event: &EpochEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        if let (0, Some(validation)) = (event.record.epoch % 5, &event.record.validation) {
            let bar = "#".repeat((60.0 * validation.mae).min(60.0).ceil() as usize);
            println!("epoch {:2}  MAE {:.4}  {bar}", event.record.epoch, validation.mae);
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    type Body = Recurrent<LstmCell, usize, 16, LastState>;
    let series: Vec<f32> = (0..400).map(|step| libm::sinf(0.2 * step as f32)).collect();
    let training = Windows::new(&series[..300], WindowOptions::default())?;
    let validation = Windows::new(&series[300 - 20..], WindowOptions::default())?;

    let mut network = Sequential::<(Body, Head<16>)>::new(1, 1, 51, |device| {
        Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
    })?;
    let options = FitOptions {
        epochs: 41,
        seed: 51,
        optimizer: OptimizerOptions::Adam(Adam {
            learning_rate: 0.005,
            ..Adam::default()
        }),
        ..FitOptions::default()
    };
    let data = FitData::new(&training).with_validation(&validation);
    fit(&mut network, data, &options, &mut [&mut Bars, &mut TerminateOnNan])?;

    let (forecast, actual) = forecasts(&network, &validation)?;
    println!("\n step  forecast    actual");
    for step in (0..30).step_by(6) {
        println!("{step:>5} {:>9.4} {:>9.4}", forecast[step], actual[step]);
    }
    Ok(())
}
