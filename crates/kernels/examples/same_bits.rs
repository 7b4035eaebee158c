//! One bidirectional LSTM layer under every instruction set of this machine: `cargo run -p recurra-kernels --example same_bits`.
//!
//! The times differ, the bits do not. The least of ten times counts, because whatever else runs on the machine only adds.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::time::Instant;

use recurra_kernels::{
    Cell, Direction, Isa, IsaError, LayerShape, Outputs, Pass, RecurrentScratch, Weights, recurrent_forward,
};

const SHAPE: LayerShape = LayerShape {
    batch: 32,
    steps: 20,
    inputs: 1,
    hidden: 32,
};

/// Values between -0.25 and 0.25 without a pattern: a linear congruential generator is enough for an example.
fn numbers(count: usize, mut state: u32) -> Vec<f32> {
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 25) as f32 - 0.25
    };
    (0..count).map(|_| next()).collect()
}

fn main() -> Result<(), IsaError> {
    let LayerShape {
        batch,
        steps,
        inputs,
        hidden,
    } = SHAPE;
    let columns = Cell::Lstm.gates() * hidden;
    let kernel = numbers(inputs * columns, 1);
    let recurrent_kernel = numbers(hidden * columns, 2);
    let bias = numbers(columns, 3);
    let weights = Weights {
        kernel: &kernel,
        recurrent_kernel: &recurrent_kernel,
        bias: &bias,
    };
    let passes = [Direction::Forward, Direction::Backward].map(|direction| Pass::new(direction, weights));
    let x = numbers(batch * steps * inputs, 4);

    println!("{:10} {:>12} {:>18}", "path", "microseconds", "bits of the state");
    for isa in Isa::available() {
        let (mut scratch, mut y) = (RecurrentScratch::default(), vec![0.0; batch * 2 * hidden]);
        let mut least = f64::INFINITY;
        isa.with(|| {
            for _ in 0..10 {
                let start = Instant::now();
                recurrent_forward(Cell::Lstm, SHAPE, &passes, Outputs::LastState, &x, &mut scratch, &mut y);
                least = least.min(start.elapsed().as_secs_f64());
            }
        })?;
        // FNV-1a over the bits: two states differ in one bit, and so do their digests.
        let digest = y.iter().fold(0xcbf2_9ce4_8422_2325_u64, |digest, value| {
            (digest ^ u64::from(value.to_bits())).wrapping_mul(0x0100_0000_01b3)
        });
        println!("{:10} {:>12.1}   {digest:016x}", isa.to_string(), least * 1e6);
    }
    Ok(())
}
