//! The reference models on the reference series: their sizes, that they learn, and that one seed decides every bit.
#![allow(clippy::unwrap_used)]

use recurra_models::{FirstLayer, GruCell, Head, LastState, Recurrent, Sequential, Summary, parameters};
use recurra_series::{WindowOptions, Windows, reference};
use recurra_training::{FitData, FitOptions, History, Loss, OptimizerOptions, Sgd, TerminateOnNan, fit};
use recurra_zoo::{BuildOptions, Entry, Recipe, Registry};

fn build_options(seed: u64) -> BuildOptions {
    BuildOptions {
        output_scale: 100.0,
        seed,
        ..BuildOptions::default()
    }
}

/// Trains by the tutorial's recipe; gives the history and the bits of all parameters.
fn train(name: &str, loss: Loss, batch_size: usize, rate: f64, epochs: usize, seed: u64) -> (History, Vec<u32>) {
    let series = reference::values();
    let windows = Windows::new(&series[..reference::TRAIN_LENGTH], WindowOptions::default()).unwrap();
    let zoo = Registry::builtin();
    let mut network = zoo.find(name).unwrap().build(&build_options(seed)).unwrap();
    let options = FitOptions {
        epochs,
        batch_size,
        shuffle_buffer: Some(1000),
        seed,
        loss,
        optimizer: OptimizerOptions::Sgd(Sgd {
            learning_rate: rate,
            momentum: 0.9,
            ..Sgd::default()
        }),
    };
    let history = fit(
        &mut *network,
        FitData::new(&windows),
        &options,
        &mut [&mut TerminateOnNan],
    )
    .unwrap();
    let bits = parameters(&*network)
        .into_values()
        .flat_map(|tensor| tensor.values)
        .map(f32::to_bits)
        .collect();
    (history, bits)
}

#[test]
fn summaries_of_the_reference_models() {
    let zoo = Registry::builtin();
    let mut text = String::new();
    for name in ["rnn-2x40", "bilstm-1x32", "bilstm-2x32", "bilstm-3x32"] {
        let network = zoo.find(name).unwrap().build(&build_options(51)).unwrap();
        text += &format!("{name}\n{}\n", Summary::of(&*network));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn one_seed_decides_every_bit_and_the_loss_falls() {
    let recipes = [
        ("rnn-2x40", Loss::Huber { delta: 1.0 }, 128, 5e-6),
        ("bilstm-1x32", Loss::MeanSquaredError, 32, 1e-6),
    ];
    for (name, loss, batch, rate) in recipes {
        let (history, bits) = train(name, loss, batch, rate, 3, 51);
        assert_eq!(
            (&history, &bits),
            (
                &train(name, loss, batch, rate, 3, 51).0,
                &train(name, loss, batch, rate, 3, 51).1
            )
        );
        assert_ne!(
            bits,
            train(name, loss, batch, rate, 3, 52).1,
            "{name}: the seed decides nothing"
        );
        let losses: Vec<f64> = history.epochs.iter().map(|epoch| epoch.training.loss).collect();
        assert!(
            losses.is_sorted_by(|before, after| before > after),
            "{name}: {losses:?}"
        );
    }
}

#[test]
fn a_rate_that_diverges_ends_with_a_record() {
    let (history, _) = train("rnn-2x40", Loss::MeanSquaredError, 128, 1e30, 5, 51);
    assert_eq!(history.diverged(), Some(0));
    assert_eq!(history.epochs.len(), 1);
    let json = serde_json::to_string(&history).unwrap();
    assert!(json.contains(r#""loss":null"#), "{json}");
    let read: History = serde_json::from_str(&json).unwrap();
    assert!(read.epochs[0].training.loss.is_nan());
}

#[test]
fn every_name_has_its_parameter_count() {
    let zoo = Registry::builtin();
    let mut count = 0;
    for (stem, gates, biases) in [("rnn", 1, 1), ("lstm", 4, 1), ("gru", 3, 2)] {
        for hidden in [8, 16, 32, 40, 64, 128] {
            for depth in 1..=3 {
                for (prefix, ways) in [("", 1), ("bi", 2)] {
                    let name = format!("{prefix}{stem}-{depth}x{hidden}");
                    let layer = |inputs: usize| ways * gates * hidden * (inputs + hidden + biases);
                    let body: usize = layer(2) + (1..depth).map(|_| layer(ways * hidden)).sum::<usize>();
                    let head = (ways * hidden + 1) * 3;
                    let options = BuildOptions {
                        columns: 2,
                        outputs: 3,
                        ..BuildOptions::default()
                    };
                    let network = zoo.find(&name).unwrap().build(&options).unwrap();
                    assert_eq!(network.parameter_count(), body + head, "{name}");
                    count += 1;
                }
            }
        }
    }
    assert_eq!(zoo.entries().count(), count, "names beyond the pattern");
}

/// A network of another scale than a file was written for would be read without a word, and forecast something else.
#[test]
fn an_entry_that_does_not_heed_what_it_is_built_for_is_refused() {
    type Body = Recurrent<GruCell, usize, 5, LastState>;
    let ignoring = Entry::new(
        "ignoring",
        "one column, one output, no scale",
        Recipe::default(),
        |_| {
            let stack = |device: &_| Ok((Body::first(device, 1)?, Head::<5>::zeros(device, 1)?));
            Ok(Box::new(Sequential::new(1, 1, 0, stack)?))
        },
    );
    let build = |change: fn(&mut BuildOptions)| {
        let mut options = BuildOptions::default();
        change(&mut options);
        ignoring.build(&options).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(build(|_| ()), Ok(()));
    insta::assert_snapshot!(build(|options| options.output_scale = 100.0).unwrap_err(), @"the network was asked to multiply its outputs by 100, its `Scale` layers multiply them by 1; end its stack with `Scale::new(options.output_scale)`");
    insta::assert_snapshot!(build(|options| options.columns = 2).unwrap_err(), @"the network was said to have 2 columns, its layers have 1; give both the same number");
    insta::assert_snapshot!(build(|options| options.outputs = 7).unwrap_err(), @"the network was said to have 7 outputs, its layers have 1; give both the same number");
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let zoo = Registry::builtin();
    let error = zoo.find("bilstm-4x32").unwrap_err();
    assert_eq!(error.name(), "bilstm-4x32");
    assert_eq!(error.known().len(), 108);
    assert!(
        error
            .to_string()
            .starts_with("no model is called `bilstm-4x32`; there are: rnn-1x8, ")
    );
}
