//! The initial values of whole layers have the properties of Keras' initialisers.

#![allow(clippy::unwrap_used, missing_docs)]

use dfdx::shapes::Const;
use recurra_models::{
    Bidirectional, Concat, Cpu, Dense, Generator, GruCell, GruResetBeforeCell, LastState, Layer, LstmCell, Recurrent,
    RecurrentCell, SimpleRnnCell,
};

struct Weight {
    name: String,
    shape: Vec<usize>,
    values: Vec<f64>,
}

fn initial_weights(mut layer: impl Layer, seed: u64) -> Vec<Weight> {
    layer.initialise(&mut Generator::for_purpose(seed, "initialisation"));
    let mut weights = Vec::new();
    layer.visit("", &mut |view| {
        weights.push(Weight {
            name: view.name.to_owned(),
            shape: view.shape.to_vec(),
            values: view.values.iter().map(|&value| f64::from(value)).collect(),
        });
    });
    weights
}

/// Uniform on ±sqrt(6 / (fan_in + fan_out)), where fan_out is the whole width: gates·hidden.
fn assert_glorot(weight: &Weight) {
    let [fan_in, fan_out] = weight.shape[..] else {
        panic!("{} is no matrix", weight.name)
    };
    let limit = (6.0 / (fan_in + fan_out) as f64).sqrt();
    let count = weight.values.len() as f64;
    let largest = weight.values.iter().fold(0.0_f64, |largest, v| largest.max(v.abs()));
    // No value outside; with this many values the largest is within a hundredth of the bound.
    assert!(
        largest <= limit * (1.0 + 1e-7) && largest > 0.99 * limit,
        "{}: {largest} of {limit}",
        weight.name
    );
    let mean = weight.values.iter().sum::<f64>() / count;
    let variance = weight.values.iter().map(|v| v * v).sum::<f64>() / count;
    // Five standard errors: the variance of a uniform is limit²/3, that of its square 4·limit⁴/45.
    let of_mean = 5.0 * limit / (3.0 * count).sqrt();
    let of_variance = 5.0 * limit * limit * (4.0 / (45.0 * count)).sqrt();
    assert!(mean.abs() < of_mean, "{}: mean {mean}", weight.name);
    assert!(
        (variance - limit * limit / 3.0).abs() < of_variance,
        "{}: variance {variance}",
        weight.name
    );
}

/// `Q·Qᵀ = I` for a `[hidden, gates·hidden]` matrix.
fn assert_orthonormal_rows(weight: &Weight) {
    let [rows, columns] = weight.shape[..] else {
        panic!("{} is no matrix", weight.name)
    };
    let row = |index: usize| &weight.values[index * columns..(index + 1) * columns];
    for r in 0..rows {
        for s in 0..=r {
            let product: f64 = row(r).iter().zip(row(s)).map(|(a, b)| a * b).sum();
            let expected = f64::from(u8::from(r == s));
            assert!(
                (product - expected).abs() < 1e-6,
                "{}: rows {r} and {s} give {product}",
                weight.name
            );
        }
    }
}

fn assert_bias(weight: &Weight, lstm_units: Option<usize>) {
    for (index, &value) in weight.values.iter().enumerate() {
        let forget = lstm_units.is_some_and(|units| (units..2 * units).contains(&index));
        assert_eq!(value, f64::from(u8::from(forget)), "{} at {index}", weight.name);
    }
}

fn assert_keras<C: RecurrentCell>(seed: u64) {
    let lstm_units = |units| (C::CELL.gates() == 4).then_some(units);
    let device = Cpu::default();
    let one_way = Recurrent::<C, Const<60>, 40, LastState>::zeros(&device, Const).unwrap();
    let both_ways = Bidirectional::<C, Const<48>, 32, 64, LastState, Concat>::zeros(&device, Const).unwrap();
    let (one_way, both_ways) = (initial_weights(one_way, seed), initial_weights(both_ways, seed));
    assert_eq!((one_way.len(), both_ways.len()), (3, 6));
    for (weights, units) in [(&one_way[..], 40), (&both_ways[..3], 32), (&both_ways[3..], 32)] {
        let [kernel, recurrent_kernel, bias] = weights else {
            panic!("three weights")
        };
        assert!(kernel.name.ends_with("kernel") && recurrent_kernel.name.ends_with("recurrent_kernel"));
        assert_eq!(kernel.shape[1], C::CELL.gates() * units);
        assert_glorot(kernel);
        assert_orthonormal_rows(recurrent_kernel);
        assert_bias(bias, lstm_units(units));
    }
    assert_ne!(
        both_ways[0].values, both_ways[3].values,
        "each reading has weights of its own"
    );
}

#[test]
fn layers_start_as_keras_starts_them() {
    for seed in [51, 1, 2] {
        assert_keras::<SimpleRnnCell>(seed);
        assert_keras::<LstmCell>(seed);
        assert_keras::<GruCell>(seed);
        assert_keras::<GruResetBeforeCell>(seed);
    }
}

#[test]
fn dense_starts_as_keras_starts_it() {
    let weights = initial_weights(Dense::<64, 40>::zeros(&Cpu::default(), Const).unwrap(), 51);
    assert_glorot(&weights[0]);
    assert_bias(&weights[1], None);
}

/// The recurrent kernel is drawn from the uniform distribution over such matrices: no column is preferred. Over many
/// seeds the mean square of each entry of a [2, 8] matrix is 1/8.
#[test]
fn orthogonal_prefers_no_column() {
    let mut squares = [0.0; 16];
    let draws: u32 = 4000;
    let mut generator = Generator::for_purpose(7, "test");
    for _ in 0..draws {
        for (sum, value) in squares.iter_mut().zip(recurra_models::orthogonal(&mut generator, 2, 8)) {
            *sum += f64::from(value) * f64::from(value) / f64::from(draws);
        }
    }
    for square in squares {
        // An entry's square follows Beta(1/2, 7/2), of variance 7/320: five standard errors.
        assert!(
            (square - 0.125).abs() < 5.0 * (7.0 / 320.0 / f64::from(draws)).sqrt(),
            "{square}"
        );
    }
}
