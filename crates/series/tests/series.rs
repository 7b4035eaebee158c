//! Series: what they refuse, how they are split, filled and differenced.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use recurra_series::{Covariate, Fill, Series, SplitPoint, Time, difference, integrate};

fn numbers(times: &[f64]) -> Vec<Time> {
    times.iter().map(|&time| Time::Number(time)).collect()
}

#[test]
fn what_is_no_series_is_an_error() {
    let series = Series::from_values(vec![1.0, 2.0, 3.0]).unwrap();
    let covariate = |values: &[f64]| Covariate {
        name: "price".into(),
        values: values.to_vec(),
    };
    let date: Time = "2024-01-01".parse().unwrap();
    let said = |result: Result<Series, recurra_series::SeriesError>| result.unwrap_err().to_string();
    let shown = [
        said(Series::new(numbers(&[1.0, 2.0]), vec![1.0])),
        said(Series::new(numbers(&[1.0, 2.0]), vec![1.0, f64::NAN])),
        said(Series::new(numbers(&[1.0, 1.0]), vec![1.0, 1.0])),
        said(Series::new(numbers(&[2.0, 1.0]), vec![1.0, 1.0])),
        said(Series::new(numbers(&[1.0, f64::NAN]), vec![1.0, 1.0])),
        said(Series::new(numbers(&[f64::NAN]), vec![1.0])),
        said(Series::new(numbers(&[1.0, f64::INFINITY]), vec![1.0, 1.0])),
        said(Series::new(vec![Time::Number(1.0), date], vec![1.0, 1.0])),
        said(series.clone().with_past_covariate(covariate(&[1.0]))),
        said(series.clone().with_future_covariate(covariate(&[1.0, 2.0]))),
        said(
            series
                .clone()
                .with_future_covariate(covariate(&[1.0, 2.0, 3.0, f64::INFINITY])),
        ),
        series.clone().extend_future(&[vec![1.0]]).unwrap_err().to_string(),
        series.split(SplitPoint::Index(0)).unwrap_err().to_string(),
        series.split(SplitPoint::Index(9)).unwrap_err().to_string(),
        series.split(SplitPoint::LastFraction(0.01)).unwrap_err().to_string(),
        series
            .split(SplitPoint::Time(Time::Number(7.0)))
            .unwrap_err()
            .to_string(),
        series.split(SplitPoint::Time(date)).unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn splits_by_index_share_and_date() {
    let times: Vec<Time> = (1..=10)
        .map(|day| format!("2024-01-{day:02}").parse().unwrap())
        .collect();
    let series = Series::new(times, (0..10).map(f64::from).collect()).unwrap();
    let first = |at: SplitPoint| series.split(at).unwrap().0.values().len();
    assert_eq!(first(SplitPoint::Index(3)), 3);
    assert_eq!(first(SplitPoint::LastFraction(0.2)), 8);
    assert_eq!(first("2024-01-04".parse().unwrap()), 3);
    assert_eq!(first("2024-01-04T01:00".parse().unwrap()), 4);
    let (train, rest) = series.split(SplitPoint::Index(3)).unwrap();
    assert_eq!(train.times().last().unwrap().to_string(), "2024-01-03");
    assert_eq!((rest.values()[0], rest.times()[0]), (3.0, series.times()[3]));
}

proptest! {
    #[test]
    fn filling_keeps_what_is_there(
        values in prop::collection::vec(prop::option::of(-100.0..100.0_f64), 0..40),
        season in 0..9_usize,
    ) {
        for fill in [Fill::Linear, Fill::Previous, Fill::Seasonal] {
            let Some(filled) = fill.apply(&values, season) else {
                prop_assert!(values.iter().all(Option::is_none));
                continue;
            };
            prop_assert_eq!(filled.len(), values.len());
            let there: Vec<f64> = values.iter().flatten().copied().collect();
            let low = there.iter().copied().fold(f64::INFINITY, f64::min);
            let high = there.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (at, (found, value)) in filled.iter().zip(&values).enumerate() {
                prop_assert!((low..=high).contains(found));
                prop_assert!(value.is_none_or(|value| value == *found));
                if value.is_none() {
                    let before = values[..at].iter().rev().flatten().next();
                    if fill == Fill::Previous {
                        prop_assert_eq!(*found, *before.unwrap_or(&there[0]));
                    }
                    if fill == Fill::Seasonal && season > 1 && at >= season {
                        prop_assert_eq!(*found, filled[at - season]);
                    }
                }
            }
        }
    }

    #[test]
    fn a_line_with_holes_is_filled_to_a_line(holes in prop::collection::vec(any::<bool>(), 1..30)) {
        let line = |at: usize| 2.0 * at as f64 - 7.0;
        let last = holes.len() + 1;
        let mut values: Vec<Option<f64>> = (0..=last).map(|at| Some(line(at))).collect();
        for (at, _) in holes.iter().enumerate().filter(|(_, hole)| **hole) {
            values[at + 1] = None;
        }
        for (at, value) in Fill::Linear.apply(&values, 1).unwrap().into_iter().enumerate() {
            prop_assert!((value - line(at)).abs() < 1e-12 * 100.0, "{} {}", value, line(at));
        }
    }

    #[test]
    fn differences_are_integrated_back(values in prop::collection::vec(-1000..1000_i32, 1..50), lag in 1..9_usize) {
        // Whole numbers, so that sums are exact.
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let differences = difference(&values, lag);
        prop_assert_eq!(differences.len(), values.len().saturating_sub(lag));
        if values.len() >= lag {
            let back = integrate(&values[..lag], &differences, lag).unwrap();
            prop_assert_eq!(&back[..], &values[lag..]);
        }
    }
}
