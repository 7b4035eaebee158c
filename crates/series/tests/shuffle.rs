//! The shuffle buffer against a naive twin, and its statistics.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use proptest::prelude::*;
use recurra_series::{Remainder, ShuffleBuffer, batches};

proptest! {
    #[test]
    fn an_order_is_a_permutation_that_the_buffer_allows(n in 0_usize..200, buffer in 0_usize..250, seed: u64) {
        let order = ShuffleBuffer::new(buffer, seed).order(n);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        prop_assert!(sorted.into_iter().eq(0..n));
        // The naive twin: at each step the buffer holds exactly the first `buffer + step` indices less those drawn.
        let mut held: Vec<usize> = Vec::new();
        let mut source = 0..n;
        for &index in &order {
            held.extend(source.by_ref().take(buffer.max(1) - held.len()));
            let place = held.iter().position(|&other| other == index);
            prop_assert!(place.is_some(), "{} is not in the buffer {:?}", index, held);
            held.remove(place.unwrap());
        }
        prop_assert!(held.is_empty());
    }

    #[test]
    fn a_buffer_of_one_changes_nothing(n in 0_usize..200, seed: u64) {
        prop_assert!(ShuffleBuffer::new(1, seed).order(n).into_iter().eq(0..n));
    }

    #[test]
    fn a_saved_buffer_goes_on_where_it_stood(n in 2_usize..50, seed: u64, drawn in 0_usize..5) {
        let mut shuffle = ShuffleBuffer::new(n, seed);
        for _ in 0..drawn {
            shuffle.order(n);
        }
        let saved = serde_json::to_string(&shuffle).unwrap();
        let mut loaded: ShuffleBuffer = serde_json::from_str(&saved).unwrap();
        prop_assert_eq!(loaded.drawn(), drawn as u64);
        prop_assert_eq!(loaded.order(n), shuffle.order(n));
        prop_assert_eq!(loaded, shuffle);
    }

    #[test]
    fn batches_are_the_order_in_pieces(n in 0_usize..100, size in 1_usize..20, drop: bool) {
        let order: Vec<usize> = (0..n).rev().collect();
        let mut joined = Vec::new();
        let remainder = if drop { Remainder::Drop } else { Remainder::Keep };
        for batch in batches(&order, size, remainder) {
            prop_assert!(batch.len() == size || (!drop && joined.len() + batch.len() == n));
            joined.extend_from_slice(batch);
        }
        let kept = if drop { n / size * size } else { n };
        prop_assert_eq!(&joined[..], &order[..kept]);
    }
}

/// Pearson's statistic of counts against equal chances.
fn chi_square(counts: impl Iterator<Item = usize>, expected: f64) -> f64 {
    counts
        .map(|count| (count as f64 - expected) * (count as f64 - expected) / expected)
        .sum()
}

/// All 120 orders of five indices are equally likely. The 0.001 and 0.999 quantiles of chi-square with 119 degrees of
/// freedom are 75 and 174.
#[test]
fn a_large_buffer_gives_every_permutation_alike() {
    let mut counts: HashMap<Vec<usize>, usize> = HashMap::new();
    let mut shuffle = ShuffleBuffer::new(5, 51);
    for _ in 0..12_000 {
        *counts.entry(shuffle.order(5)).or_default() += 1;
    }
    assert_eq!(counts.len(), 120);
    let statistic = chi_square(counts.into_values(), 100.0);
    assert!((75.0..174.0).contains(&statistic), "{statistic}");
}

/// With a buffer of two, the first index leaves at step k with chance 2^-(k+1), and at the last two steps alike. The 0.999
/// quantile of chi-square with 5 degrees of freedom is 20.5.
#[test]
fn a_small_buffer_has_tf_datas_distribution() {
    let draws = 32_000;
    let mut counts = [0_usize; 6];
    let mut shuffle = ShuffleBuffer::new(2, 7);
    for _ in 0..draws {
        let place = shuffle.order(6).iter().position(|&index| index == 0).unwrap();
        counts[place] += 1;
    }
    let chances = [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.03125];
    let statistic: f64 = counts
        .iter()
        .zip(chances)
        .map(|(&count, p)| chi_square([count].into_iter(), p * f64::from(draws)))
        .sum();
    assert!(statistic < 20.5, "{statistic} {counts:?}");
}

/// These orders are part of the numeric contract: they hold on every machine.
#[test]
fn orders_are_pinned() {
    let mut shuffle = ShuffleBuffer::new(4, 51);
    let shown = format!(
        "{:?}\n{:?}\n{:?}",
        shuffle.order(12),
        shuffle.order(12),
        ShuffleBuffer::new(99, 1).order(12)
    );
    insta::assert_snapshot!(shown);
}
