//! What is refused before the first step: callbacks' options that make no sense, and a network that is not the training's.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Scripted, Zeros, options, train};
use recurra_models::{FirstLayer, Head, LastState, LstmCell, Recurrent, Sequential};
use recurra_training::{
    Callback, Checkpoints, Ema, EmaOptions, FitData, FitOptions, Keep, Mode, ModelCheckpoint, Monitor,
    OptimizerOptions, ReduceLrOnPlateau, ReduceLrOnPlateauOptions, SaveEvery, Sgd, Trainer, TrainingError,
};

fn refusal(callback: &mut dyn Callback) -> TrainingError {
    let mut network = Scripted::new(&[1.0]);
    let error = train(&mut network, &mut [callback]).unwrap_err();
    assert_eq!(network.steps, 0, "refused before training");
    error
}

#[test]
fn options_that_make_no_sense_are_refused() {
    for factor in [1.0, 1.5, -0.1, f64::NAN] {
        let error = refusal(&mut ReduceLrOnPlateau::new(ReduceLrOnPlateauOptions {
            monitor: Monitor::Loss,
            factor,
            ..ReduceLrOnPlateauOptions::default()
        }));
        let expected = format!("option `factor` is {factor}; it must be at least 0 and below 1");
        assert_eq!(error.to_string(), expected);
    }
    for momentum in [-0.1, 1.1, f64::NAN] {
        let error = refusal(&mut Ema::new(EmaOptions { momentum }));
        let expected = format!("option `momentum` is {momentum}; it must be between 0 and 1");
        assert_eq!(error.to_string(), expected);
    }
    let (monitor, mode) = (Monitor::ValMae, Mode::Min);
    let error = refusal(&mut ModelCheckpoint::new("never written", Keep::Best { monitor, mode }));
    assert_eq!(
        error.to_string(),
        "`model_checkpoint` watches val_mae, but there are no validation windows; give some or watch loss or mae"
    );
}

#[test]
fn to_save_every_zeroth_time_is_refused() {
    let refused = "option `every` is 0; it must be at least 1";
    let mut never = ModelCheckpoint::new("never written", Keep::Every(0));
    let error = train(&mut Scripted::new(&[1.0]), &mut [&mut never]).unwrap_err();
    assert_eq!(error.to_string(), refused);
    for every in [SaveEvery::Epochs(0), SaveEvery::Batches(0)] {
        let checkpoints = Checkpoints {
            path: "never written".into(),
            every: Some(every),
            code: "one".to_owned(),
        };
        let mut network = Scripted::new(&[1.0]);
        let mut trainer = Trainer::new(options(1), &network)
            .unwrap()
            .with_checkpoints(checkpoints);
        let error = trainer.fit(&mut network, FitData::new(&Zeros(1)), &mut []).unwrap_err();
        assert_eq!((error.to_string().as_str(), network.steps), (refused, 0));
    }
}

#[test]
fn another_network_than_the_training_began_with_is_refused() {
    type Body = Recurrent<LstmCell, usize, 2, LastState>;
    let mut other = Sequential::<(Body, Head<2>)>::new(1, 1, 51, |device| {
        Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
    })
    .unwrap();
    // Without a momentum the optimizer remembers nothing that could tell.
    for optimizer in [OptimizerOptions::default(), OptimizerOptions::Sgd(Sgd::default())] {
        let options = FitOptions {
            optimizer,
            ..options(1)
        };
        let mut trainer = Trainer::new(options, &Scripted::new(&[1.0])).unwrap();
        let error = trainer.fit(&mut other, FitData::new(&Zeros(1)), &mut []).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the training is of a network with 1 parameters, this one has 35; give it the network that it began with"
        );
    }
}
