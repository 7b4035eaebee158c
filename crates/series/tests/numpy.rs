//! The generator and the reference series against NumPy's own numbers (`golden/numpy_series.py` made them).
#![allow(clippy::unwrap_used)]

use recurra_series::{RandomState, reference};

const SERIES: &str = include_str!("fixtures/numpy-reference-series.csv");
const RANDN: &str = include_str!("fixtures/numpy-randn.csv");

/// The columns of a fixture, as numbers.
fn columns(text: &str) -> Vec<[f64; 3]> {
    let row = |line: &str| {
        let mut fields = line.split(',').map(|field| field.parse().unwrap());
        std::array::from_fn(|_| fields.next().unwrap())
    };
    text.lines().skip(1).map(row).collect()
}

/// Distance in units in the last place: how many doubles lie between two of the same sign.
fn ulps(a: f64, b: f64) -> u64 {
    assert_eq!(a.is_sign_negative(), b.is_sign_negative(), "{a} {b}");
    a.to_bits().abs_diff(b.to_bits())
}

#[test]
fn noise_of_the_reference_is_within_4_ulp() {
    let ours = RandomState::new(reference::NOISE_SEED).randn(reference::LENGTH);
    let worst = columns(SERIES)
        .iter()
        .zip(&ours)
        .map(|(row, &z)| ulps(row[1], z))
        .max()
        .unwrap();
    assert!(worst <= 4, "{worst} ulp");
}

#[test]
fn noise_of_other_seeds_is_within_4_ulp() {
    let rows = columns(RANDN);
    let mut seeds: Vec<u32> = rows.iter().map(|row| row[0] as u32).collect();
    seeds.dedup();
    assert_eq!(seeds.len(), 7);
    for (seed, rows) in seeds.into_iter().zip(rows.chunks(257)) {
        let ours = RandomState::new(seed).randn(257);
        let worst = rows.iter().zip(&ours).map(|(row, &z)| ulps(row[2], z)).max().unwrap();
        assert!(worst <= 4, "seed {seed}: {worst} ulp");
    }
}

#[test]
fn one_call_or_many_give_the_same_noise() {
    let whole = RandomState::new(7).randn(9);
    let mut state = RandomState::new(7);
    let parts: Vec<f64> = [3, 0, 1, 5].into_iter().flat_map(|n| state.randn(n)).collect();
    assert_eq!(whole, parts);
}

#[test]
fn the_series_is_numpys_within_one_hundred_thousandth() {
    let ours = reference::values();
    let rows = columns(SERIES);
    assert_eq!(ours.len(), rows.len());
    let worst = rows
        .iter()
        .zip(&ours)
        .map(|(row, &value)| (row[2] - f64::from(value)).abs())
        .fold(0.0, f64::max);
    assert!(worst <= 1e-5, "{worst}");
}

/// These bits are part of the numeric contract: they hold on every machine.
#[test]
fn bits_are_pinned() {
    let z = RandomState::new(42)
        .randn(16)
        .iter()
        .map(|z| format!("{:016x}", z.to_bits()))
        .collect::<Vec<_>>();
    let values = reference::values();
    let digest = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let shown = format!(
        "randn(16), seed 42:\n{}\nFNV-1a of the reference series: {digest:016x}",
        z.join("\n")
    );
    insta::assert_snapshot!(shown);
}
