//! Season lengths and calendar columns.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use recurra_series::{Frequency, RandomState, Time, autocorrelation, calendar, reference, season_length};

/// A season of `length` random levels of deviation 5 on a line, with a little noise.
fn seasonal(length: usize, n: usize, seed: u32) -> Vec<f64> {
    let mut state = RandomState::new(seed);
    let levels = state.randn(length);
    let noise = state.randn(n);
    let mean = levels.iter().sum::<f64>() / length as f64;
    let square = levels.iter().map(|level| (level - mean) * (level - mean)).sum::<f64>() / length as f64;
    (0..n)
        .map(|t| 5.0 * (levels[t % length] - mean) / square.sqrt() + 0.3 * t as f64 + 0.2 * noise[t])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn planted_seasons_are_found(length in 3..30_usize, cycles in 6..12_usize, seed: u32) {
        // The rule asks for four standard errors of white noise, 4/√n: from 64 values on that is half a correlation at most.
        let cycles = cycles.max(64_usize.div_ceil(length));
        let values = seasonal(length, length * cycles, seed);
        let found = season_length(&values, None).unwrap();
        // Random levels may repeat within the season, so a divisor may be as good; a multiple never is.
        prop_assert_eq!(length % found, 0, "{} in place of {}", found, length);
    }

    #[test]
    fn the_autocorrelation_is_the_plain_sum(values in prop::collection::vec(-10.0..10.0_f64, 2..30), lag in 0..30_usize) {
        let n = values.len();
        let mean: f64 = values.iter().sum::<f64>() / n as f64;
        let mut product = 0.0;
        for t in 0..n.saturating_sub(lag) {
            product += (values[t] - mean) * (values[t + lag] - mean);
        }
        let square: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
        match autocorrelation(&values, lag) {
            None => prop_assert!(lag >= n || square == 0.0),
            Some(found) => {
                prop_assert!((found - product / square).abs() < 1e-12);
                prop_assert!(found.abs() <= 1.0 + 1e-12);
            }
        }
    }
}

#[test]
fn the_reference_has_a_yearly_season() {
    let values: Vec<f64> = reference::values().into_iter().map(f64::from).collect();
    assert_eq!(season_length(&values, Some(Frequency::Days(1))), Some(365));
}

/// The season length without a frequency; one for none.
fn season(values: &[f64]) -> usize {
    season_length(values, None).unwrap_or(1)
}

fn noisy(count: usize, noise: f64, clean: impl Fn(usize) -> f64) -> Vec<f64> {
    let draws = RandomState::new(3).randn(count);
    (0..count)
        .zip(draws)
        .map(|(step, draw)| clean(step) + noise * draw)
        .collect()
}

fn wave(step: usize, length: f64) -> f64 {
    libm::sin(step as f64 * std::f64::consts::TAU / length)
}

#[test]
fn finds_the_year_of_the_reference_series() {
    let values: Vec<f64> = reference::values().into_iter().map(f64::from).collect();
    let found = season(&values[..reference::TRAIN_LENGTH]);
    assert!((360..=370).contains(&found), "{found}");
    assert_eq!(season(&values), 365);
}

#[test]
fn a_bent_trend_does_not_hide_the_months() {
    let values = noisy(300, 0.3, |step| 0.001 * (step * step) as f64 + 3.0 * wave(step, 12.0));
    assert_eq!(season(&values), 12);
}

#[test]
fn noise_and_constants_have_no_season() {
    assert_eq!(season(&noisy(200, 1.0, |_| 0.0)), 1);
    assert_eq!(season(&noisy(200, 1.0, |step| step as f64)), 1);
    assert_eq!(season(&[0.1; 50]), 1);
    assert_eq!(season(&[]), 1);
}

#[test]
fn noise_constants_and_scraps_have_no_season() {
    assert_eq!(
        season_length(&RandomState::new(5).randn(500), Some(Frequency::Days(1))),
        None
    );
    assert_eq!(season_length(&RandomState::new(5).randn(500), None), None);
    assert_eq!(season_length(&[4.0; 100], None), None);
    let straight: Vec<f64> = (0..50).map(f64::from).collect();
    assert_eq!(season_length(&straight, Some(Frequency::Days(1))), None);
    for length in 0..6 {
        assert_eq!(season_length(&straight[..length], Some(Frequency::Days(1))), None);
        assert_eq!(season_length(&straight[..length], None), None);
    }
}

#[test]
fn the_season_of_monthly_and_hourly_data() {
    let monthly = Frequency::Months { count: 1, day: 1 };
    assert_eq!(season_length(&seasonal(12, 120, 3), Some(monthly)), Some(12));
    assert_eq!(
        season_length(&seasonal(24, 24 * 20, 3), Some(Frequency::Seconds(3600))),
        Some(24)
    );
    assert_eq!(
        season_length(&seasonal(168, 168 * 6, 3), Some(Frequency::Seconds(3600))),
        Some(168)
    );
    assert_eq!(
        season_length(&seasonal(12, 20, 3), Some(monthly)),
        None,
        "not two whole seasons"
    );
}

/// These bits are part of the numeric contract: they hold on every machine.
#[test]
fn calendar_columns_are_pinned() {
    let times: Vec<Time> = ["2023-12-31T23:00", "2024-01-01T00:00", "2024-02-29T06:30"]
        .map(|text| text.parse().unwrap())
        .into();
    let mut shown = Vec::new();
    for frequency in ["hourly", "daily", "weekly", "monthly"] {
        shown.push(frequency.to_owned());
        for column in calendar(&times, frequency.parse().unwrap()).unwrap() {
            let bits: Vec<String> = column
                .values
                .iter()
                .map(|value| format!("{value:+.6} {:016x}", value.to_bits()))
                .collect();
            shown.push(format!("  {}: {}", column.name, bits.join(", ")));
        }
    }
    shown.push(calendar(&times, "yearly".parse().unwrap()).unwrap_err().to_string());
    shown.push(
        calendar(&[Time::Number(3.0)], Frequency::Step(1.0))
            .unwrap_err()
            .to_string(),
    );
    insta::assert_snapshot!(shown.join("\n"));
}
