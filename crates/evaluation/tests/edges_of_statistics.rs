//! Where statistics begin and end: the last setting that is refused, the first that is taken, and what lies exactly between.
#![allow(clippy::unwrap_used)]

use recurra_evaluation::metrics::{Points, Undefined};
use recurra_evaluation::statistics::{
    Bootstrap, Interval, Location, Method, PairedComparison, Pairing, Pairwise, Summary, Verdict, diebold_mariano,
    friedman, hedges_g, holm_adjusted, mann_whitney, nemenyi_critical_difference, proportion_interval, quantile,
    six_digits, wilcoxon_signed_rank,
};

const OUTSIDE: [f64; 5] = [0.0, 1.0, -0.1, 1.5, f64::NAN];

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[track_caller]
fn refuses_the_probability<T>(outcome: Result<T, Undefined>) {
    assert!(matches!(outcome, Err(Undefined::Probability { .. })));
}

#[test]
fn a_confidence_lies_strictly_between_zero_and_one() {
    let sample = [1.0, 2.0, 4.0];
    for confidence in OUTSIDE {
        refuses_the_probability(proportion_interval(1, 2, confidence));
        refuses_the_probability(nemenyi_critical_difference(3, 5, confidence));
        let bootstrap = Bootstrap {
            confidence,
            ..Bootstrap::default()
        };
        refuses_the_probability(bootstrap.percentile(&sample, mean));
        refuses_the_probability(bootstrap.percentile_of_two(&sample, &sample, |left, right| mean(left) - mean(right)));
        refuses_the_probability(bootstrap.bias_corrected(&sample, mean));
    }
}

#[test]
fn a_probability_may_be_zero_or_one() {
    assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.0), Ok(1.0));
    assert_eq!(quantile(&[3.0, 1.0, 2.0], 1.0), Ok(3.0));
    assert_eq!(holm_adjusted(&[1.0, 0.0]), Ok(vec![1.0, 0.0]));
    for probability in [-0.1, 1.1, f64::NAN] {
        refuses_the_probability(quantile(&[1.0], probability));
        refuses_the_probability(holm_adjusted(&[0.5, probability]));
    }
}

#[test]
fn shares_of_nothing_and_of_more_than_all_are_refused() {
    assert_eq!(proportion_interval(0, 0, 0.9), Err(Undefined::NoPoints));
    assert_eq!(
        proportion_interval(3, 2, 0.9),
        Err(Undefined::Lengths { left: 3, right: 2 })
    );
    // One of one: the lower end is where the chance of a success is the tail itself.
    let one = proportion_interval(1, 1, 0.9).unwrap();
    assert!((one.lower - 0.05).abs() < 1e-9 && one.upper == 1.0, "{one:?}");
    let none = proportion_interval(0, 1, 0.9).unwrap();
    assert!(none.lower == 0.0 && (none.upper - 0.95).abs() < 1e-9, "{none:?}");
}

#[test]
fn tests_are_exact_up_to_fifty_values() {
    let rising: Vec<f64> = (1..=51).map(f64::from).collect();
    let between: Vec<f64> = rising.iter().map(|value| value + 0.5).collect();
    let zeros = [0.0; 51];
    let methods = |count: usize| {
        let signed = wilcoxon_signed_rank(&rising[..count], &zeros[..count]).unwrap().method;
        let left = mann_whitney(&rising[..count], &between[..3]).unwrap().method;
        let right = mann_whitney(&rising[..3], &between[..count]).unwrap().method;
        [signed, left, right]
    };
    assert_eq!(methods(50), [Method::Exact; 3]);
    assert_eq!(methods(51), [Method::Asymptotic; 3]);
    // All fifty signs alike: one of 2⁵⁰ on either side.
    let all = wilcoxon_signed_rank(&rising[..50], &zeros[..50]).unwrap();
    assert_eq!(all.p_value, 2.0 / (1u64 << 50) as f64);
}

#[test]
fn a_statistic_in_the_middle_has_p_one() {
    // With ties, so from the normal distribution: the continuity correction does not carry it past the middle.
    let signed = wilcoxon_signed_rank(&[1.0, -1.0], &[0.0; 2]).unwrap();
    assert_eq!(
        (signed.statistic, signed.p_value, signed.method),
        (1.5, 1.0, Method::Asymptotic)
    );
    let ranks = mann_whitney(&[1.0, 2.0], &[1.0, 2.0]).unwrap();
    assert_eq!(
        (ranks.statistic, ranks.p_value, ranks.method),
        (2.0, 1.0, Method::Asymptotic)
    );
    // Exact: twice the lower tail would be more than one.
    let exact = wilcoxon_signed_rank(&[1.0, 2.0, -3.0], &[0.0; 3]).unwrap();
    assert_eq!((exact.statistic, exact.p_value), (3.0, 1.0));
}

#[test]
fn a_zero_difference_is_dropped_and_leaves_no_exact_test() {
    let test = wilcoxon_signed_rank(&[1.0, 2.0, 0.0], &[0.0; 3]).unwrap();
    assert_eq!((test.statistic, test.method), (3.0, Method::Asymptotic));
}

#[test]
fn an_overlap_of_none_is_one_and_needs_three_losses() {
    let (left, right) = ([1.0, 2.0, 4.0], [0.5, 2.5, 1.0]);
    let none = diebold_mariano(&left, &right, 0).unwrap();
    assert_eq!(none, diebold_mariano(&left, &right, 1).unwrap());
    assert_eq!(
        diebold_mariano(&left, &right, 3),
        Err(Undefined::TooFew { needed: 4, found: 3 })
    );
    // By hand: d = 0.5, −0.5, 3; d̄ = 1, γ₀ = 13/6, and the factor √((n + 1 − 2)/n) = √(2/3).
    let expected = 1.0 / (13.0f64 / 6.0 / 3.0).sqrt() * (2.0f64 / 3.0).sqrt();
    assert!((none.statistic - expected).abs() < 1e-14, "{}", none.statistic);
}

#[test]
fn ranks_need_two_models_and_two_units() {
    assert_eq!(friedman(&[]), Err(Undefined::TooFew { needed: 2, found: 0 }));
    assert_eq!(
        friedman(&[&[1.0], &[2.0]]),
        Err(Undefined::TooFew { needed: 2, found: 1 })
    );
    let two = friedman(&[&[1.0, 1.0], &[2.0, 2.0]]).unwrap();
    // The same ranks in every unit leave nothing over for Iman and Davenport's F.
    assert_eq!((two.models, two.units, two.chi_squared), (2, 2, 2.0));
    assert_eq!(two.iman_davenport_p_value, 0.0);
    let few = |needed, found| Err(Undefined::TooFew { needed, found });
    assert_eq!(nemenyi_critical_difference(1, 0, 0.95), few(2, 1));
    assert_eq!(nemenyi_critical_difference(2, 0, 0.95), few(1, 0));
    assert!(nemenyi_critical_difference(2, 1, 0.95).is_ok());
}

#[test]
fn iman_and_davenports_p_value_is_that_of_their_distribution() {
    // Three models over four units with rank sums 5, 8 and 11: χ² = 4.5, F = 3·4.5/(4·2 − 4.5) with 2 and 6 degrees of freedom.
    let test = friedman(&[&[1.0, 1.0, 1.0, 2.0], &[2.0, 3.0, 2.0, 1.0], &[3.0, 2.0, 3.0, 3.0]]).unwrap();
    assert_eq!(test.mean_ranks, [1.25, 2.0, 2.75]);
    assert!((test.chi_squared - 4.5).abs() < 1e-12, "{}", test.chi_squared);
    // With two degrees of freedom above, the upper tail is (1 + 2 F / d)^(−d / 2).
    let expected = (1.0f64 + 2.0 * (13.5 / 3.5) / 6.0).powi(-3);
    assert!((test.iman_davenport_p_value - expected).abs() < 1e-12, "{test:?}");
}

#[test]
fn settings_of_zero_draw_nothing() {
    let nothing = Err(Undefined::TooFew { needed: 1, found: 0 });
    let no_resamples = Bootstrap {
        resamples: 0,
        ..Bootstrap::default()
    };
    let no_blocks = Bootstrap {
        block_length: 0,
        ..Bootstrap::default()
    };
    assert_eq!(no_resamples.percentile(&[1.0, 2.0], mean), nothing);
    assert_eq!(no_blocks.percentile(&[1.0, 2.0], mean), nothing);
}

#[test]
fn a_single_value_has_itself_for_an_interval_and_no_bias_to_correct() {
    let estimate = Bootstrap::default().percentile(&[5.0], mean).unwrap();
    assert_eq!(estimate.interval, Interval { lower: 5.0, upper: 5.0 });
    assert_eq!(
        Bootstrap::default().bias_corrected(&[5.0], mean),
        Err(Undefined::TooFew { needed: 2, found: 1 })
    );
}

#[test]
fn a_value_beyond_all_replicates_has_no_corrected_interval() {
    // Twenty different values: in 200 resamples none has them all (20!/20²⁰ is 2·10⁻⁸), so all replicates lie on one side.
    let sample: Vec<f64> = (0..20).map(f64::from).collect();
    let distinct = |values: &[f64]| {
        let mut bits: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
        bits.sort_unstable();
        bits.dedup();
        bits.len() as f64
    };
    let bootstrap = Bootstrap {
        resamples: 200,
        ..Bootstrap::default()
    };
    let none = Err(Undefined::NoVariation {
        what: "bootstrap replicates",
    });
    assert_eq!(bootstrap.bias_corrected(&sample, distinct), none);
    assert_eq!(bootstrap.bias_corrected(&sample, |values| -distinct(values)), none);
}

#[test]
fn an_interval_holds_its_ends() {
    let interval = Interval { lower: 1.0, upper: 2.0 };
    assert!(interval.contains(1.0) && interval.contains(2.0));
    assert!(!interval.contains(0.9) && !interval.contains(2.1));
}

#[test]
fn an_interval_that_touches_zero_decides_nothing() {
    let zeros = [0.0; 8];
    let lower = [-1.0, -1.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    for (left, right) in [(&lower, &zeros), (&zeros, &lower)] {
        let comparison = PairedComparison::new(left, right, &Pairing::default()).unwrap();
        let Interval { lower, upper } = comparison.difference.interval;
        assert!(lower < upper && (lower == 0.0 || upper == 0.0), "{lower} {upper}");
        assert_eq!(comparison.verdict, Verdict::Undecided);
    }
}

#[test]
fn standings_say_the_centre_and_the_mean_rank() {
    let (good, poor): (&[f64], &[f64]) = (&[1.0, 2.0, 6.0], &[2.0, 2.0, 9.0]);
    let table = |location| {
        let pairing = Pairing {
            location,
            ..Pairing::default()
        };
        let table = Pairwise::new(&[("poor", poor), ("good", good)], &pairing).unwrap();
        table
            .standings
            .into_iter()
            .map(|one| (one.model, one.center, one.mean_rank))
            .collect::<Vec<_>>()
    };
    let ranks = (7.0 / 6.0, 11.0 / 6.0);
    let named = |good, poor| [("good".to_owned(), good, ranks.0), ("poor".to_owned(), poor, ranks.1)];
    for (found, expected) in [
        (table(Location::Mean), named(3.0, 13.0 / 3.0)),
        (table(Location::Median), named(2.0, 2.0)),
    ] {
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!((&found.0, found.1), (&expected.0, expected.1));
            assert!((found.2 - expected.2).abs() < 1e-15, "{found:?}");
        }
    }
}

#[test]
fn a_summary_has_every_quantile_in_its_place() {
    let sample: Vec<f64> = (0..=20).rev().map(f64::from).collect();
    let summary = Summary::new(&sample).unwrap();
    assert_eq!((summary.count, summary.minimum, summary.maximum), (21, 0.0, 20.0));
    let quantiles = [
        summary.lower_decile,
        summary.lower_quartile,
        summary.median,
        summary.upper_quartile,
        summary.upper_decile,
    ];
    assert_eq!(quantiles, [2.0, 5.0, 10.0, 15.0, 18.0]);
    assert_eq!(Summary::new(&[]), Err(Undefined::TooFew { needed: 1, found: 0 }));
}

#[test]
fn what_is_not_finite_has_no_digits_to_cut() {
    assert_eq!(six_digits(f64::NEG_INFINITY), f64::NEG_INFINITY);
    assert_eq!(six_digits(0.0), 0.0);
    assert_eq!(six_digits(-98_765_432.1), -98_765_400.0);
}

/// Replicates that are the statistic itself count half as below it, so what is symmetric has a symmetric interval.
#[test]
fn a_corrected_interval_of_a_symmetric_sample_is_symmetric() {
    let bootstrap = Bootstrap {
        resamples: 20_000,
        confidence: 0.9,
        ..Bootstrap::default()
    };
    let estimate = bootstrap.bias_corrected(&[-1.0, 0.0, 1.0], mean).unwrap();
    assert_eq!(estimate.value, 0.0);
    let Interval { lower, upper } = estimate.interval;
    assert!(
        (lower + upper).abs() < 1e-12 && (0.6..0.7).contains(&upper),
        "{lower} {upper}"
    );
}

#[test]
fn quantiles_between_two_values_have_the_bits_of_numpy() {
    // NumPy 2.4; the two forms of its interpolation differ in the last digit of the first and the last two.
    let sample = [0.1, 0.9, 2.3, 3.7];
    for (probability, expected) in [
        (0.05, 0.220_000_000_000_000_03),
        (0.1, 0.340_000_000_000_000_1),
        (0.25, 0.7),
        (0.5, 1.599_999_999_999_999_9),
    ] {
        assert_eq!(quantile(&sample, probability), Ok(expected), "{probability}");
    }
}

/// A sum of squares less a square would have lost the digits.
#[test]
fn values_far_from_zero_keep_their_spread() {
    let far = |values: [f64; 4]| values.map(|value| 1e9 + value);
    let (left, right) = ([1.0, 2.0, 4.0, 9.0], [0.0, 3.0, 3.0, 6.0]);
    assert_eq!(hedges_g(&far(left), &far(right)), hedges_g(&left, &right));
    let r_squared = |actual: [f64; 4], forecast: [f64; 4]| Points::new(&actual, &forecast).unwrap().r_squared();
    assert_eq!(r_squared(far(left), far(right)), r_squared(left, right));
}
