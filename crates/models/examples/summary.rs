//! A stack of layers, its table as Keras prints it, and its forecasts: `cargo run -p recurra-models --example summary`.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use recurra_models::{
    Bidirectional, Const, FirstLayer, Head, LastState, LstmCell, ModelError, Network, Scale, Sequences, Sequential,
    Summary,
};

/// Two bidirectional LSTM layers. A second layer of another width than 64 would not build.
type First = Bidirectional<LstmCell, usize, 32, 64, Sequences>;
type Second = Bidirectional<LstmCell, Const<64>, 32, 64, LastState>;

fn main() -> Result<(), ModelError> {
    let network = Sequential::<(First, Second, Head<64>, Scale)>::new(1, 1, 51, |device| {
        Ok((
            First::first(device, 1)?,
            Second::zeros(device, Const)?,
            Head::zeros(device, 1)?,
            Scale::new(100.0),
        ))
    })?;
    println!("{}", Summary::of(&network));

    // Two windows of 20 steps: a constant, and a ramp. The weights are as they were drawn, so these are no forecasts yet.
    let ramp = (0..20).map(|step| step as f32 / 20.0);
    let windows: Vec<f32> = std::iter::repeat_n(0.5, 20).chain(ramp).collect();
    for (name, forecast) in ["constant", "ramp"].iter().zip(network.predict(&windows, 20)?) {
        println!("{name:9} {forecast:9.4}");
    }
    Ok(())
}
