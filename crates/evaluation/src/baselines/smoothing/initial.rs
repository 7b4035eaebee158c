//! Where the recursion starts.

use super::recursion::{Form, Parameters, State};
use crate::baselines::line;
use crate::sums::mean;

/// At most this many seasons (or values, without a season) decide the starting states.
const SEASONS: usize = 5;
const VALUES: usize = 10;

/// The states before the first value, from the first few seasons: a line through the seasons' means gives level and trend,
/// and the mean distance from it the season. Without a season, a line through the first ten values. Without a trend the
/// line is level. After Hyndman, Koehler, Ord & Snyder (2008), 2.6.1.
fn state(values: &[f64], form: Form) -> State {
    let length = form.season_length;
    let seasons: Vec<&[f64]> = if length > 1 {
        values.chunks_exact(length).take(SEASONS).collect()
    } else {
        values.chunks_exact(1).take(VALUES).collect()
    };
    let means: Vec<f64> = seasons.iter().map(|season| mean(season)).collect();
    let (constant, rise) = if form.trend {
        line::through(&means)
    } else {
        (mean(&means), 0.0)
    };
    let trend = rise / length as f64;
    // The mean of the first season belongs to its middle.
    let at = |step: f64| constant + trend * (step - (length as f64 - 1.0) / 2.0);
    let mut season: Vec<f64> = (0..length)
        .map(|place| {
            let distances = seasons
                .iter()
                .enumerate()
                .map(|(index, season)| season[place] - at((index * length + place) as f64));
            distances.sum::<f64>() / seasons.len() as f64
        })
        .collect();
    let centre = mean(&season);
    season.iter_mut().for_each(|index| *index -= centre);
    State {
        level: at(-1.0),
        trend,
        season,
        next: 0,
    }
}

impl State {
    /// Runs the recursion from its starting states through all values. Returns the last state and the sum of squared one-step errors.
    pub(in crate::baselines) fn after(values: &[f64], form: Form, parameters: Parameters) -> (Self, f64) {
        let mut state = state(values, form);
        let squares = state.run(values, parameters);
        (state, squares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_season_is_taken_apart_exactly() {
        let pattern = [2.0, -3.0, 1.0, 0.0];
        let values: Vec<f64> = (0..16)
            .map(|step| 10.0 + 0.5 * step as f64 + pattern[step % 4])
            .collect();
        let found = state(
            &values,
            Form {
                trend: true,
                season_length: 4,
            },
        );
        assert!(
            (found.level - 9.5).abs() < 1e-12 && (found.trend - 0.5).abs() < 1e-12,
            "{found:?}"
        );
        for (index, expected) in found.season.iter().zip(pattern) {
            assert!((index - expected).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn without_a_season_there_is_one_index_of_zero() {
        let found = state(
            &[3.0, 5.0],
            Form {
                trend: true,
                season_length: 1,
            },
        );
        assert_eq!(
            found,
            State {
                level: 1.0,
                trend: 2.0,
                season: vec![0.0],
                next: 0
            }
        );
    }
    #[test]
    fn ten_values_or_five_seasons_decide() {
        let values: Vec<f64> = (0..20).map(f64::from).collect();
        let level = |season_length| {
            let trend = false;
            state(&values, Form { trend, season_length }).level
        };
        assert_eq!(level(1), 4.5);
        // The middles of five seasons of three: 1, 4, 7, 10, 13.
        assert_eq!(level(3), 7.0);
    }
}
