//! What filling a series as a whole shows of what comes after a cutoff.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use recurra_series::{ColumnNames, CsvOptions, Fill, GappySeries, PanelOptions, Series, Source, Table};

/// A series with the past covariate `rain`.
fn gappy(values: &[Option<f64>], rain: &[Option<f64>]) -> GappySeries {
    let text = |value: &Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let rows = values.iter().zip(rain).enumerate();
    let rows = rows.map(|(at, (value, rain))| format!("{at},{},{}\n", text(value), text(rain)));
    let source = Source::Bytes {
        name: "gappy.csv".to_owned(),
        bytes: format!("ds,y,rain\n{}", rows.collect::<String>()).into_bytes(),
    };
    let table = Table::read(source, &CsvOptions::default()).unwrap();
    let names = ColumnNames {
        past: vec!["rain".to_owned()],
        ..ColumnNames::default()
    };
    let mut panel = table.gappy_panel(&names, &PanelOptions::default()).unwrap();
    panel.series.remove(0)
}

fn without_gaps(count: u32) -> Vec<Option<f64>> {
    (0..count).map(|at| Some(f64::from(at))).collect()
}

fn ahead(series: &Series) -> Vec<usize> {
    (0..=series.len()).filter(|cutoff| series.sees_ahead(*cutoff)).collect()
}

#[test]
fn only_what_is_filled_from_later_values_sees_ahead() {
    let mut values = without_gaps(12);
    assert_eq!(
        ahead(&gappy(&values, &without_gaps(12)).fill(Fill::Linear, 4).unwrap()),
        []
    );
    values[0] = None;
    values[2] = None;
    values[9] = None;
    let gappy = gappy(&values, &without_gaps(12));
    let ahead = |fill| ahead(&gappy.fill(fill, 4).unwrap());
    assert_eq!(ahead(Fill::Previous), [1]);
    assert_eq!(ahead(Fill::Linear), [1, 3, 10]);
    // Values 0 and 2 are values 4 and 6, one season on; value 9 is value 5.
    assert_eq!(ahead(Fill::Seasonal), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_filled_past_covariate_sees_ahead_although_the_value_was_observed() {
    let mut rain = without_gaps(8);
    rain[3] = None;
    let series = gappy(&without_gaps(8), &rain).fill(Fill::Linear, 1).unwrap();
    assert!(!series.is_filled(3));
    assert_eq!(ahead(&series), [4]);
}

#[test]
fn a_season_without_end_is_none() {
    let values = [Some(1.0), None, Some(3.0)];
    assert_eq!(Fill::Seasonal.apply(&values, usize::MAX), Some(vec![1.0, 2.0, 3.0]));
}

fn column() -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop::option::weighted(0.7, (-100..100_i32).prop_map(f64::from)), 20)
}

proptest! {
    /// Where a whole fill does not see ahead, it is the fill of what comes before the cutoff.
    #[test]
    fn a_cutoff_that_sees_nothing_ahead_could_have_been_filled_there(
        mut values in column(),
        mut rain in column(),
        season in 1..7_usize,
    ) {
        // Every column has a value, and the first and last row are there.
        values[0] = values[0].or(Some(1.0));
        rain[19] = rain[19].or(Some(1.0));
        let gappy = gappy(&values, &rain);
        for fill in [Fill::Linear, Fill::Previous, Fill::Seasonal] {
            let whole = gappy.fill(fill, season).unwrap();
            for cutoff in (1..=20).filter(|cutoff| !whole.sees_ahead(*cutoff)) {
                let until = gappy.fill_until(cutoff, fill, season).unwrap();
                prop_assert_eq!(until.values(), &whole.values()[..cutoff], "{} {}", fill, cutoff);
                let rain = |series: &Series| series.past_covariates()[0].values[..cutoff].to_vec();
                prop_assert_eq!(rain(&until), rain(&whole), "{} {}", fill, cutoff);
            }
        }
    }
}
