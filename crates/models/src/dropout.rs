//! Dropout.

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
use crate::layer::{Layer, StepKey};
use crate::parameter::{ParameterView, ParameterViewMut};
use crate::pool::{Buffers, Pool, first};

/// Sets a share of its inputs to zero in training and multiplies the others by `1 / (1 − rate)` (Keras' `Dropout`); without a
/// tape it changes nothing.
///
/// Which inputs are dropped follows from the run's seed, the number of the step and the place of the layer alone
/// ([`StepKey`]), so there is no generator whose state a checkpoint would have to hold.
#[derive(Debug, Clone)]
pub struct Dropout {
    rate: f32,
    key: StepKey,
    pool: Pool,
}

impl Dropout {
    /// Drops the share `rate` of the inputs, from 0 to below 1; a network with a rate outside that range is refused
    /// ([`ModelError::Rate`](crate::ModelError::Rate)).
    #[must_use]
    pub fn new(rate: f32) -> Self {
        Self {
            rate,
            key: StepKey::default(),
            pool: Pool::default(),
        }
    }
}

impl Layer for Dropout {
    fn description(&self) -> LayerDescription {
        LayerDescription::Dropout { rate: self.rate }
    }

    fn initialise(&mut self, _: &mut Generator) {}

    fn visit(&self, _: &str, _: &mut dyn FnMut(ParameterView<'_>)) {}

    fn visit_mut(&mut self, _: &str, _: &mut dyn FnMut(ParameterViewMut<'_>)) {}

    fn visit_slots(&self, _: &mut dyn FnMut(&dyn GradientSlot)) {}

    fn output_shape(&self, input: BatchShape) -> BatchShape {
        input
    }

    fn infer(&self, _: BatchShape, _: &PackedLayer, x: &[f32], _: &mut InferenceScratch, y: &mut [f32]) {
        y.copy_from_slice(x);
    }

    fn begin_step(&mut self, key: StepKey) {
        self.key = key;
    }
}

impl<S: Shape, T: Tape<f32, Cpu>> Module<Tensor<S, f32, Cpu, T>> for Dropout {
    type Output = Tensor<S, f32, Cpu, T>;
    type Error = CpuError;

    fn try_forward(&self, x: Tensor<S, f32, Cpu, T>) -> Result<Self::Output, CpuError> {
        let shape = *x.shape();
        let operation = DropoutOperation {
            rate: self.rate,
            key: self.key,
        };
        apply(x, shape, operation, Vec::new, &self.pool, InputGradient::Needed)
    }
}

impl NonMutableModule for Dropout {}

/// A zero for the share `rate` of the values, `1 / (1 − rate)` for the others: one draw each.
pub(crate) fn draw_factors(generator: &mut Generator, rate: f32, factors: &mut [f32]) {
    let kept = 1.0 / (1.0 - rate);
    for factor in factors {
        let draw = f64::from(generator.next_u32()) / 4_294_967_296.0;
        *factor = if draw < f64::from(rate) { 0.0 } else { kept };
    }
}

struct DropoutOperation {
    rate: f32,
    key: StepKey,
}

impl Operation for DropoutOperation {
    fn forward(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers) {
        let factors = first(&mut buffers.kept, x.len());
        draw_factors(&mut self.key.generator("dropout"), self.rate, factors);
        for ((y, x), factor) in y.iter_mut().zip(x).zip(factors) {
            *y = x * *factor;
        }
    }

    fn infer(&mut self, x: &[f32], y: &mut [f32], _: &mut Buffers) {
        y.copy_from_slice(x);
    }

    fn backward(&mut self, _: &[f32], dy: &[f32], dx: Option<&mut [f32]>, _: &mut [Vec<f32>], buffers: &mut Buffers) {
        if let Some(dx) = dx {
            dx.iter_mut()
                .zip(dy)
                .zip(&buffers.kept)
                .for_each(|((dx, dy), factor)| *dx += dy * factor);
        }
    }
}

impl TensorCollection<f32, Cpu> for Dropout {
    type To<E2: Dtype, D2: Device<E2>> = Self;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields((), |()| Self::new(0.0))
    }
}
