//! Forecasts without the tape: the bits of the tape, whatever the threads and the instruction set, and no allocation once the network has forecast.
#![allow(clippy::unwrap_used)]

#[path = "../../kernels/tests/common/counting.rs"]
mod counting;

use counting::calls;
use recurra_kernels::{Isa, with_threads};
use recurra_models::{
    Activation, ActivationKind, Average, Bidirectional, Const, Dropout, FirstLayer, GruCell, GruResetBeforeCell, Head,
    InnerLayer, LastState, LstmCell, ModelError, Network, Recurrent, Scale, Sequences, Sequential, SimpleRnnCell,
    parameters,
};

const STEPS: usize = 6;

/// Every kind of layer, wide enough that threads pay for a few hundred windows.
fn network() -> impl Network {
    type First = Bidirectional<LstmCell, usize, 40, 80, Sequences>;
    type Second = Bidirectional<GruCell, Const<80>, 24, 24, Sequences, Average>;
    type Third = Recurrent<GruResetBeforeCell, Const<24>, 20, Sequences>;
    type Fourth = Recurrent<SimpleRnnCell, Const<20>, 18, LastState>;
    Sequential::new(2, 3, 7, |device| {
        Ok((
            First::first(device, 2)?,
            Second::inner(device)?,
            Dropout::new(0.25),
            Third::inner(device)?,
            Fourth::inner(device)?,
            Head::<18>::zeros(device, 3)?,
        ))
    })
    .unwrap()
}

fn windows(count: usize) -> Vec<f32> {
    (0..count * STEPS * 2)
        .map(|index| ((index * 37) % 101) as f32 / 50.0 - 1.0)
        .collect()
}

/// What the tape's forward pass gives; the gradients come to nothing.
fn on_the_tape(network: &mut dyn Network, inputs: &[f32]) -> Vec<f32> {
    let mut seen = Vec::new();
    let mut gradients = vec![0.0; network.parameter_count()];
    let mut loss = |forecasts: &[f32], _: &mut [f32]| {
        seen = forecasts.to_vec();
        0.0
    };
    network.gradients(inputs, STEPS, &mut loss, &mut gradients).unwrap();
    seen
}

#[test]
fn forecasts_are_the_tapes_on_any_number_of_threads_and_every_instruction_set() {
    // Without the dropout, which is on the tape only.
    type First = Bidirectional<LstmCell, usize, 40, 80, Sequences>;
    type Second = Bidirectional<GruCell, Const<80>, 24, 24, Sequences, Average>;
    type Third = Recurrent<GruResetBeforeCell, Const<24>, 20, LastState>;
    let mut network = Sequential::new(2, 3, 7, |device| {
        Ok((
            First::first(device, 2)?,
            Second::inner(device)?,
            Third::inner(device)?,
            Activation::new(ActivationKind::Silu),
            Head::<20>::zeros(device, 3)?,
            Scale::new(3.0),
        ))
    })
    .unwrap();
    let count = 333;
    // Work for at least three threads of ten million multiply-adds.
    assert!(network.parameter_count() * STEPS * count > 30_000_000);
    let inputs = windows(count);
    let expected = on_the_tape(&mut network, &inputs);
    for isa in Isa::available() {
        for threads in [1, 2, 3] {
            let forecasts = isa.with(|| with_threads(threads, || network.predict(&inputs, STEPS)));
            assert_eq!(forecasts.unwrap().unwrap(), expected, "{isa}, {threads} threads");
        }
    }
}

#[test]
fn changed_weights_are_seen_by_the_next_forecast() {
    let mut network = network();
    let inputs = windows(3);
    let before = network.predict(&inputs, STEPS).unwrap();
    for name in parameters(&network).into_keys() {
        let mut old = Vec::new();
        network.visit_parameters_mut(&mut |view| {
            if view.name == name {
                old = view.values.to_vec();
                view.values.iter_mut().for_each(|value| *value += 0.5);
            }
        });
        assert_ne!(network.predict(&inputs, STEPS).unwrap(), before, "{name} is not seen");
        network.visit_parameters_mut(&mut |view| {
            if view.name == name {
                view.values.copy_from_slice(&old);
            }
        });
        assert_eq!(network.predict(&inputs, STEPS).unwrap(), before, "{name} is not seen");
    }
}

#[test]
fn nothing_is_allocated_once_the_network_has_forecast() {
    let network = network();
    let inputs = windows(130);
    let mut forecasts = vec![0.0; 130 * 3];
    let mut allocations = |count: usize| {
        let before = calls();
        let (inputs, forecasts) = (&inputs[..count * STEPS * 2], &mut forecasts[..count * 3]);
        with_threads(1, || network.predict_into(inputs, STEPS, forecasts)).unwrap();
        calls() - before
    };
    assert!(allocations(1) > 0, "the counter does not count");
    assert_eq!(allocations(1), 0, "one window");
    allocations(130);
    assert_eq!(allocations(130), 0, "many windows");
    assert_eq!(allocations(1), 0, "one window after many");
}

/// Besides the other threads' start a forecast on several threads allocates nothing, however many windows there are. Which thread does how much is left to
/// chance, so each has met its largest piece after some forecasts only.
#[test]
fn threads_find_their_memory_again() {
    let network = network();
    let inputs = windows(1000);
    let mut forecasts = vec![0.0; 3000];
    let mut least = |count: usize| {
        let (inputs, forecasts) = (&inputs[..count * STEPS * 2], &mut forecasts[..count * 3]);
        let mut allocations = || {
            let before = calls();
            with_threads(3, || network.predict_into(inputs, STEPS, forecasts)).unwrap();
            calls() - before
        };
        (0..10).map(|_| allocations()).min().unwrap()
    };
    least(1000);
    let (many, few) = (least(1000), least(400));
    assert!(many == few && many < 30, "{many} and {few} allocations");
}

#[test]
fn room_for_another_number_of_forecasts_is_refused() {
    let network = network();
    let refused = network.predict_into(&windows(2), STEPS, &mut [0.0; 5]);
    assert!(matches!(
        refused,
        Err(ModelError::ForecastLength { len: 5, expected: 6 })
    ));
}

/// Several forecasts at once do not share memory.
#[test]
fn a_network_forecasts_on_many_threads_at_once() {
    let network = network();
    let inputs = windows(9);
    let expected = network.predict(&inputs, STEPS).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert_eq!(network.predict(&inputs, STEPS).unwrap(), expected);
                }
            });
        }
    });
}
