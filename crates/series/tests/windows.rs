//! Windows against a plain nested loop.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use recurra_series::{
    Centre, CentredWindows, JoinError, JoinedSamples, Remainder, Samples, WindowColumns, WindowError, WindowOptions,
    Windows, sliding,
};

/// Every window and its targets, written out one value at a time.
fn plain(values: &[f32], options: WindowOptions) -> Vec<(Vec<f32>, Vec<f32>)> {
    let mut pairs = Vec::new();
    let mut start = 0;
    while start + options.size + options.horizon <= values.len() {
        let input = (0..options.size).map(|step| values[start + step]).collect();
        let target = (0..options.horizon)
            .map(|step| values[start + options.size + step])
            .collect();
        pairs.push((input, target));
        start += options.shift;
    }
    pairs
}

/// Everything that `samples` gathers, pair by pair, asked for in one batch.
fn gathered(samples: &impl Samples, indices: &[usize]) -> Vec<(Vec<f32>, Vec<f32>)> {
    let (width, outputs) = (samples.steps() * samples.columns(), samples.outputs());
    let (mut inputs, mut targets) = (
        vec![f32::NAN; indices.len() * width],
        vec![f32::NAN; indices.len() * outputs],
    );
    samples.gather(indices, &mut inputs, &mut targets);
    inputs
        .chunks(width)
        .zip(targets.chunks(outputs))
        .map(|(x, y)| (x.to_vec(), y.to_vec()))
        .collect()
}

fn ramp(n: usize) -> Vec<f32> {
    (0..n).map(|t| t as f32).collect()
}

prop_compose! {
    fn any_options()(size in 1_usize..9, shift in 1_usize..7, horizon in 1_usize..6) -> WindowOptions {
        WindowOptions { size, shift, horizon }
    }
}

proptest! {
    /// Against the plain windows, less what a loop over one column finds.
    #[test]
    fn centred_windows_are_windows_less_their_centre(
        values in prop::collection::vec(-50.0_f32..50.0, 12..40),
        options in any_options(),
        last in any::<bool>(),
    ) {
        let reversed: Vec<f32> = values.iter().rev().copied().collect();
        prop_assume!(values.len() >= options.size + options.horizon);
        let columns = WindowColumns::new(&values).with_past(&reversed).unwrap();
        let windows = Windows::with_columns(columns, options).unwrap();
        let centre = if last { Centre::LastValue } else { Centre::WindowMean };
        let centred = CentredWindows::new(windows.clone(), Some(centre));
        let indices: Vec<usize> = (0..windows.len()).collect();
        let untouched = CentredWindows::new(windows.clone(), None);
        prop_assert_eq!(gathered(&untouched, &indices), gathered(&windows, &indices));
        let found = gathered(&centred, &indices);
        for (index, ((input, target), (x, y))) in gathered(&windows, &indices).into_iter().zip(found).enumerate() {
            let of = |column: usize| {
                let own: Vec<f32> = input.iter().skip(column).step_by(2).copied().collect();
                if last { own[own.len() - 1] } else {
                    (own.iter().map(|v| f64::from(*v)).sum::<f64>() / own.len() as f64) as f32
                }
            };
            prop_assert_eq!((centred.level(index), untouched.level(index)), (of(0), 0.0));
            let expected: Vec<f32> = input.iter().enumerate().map(|(at, v)| v - of(at % 2)).collect();
            prop_assert_eq!(x, expected);
            prop_assert_eq!(y, target.iter().map(|v| v - of(0)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn windows_are_those_of_the_nested_loop(n in 0_usize..60, options in any_options()) {
        let values = ramp(n);
        let expected = plain(&values, options);
        match Windows::new(&values, options) {
            Err(error) => {
                prop_assert!(expected.is_empty());
                prop_assert_eq!(error, WindowError::TooShort { points: n, size: options.size, horizon: options.horizon });
            }
            Ok(windows) => {
                prop_assert_eq!(windows.len(), expected.len());
                let backwards: Vec<usize> = (0..windows.len()).rev().collect();
                let mut found = gathered(&windows, &backwards);
                found.reverse();
                prop_assert_eq!(&found, &expected);
                for (index, (input, target)) in expected.iter().enumerate() {
                    prop_assert_eq!(windows.input(index), &input[..]);
                    prop_assert_eq!(windows.target(index), &target[..]);
                }
            }
        }
    }

    #[test]
    fn slices_are_those_of_the_nested_loop(n in 0_usize..40, size in 1_usize..9, shift in 1_usize..9, drop: bool) {
        let values = ramp(n);
        let mut expected = Vec::new();
        for start in (0..n).step_by(shift) {
            let slice: Vec<f32> = (start..start + size).filter(|&at| at < n).map(|at| values[at]).collect();
            if slice.len() == size || !drop {
                expected.push(slice);
            }
        }
        let remainder = if drop { Remainder::Drop } else { Remainder::Keep };
        let found: Vec<Vec<f32>> = sliding(&values, size, shift, remainder).map(<[f32]>::to_vec).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn covariates_stand_at_their_steps(n in 1_usize..40, options in any_options()) {
        let values = ramp(n);
        let past: Vec<f32> = values.iter().map(|t| t + 1000.0).collect();
        let future: Vec<f32> = (0..n + 3).map(|t| t as f32 + 2000.0).collect();
        let columns = WindowColumns::new(&values).with_past(&past).unwrap().with_future(&future).unwrap();
        let result = Windows::with_columns(columns.clone(), options);
        if n < options.size + options.horizon {
            prop_assert!(matches!(result, Err(WindowError::TooShort { .. })), "{:?}", result);
        } else if options.horizon > options.size {
            let expected = WindowError::FutureBeyondWindow { size: options.size, horizon: options.horizon };
            prop_assert_eq!(result.err(), Some(expected));
        } else {
            let windows = result.unwrap();
            prop_assert_eq!(windows.columns(), 3);
            let indices: Vec<usize> = (0..windows.len()).collect();
            for (index, (input, target)) in gathered(&windows, &indices).into_iter().enumerate() {
                let start = (index * options.shift) as f32;
                for (step, row) in input.chunks(3).enumerate() {
                    let time = start + step as f32;
                    prop_assert_eq!(row, &[time, time + 1000.0, time + 2000.0 + options.horizon as f32][..]);
                }
                prop_assert_eq!(target[0], start + options.size as f32);
            }
        }
    }

    #[test]
    fn joined_samples_are_the_parts_in_turn(lengths in prop::collection::vec(6_usize..20, 1..6)) {
        let options = WindowOptions { size: 4, shift: 1, horizon: 2 };
        let series: Vec<Vec<f32>> =
            lengths.iter().enumerate().map(|(id, &n)| ramp(n).iter().map(|t| t + 100.0 * id as f32).collect()).collect();
        let joined = JoinedSamples::new(series.iter().map(|s| Windows::new(s, options).unwrap()).collect()).unwrap();
        let expected: Vec<_> = series.iter().flat_map(|values| plain(values, options)).collect();
        let all: Vec<usize> = (0..joined.len()).collect();
        prop_assert_eq!(gathered(&joined, &all), expected);
    }
}

#[test]
fn a_forecast_past_the_end_sees_the_known_future() {
    let (values, future) = (ramp(5), ramp(7));
    let columns = WindowColumns::new(&values).with_future(&future).unwrap();
    let mut input = [0.0; 6];
    columns.write(2, 2, &mut input);
    assert_eq!(input, [2.0, 4.0, 3.0, 5.0, 4.0, 6.0]);
}

#[test]
fn windows_borrow_the_series() {
    let values = ramp(9);
    let windows = Windows::new(
        &values,
        WindowOptions {
            size: 3,
            shift: 2,
            horizon: 1,
        },
    )
    .unwrap();
    assert!(std::ptr::eq(windows.input(1), &values[2..5]));
    assert!(std::ptr::eq(windows.target(1), &values[5..6]));
}

#[test]
fn the_reference_has_980_training_and_461_validation_windows() {
    use recurra_series::reference::{TRAIN_LENGTH, WINDOW, values};
    let series = values();
    let options = WindowOptions::default();
    assert_eq!(Windows::new(&series[..TRAIN_LENGTH], options).unwrap().len(), 980);
    assert_eq!(
        Windows::new(&series[TRAIN_LENGTH - WINDOW..], options).unwrap().len(),
        461
    );
}

#[test]
fn bad_windows_are_errors() {
    let message = |values: &[f32], size, shift, horizon| {
        Windows::new(values, WindowOptions { size, shift, horizon })
            .unwrap_err()
            .to_string()
    };
    let shown = [
        message(&[0.0; 5], 0, 1, 1),
        message(&[0.0; 5], 2, 0, 1),
        message(&[0.0; 5], 2, 1, 0),
        message(&[0.0; 5], 5, 1, 1),
        message(&[], usize::MAX, 1, 1),
        WindowColumns::new(&[0.0; 5])
            .with_past(&[0.0; 6])
            .unwrap_err()
            .to_string(),
        WindowColumns::new(&[0.0; 5])
            .with_future(&[0.0; 4])
            .unwrap_err()
            .to_string(),
        JoinedSamples::<Windows<'_>>::new(vec![]).unwrap_err().to_string(),
        JoinError::Shape {
            part: 1,
            expected: (4, 1, 1),
            found: (5, 1, 1),
        }
        .to_string(),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}
