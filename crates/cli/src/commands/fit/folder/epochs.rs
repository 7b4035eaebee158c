//! The epochs of a training whose history has passes over parts.

use recurra_training::{EpochRecord, History};

/// The history with one record for every epoch, of `parts` passes: its training loss is the mean of theirs, its validation the one
/// after the last of them.
pub(super) fn by_epoch(mut history: History, parts: usize) -> History {
    let passes = std::mem::take(&mut history.epochs);
    let epochs = passes.chunks(parts).enumerate();
    history.epochs = epochs.filter_map(|(epoch, passes)| joint(epoch, passes)).collect();
    if let Some(stop) = &mut history.stop {
        stop.epoch /= parts;
    }
    history
}

fn joint(epoch: usize, passes: &[EpochRecord]) -> Option<EpochRecord> {
    let mut record = *passes.last()?;
    let mean = |of: fn(&EpochRecord) -> f64| passes.iter().map(of).sum::<f64>() / passes.len() as f64;
    record.epoch = epoch;
    record.training.loss = mean(|pass| pass.training.loss);
    record.training.mae = mean(|pass| pass.training.mae);
    Some(record)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_epoch_has_the_mean_of_its_passes_and_what_was_measured_after_them() {
        let pass = |epoch: usize, loss: f64, validation: &str| {
            format!(
                r#"{{"epoch":{epoch},"learning_rate":0.5,"loss":{loss},"mae":{}{validation}}}"#,
                2.0 * loss
            )
        };
        let measured = |loss: f64| format!(r#","validation":{{"loss":{loss},"mae":1}}"#);
        let passes = [
            pass(0, 4.0, ""),
            pass(1, 2.0, &measured(8.0)),
            pass(2, 1.0, ""),
            pass(3, 2.0, &measured(7.0)),
        ];
        let text = format!(
            r#"{{"epochs":[{}],"stop":{{"epoch":3,"batch":5,"reason":"interrupted"}}}}"#,
            passes.join(",")
        );
        let found = by_epoch(serde_json::from_str(&text).unwrap(), 2);
        let text = format!(
            r#"{{"epochs":[{},{}],"stop":{{"epoch":1,"batch":5,"reason":"interrupted"}}}}"#,
            pass(0, 3.0, &measured(8.0)),
            pass(1, 1.5, &measured(7.0)),
        );
        assert_eq!(found, serde_json::from_str(&text).unwrap());
        assert_eq!(by_epoch(History::default(), 2), History::default());
    }
}
