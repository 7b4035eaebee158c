//! Holm's adjustment for many tests.

use crate::metrics::Undefined;

/// P-values adjusted so that the chance of any false rejection among all of them stays below the level they are compared
/// with, whatever their dependence: in ascending order, `p̃₍ᵢ₎ = min(1, max over j ≤ i of (m − j + 1) · p₍ⱼ₎)`. Holm (1979),
/// *Scandinavian Journal of Statistics* 6, 65–70. The order of the input is kept.
///
/// ```
/// use recurra_evaluation::statistics::holm_adjusted;
///
/// assert_eq!(holm_adjusted(&[0.5, 0.125, 0.25])?, [0.5, 0.375, 0.5]);
/// # Ok::<(), recurra_evaluation::metrics::Undefined>(())
/// ```
///
/// # Errors
/// If one is not a probability.
pub fn holm_adjusted(p_values: &[f64]) -> Result<Vec<f64>, Undefined> {
    if let Some(value) = p_values.iter().copied().find(|value| !(0.0..=1.0).contains(value)) {
        return Err(Undefined::Probability { value });
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&left, &right| p_values[left].total_cmp(&p_values[right]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (place, index) in order.into_iter().enumerate() {
        largest = largest.max((p_values.len() - place) as f64 * p_values[index]);
        adjusted[index] = largest.min(1.0);
    }
    Ok(adjusted)
}
