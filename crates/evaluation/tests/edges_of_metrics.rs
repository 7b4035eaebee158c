//! Where metrics begin and end, and which of their values are good.
#![allow(clippy::unwrap_used)]

use recurra_evaluation::metrics::{
    Intervals, Level, Metric, Points, Scored, SeasonalScale, Target, Undefined, crps_from_quantiles, pinball_loss,
};

#[test]
fn a_quantile_lies_strictly_between_zero_and_one() {
    for probability in [0.0, 1.0, -0.5, 1.5] {
        let refused = Err(Undefined::Probability { value: probability });
        assert_eq!(pinball_loss(&[1.0], &[1.0], probability), refused);
        assert_eq!(crps_from_quantiles(&[1.0], &[(probability, &[1.0])]), refused);
    }
    assert!(pinball_loss(&[1.0], &[1.0], f64::NAN).is_err());
}

#[test]
fn levels_are_from_one_to_ninety_nine() {
    let percents: Vec<bool> = [0, 1, 99, 100, 255].map(|percent| Level::new(percent).is_ok()).into();
    assert_eq!(percents, [false, true, true, false, false]);
    let one = Level::new(1).unwrap();
    assert_eq!(
        (one.percent(), one.coverage(), one.probabilities()),
        (1, 0.01, (0.495, 0.505))
    );
    assert_eq!(
        (one.lower_column(), one.upper_column()),
        ("lo-1".to_owned(), "hi-1".to_owned())
    );
    // Both of the bounds must be there.
    assert!(Level::within(&[0.1]).is_empty() && Level::within(&[0.9]).is_empty());
    assert_eq!(Level::within(&[0.1, 0.9 + 1e-10]), [Level::EIGHTY]);
    assert!(Level::within(&[0.1, 0.901]).is_empty());
}

#[test]
fn good_values_are_low_high_or_near() {
    let eighty = Level::EIGHTY;
    let high_or_near = [
        (Metric::RSquared, Target::Highest),
        (Metric::Bias, Target::Nearest(0.0)),
        (Metric::Coverage(eighty), Target::Nearest(0.8)),
    ];
    for (metric, target) in high_or_near {
        assert_eq!(metric.target(), target, "{metric}");
    }
    let others = [Metric::Pinball, Metric::Crps, Metric::Width(eighty)];
    for metric in Metric::OF_POINTS.into_iter().chain(others) {
        if !high_or_near.iter().any(|(other, _)| *other == metric) {
            assert_eq!(metric.target(), Target::Lowest, "{metric}");
        }
    }
}

#[test]
fn a_season_of_none_is_one() {
    let training = [1.0, 4.0, 2.0];
    assert_eq!(SeasonalScale::new(&training, 0), SeasonalScale::new(&training, 1));
    assert_eq!(SeasonalScale::new(&training, 1).unwrap().mean_absolute(), 2.5);
    let broken = SeasonalScale::new(&[1.0, f64::INFINITY, 2.0], 1);
    assert_eq!(broken, Err(Undefined::NotFinite { index: 1 }));
    assert!(SeasonalScale::new(&training, usize::MAX).is_err());
    // One difference that is not zero is a scale.
    assert_eq!(SeasonalScale::new(&[1.0, 1.0, 3.0], 1).unwrap().mean_squared(), 2.0);
}

#[test]
fn every_forecast_needs_the_scale_of_its_series() {
    let scored = Scored {
        actual: vec![1.0, 2.0],
        forecast: vec![2.0, 4.0],
        scales: vec![SeasonalScale::new(&[0.0, 2.0], 1)],
        bounds: Vec::new(),
    };
    for metric in [Metric::Mase, Metric::Rmsse] {
        let missing = Err(Undefined::Lengths { left: 2, right: 1 });
        assert_eq!(metric.evaluate(&scored), missing, "{metric}");
    }
    // Each error over the scale of its own series: 1/2 and 2/4.
    let own = Scored {
        scales: vec![SeasonalScale::new(&[0.0, 2.0], 1), SeasonalScale::new(&[0.0, 4.0], 1)],
        ..scored
    };
    assert_eq!(Metric::Mase.evaluate(&own), Ok(0.5));
    assert_eq!(Metric::Rmsse.evaluate(&own), Ok(0.5));
}

#[test]
fn what_is_not_finite_is_found_on_either_side() {
    let infinite = [1.0, f64::INFINITY];
    let broken = Undefined::NotFinite { index: 1 };
    assert_eq!(Points::new(&infinite, &[1.0; 2]).unwrap_err(), broken);
    assert_eq!(Points::new(&[1.0; 2], &infinite).unwrap_err(), broken);
    assert_eq!(Intervals::new(&[1.0; 2], &[0.0; 2], &infinite).unwrap_err(), broken);
}

#[test]
fn a_band_without_width_is_no_crossed_one() {
    let intervals = Intervals::new(&[1.0, 2.0], &[1.0, 1.0], &[1.0, 1.0]).unwrap();
    assert_eq!((intervals.count(), intervals.hits(), intervals.coverage()), (2, 1, 0.5));
    assert_eq!(intervals.mean_width(), 0.0);
}
