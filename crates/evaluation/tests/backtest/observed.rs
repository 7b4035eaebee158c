//! An error counts once its value has been observed, the errors of later steps later: written down plainly for the naive forecast.

use recurra_evaluation::backtest::{Backtest, Calibration};
use recurra_evaluation::intervals::{AdaptiveLevel, ConformalErrors};
use recurra_evaluation::metrics::Level;
use recurra_series::Series;

/// Whole numbers, so that many an error is exactly as large as the margin: that value was held.
fn values() -> Vec<f64> {
    (0..80)
        .map(|step| f64::from((step * step + 3 * step) % 17 % 7))
        .collect()
}

#[test]
fn intervals_rest_on_the_errors_that_were_known_at_their_cutoff() {
    const HORIZON: usize = 3;
    const ERRORS: usize = 9;
    for step in [1, 2] {
        let values = values();
        let plan = Backtest {
            folds: 14,
            step,
            adaptation: 0.1,
            calibration: Some(Calibration {
                levels: vec![Level::EIGHTY],
                errors: ERRORS,
            }),
            ..Backtest::new(HORIZON)
        };
        let first = plan.first_cutoff(values.len()).unwrap();
        let cutoffs: Vec<usize> = (first..=values.len() - HORIZON).step_by(step).collect();
        let scored = cutoffs.len() - plan.folds;
        let result = plan.run(&[], &[Series::from_values(values.clone()).unwrap()]).unwrap();
        assert_eq!(result.table.rows.len(), plan.folds * HORIZON);
        for offset in 0..HORIZON {
            let error = |cutoff: usize| (values[cutoff + offset] - values[cutoff - 1]).abs();
            let mut adaptive = AdaptiveLevel::new(Level::EIGHTY, plan.adaptation);
            let mut margins: Vec<(usize, Option<f64>)> = Vec::new();
            let mut judged = 0;
            for &cutoff in &cutoffs[scored..] {
                let observed = |earlier: usize| earlier + offset < cutoff;
                while let Some(&(earlier, margin)) = margins.get(judged).filter(|(earlier, _)| observed(*earlier)) {
                    match margin {
                        Some(margin) if error(earlier) > margin => adaptive.missed(),
                        Some(_) => adaptive.held(),
                        None => {}
                    }
                    judged += 1;
                }
                let known = cutoffs.iter().rev().filter(|earlier| observed(**earlier));
                let errors = ConformalErrors::new(known.take(ERRORS).map(|earlier| error(*earlier)));
                let margin = errors.shifted_margin(Level::EIGHTY, adaptive.shift());
                margins.push((cutoff, margin));
                let at = |row: &&recurra_evaluation::backtest::ForecastRow| {
                    row.step == offset + 1 && row.index == cutoff + offset
                };
                let row = result.table.rows.iter().find(at).unwrap();
                let found = row.bounds[0].map(|bounds| (bounds.lower, bounds.upper));
                let expected = margin.map(|margin| (row.yhat - margin, row.yhat + margin));
                assert_eq!(found, expected, "step {step}, cutoff {cutoff}, {} ahead", offset + 1);
            }
        }
    }
}

#[test]
fn a_rate_of_adaptation_is_a_finite_number_that_is_not_negative() {
    let series = [Series::from_values(values()).unwrap()];
    let run = |adaptation| {
        let plan = Backtest {
            adaptation,
            ..Backtest::new(1)
        };
        plan.run(&[], &series).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!((run(0.0), run(0.5)), (Ok(()), Ok(())));
    for adaptation in [-0.1, f64::INFINITY, f64::NAN] {
        let said = run(adaptation);
        assert!(
            said.as_ref().is_err_and(|said| said.contains(&adaptation.to_string())),
            "{said:?}"
        );
    }
}
