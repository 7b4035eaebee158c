//! What no training can work with is refused before its first step, and said with its place: data, weights of windows, options.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Scripted, Zeros};
use recurra_series::Samples;
use recurra_training::{
    FitData, FitOptions, LearningRateFinder, Loss, OptimizerOptions, Quantiles, Sgd, TrainingError, fit,
};

/// Windows of one step, each with its actual values.
struct Targets {
    columns: usize,
    actual: Vec<Vec<f32>>,
}

impl Targets {
    fn of(actual: &[&[f32]]) -> Self {
        Self {
            columns: 1,
            actual: actual.iter().map(|values| values.to_vec()).collect(),
        }
    }
}

impl Samples for Targets {
    fn len(&self) -> usize {
        self.actual.len()
    }
    fn steps(&self) -> usize {
        1
    }
    fn columns(&self) -> usize {
        self.columns
    }
    fn outputs(&self) -> usize {
        self.actual.first().map_or(1, Vec::len)
    }
    fn gather(&self, indices: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
        inputs.fill(0.0);
        for (place, &index) in indices.iter().enumerate() {
            let width = self.outputs();
            targets[place * width..][..width].copy_from_slice(&self.actual[index]);
        }
    }
}

/// What a training of one epoch says; the network must not have taken a step if it says anything.
fn outcome(data: FitData<'_>, options: &FitOptions) -> Result<usize, String> {
    outcome_of(Scripted::new(&[1.0; 8]), data, options)
}

fn outcome_of(mut network: Scripted, data: FitData<'_>, options: &FitOptions) -> Result<usize, String> {
    let options = FitOptions {
        epochs: 1,
        ..options.clone()
    };
    match fit(&mut network, data, &options, &mut []) {
        Ok(_) => Ok(network.steps),
        Err(error) => {
            assert_eq!(network.steps, 0, "{error}");
            Err(error.to_string())
        }
    }
}

fn one_window_a_batch(loss: Loss) -> FitOptions {
    FitOptions {
        batch_size: 1,
        loss,
        ..FitOptions::default()
    }
}

#[test]
fn data_without_a_window_or_of_another_shape_is_refused() {
    let (good, none) = (Targets::of(&[&[1.0]]), Targets::of(&[]));
    let wide = Targets {
        columns: 2,
        ..Targets::of(&[&[1.0]])
    };
    let two = Targets::of(&[&[1.0, 2.0]]);
    let said = |training, validation| {
        let data = FitData::new(training).with_validation(validation);
        outcome(data, &FitOptions::default())
    };
    assert_eq!(said(&good, &good), Ok(1));
    let no_window = |which| format!("the {which} data has no window; give it at least one");
    assert_eq!(said(&none, &good), Err(no_window("training")));
    assert_eq!(said(&good, &none), Err(no_window("validation")));
    let shape = |which, what| format!("the {which} data has 2 {what} per window, the network takes 1");
    assert_eq!(said(&wide, &good), Err(shape("training", "columns")));
    assert_eq!(said(&good, &two), Err(shape("validation", "outputs")));
}

#[test]
fn outputs_that_are_no_whole_groups_of_quantiles_are_refused() {
    let quantiles = Quantiles::new(&[0.1, 0.9]).unwrap();
    let data = Targets::of(&[&[1.0; 3]]);
    let mut network = Scripted::new(&[1.0]);
    network.outputs = 3;
    assert_eq!(
        outcome_of(
            network,
            FitData::new(&data),
            &one_window_a_batch(Loss::Quantiles { quantiles })
        ),
        Err("a network of 3 outputs cannot forecast 2 quantiles of each step; give it a multiple of 2".to_owned())
    );
}

#[test]
fn weights_of_windows_are_one_finite_weight_of_at_least_0_for_each() {
    let windows = Targets::of(&[&[1.0], &[2.0], &[3.0]]);
    let said = |weights: &[f32]| {
        let data = FitData::new(&windows).with_sample_weights(weights);
        outcome(data, &one_window_a_batch(Loss::default()))
    };
    assert_eq!(said(&[]), Ok(3), "no weights at all are ones");
    assert_eq!(said(&[0.0, 2.5, 1.0]), Ok(3));
    let refused = |found| {
        Err(format!(
            "sample weights: {found} for 3 windows; give one finite weight of at least 0 for each"
        ))
    };
    assert_eq!(said(&[1.0, 1.0]), refused(2));
    assert_eq!(said(&[1.0, 1.0, 1.0, 1.0]), refused(4));
    assert_eq!(said(&[1.0, -0.5, 1.0]), refused(2));
    assert_eq!(said(&[1.0, f32::NAN, 1.0]), refused(2));
    assert_eq!(said(&[1.0, f32::INFINITY, f32::INFINITY]), refused(1));
    // As many usable ones as there are windows, and one more that is not.
    assert_eq!(said(&[1.0, f32::NAN, 1.0, 1.0]), refused(3));
}

#[test]
fn an_actual_value_of_zero_has_no_percentage_and_is_said_with_its_place() {
    let (good, bad) = (
        Targets::of(&[&[1.0, 2.0], &[3.0, -4.0]]),
        Targets::of(&[&[1.0, 2.0], &[3.0, 0.0]]),
    );
    let said = |training, validation, loss| {
        let mut network = Scripted::new(&[1.0; 2]);
        network.outputs = 2;
        let data = FitData::new(training).with_validation(validation);
        outcome_of(network, data, &one_window_a_batch(loss))
    };
    let zero = |which| {
        Err(format!(
            "{which} window 1 has an actual value of zero (output 1), which has no percentage error; choose another loss"
        ))
    };
    let percent = Loss::MeanAbsolutePercentageError;
    assert_eq!(said(&bad, &good, percent), zero("training"));
    assert_eq!(said(&good, &bad, percent), zero("validation"));
}

#[test]
fn other_losses_take_an_actual_value_of_zero() {
    for loss in [Loss::MeanSquaredError, Loss::MeanAbsoluteError, Loss::LogCosh] {
        assert_eq!(
            outcome(FitData::new(&Zeros(1)), &one_window_a_batch(loss)),
            Ok(1),
            "{loss:?}"
        );
    }
    let percent = one_window_a_batch(Loss::MeanAbsolutePercentageError);
    assert_eq!(outcome(FitData::new(&Targets::of(&[&[0.5], &[-2.0]])), &percent), Ok(2));
}

#[test]
fn options_outside_their_range_are_refused_by_name() {
    let said = |change: fn(&mut FitOptions)| {
        let mut options = one_window_a_batch(Loss::default());
        change(&mut options);
        outcome(FitData::new(&Zeros(1)), &options)
    };
    assert_eq!(said(|_| ()), Ok(1));
    let refused = [
        (
            said(|options| options.batch_size = 0),
            "option `batch_size` is 0; it must be at least 1",
        ),
        (
            said(|options| options.shuffle_buffer = Some(0)),
            "option `shuffle_buffer` is 0; it must be at least 1",
        ),
        (
            said(|options| options.loss = Loss::Huber { delta: 0.0 }),
            "option `delta` is 0; it must be a positive number",
        ),
        (
            said(|options| {
                options.optimizer = OptimizerOptions::Sgd(Sgd {
                    momentum: 2.0,
                    ..Sgd::default()
                });
            }),
            "option `momentum` is 2; it must be between 0 and 1",
        ),
    ];
    for (outcome, expected) in refused {
        assert_eq!(outcome, Err(expected.to_owned()));
    }
}

#[test]
fn a_sweep_needs_positive_numbers() {
    let sweep = |finder: LearningRateFinder| {
        let mut network = Scripted::new(&[3.0, 2.0, 1.0]);
        let options = one_window_a_batch(Loss::MeanAbsoluteError);
        let outcome = finder.run(&mut network, FitData::new(&Zeros(1)), &options);
        outcome.map(|sweep| sweep.points.len()).map_err(|error| match error {
            TrainingError::Option { option, value, .. } => format!("{option} {value}, {} steps", network.steps),
            other => other.to_string(),
        })
    };
    let good = LearningRateFinder {
        from: 1e-3,
        epochs_per_decade: 1.0,
        epochs: 3,
    };
    assert_eq!(sweep(good), Ok(3));
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let from = LearningRateFinder { from: value, ..good };
        assert_eq!(sweep(from), Err(format!("from {value}, 0 steps")));
        let epochs_per_decade = LearningRateFinder {
            epochs_per_decade: value,
            ..good
        };
        assert_eq!(
            sweep(epochs_per_decade),
            Err(format!("epochs_per_decade {value}, 0 steps"))
        );
    }
}
