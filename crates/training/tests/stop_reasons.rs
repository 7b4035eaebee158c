//! Why a training stopped: the first reason stays, and an interruption gives way.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};

use common::{Scripted, train};
use recurra_training::{
    Callback, Control, Interruption, Lambda, StopReason, TerminateOnNan, TrainBegin, TrainingError,
};

/// Ends the training before its first step.
struct AtOnce;

impl Callback for AtOnce {
    fn train_begin(&mut self, _: &TrainBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        control.stop(StopReason::Requested {
            by: "test".to_owned(),
            why: "at once".to_owned(),
        });
        Ok(())
    }
}

#[test]
fn a_stop_before_the_first_step_is_recorded() {
    let mut network = Scripted::new(&[1.0]);
    let trainer = train(&mut network, &mut [&mut AtOnce]).unwrap();
    assert_eq!(network.steps, 0);
    let stop = trainer.history().stop.clone().unwrap();
    assert_eq!(
        (stop.epoch, stop.batch, stop.reason.to_string().as_str()),
        (0, 0, "test: at once")
    );
}

#[test]
fn a_loss_that_is_nan_ends_the_training_too() {
    let mut network = Scripted::new(&[1.0, f32::NAN, 1.0]);
    let trainer = train(&mut network, &mut [&mut TerminateOnNan]).unwrap();
    assert_eq!(trainer.history().epochs.len(), 2);
}

#[test]
fn the_first_reason_to_stop_stays() {
    let stop = |by: &'static str| {
        Lambda::new().epoch_end(move |_, control| {
            control.stop(StopReason::Requested {
                by: by.to_owned(),
                why: "enough".to_owned(),
            });
            Ok(())
        })
    };
    let trainer = train(
        &mut Scripted::new(&[1.0; 3]),
        &mut [&mut stop("first"), &mut stop("second")],
    )
    .unwrap();
    assert_eq!(
        trainer.history().stop.as_ref().unwrap().reason.to_string(),
        "first: enough"
    );
}

/// A reason that would have ended the training anyway is kept, whoever interrupted it in the same batch.
#[test]
fn an_interruption_gives_way_to_any_other_reason() {
    let flag = AtomicBool::new(true);
    for interruption_first in [true, false] {
        let (mut interruption, mut terminate) = (Interruption::new(|| flag.load(Ordering::Relaxed)), TerminateOnNan);
        let mut callbacks: [&mut dyn Callback; 2] = [&mut interruption, &mut terminate];
        if !interruption_first {
            callbacks.reverse();
        }
        let trainer = train(&mut Scripted::new(&[f32::NAN, 1.0]), &mut callbacks).unwrap();
        let stop = trainer.history().stop.clone().unwrap();
        assert_eq!(stop.reason, StopReason::Diverged, "{interruption_first}");
    }
    // Between two others the first one stays.
    let request = |why: &'static str| {
        Lambda::new().epoch_end(move |_, control| {
            control.stop(StopReason::Requested {
                by: "test".to_owned(),
                why: why.to_owned(),
            });
            control.stop(StopReason::Interrupted);
            Ok(())
        })
    };
    let (mut first, mut second) = (request("first"), request("second"));
    let trainer = train(&mut Scripted::new(&[1.0, 1.0]), &mut [&mut first, &mut second]).unwrap();
    assert_eq!(
        trainer.history().stop.clone().unwrap().reason.to_string(),
        "test: first"
    );
}
