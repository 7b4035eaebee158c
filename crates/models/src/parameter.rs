//! One weight tensor of a layer, and the views that visitors get of it.

use std::sync::{Arc, OnceLock};

use dfdx::dtypes::Dtype;
use dfdx::shapes::Shape;
use dfdx::tensor::{Cpu, CpuError, Storage, Tensor, ZerosTensor};

/// A weight tensor, with its values beside it.
///
/// dfdx shows a tensor's memory to nobody outside it: reading means copying. The kernels need slices, several times a
/// batch, so the values are held twice. Our own visitors change both; a change through dfdx's mutable access drops the
/// values, and they are copied again when somebody reads them.
#[derive(Debug, Clone)]
pub(crate) struct Parameter<S: Shape, E: Dtype = f32, D: Storage<E> = Cpu> {
    tensor: Tensor<S, E, D>,
    values: OnceLock<Arc<Vec<f32>>>,
}

impl<S: Shape, E: Dtype, D: Storage<E>> Parameter<S, E, D> {
    pub(crate) fn from_tensor(tensor: Tensor<S, E, D>) -> Self {
        Self {
            tensor,
            values: OnceLock::new(),
        }
    }

    pub(crate) fn tensor(&self) -> &Tensor<S, E, D> {
        &self.tensor
    }

    pub(crate) fn tensor_mut(&mut self) -> &mut Tensor<S, E, D> {
        self.values = OnceLock::new();
        &mut self.tensor
    }
}

impl<S: Shape> Parameter<S> {
    pub(crate) fn zeros(device: &Cpu, shape: S) -> Result<Self, CpuError> {
        Ok(Self::from_tensor(device.try_zeros_like(&shape)?))
    }

    /// The values, row-major.
    pub(crate) fn values(&self) -> &Arc<Vec<f32>> {
        self.values.get_or_init(|| {
            let mut values = vec![0.0; dfdx::shapes::HasShape::shape(&self.tensor).num_elements()];
            self.tensor.copy_into(&mut values);
            Arc::new(values)
        })
    }

    /// Lets `change` rewrite the values, and brings the tensor after them.
    pub(crate) fn update(&mut self, change: impl FnOnce(&mut [f32])) {
        self.values();
        if let Some(values) = self.values.get_mut() {
            let values = Arc::make_mut(values);
            change(values);
            self.tensor.copy_from(values);
        }
    }
}

/// What a visitor sees of one parameter.
#[derive(Debug, Clone, Copy)]
pub struct ParameterView<'a> {
    /// The path of names, such as `bidirectional_1/forward_lstm/recurrent_kernel`.
    pub name: &'a str,
    /// The shape in Keras' layout: `[inputs, gates·hidden]` for a kernel.
    pub shape: &'a [usize],
    /// The values, row-major.
    pub values: &'a [f32],
}

/// What a changing visitor sees of one parameter.
#[derive(Debug)]
pub struct ParameterViewMut<'a> {
    /// The path of names, such as `bidirectional_1/forward_lstm/recurrent_kernel`.
    pub name: &'a str,
    /// The shape in Keras' layout: `[inputs, gates·hidden]` for a kernel.
    pub shape: &'a [usize],
    /// The values, row-major.
    pub values: &'a mut [f32],
}

#[cfg(test)]
mod tests {
    use dfdx::shapes::Const;
    use dfdx::tensor::AsArray;

    use super::{Cpu, Parameter};

    #[test]
    fn values_and_tensor_stay_the_same() -> Result<(), dfdx::tensor::CpuError> {
        let mut parameter = Parameter::zeros(&Cpu::default(), (Const::<2>,))?;
        parameter.update(|values| values.copy_from_slice(&[1.0, 2.0]));
        assert_eq!(parameter.tensor().array(), [1.0, 2.0]);
        parameter.tensor_mut().copy_from(&[3.0, 4.0]);
        assert_eq!(parameter.values().as_slice(), [3.0, 4.0]);
        Ok(())
    }
}
