//! Which optimizer a training uses, and what its options may be.

use serde::{Deserialize, Serialize};

use super::adam::Adam;
use super::clipping::Clipping;
use super::rmsprop::RmsProp;
use super::sgd::Sgd;
use crate::error::TrainingError;

/// Which optimizer, and its options.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OptimizerOptions {
    /// Gradient descent, with momentum if wished.
    Sgd(Sgd),
    /// Adam, and with a weight decay AdamW.
    Adam(Adam),
    /// Root mean square propagation.
    RmsProp(RmsProp),
}

impl Default for OptimizerOptions {
    /// Adam with Keras' defaults.
    fn default() -> Self {
        Self::Adam(Adam::default())
    }
}

impl OptimizerOptions {
    /// The learning rate that training starts with.
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        match self {
            Self::Sgd(options) => options.learning_rate,
            Self::Adam(options) => options.learning_rate,
            Self::RmsProp(options) => options.learning_rate,
        }
    }

    /// The same optimizer with another learning rate.
    #[must_use]
    pub fn with_learning_rate(mut self, rate: f64) -> Self {
        match &mut self {
            Self::Sgd(options) => options.learning_rate = rate,
            Self::Adam(options) => options.learning_rate = rate,
            Self::RmsProp(options) => options.learning_rate = rate,
        }
        self
    }

    pub(crate) fn check(&self) -> Result<(), TrainingError> {
        let fractions = match *self {
            Self::Sgd(options) => vec![("momentum", options.momentum)],
            Self::Adam(options) => vec![("beta_1", options.beta_1), ("beta_2", options.beta_2)],
            Self::RmsProp(options) => vec![("rho", options.rho), ("momentum", options.momentum)],
        };
        for (option, value) in fractions {
            // Adam divides by 1 − βᵗ, in f32.
            #[expect(clippy::cast_possible_truncation, reason = "Keras works in f32 here")]
            let divides = matches!(self, Self::Adam(_)) && value as f32 == 1.0;
            if !(0.0..=1.0).contains(&value) || divides {
                return Err(TrainingError::Option {
                    option,
                    value: value.to_string(),
                    must_be: match self {
                        Self::Adam(_) => "at least 0 and below 1",
                        _ => "between 0 and 1",
                    },
                });
            }
        }
        let (epsilon, weight_decay) = match *self {
            Self::Sgd(options) => (None, options.weight_decay),
            Self::Adam(options) => (Some(options.epsilon), options.weight_decay),
            Self::RmsProp(options) => (Some(options.epsilon), options.weight_decay),
        };
        let not_negative = [
            ("learning_rate", Some(self.learning_rate())),
            ("epsilon", epsilon),
            ("weight_decay", weight_decay),
        ];
        for (option, value) in not_negative {
            if let Some(value) = value.filter(|&value| !(value.is_finite() && value >= 0.0)) {
                return Err(TrainingError::Option {
                    option,
                    value: value.to_string(),
                    must_be: "a number that is not negative",
                });
            }
        }
        let positive = |value: f64| value.is_finite() && value > 0.0;
        match self.clipping().map(Clipping::limit).filter(|&limit| !positive(limit)) {
            None => Ok(()),
            Some(limit) => Err(TrainingError::Option {
                option: "clipping.limit",
                value: limit.to_string(),
                must_be: "a positive number",
            }),
        }
    }

    pub(super) fn clipping(&self) -> Option<Clipping> {
        match self {
            Self::Sgd(options) => options.clipping,
            Self::Adam(options) => options.clipping,
            Self::RmsProp(options) => options.clipping,
        }
    }

    /// How many values the optimizer remembers for each parameter.
    pub(super) fn slots(&self) -> usize {
        match *self {
            Self::Sgd(options) => usize::from(options.momentum != 0.0),
            Self::Adam(options) => 2 + usize::from(options.amsgrad),
            Self::RmsProp(options) => options.slots(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Adam, Clipping, OptimizerOptions, RmsProp, Sgd};

    /// As many values of every parameter stand in memory and in every checkpoint.
    #[test]
    fn options_that_are_no_numbers_or_negative_are_refused_by_name() {
        let (epsilon, weight_decay) = (f64::NAN, Some(f64::INFINITY));
        let wrong = [
            (
                OptimizerOptions::Adam(Adam {
                    epsilon,
                    ..Adam::default()
                }),
                "`epsilon` is NaN",
            ),
            (
                OptimizerOptions::RmsProp(RmsProp {
                    epsilon: -1.0,
                    ..RmsProp::default()
                }),
                "`epsilon` is -1",
            ),
            (
                OptimizerOptions::Sgd(Sgd {
                    weight_decay,
                    ..Sgd::default()
                }),
                "`weight_decay` is inf",
            ),
            (
                OptimizerOptions::default().with_learning_rate(-0.1),
                "`learning_rate` is -0.1",
            ),
            (
                OptimizerOptions::Adam(Adam {
                    beta_1: 1.0,
                    ..Adam::default()
                }),
                "`beta_1` is 1; it must be at least 0 and below 1",
            ),
            (
                // As f32, in which it is used, it is 1.
                OptimizerOptions::Adam(Adam {
                    beta_2: 1.0 - 1e-9,
                    ..Adam::default()
                }),
                "`beta_2` is 0.999999999; it must be at least 0 and below 1",
            ),
        ];
        for (options, expected) in wrong {
            let outcome = options.check().map_err(|error| error.to_string());
            assert!(
                outcome.as_ref().is_err_and(|message| message.contains(expected)),
                "{options:?}: {outcome:?}"
            );
        }
        assert!(OptimizerOptions::default().check().is_ok());
    }

    #[test]
    fn the_ends_of_the_ranges_are_taken_and_what_lies_beyond_is_not() {
        let sgd = |change: fn(&mut Sgd)| {
            let mut options = Sgd::default();
            change(&mut options);
            OptimizerOptions::Sgd(options).check().is_ok()
        };
        assert!(sgd(|options| options.momentum = 1.0) && sgd(|options| options.weight_decay = Some(0.0)));
        assert!(sgd(|options| options.learning_rate = 0.0));
        assert!(!sgd(|options| options.momentum = -0.1) && !sgd(|options| options.momentum = 1.1));
        assert!(!sgd(|options| options.weight_decay = Some(-0.1)));
        for (limit, fine) in [(0.0, false), (-1.0, false), (f64::INFINITY, false), (1e-3, true)] {
            for clipping in [
                Clipping::Value { limit },
                Clipping::Norm { limit },
                Clipping::GlobalNorm { limit },
            ] {
                let clipping = Some(clipping);
                let adam = OptimizerOptions::Adam(Adam {
                    clipping,
                    ..Adam::default()
                });
                assert_eq!(adam.check().is_ok(), fine, "{adam:?}");
            }
        }
        for (rho, fine) in [(0.0, true), (1.0, true), (1.5, false), (f64::NAN, false)] {
            let options = OptimizerOptions::RmsProp(RmsProp {
                rho,
                ..RmsProp::default()
            });
            assert_eq!(options.check().is_ok(), fine, "{options:?}");
        }
    }
}
