//! Every callback's rule, on trainings whose losses are written down beforehand.
#![allow(clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{Scripted, Zeros, learning_rates, train, train_on};
use recurra_models::{FirstLayer, Head, LastState, LstmCell, Network, Recurrent, Sequential};
use recurra_training::{
    BatchBegin, BatchEnd, Callback, Control, EarlyStopping, EarlyStoppingOptions, Ema, EmaOptions, EpochBegin,
    EpochEnd, FitData, FitOptions, Interruption, Lambda, LearningRateScheduler, Monitor, Progress, ReduceLrOnPlateau,
    ReduceLrOnPlateauOptions, StopReason, TerminateOnNan, TrainBegin, Trainer, TrainingError,
};

fn stop_text(trainer: &Trainer) -> String {
    let stop = trainer.history().stop.as_ref().unwrap();
    format!("epoch {}, batch {}: {}", stop.epoch, stop.batch, stop.reason)
}

#[test]
fn early_stopping_says_why() {
    let mut network = Scripted::new(&[5.0, 3.0, 4.0, 3.5, 1.0]);
    let options = EarlyStoppingOptions {
        monitor: Monitor::Loss,
        patience: 2,
        restore_best_weights: true,
        ..EarlyStoppingOptions::default()
    };
    let mut stopping = EarlyStopping::new(options);
    let trainer = train(&mut network, &mut [&mut stopping]).unwrap();
    assert_eq!(trainer.history().epochs.len(), 4);
    assert_eq!(
        stop_text(&trainer),
        "epoch 3, batch 0: early_stopping: loss has not improved on 3.000000 of epoch 2 for 2 epochs"
    );
    assert_eq!(stopping.best(), Some((1, 3.0)));
    assert_eq!(network.weight, 2.0, "the weights after the second epoch come back");
}

#[test]
fn early_stopping_watches_the_validation() {
    let mut network = Scripted::new(&[5.0, 4.0, 3.0, 2.0, 1.0]);
    network.validation = vec![1.0, 2.0, 3.0, 0.5, 0.4];
    let mut stopping = EarlyStopping::new(EarlyStoppingOptions {
        patience: 2,
        ..EarlyStoppingOptions::default()
    });
    let data = FitData::new(&Zeros(1)).with_validation(&Zeros(1));
    let trainer = train_on(&mut network, data, &mut [&mut stopping]).unwrap();
    let seen: Vec<f64> = trainer
        .history()
        .epochs
        .iter()
        .map(|epoch| epoch.validation.unwrap().mae)
        .collect();
    assert_eq!(seen, [1.0, 2.0, 3.0]);
}

#[test]
fn a_missing_metric_is_an_error_before_training() {
    let mut network = Scripted::new(&[1.0]);
    let callbacks: [&mut dyn Callback; 2] = [
        &mut EarlyStopping::new(EarlyStoppingOptions::default()),
        &mut ReduceLrOnPlateau::new(ReduceLrOnPlateauOptions::default()),
    ];
    for callback in callbacks {
        let error = train(&mut network, &mut [callback]).unwrap_err();
        assert!(
            matches!(
                error,
                TrainingError::MissingMetric {
                    metric: Monitor::ValLoss,
                    ..
                }
            ),
            "{error}"
        );
        assert_eq!(network.steps, 0);
    }
}

#[test]
fn a_schedule_sets_the_rate_at_the_beginning_of_each_epoch() {
    let mut network = Scripted::new(&[1.0; 3]);
    let mut schedule = LearningRateScheduler::new(|epoch, rate| if epoch == 0 { 4.0 } else { rate * 0.5 });
    let trainer = train(&mut network, &mut [&mut schedule]).unwrap();
    assert_eq!(learning_rates(&trainer), [4.0, 2.0, 1.0]);
    assert_eq!(network.weight, 7.0);
}

#[test]
fn the_exponential_schedule_is_a_power_of_ten() {
    let mut network = Scripted::new(&[1.0; 41]);
    let trainer = train(&mut network, &mut [&mut LearningRateScheduler::exponential(1e-8, 20.0)]).unwrap();
    let epochs = &trainer.history().epochs;
    for (epoch, rate) in [(0, 1e-8), (10, 1e-8 * 10.0_f64.sqrt()), (20, 1e-7), (40, 1e-6)] {
        assert!(
            (epochs[epoch].learning_rate / rate - 1.0).abs() < 1e-12,
            "epoch {epoch}"
        );
    }
}

#[test]
fn a_loss_that_is_no_number_ends_the_training_with_its_epoch_recorded() {
    let mut network = Scripted::new(&[1.0, f32::INFINITY, 1.0]);
    let trainer = train(&mut network, &mut [&mut TerminateOnNan]).unwrap();
    assert_eq!(trainer.history().epochs.len(), 2);
    assert_eq!(trainer.history().diverged(), Some(1));
    let losses = [1.0, f32::NAN, 1.0, f32::INFINITY];
    let unwatched = train(&mut Scripted::new(&losses), &mut []).unwrap();
    assert_eq!(
        (unwatched.history().epochs.len(), unwatched.history().diverged()),
        (4, Some(1))
    );
    assert_eq!(
        train(&mut Scripted::new(&[1.0]), &mut []).unwrap().history().diverged(),
        None
    );
    assert_eq!(
        stop_text(&trainer),
        "epoch 1, batch 0: the loss was not a finite number any more"
    );
}

#[test]
fn progress_reports_every_batch() {
    let mut seen = Vec::new();
    let mut progress = Progress::new(|at| seen.push((at.epoch, at.epochs, at.batch, at.batches, at.running.loss)));
    train(&mut Scripted::new(&[3.0, 2.0]), &mut [&mut progress]).unwrap();
    drop(progress);
    assert_eq!(seen, [(0, 2, 0, 1, 3.0), (1, 2, 0, 1, 2.0)]);
}

#[test]
fn averaged_weights_come_at_the_end() {
    let mut network = Scripted::new(&[1.0; 3]);
    let mut ema = Ema::new(EmaOptions { momentum: 0.5 });
    train(&mut network, &mut [&mut ema]).unwrap();
    // Keras begins with the weight after the first step: 1, then halfway to 2, to 3.
    assert_eq!((ema.average(), network.weight), (&[2.25][..], 2.25));
}

#[test]
fn an_average_does_not_leak_into_the_next_training() {
    let mut ema = Ema::new(EmaOptions { momentum: 0.5 });
    train(&mut Scripted::new(&[1.0; 3]), &mut [&mut ema]).unwrap();
    let mut idle = Scripted::new(&[]);
    idle.weight = 7.0;
    train(&mut idle, &mut [&mut ema]).unwrap();
    assert_eq!((ema.average(), idle.weight), (&[][..], 7.0), "no step, no average");
    train(&mut Scripted::new(&[1.0; 3]), &mut [&mut ema]).unwrap();
    assert_eq!(ema.average(), [2.25]);

    // A network of another size.
    type Body = Recurrent<LstmCell, usize, 2, LastState>;
    let mut network = Sequential::<(Body, Head<2>)>::new(1, 1, 51, |device| {
        Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
    })
    .unwrap();
    let data = FitData::new(&Zeros(1));
    let mut trainer = Trainer::new(FitOptions::default(), &network).unwrap();
    trainer.fit(&mut network, data, &mut [&mut ema]).unwrap();
    assert_eq!(ema.average().len(), network.parameter_count());
    // In the middle of a training it cannot begin anew.
    train(&mut Scripted::new(&[1.0]), &mut [&mut ema]).unwrap();
    trainer.set_epochs(2);
    assert_eq!(trainer.options().epochs, 2);
    let error = trainer
        .fit(&mut network, data, &mut [&mut ema])
        .unwrap_err()
        .to_string();
    assert!(error.contains("it keeps 1 weights, the network has "), "{error}");
}

#[test]
fn a_first_loss_that_is_no_number_is_not_the_best_for_ever() {
    let mut stopping = EarlyStopping::new(EarlyStoppingOptions {
        monitor: Monitor::Loss,
        patience: 2,
        ..EarlyStoppingOptions::default()
    });
    train(&mut Scripted::new(&[f32::NAN, 3.0, 2.0, 1.0]), &mut [&mut stopping]).unwrap();
    assert_eq!(stopping.best(), Some((3, 1.0)));
}

/// As in Keras, which keeps the first epoch's weights until a better epoch comes.
#[test]
fn the_first_weights_come_back_where_no_loss_was_a_number() {
    let mut network = Scripted::new(&[f32::NAN; 5]);
    let mut stopping = EarlyStopping::new(EarlyStoppingOptions {
        monitor: Monitor::Loss,
        patience: 3,
        restore_best_weights: true,
        ..EarlyStoppingOptions::default()
    });
    train(&mut network, &mut [&mut stopping]).unwrap();
    assert_eq!((network.steps, network.weight, stopping.best()), (3, 1.0, None));
}

/// As in Keras, at the least rate the epochs without an improvement go on being counted.
#[test]
fn a_rate_that_is_raised_again_after_a_long_wait_is_lowered_at_once() {
    let mut raise = Lambda::new().epoch_begin(|event, control| {
        if event.epoch == 5 {
            control.set_learning_rate(4.0);
        }
        Ok(())
    });
    let mut reduce = ReduceLrOnPlateau::new(ReduceLrOnPlateauOptions {
        monitor: Monitor::Loss,
        patience: 3,
        factor: 0.5,
        min_lr: 1.0,
        ..ReduceLrOnPlateauOptions::default()
    });
    let trainer = train(&mut Scripted::new(&[2.0; 7]), &mut [&mut raise, &mut reduce]).unwrap();
    assert_eq!(learning_rates(&trainer), [1.0, 1.0, 1.0, 1.0, 1.0, 4.0, 2.0]);
}

#[test]
fn a_schedule_without_rates_is_refused_before_training() {
    let mut network = Scripted::new(&[1.0]);
    let mut schedule = LearningRateScheduler::exponential(0.1, 0.0);
    let error = train(&mut network, &mut [&mut schedule]).unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), network.steps),
        ("option `decay_epochs` is 0; it must be a positive number", 0)
    );
}

#[test]
fn an_interruption_ends_after_the_batch_and_the_training_can_go_on() {
    let flag = AtomicBool::new(false);
    let mut network = Scripted::new(&[4.0, 3.0, 2.0]);
    let mut interruption = Interruption::new(|| flag.load(Ordering::Relaxed));
    let mut raise = Lambda::new().epoch_begin(|event, _| {
        flag.store(event.epoch == 1, Ordering::Relaxed);
        Ok(())
    });
    let options = FitOptions {
        epochs: 3,
        ..FitOptions::default()
    };
    let mut trainer = Trainer::new(options, &network).unwrap();
    let data = FitData::new(&Zeros(1));
    let history = trainer
        .fit(&mut network, data, &mut [&mut raise, &mut interruption])
        .unwrap();
    assert_eq!(history.stop.as_ref().unwrap().reason, StopReason::Interrupted);
    assert_eq!(history.epochs.len(), 2);
    flag.store(false, Ordering::Relaxed);
    let history = trainer.fit(&mut network, data, &mut [&mut interruption]).unwrap();
    assert_eq!((history.epochs.len(), &history.stop), (3, &None));
    trainer.set_epochs(3);
    assert_eq!(
        trainer.fit(&mut network, data, &mut []).unwrap().epochs.len(),
        3,
        "nothing is left to do"
    );
}

#[test]
fn a_stop_before_an_epochs_first_batch_leaves_no_record_of_that_epoch() {
    let mut network = Scripted::new(&[4.0, 3.0, 2.0]);
    let mut stop = Lambda::new().epoch_begin(|event, control| {
        if event.epoch == 1 {
            control.stop(StopReason::Interrupted);
            control.stop(StopReason::Requested {
                by: "test".to_owned(),
                why: "enough".to_owned(),
            });
        }
        Ok(())
    });
    let trainer = train(&mut network, &mut [&mut stop]).unwrap();
    assert_eq!((network.steps, trainer.history().epochs.len()), (1, 1));
    assert_eq!(stop_text(&trainer), "epoch 1, batch 0: test: enough");
}

/// Writes down what it is called with.
struct Diary<'a>(&'static str, &'a RefCell<Vec<String>>);

impl Diary<'_> {
    fn note(&self, text: &str) -> Result<(), TrainingError> {
        self.1.borrow_mut().push(format!("{} {text}", self.0));
        Ok(())
    }
}

impl Callback for Diary<'_> {
    fn train_begin(&mut self, _: &TrainBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.note("train begin")
    }
    fn epoch_begin(&mut self, event: &EpochBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.note(&format!("epoch {} begin", event.epoch))
    }
    fn batch_begin(&mut self, event: &BatchBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.note(&format!("batch {} begin", event.batch))
    }
    fn batch_end(&mut self, event: &BatchEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.note(&format!("batch {} end, loss {}", event.batch, event.loss))
    }
    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        assert_eq!(control.history().last(), Some(&event.record));
        self.note(&format!("epoch {} end", event.record.epoch))
    }
    fn train_end(&mut self, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.note("train end")
    }
}

#[test]
fn events_come_in_order_and_callbacks_in_the_order_of_their_list() {
    let diary = RefCell::new(Vec::new());
    assert_eq!(
        Diary("a", &diary).name(),
        "callback",
        "that of one without a name of its own"
    );
    train(
        &mut Scripted::new(&[2.0, 1.0]),
        &mut [&mut Diary("a", &diary), &mut Diary("b", &diary)],
    )
    .unwrap();
    insta::assert_snapshot!(diary.take().join("\n"));
}

#[test]
fn an_error_of_a_callback_ends_the_training() {
    let mut network = Scripted::new(&[2.0, 1.0]);
    let mut failing = Lambda::new().batch_end(|_, _| Err(TrainingError::Callback("disk on fire".into())));
    let error = train(&mut network, &mut [&mut failing]).unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), network.steps),
        ("callback failed: disk on fire", 1)
    );
}
