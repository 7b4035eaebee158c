//! What was measured, epoch by epoch.

use serde::{Deserialize, Serialize};

/// Writes a number that is not finite as `null`, which JSON has, and reads `null` as NaN.
mod nullable {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        value.is_finite().then_some(*value).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
    }
}

/// Loss and mean absolute error over some windows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Measures {
    /// The mean loss.
    #[serde(with = "nullable")]
    pub loss: f64,
    /// The mean absolute error, in the unit of the targets.
    #[serde(with = "nullable")]
    pub mae: f64,
}

/// One epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EpochRecord {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The learning rate at the end of the epoch's last batch.
    #[serde(with = "nullable")]
    pub learning_rate: f64,
    /// Keras' running means over the epoch: each batch measured before its own step, weighted by its windows.
    #[serde(flatten)]
    pub training: Measures,
    /// The same over the validation windows, after the epoch's last step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Measures>,
}

/// Why training ended before its last epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StopReason {
    /// The loss was not a finite number any more.
    Diverged,
    /// A callback had seen enough.
    Requested {
        /// The callback's name.
        by: String,
        /// Its reason.
        why: String,
    },
    /// Someone interrupted; training can go on from where it was.
    Interrupted,
}

impl std::fmt::Display for StopReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Diverged => f.write_str("the loss was not a finite number any more"),
            Self::Requested { by, why } => write!(f, "{by}: {why}"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// Where and why training ended before its last epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stop {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The last batch that was trained on, from 0, and 0 if none was.
    pub batch: usize,
    /// Why.
    #[serde(flatten)]
    pub reason: StopReason,
}

/// A training that went on with other code than it began with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CodeChange {
    /// The epoch in which it went on, from 0.
    pub epoch: usize,
    /// The batches of that epoch that were done.
    pub batch: usize,
    /// The code's name before.
    pub from: String,
    /// The code's name after.
    pub to: String,
}

/// Everything measured in a training, and how it ended. Every training keeps one; where Keras has a callback of this name, [`fit`](crate::fit()) returns it
/// and callbacks see it at [`Control::history`](crate::Control::history).
///
/// ```
/// use recurra_training::History;
/// let text = r#"{"epochs":[{"epoch":0,"learning_rate":0.01,"loss":2.5,"mae":1.25}]}"#;
/// let history: History = serde_json::from_str(text)?;
/// assert_eq!(history.last().map(|epoch| epoch.training.loss), Some(2.5));
/// assert!(history.stop.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct History {
    /// The epochs, from the first.
    pub epochs: Vec<EpochRecord>,
    /// Where and why it ended early; `None` if it ran to its last epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// Where it went on with other code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code_changes: Vec<CodeChange>,
}

impl History {
    /// The last epoch, if there was one.
    #[must_use]
    pub fn last(&self) -> Option<&EpochRecord> {
        self.epochs.last()
    }

    /// Where the training loss ceased to be finite, if it did: the epoch, from 0. That is where
    /// [`TerminateOnNan`](crate::TerminateOnNan) ended the training or, without it, the first epoch whose mean loss is not finite.
    #[must_use]
    pub fn diverged(&self) -> Option<usize> {
        let stop = self.stop.as_ref().filter(|stop| stop.reason == StopReason::Diverged);
        let not_finite = || self.epochs.iter().find(|epoch| !epoch.training.loss.is_finite());
        stop.map(|stop| stop.epoch)
            .or_else(|| not_finite().map(|epoch| epoch.epoch))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{EpochRecord, History, Measures, Stop, StopReason};

    fn record(epoch: usize, loss: f64) -> EpochRecord {
        EpochRecord {
            epoch,
            learning_rate: 0.1,
            training: Measures { loss, mae: 1.0 },
            validation: None,
        }
    }

    #[test]
    fn a_training_diverged_where_its_loss_ended_it_or_first_was_no_number() {
        let of = |losses: &[f64], reason: Option<StopReason>| {
            let history = History {
                epochs: losses
                    .iter()
                    .enumerate()
                    .map(|(epoch, &loss)| record(epoch, loss))
                    .collect(),
                stop: reason.map(|reason| Stop {
                    epoch: 7,
                    batch: 0,
                    reason,
                }),
                ..History::default()
            };
            history.diverged()
        };
        assert_eq!(of(&[2.0, 1.0], None), None);
        assert_eq!(of(&[2.0, f64::INFINITY, f64::NAN], None), Some(1));
        assert_eq!(of(&[2.0, f64::NAN], Some(StopReason::Diverged)), Some(7));
        // Whoever interrupts a training has not seen it diverge.
        assert_eq!(of(&[2.0, 1.0], Some(StopReason::Interrupted)), None);
        assert_eq!(of(&[2.0, f64::NAN], Some(StopReason::Interrupted)), Some(1));
    }

    #[test]
    fn numbers_that_are_not_finite_can_be_read_back() {
        let record = EpochRecord {
            epoch: 0,
            learning_rate: f64::INFINITY,
            training: Measures {
                loss: f64::NAN,
                mae: 2.0,
            },
            validation: None,
        };
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(text, r#"{"epoch":0,"learning_rate":null,"loss":null,"mae":2.0}"#);
        let read: EpochRecord = serde_json::from_str(&text).unwrap();
        assert!(read.learning_rate.is_nan() && read.training.loss.is_nan());
    }
}
