//! A copy of a network's parameters.

use recurra_models::Network;

use crate::error::TrainingError;

/// A copy of all parameters of a network, one after the other in the network's order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Weights(Vec<f32>);

impl Weights {
    pub(crate) fn of(network: &dyn Network) -> Self {
        let mut weights = Self::default();
        weights.take_from(network);
        weights
    }

    pub(crate) fn from_values(values: Vec<f32>) -> Self {
        Self(values)
    }

    pub(crate) fn values(&self) -> &[f32] {
        &self.0
    }

    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.0
    }

    pub(crate) fn take_from(&mut self, network: &dyn Network) {
        self.0.clear();
        network.visit_parameters(&mut |view| self.0.extend_from_slice(view.values));
    }

    /// Refuses weights of another network than `network`, which the state of `callback` was read from.
    pub(crate) fn check_fits(&self, callback: &'static str, network: &dyn Network) -> Result<(), TrainingError> {
        let (kept, parameters) = (self.0.len(), network.parameter_count());
        if kept == parameters {
            return Ok(());
        }
        Err(TrainingError::CallbackState {
            callback: callback.to_owned(),
            problem: format!("it keeps {kept} weights, the network has {parameters}"),
        })
    }

    /// Gives `network` the values, which [`Weights::check_fits`] it.
    pub(crate) fn give_to(&self, network: &mut dyn Network) {
        let mut rest = self.0.as_slice();
        network.visit_parameters_mut(&mut |view| {
            let (values, others) = rest.split_at(view.values.len());
            view.values.copy_from_slice(values);
            rest = others;
        });
    }
}
