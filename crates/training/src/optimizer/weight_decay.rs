//! Weight decay, which all optimizers share.

/// Keras' decoupled weight decay: `w ← w − w·decay·rate`, before the step.
pub(super) fn decay(values: &mut [f32], weight_decay: Option<f64>, rate: f32) {
    if let Some(weight_decay) = weight_decay {
        #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
        let weight_decay = weight_decay as f32;
        for value in values {
            *value -= *value * weight_decay * rate;
        }
    }
}
