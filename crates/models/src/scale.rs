//! Multiplication by a constant.

use dfdx::dtypes::Dtype;
use dfdx::nn::tensor_collection::{ModuleVisitor, TensorCollection};
use dfdx::nn::{Module, NonMutableModule};
use dfdx::shapes::{HasShape, Shape};
use dfdx::tensor::{Cpu, CpuError, Tape, Tensor};
use dfdx::tensor_ops::Device;
use recurra_kernels::PackedLayer;

use crate::description::LayerDescription;
use crate::fused::{GradientSlot, InputGradient, Operation, apply};
use crate::generator::Generator;
use crate::inference_scratch::{BatchShape, InferenceScratch};
use crate::layer::Layer;
use crate::parameter::{ParameterView, ParameterViewMut};
use crate::pool::{Buffers, Pool};

/// `y = factor·x`, without parameters: brings the output of a network to the magnitude of its targets.
#[derive(Debug, Clone)]
pub struct Scale {
    factor: f32,
    pool: Pool,
}

impl Scale {
    /// Multiplication by `factor`.
    #[must_use]
    pub fn new(factor: f32) -> Self {
        Self {
            factor,
            pool: Pool::default(),
        }
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self::new(1.0)
    }
}

impl Layer for Scale {
    fn description(&self) -> LayerDescription {
        LayerDescription::Scale { factor: self.factor }
    }

    fn initialise(&mut self, _: &mut Generator) {}

    fn visit(&self, _: &str, _: &mut dyn FnMut(ParameterView<'_>)) {}

    fn visit_mut(&mut self, _: &str, _: &mut dyn FnMut(ParameterViewMut<'_>)) {}

    fn visit_slots(&self, _: &mut dyn FnMut(&dyn GradientSlot)) {}

    fn output_shape(&self, input: BatchShape) -> BatchShape {
        input
    }

    fn infer(&self, _: BatchShape, _: &PackedLayer, x: &[f32], _: &mut InferenceScratch, y: &mut [f32]) {
        multiply(self.factor, x, y);
    }
}

impl<S: Shape, T: Tape<f32, Cpu>> Module<Tensor<S, f32, Cpu, T>> for Scale {
    type Output = Tensor<S, f32, Cpu, T>;
    type Error = CpuError;

    fn try_forward(&self, x: Tensor<S, f32, Cpu, T>) -> Result<Self::Output, CpuError> {
        let shape = *x.shape();
        apply(
            x,
            shape,
            ScaleOperation { factor: self.factor },
            Vec::new,
            &self.pool,
            InputGradient::Needed,
        )
    }
}

impl NonMutableModule for Scale {}

fn multiply(factor: f32, x: &[f32], y: &mut [f32]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y = factor * x);
}

struct ScaleOperation {
    factor: f32,
}

impl Operation for ScaleOperation {
    fn forward(&mut self, x: &[f32], y: &mut [f32], _: &mut Buffers) {
        multiply(self.factor, x, y);
    }

    fn infer(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers) {
        self.forward(x, y, buffers);
    }

    fn backward(&mut self, _: &[f32], dy: &[f32], dx: Option<&mut [f32]>, _: &mut [Vec<f32>], _: &mut Buffers) {
        if let Some(dx) = dx {
            dx.iter_mut().zip(dy).for_each(|(dx, dy)| *dx += self.factor * dy);
        }
    }
}

impl TensorCollection<f32, Cpu> for Scale {
    type To<E2: Dtype, D2: Device<E2>> = Self;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields((), |()| Self::default())
    }
}
