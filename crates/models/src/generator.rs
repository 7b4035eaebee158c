//! The one source of random numbers of a network: MT19937, one generator per purpose.

use rand_mt::Mt;

/// A Mersenne Twister (MT19937) for one purpose of one run.
///
/// It is seeded by `init_by_array` with the key `[seed mod 2³², seed div 2³², byte, byte, …]`, where the bytes are the
/// purpose's UTF-8. Two purposes of one run never share a generator, so drawing more numbers for the one cannot change
/// the other. Uniform and normal numbers use only `sqrt` and the `libm` crate: the same bits on every machine.
///
/// ```
/// use recurra_models::Generator;
/// let mut initialisation = Generator::for_purpose(51, "initialisation");
/// let mut shuffling = Generator::for_purpose(51, "shuffling");
/// assert_ne!(initialisation.next_u32(), shuffling.next_u32());
/// ```
#[derive(Debug, Clone)]
pub struct Generator {
    twister: Mt,
    spare_normal: Option<f64>,
}

impl Generator {
    /// The generator of `purpose` in the run that `seed` decides.
    #[must_use]
    pub fn for_purpose(seed: u64, purpose: &str) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "the low and the high word")]
        let words = [seed as u32, (seed >> 32) as u32];
        let key = words.into_iter().chain(purpose.bytes().map(u32::from));
        Self {
            twister: Mt::new_with_key(key),
            spare_normal: None,
        }
    }

    /// The next 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        self.twister.next_u32()
    }

    /// A uniform number in `[0, 1)` with 53 random bits: `(a·2²⁶ + b) / 2⁵³` of the upper 27 bits `a` of one draw and
    /// the upper 26 bits `b` of the next.
    pub fn next_f64(&mut self) -> f64 {
        let high = f64::from(self.next_u32() >> 5);
        let low = f64::from(self.next_u32() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }

    /// A standard normal number, by Marsaglia's polar method; every second call returns the pair's other half.
    pub fn next_normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        loop {
            let x = 2.0 * self.next_f64() - 1.0;
            let y = 2.0 * self.next_f64() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square != 0.0 {
                let scale = (-2.0 * libm::log(square) / square).sqrt();
                self.spare_normal = Some(x * scale);
                return y * scale;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Generator;

    #[test]
    fn the_same_seed_and_purpose_give_the_same_numbers() {
        let draw = |seed, purpose| {
            let mut generator = Generator::for_purpose(seed, purpose);
            (0..5).map(|_| generator.next_normal().to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(draw(51, "initialisation"), draw(51, "initialisation"));
        assert_ne!(draw(51, "initialisation"), draw(51, "dropout"));
        assert_ne!(draw(51, "initialisation"), draw(51 + (1 << 32), "initialisation"));
    }

    #[test]
    fn normals_have_the_standard_moments() {
        let mut generator = Generator::for_purpose(1, "test");
        let n = 20_000;
        let draws: Vec<f64> = (0..n).map(|_| generator.next_normal()).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(n);
        let variance = draws.iter().map(|z| z * z).sum::<f64>() / f64::from(n);
        let fourth = draws.iter().map(|z| z * z * z * z).sum::<f64>() / f64::from(n);
        // Four standard errors of each moment at n = 20,000.
        assert!(mean.abs() < 0.029, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.04, "variance {variance}");
        assert!((fourth - 3.0).abs() < 0.28, "fourth moment {fourth}");
    }
}
