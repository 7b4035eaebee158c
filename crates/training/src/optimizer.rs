//! Optimizers by Keras' rules, with Keras' defaults.

mod adam;
mod clipping;
mod options;
mod rmsprop;
mod sgd;
mod weight_decay;

use recurra_models::Network;

pub use adam::Adam;
pub use clipping::Clipping;
pub use options::OptimizerOptions;
pub use rmsprop::RmsProp;
pub use sgd::Sgd;

/// An optimizer at work: its options, the current learning rate, and what it remembers.
///
/// All arithmetic is f32, without fused multiply-adds, in the order that the rules are written in; the learning rate is
/// f64 outside and cast once per step, as Keras does.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimizer {
    options: OptimizerOptions,
    learning_rate: f64,
    steps: u64,
    slots: Vec<Vec<f32>>,
}

impl Optimizer {
    /// The optimizer before its first step, for a network of `parameters` parameters.
    #[must_use]
    pub fn new(options: OptimizerOptions, parameters: usize) -> Self {
        let slots = vec![vec![0.0; parameters]; options.slots()];
        Self {
            options,
            learning_rate: options.learning_rate(),
            steps: 0,
            slots,
        }
    }

    /// The optimizer as it stood: `slots` as [`Optimizer::slots`] gave them.
    pub(crate) fn restored(options: OptimizerOptions, learning_rate: f64, steps: u64, slots: Vec<Vec<f32>>) -> Self {
        Self {
            options,
            learning_rate,
            steps,
            slots,
        }
    }

    /// Whether it remembers for a network of `parameters` parameters all that its options need.
    pub(crate) fn fits(&self, parameters: usize) -> bool {
        self.slots.len() == self.options.slots() && self.slots.iter().all(|slot| slot.len() == parameters)
    }

    /// The options that it was made with.
    #[must_use]
    pub fn options(&self) -> OptimizerOptions {
        self.options
    }

    /// The learning rate of the next step.
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Sets the learning rate of the next steps.
    pub fn set_learning_rate(&mut self, rate: f64) {
        self.learning_rate = rate;
    }

    /// Steps taken.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// What it remembers: for each of its moments one value per parameter, in the network's order.
    #[must_use]
    pub fn slots(&self) -> &[Vec<f32>] {
        &self.slots
    }

    /// Takes one step: changes the parameters of `network` by `gradients`, which stand in the network's order and are
    /// clipped first if the options say so.
    ///
    /// # Panics
    /// If `gradients` has not one value per parameter, or the network has other parameters than the optimizer was made for.
    pub fn step(&mut self, network: &mut dyn Network, gradients: &[f32]) {
        self.steps += 1;
        let clipped;
        let gradients = match self.options.clipping() {
            None => gradients,
            Some(clipping) => {
                let mut lengths = Vec::new();
                network.visit_parameters(&mut |view| lengths.push(view.values.len()));
                clipped = clipping.apply(gradients.to_vec(), &lengths);
                &clipped
            }
        };
        #[expect(clippy::cast_possible_truncation, reason = "Keras casts the learning rate to f32")]
        let rate = self.learning_rate as f32;
        let (options, steps, slots) = (self.options, self.steps, &mut self.slots);
        let mut start = 0;
        network.visit_parameters_mut(&mut |view| {
            let range = start..start + view.values.len();
            start = range.end;
            let gradients = &gradients[range.clone()];
            let mut slots = slots.iter_mut().map(|slot| &mut slot[range.clone()]);
            match options {
                OptimizerOptions::Sgd(options) => options.update(rate, view.values, gradients, slots.next()),
                OptimizerOptions::Adam(options) => options.update(rate, steps, view.values, gradients, &mut slots),
                OptimizerOptions::RmsProp(options) => options.update(rate, view.values, gradients, &mut slots),
            }
        });
        assert_eq!(start, gradients.len(), "one gradient for each parameter");
    }
}

#[cfg(test)]
mod tests {
    use super::{Adam, Optimizer, OptimizerOptions, RmsProp, Sgd};

    #[test]
    fn an_optimizer_remembers_what_its_rule_needs_and_no_more() {
        let remembered = |options: OptimizerOptions| {
            let optimizer = Optimizer::new(options, 3);
            assert_eq!(optimizer.options(), options);
            assert!(optimizer.slots().iter().all(|slot| slot == &[0.0; 3]));
            optimizer.slots().len()
        };
        let sgd = |momentum| {
            OptimizerOptions::Sgd(Sgd {
                momentum,
                ..Sgd::default()
            })
        };
        let adam = |amsgrad| {
            OptimizerOptions::Adam(Adam {
                amsgrad,
                ..Adam::default()
            })
        };
        let rms_prop = |centered, momentum| {
            OptimizerOptions::RmsProp(RmsProp {
                centered,
                momentum,
                ..RmsProp::default()
            })
        };
        assert_eq!([0.0, 0.9].map(|momentum| remembered(sgd(momentum))), [0, 1]);
        assert_eq!([false, true].map(|amsgrad| remembered(adam(amsgrad))), [2, 3]);
        assert_eq!(
            [false, true].map(|centered| remembered(rms_prop(centered, 0.0))),
            [1, 2]
        );
        assert_eq!(
            [false, true].map(|centered| remembered(rms_prop(centered, 0.5))),
            [2, 3]
        );
    }
}
