//! What the rest of Recurra sees of a network: an object without its type.

use crate::description::LayerDescription;
use crate::error::ModelError;
use crate::parameter::{ParameterView, ParameterViewMut};
use crate::tensors::NamedTensors;

/// A layer of a network, under its name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedLayer {
    /// The name, such as `bidirectional_1`.
    pub name: String,
    /// The layer's kind and sizes.
    pub description: LayerDescription,
    /// How many parameters it has.
    pub parameters: usize,
}

/// A network from windows `[n, steps, columns]` to forecasts `[n, outputs]`, behind one object-safe trait.
///
/// Inside is a dfdx stack with compile-time shapes ([`Sequential`](crate::Sequential)); whoever trains, evaluates or
/// saves networks needs this trait only. The same inputs and parameters give the same bits on every machine, for any
/// split of the windows into batches in [`Network::predict`] and any number of threads.
pub trait Network: Send + Sync {
    /// Values per step of an input window.
    fn columns(&self) -> usize;

    /// Values of a forecast.
    fn outputs(&self) -> usize;

    /// The layers, from the input to the output.
    fn layers(&self) -> Vec<NamedLayer>;

    /// Shows every parameter, layer by layer, in Keras' order.
    fn visit_parameters(&self, visitor: &mut dyn FnMut(ParameterView<'_>));

    /// Lets `visitor` change every parameter, layer by layer, in Keras' order.
    fn visit_parameters_mut(&mut self, visitor: &mut dyn FnMut(ParameterViewMut<'_>));

    /// Writes the forecasts `[n, outputs]` for windows `inputs` `[n, steps, columns]` to `forecasts`, keeping nothing for a backward pass. Many
    /// windows are shared out among threads where that pays; once a network has forecast, one window is forecast without any allocation.
    ///
    /// # Errors
    /// If `inputs` is not whole windows, or `forecasts` has not `n·outputs` values.
    fn predict_into(&self, inputs: &[f32], steps: usize, forecasts: &mut [f32]) -> Result<(), ModelError>;

    /// [`Network::predict_into`] a new vector.
    ///
    /// Every window starts from the zero state, in a network with stateful layers too: what they carry is neither read nor changed. See
    /// [`Network::predict_next`].
    ///
    /// # Errors
    /// If `inputs` is not whole windows.
    fn predict(&self, inputs: &[f32], steps: usize) -> Result<Vec<f32>, ModelError> {
        let windows = inputs.len() / (steps * self.columns()).max(1);
        let mut forecasts = vec![0.0; windows * self.outputs()];
        self.predict_into(inputs, steps, &mut forecasts)?;
        Ok(forecasts)
    }

    /// Forward and backward for one batch of windows `inputs` `[n, steps, columns]`.
    ///
    /// `loss` is called once with the forecasts `[n, outputs]`; it writes the loss's gradient with respect to each
    /// forecast to its second argument (of the same length, zero before) and returns the loss, which this method
    /// returns. The parameters' gradients are written to `gradients`, one after the other in the order of
    /// [`Network::visit_parameters`].
    ///
    /// # Errors
    /// If `inputs` is not whole windows.
    ///
    /// # Panics
    /// If `gradients` has not [`Network::parameter_count`] values.
    fn gradients(
        &mut self,
        inputs: &[f32],
        steps: usize,
        loss: &mut dyn FnMut(&[f32], &mut [f32]) -> f64,
        gradients: &mut [f32],
    ) -> Result<f64, ModelError>;

    /// Tells the network, before [`Network::gradients`], which step of which run comes next: from these two follow the random
    /// numbers of layers such as dropout.
    fn begin_step(&mut self, seed: u64, step: u64) {
        let _ = (seed, step);
    }

    /// Whether a layer carries its state from batch to batch (Keras' `stateful=True`): [`Network::gradients`] and [`Network::predict_next`] then
    /// begin with the state that the batch before left, window by window.
    fn is_stateful(&self) -> bool {
        false
    }

    /// Forecasts as [`Network::predict`], from the state that the batch before left; the last state is carried on. Without stateful
    /// layers the same as [`Network::predict`].
    ///
    /// # Errors
    /// As for [`Network::predict`], and if the batch before had another size.
    fn predict_next(&mut self, inputs: &[f32], steps: usize) -> Result<Vec<f32>, ModelError> {
        self.predict(inputs, steps)
    }

    /// Copies of the states that are carried, `[batch, units]` each, such as `lstm/hidden_state` and `lstm/cell_state`. None before
    /// the first batch.
    fn states(&self) -> NamedTensors {
        NamedTensors::new()
    }

    /// Carries these states, as [`Network::states`] gave them; layers without any start from zero.
    ///
    /// # Errors
    /// If a state is missing, has another shape, or belongs to no stateful layer. The network is then unchanged.
    fn set_states(&mut self, states: NamedTensors) -> Result<(), ModelError> {
        match states.into_keys().next() {
            Some(name) => Err(ModelError::UnknownState { name }),
            None => Ok(()),
        }
    }

    /// Forgets the states that are carried: the next batch starts from zero.
    fn reset_state(&mut self) {}

    /// How many parameters there are.
    fn parameter_count(&self) -> usize {
        self.layers().iter().map(|layer| layer.parameters).sum()
    }
}
