//! The update of stochastic gradient descent with momentum, as Keras has it.

use crate::lanes::{Kernel, Lanes, with_lanes};

/// `velocity ← momentum·velocity - rate·gradient`, then `weight ← weight + velocity`, element by element.
///
/// Both products are rounded before they are subtracted, as in Keras (no multiply-add), on every instruction set.
///
/// # Panics
/// If the slices are not of one length.
///
/// ```
/// let (mut weights, mut velocity) = ([1.0], [0.5]);
/// recurra_kernels::momentum_update(&mut weights, &mut velocity, &[2.0], 0.1, 0.5);
/// assert_eq!((weights, velocity), ([1.05], [0.5 * 0.5 - 0.1 * 2.0]));
/// ```
pub fn momentum_update(weights: &mut [f32], velocity: &mut [f32], gradient: &[f32], rate: f32, momentum: f32) {
    assert_eq!(weights.len(), velocity.len(), "values of the velocity");
    assert_eq!(weights.len(), gradient.len(), "values of the gradient");
    let update = Update {
        weights,
        velocity,
        gradient,
        rate,
        momentum,
    };
    // SAFETY: the active instruction set is one that the processor has; the kernel has no pointers of its own.
    with_lanes!(L => unsafe { L::enter(update) });
}

struct Update<'a> {
    weights: &'a mut [f32],
    velocity: &'a mut [f32],
    gradient: &'a [f32],
    rate: f32,
    momentum: f32,
}

impl Kernel for Update<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let parts = self
            .weights
            .chunks_mut(L::N)
            .zip(self.velocity.chunks_mut(L::N))
            .zip(self.gradient.chunks(L::N));
        for ((weights, velocity), gradient) in parts {
            let count = weights.len();
            // SAFETY: the three parts are `count` long; the caller has the instruction set.
            unsafe {
                let (momentum, rate) = (L::splat(self.momentum), L::splat(self.rate));
                let step = L::mul(rate, L::load_first(gradient.as_ptr(), count));
                let moved = L::sub(L::mul(momentum, L::load_first(velocity.as_ptr(), count)), step);
                let updated = L::add(L::load_first(weights.as_ptr(), count), moved);
                L::store_first(velocity.as_mut_ptr(), count, moved);
                L::store_first(weights.as_mut_ptr(), count, updated);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::momentum_update;
    use crate::isa::Isa;

    #[test]
    fn every_path_rounds_as_the_formula_says() {
        for len in [0, 1, 7, 16, 33, 67] {
            let value = |i: usize, scale: f32| ((i * 37 % 101) as f32 / 7.0 - 6.0) * scale;
            let (weights, velocity): (Vec<f32>, Vec<f32>) =
                (0..len).map(|i| (value(i, 1.0), value(i + 3, 0.3))).unzip();
            let gradient: Vec<f32> = (0..len).map(|i| value(i + 5, 17.0)).collect();
            let (rate, momentum) = (1.3e-3, 0.9);
            for isa in Isa::available() {
                let (mut ours, mut moved) = (weights.clone(), velocity.clone());
                isa.with(|| momentum_update(&mut ours, &mut moved, &gradient, rate, momentum))
                    .unwrap();
                for i in 0..len {
                    let step: f32 = rate * gradient[i];
                    let expected: f32 = momentum * velocity[i] - step;
                    assert_eq!(moved[i].to_bits(), expected.to_bits(), "{isa}");
                    assert_eq!(ours[i].to_bits(), (weights[i] + expected).to_bits(), "{isa}");
                }
            }
        }
    }
}
