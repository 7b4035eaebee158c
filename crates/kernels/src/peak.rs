//! The arithmetic peak of one core, measured, so that a speed can be given as a share of it.

use crate::isa::Isa;
use crate::lanes::{Kernel, Lanes, with_lanes};
use std::hint::black_box;
use std::time::Instant;

/// Independent chains of multiply-adds where a vector unit has 32 registers (AVX-512, NEON): enough for four units of a latency of four cycles.
const MANY_CHAINS: usize = 24;
/// The same where it has 16 (AVX2, and the portable path in SSE2): a chain each, and some left for the factor. Enough for two units of a latency of
/// four or five cycles; no processor with AVX2 has more.
const FEW_CHAINS: usize = 12;

/// Billions of floating-point operations per second that one core does in multiply-adds on registers, two operations each, on the active
/// instruction set. The best of a few runs of about a millisecond.
#[must_use]
pub fn peak_gflops() -> f64 {
    let isa = Isa::active();
    let rounds = match isa {
        _ if cfg!(miri) => 2,
        Isa::Portable => 5_000,
        _ => 100_000,
    };
    let mut best = 0.0_f64;
    for _ in 0..7 {
        best = best.max(match isa {
            Isa::Avx512 | Isa::Neon => with_lanes!(L => once::<L, MANY_CHAINS>(rounds)),
            Isa::Avx2 | Isa::Portable => with_lanes!(L => once::<L, FEW_CHAINS>(rounds)),
        });
    }
    best
}

fn once<L: Lanes, const CHAINS: usize>(rounds: usize) -> f64 {
    let (mut sums, factor) = (black_box([1.0_f32; CHAINS]), black_box(0.999));
    let start = Instant::now();
    // SAFETY: the active instruction set is one that the processor has; the kernel has no pointers of its own.
    unsafe {
        L::enter(Chains {
            rounds: black_box(rounds),
            factor,
            sums: &mut sums,
        })
    };
    black_box(sums);
    (rounds * CHAINS * L::N * 2) as f64 / start.elapsed().as_secs_f64() / 1e9
}

struct Chains<'a, const CHAINS: usize> {
    rounds: usize,
    factor: f32,
    sums: &'a mut [f32; CHAINS],
}

impl<const CHAINS: usize> Kernel for Chains<'_, CHAINS> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        // SAFETY: the caller has the instruction set; a vector's first lane is stored to one value.
        unsafe {
            let factor = L::splat(self.factor);
            let mut chains = [factor; CHAINS];
            for (chain, &sum) in chains.iter_mut().zip(&*self.sums) {
                *chain = L::splat(sum);
            }
            for _ in 0..self.rounds {
                for chain in &mut chains {
                    *chain = L::fma(*chain, factor, factor);
                }
            }
            for (sum, chain) in self.sums.iter_mut().zip(chains) {
                L::store_part(sum, 1, chain);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_peak_is_a_positive_number() {
        let peak = super::peak_gflops();
        assert!(peak.is_finite() && peak > 0.0);
    }
}
