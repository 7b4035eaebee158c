//! `recurra` with a model that the zoo does not have: a GRU layer under an LSTM layer. Every command knows it.

use std::process::ExitCode;

use recurra_models::{
    Const, Cpu, FirstLayer, GruCell, Head, InnerLayer, LastState, LstmCell, Recurrent, Scale, Sequences, Sequential,
};
use recurra_zoo::{Entry, Recipe, Registry};

// Widths are types: an upper layer that does not take what the lower one gives does not compile.
type Lower = Recurrent<GruCell, usize, 24, Sequences>;
type Upper = Recurrent<LstmCell, Const<24>, 12, LastState>;

fn gru_lstm() -> Entry {
    let recipe = Recipe {
        window: 28,
        ..Recipe::default()
    };
    let description = "a GRU layer of 24 units under an LSTM layer of 12";
    Entry::new("gru-lstm", description, recipe, |options| {
        let stack = |device: &Cpu| {
            Ok((
                Lower::first(device, options.columns)?,
                Upper::inner(device)?,
                Head::<12>::zeros(device, options.outputs)?,
                // What the outputs are multiplied by: files that come from Keras may ask for it.
                Scale::new(options.output_scale),
            ))
        };
        let network = Sequential::new(options.columns, options.outputs, options.seed, stack)?;
        Ok(Box::new(network))
    })
}

fn main() -> ExitCode {
    let mut zoo = Registry::builtin();
    match zoo.register(gru_lstm()) {
        Ok(()) => recurra::main(&zoo),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
