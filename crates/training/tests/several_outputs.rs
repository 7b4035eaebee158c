//! Windows of several columns and several outputs: trained on in batches, and forecast when there are more than are gathered at once.
#![allow(clippy::unwrap_used)]

use recurra_models::{ModelError, NamedLayer, Network, ParameterView, ParameterViewMut};
use recurra_series::Samples;
use recurra_training::{Evaluation, FitData, FitOptions, Loss, TrainingError, evaluate, fit, forecasts};

/// Forecasts the sum and the difference of a window's first and last value.
struct Ends {
    outputs: usize,
    stateful: bool,
}

impl Ends {
    fn new(outputs: usize) -> Self {
        Self {
            outputs,
            stateful: false,
        }
    }
}

impl Network for Ends {
    fn columns(&self) -> usize {
        2
    }
    fn outputs(&self) -> usize {
        self.outputs
    }
    fn layers(&self) -> Vec<NamedLayer> {
        Vec::new()
    }
    fn visit_parameters(&self, _: &mut dyn FnMut(ParameterView<'_>)) {}
    fn visit_parameters_mut(&mut self, _: &mut dyn FnMut(ParameterViewMut<'_>)) {}
    fn predict_into(&self, inputs: &[f32], steps: usize, forecasts: &mut [f32]) -> Result<(), ModelError> {
        let windows = inputs.chunks_exact(2 * steps);
        assert_eq!(windows.len() * 2, forecasts.len(), "as many windows as forecasts");
        for (window, forecast) in windows.zip(forecasts.chunks_exact_mut(2)) {
            let (first, last) = (window[0], window[2 * steps - 1]);
            forecast.copy_from_slice(&[first + last, first - last]);
        }
        Ok(())
    }
    fn gradients(
        &mut self,
        inputs: &[f32],
        steps: usize,
        loss: &mut dyn FnMut(&[f32], &mut [f32]) -> f64,
        _: &mut [f32],
    ) -> Result<f64, ModelError> {
        let mut forecasts = vec![0.0; inputs.len() / steps];
        self.predict_into(inputs, steps, &mut forecasts)?;
        let mut gradient = vec![0.0; forecasts.len()];
        Ok(loss(&forecasts, &mut gradient))
    }
    fn parameter_count(&self) -> usize {
        0
    }
    fn is_stateful(&self) -> bool {
        self.stateful
    }
}

/// Window `i` is `i, 0, 0, 0, 0, 1`; its actual values are `i` and `i + 3`, `raised` by something.
struct Counted {
    windows: usize,
    raised: f32,
}

fn counted(windows: usize) -> Counted {
    Counted { windows, raised: 0.0 }
}

impl Samples for Counted {
    fn len(&self) -> usize {
        self.windows
    }
    fn steps(&self) -> usize {
        3
    }
    fn columns(&self) -> usize {
        2
    }
    fn outputs(&self) -> usize {
        2
    }
    fn gather(&self, indices: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
        assert_eq!((inputs.len(), targets.len()), (indices.len() * 6, indices.len() * 2));
        for (place, &index) in indices.iter().enumerate() {
            let (index, raised) = (index as f32, self.raised);
            inputs[place * 6..][..6].copy_from_slice(&[index, 0.0, 0.0, 0.0, 0.0, 1.0]);
            targets[place * 2..][..2].copy_from_slice(&[index + raised, index + 3.0 + raised]);
        }
    }
}

#[test]
fn every_window_has_its_own_forecasts_whatever_their_number() {
    let network = Ends::new(2);
    for windows in [1, 511, 512, 513, 1500] {
        let (found, actual) = forecasts(&network, &counted(windows)).unwrap();
        let pairs = |of: fn(f32) -> [f32; 2]| (0..windows).flat_map(|window| of(window as f32)).collect::<Vec<_>>();
        assert_eq!(found, pairs(|window| [window + 1.0, window - 1.0]), "{windows} windows");
        assert_eq!(actual, pairs(|window| [window, window + 3.0]), "{windows} windows");
        // The errors are 1 and −4 in every window.
        let measures = evaluate(&network, &counted(windows), Loss::MeanSquaredError).unwrap();
        assert_eq!((measures.loss, measures.mae), (8.5, 2.5), "{windows} windows");
    }
}

#[test]
fn a_training_sees_every_output_of_a_batch() {
    let options = FitOptions {
        epochs: 1,
        batch_size: 4,
        ..FitOptions::default()
    };
    let (training, validation) = (counted(10), counted(600));
    let data = FitData::new(&training).with_validation(&validation);
    let history = fit(&mut Ends::new(2), data, &options, &mut []).unwrap();
    // The errors are 1 and −4 in every window.
    let of_training = history.epochs[0].training;
    let of_validation = history.epochs[0].validation.unwrap();
    for measures in [of_training, of_validation] {
        assert_eq!((measures.loss, measures.mae), (8.5, 2.5));
    }
}

/// The validation then goes batch by batch, as the training does.
#[test]
fn a_network_that_carries_states_is_validated_on_every_output() {
    let options = FitOptions {
        epochs: 1,
        batch_size: 4,
        shuffle_buffer: Some(1),
        ..FitOptions::default()
    };
    let mut network = Ends {
        stateful: true,
        ..Ends::new(2)
    };
    let (training, validation) = (counted(8), counted(12));
    let data = FitData::new(&training).with_validation(&validation);
    let history = fit(&mut network, data, &options, &mut []).unwrap();
    let measures = history.epochs[0].validation.unwrap();
    assert_eq!((measures.loss, measures.mae), (8.5, 2.5));
}

#[test]
fn several_sources_are_measured_as_one() {
    let (network, mut evaluation) = (Ends::new(2), Evaluation::default());
    evaluation.add(&network, &counted(0), Loss::MeanSquaredError).unwrap();
    assert_eq!(evaluation.measures(), None);
    // Errors of 1 and −4 in three windows, of 0 and −5 in one.
    evaluation.add(&network, &counted(3), Loss::MeanSquaredError).unwrap();
    let raised = Counted {
        windows: 1,
        raised: 1.0,
    };
    evaluation.add(&network, &raised, Loss::MeanSquaredError).unwrap();
    let measures = evaluation.measures().unwrap();
    assert_eq!((measures.loss, measures.mae), (9.5, 2.5));
    let undefined = evaluation.add(&network, &counted(2), Loss::MeanAbsolutePercentageError);
    assert!(
        matches!(
            undefined,
            Err(TrainingError::ZeroActual {
                window: 0,
                output: 0,
                ..
            })
        ),
        "{undefined:?}"
    );
}

#[test]
fn a_training_can_be_measured_by_a_function() {
    let options = FitOptions {
        epochs: 3,
        ..FitOptions::default()
    };
    let (training, validation) = (counted(10), counted(600));
    let train = |data| fit(&mut Ends::new(2), data, &options, &mut []);
    let expected = train(FitData::new(&training).with_validation(&validation)).unwrap();
    let always = |network: &dyn Network| evaluate(network, &validation, options.loss).map(Some);
    assert_eq!(
        train(FitData::new(&training).with_validation_by(&always)).unwrap(),
        expected
    );
    let never = |_: &dyn Network| Ok(None);
    let history = train(FitData::new(&training).with_validation_by(&never)).unwrap();
    assert!(history.epochs.iter().all(|epoch| epoch.validation.is_none()));
    let failing = |_: &dyn Network| {
        Err(TrainingError::Validation {
            source: "no disk".into(),
        })
    };
    let error = train(FitData::new(&training).with_validation_by(&failing)).unwrap_err();
    assert_eq!(error.to_string(), "the validation failed: no disk");
}

#[test]
fn no_window_is_no_evaluation() {
    let network = Ends::new(2);
    assert_eq!(forecasts(&network, &counted(0)).unwrap(), (Vec::new(), Vec::new()));
    let none = evaluate(&network, &counted(0), Loss::MeanSquaredError);
    assert!(
        matches!(none, Err(TrainingError::NoSamples { which: "evaluation" })),
        "{none:?}"
    );
}

#[test]
fn a_network_of_other_outputs_is_refused() {
    let error = forecasts(&Ends::new(3), &counted(4)).unwrap_err();
    let TrainingError::ShapeMismatch {
        what, found, expected, ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!((what, found, expected), ("outputs", 2, 3));
}
