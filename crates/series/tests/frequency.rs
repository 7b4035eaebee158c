//! Frequencies: inferred, continued, counted.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use recurra_series::{Frequency, FrequencyError, SplitPoint, Time, TimeKind};

fn times(texts: &[&str]) -> Vec<Time> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn inferred(texts: &[&str]) -> String {
    Frequency::infer(&times(texts)).map_or_else(|error| error.to_string(), |frequency| frequency.to_string())
}

#[test]
fn the_frequencies_that_people_have() {
    let cases: [&[&str]; 22] = [
        &["2024-01-01", "2024-01-02", "2024-01-03"],
        &["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"],
        &["2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09"],
        &["2024-01-04", "2024-01-05", "2024-01-06", "2024-01-08", "2024-01-09"],
        &["2024-01-07", "2024-01-14", "2024-01-21"],
        &["2024-01-01", "2024-02-01", "2024-03-01"],
        &["2024-01-15", "2024-02-15", "2024-04-15", "2024-05-15"],
        &["2023-01-31", "2023-02-28", "2023-03-31"],
        &["2024-01-30", "2024-02-29", "2024-03-30"],
        &["2023-02-28", "2023-03-31", "2023-04-30"],
        &["2024-03-31", "2024-06-30", "2024-09-30"],
        &["2020-07-01", "2021-07-01", "2022-07-01"],
        &["2020-02-29", "2021-02-28", "2022-02-28"],
        &["2024-01-01", "2024-01-11", "2024-01-21", "2024-02-10"],
        &[
            "2024-01-01T00:00",
            "2024-01-01T00:05",
            "2024-01-01T00:15",
            "2024-01-01T00:20",
        ],
        &["2024-01-01T06:00", "2024-01-02T06:00"],
        &["2024-01-01T06:00:01", "2024-01-01T06:00:02"],
        &["2024-01-01T06:00:01.5", "2024-01-01T06:00:02"],
        &["1.5", "2", "2.5", "4"],
        &["0", "1", "2", "2.5"],
        &["2024-01-01"],
        &["2024-01-02", "2024-01-01"],
    ];
    let shown: Vec<String> = cases
        .iter()
        .map(|case| format!("{} -> {}", case.join(", "), inferred(case)))
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn an_irregular_time_is_pointed_at() {
    let times = times(&["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04T12:00"]);
    let Err(FrequencyError::Irregular { index, .. }) = Frequency::infer(&times) else {
        panic!()
    };
    assert_eq!(index, 3);
}

#[test]
fn what_cannot_be_continued_is_nothing() {
    let day: Time = "9999-12-31".parse().unwrap();
    let frequency = |text: &str| -> Frequency { text.parse().unwrap() };
    assert_eq!(frequency("daily").after(Time::Number(1.0), 1), None);
    assert_eq!(frequency("step 1").after(day, 1), None);
    assert_eq!(frequency("daily").after(day, usize::MAX), None);
    assert_eq!(frequency("monthly").after(day, 1 << 40), None);
    assert_eq!(frequency("hourly").after(day, usize::MAX), None);
    assert_eq!(frequency("step 1e308").after(Time::Number(1e308), 5), None);
}

#[test]
fn from_a_weekend_the_next_business_day_is_monday() {
    let next = |from: &str, steps| {
        Frequency::BusinessDays
            .after(from.parse().unwrap(), steps)
            .unwrap()
            .to_string()
    };
    assert_eq!(next("2024-01-05", 1), "2024-01-08");
    assert_eq!(next("2024-01-06", 1), "2024-01-08");
    assert_eq!(next("2024-01-07", 1), "2024-01-08");
    assert_eq!(next("2024-01-07", 6), "2024-01-15");
}

#[test]
fn wrong_frequencies_are_errors() {
    for text in [
        "",
        "fortnightly",
        "0 days",
        "-1 hours",
        "step 0",
        "step nan",
        "monthly, on day 32",
        "99999999 hours",
    ] {
        assert!(text.parse::<Frequency>().is_err(), "{text}");
    }
    insta::assert_snapshot!("fortnightly".parse::<Frequency>().unwrap_err().to_string());
}

#[test]
fn usual_seasons() {
    let season = |text: &str| text.parse::<Frequency>().unwrap().usual_season();
    let cases = [
        "hourly",
        "15 minutes",
        "2 hours",
        "7 hours",
        "daily",
        "2 days",
        "business days",
        "weekly",
        "monthly",
        "quarterly",
        "yearly",
        "step 1",
    ];
    let shown: Vec<String> = cases.iter().map(|text| format!("{text}: {:?}", season(text))).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn split_points_are_read() {
    assert_eq!("0.25".parse(), Ok(SplitPoint::LastFraction(0.25)));
    assert_eq!("25".parse(), Ok(SplitPoint::Time(Time::Number(25.0))));
    assert!("1/2/2024".parse::<SplitPoint>().is_err());
}

fn any_frequency() -> impl Strategy<Value = Frequency> {
    prop_oneof![
        (1..200_u32).prop_map(|eighths| Frequency::Step(f64::from(eighths) / 8.0)),
        (1..100_000_u32).prop_map(Frequency::Seconds),
        (1..27_u32).prop_map(Frequency::Days),
        Just(Frequency::BusinessDays),
        (1..25_u32, 1..32_u32).prop_map(|(count, day)| Frequency::Months { count, day }),
    ]
}

/// A time on the grid of `frequency`, some steps after a fixed one.
fn start(frequency: Frequency, steps: usize) -> Time {
    let first = match frequency {
        Frequency::Step(_) => Time::Number(-3.0),
        Frequency::Seconds(_) => "1969-12-31T23:59:58".parse().unwrap(),
        Frequency::Months { day, .. } => Frequency::Months { count: 1, day }
            .after("1999-12-01".parse().unwrap(), 1)
            .unwrap(),
        _ => "1999-12-31".parse().unwrap(),
    };
    frequency.after(first, steps).unwrap()
}

proptest! {
    #[test]
    fn steps_are_counted_back(frequency in any_frequency(), from in 0..200_usize, steps in 0..500_usize) {
        let from = start(frequency, from);
        let to = frequency.after(from, steps).unwrap();
        prop_assert_eq!(frequency.steps_between(from, to), Some(steps));
        // Many steps at once are as many single ones.
        let mut one_by_one = from;
        for _ in 0..steps {
            one_by_one = frequency.after(one_by_one, 1).unwrap();
        }
        prop_assert_eq!(one_by_one, to);
    }

    #[test]
    fn a_grid_has_its_frequency(frequency in any_frequency(), from in 0..50_usize, length in 40..80_usize, gap in 5..30_usize) {
        // Fewer than 14 days of business days may pass no weekend, and seconds that are whole days are days.
        prop_assume!(!matches!(frequency, Frequency::Seconds(seconds) if seconds % 86_400 == 0));
        let first = start(frequency, from);
        let mut times: Vec<Time> = (0..length).map(|step| frequency.after(first, step).unwrap()).collect();
        times.remove(gap);
        let inferred = Frequency::infer(&times).unwrap();
        match (frequency, inferred) {
            // In whole years the month may never be too short for the day.
            (Frequency::Months { count, day }, Frequency::Months { count: found, day: shown }) => {
                prop_assert_eq!(count, found);
                prop_assert!(shown <= day);
                prop_assert_eq!(inferred.after(times[0], length), frequency.after(times[0], length));
            }
            _ => prop_assert_eq!(inferred, frequency),
        }
    }

    #[test]
    fn what_is_shown_is_read(frequency in any_frequency()) {
        prop_assert_eq!(frequency.to_string().parse(), Ok(frequency));
        let json = serde_json::to_string(&frequency).unwrap();
        prop_assert_eq!(serde_json::from_str::<Frequency>(&json).unwrap(), frequency);
    }

    #[test]
    fn times_are_read_as_shown(frequency in any_frequency(), steps in 0..1000_usize) {
        let time = start(frequency, steps);
        let text = time.to_string();
        // Whole numbers of eight digits would be dates.
        prop_assume!(time.kind() != TimeKind::Number || text.len() < 8);
        prop_assert_eq!(text.parse::<Time>(), Ok(time));
    }

    #[test]
    fn no_text_makes_times_panic(text in "\\PC{0,20}", form in "[0-9:TZQW+\\-./ aJpn]{0,25}") {
        text.parse::<Time>().ok();
        form.parse::<Time>().ok();
        text.parse::<Frequency>().ok();
    }
}
