//! Activations between dense layers.

use dfdx::dtypes::Dtype;
use dfdx::nn::tensor_collection::{ModuleVisitor, TensorCollection};
use dfdx::nn::{Module, NonMutableModule};
use dfdx::shapes::{HasShape, Shape};
use dfdx::tensor::{Cpu, CpuError, Tape, Tensor};
use dfdx::tensor_ops::Device;
use recurra_kernels::{PackedLayer, sigmoid, tanh};
use serde::{Deserialize, Serialize};

use crate::description::LayerDescription;
use crate::fused::{GradientSlot, InputGradient, Operation, apply};
use crate::generator::Generator;
use crate::inference_scratch::{BatchShape, InferenceScratch};
use crate::layer::Layer;
use crate::parameter::{ParameterView, ParameterViewMut};
use crate::pool::{Buffers, Pool};

/// A function of one value, by Keras' definition. `tanh` and the sigmoid are the kernels', exponentials `libm`'s: the same
/// bits on every machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ActivationKind {
    /// `x`.
    #[default]
    Linear,
    /// `max(x, 0)`.
    Relu,
    /// `x` above zero, `exp(x) − 1` below.
    Elu,
    /// The hyperbolic tangent.
    Tanh,
    /// `1 / (1 + exp(−x))`.
    Sigmoid,
    /// `ln(1 + exp(x))`.
    Softplus,
    /// `x·sigmoid(x)`, also called swish.
    Silu,
}

impl ActivationKind {
    /// The function's value.
    #[must_use]
    pub fn of(self, x: f32) -> f32 {
        match self {
            Self::Linear => x,
            // Not f32::max, which would drop a NaN.
            Self::Relu => {
                if x < 0.0 {
                    0.0
                } else {
                    x
                }
            }
            Self::Elu => {
                if x < 0.0 {
                    libm::expm1f(x)
                } else {
                    x
                }
            }
            Self::Tanh => tanh(x),
            Self::Sigmoid => sigmoid(x),
            Self::Softplus => at_least_zero(x) + libm::log1pf(libm::expf(-x.abs())),
            Self::Silu => x * sigmoid(x),
        }
    }

    fn write(self, x: &[f32], y: &mut [f32]) {
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = self.of(x));
    }

    /// The function's slope; zero for [`ActivationKind::Relu`] at zero.
    #[must_use]
    pub fn slope(self, x: f32) -> f32 {
        match self {
            Self::Linear => 1.0,
            Self::Relu => {
                if x > 0.0 {
                    1.0
                } else {
                    x * 0.0
                }
            }
            Self::Elu => {
                if x < 0.0 {
                    libm::expf(x)
                } else {
                    1.0
                }
            }
            Self::Tanh => 1.0 - tanh(x) * tanh(x),
            Self::Sigmoid => sigmoid(x) * (1.0 - sigmoid(x)),
            Self::Softplus => sigmoid(x),
            Self::Silu => sigmoid(x) * (1.0 + x * (1.0 - sigmoid(x))),
        }
    }
}

fn at_least_zero(x: f32) -> f32 {
    if x < 0.0 { 0.0 } else { x }
}

/// A function of each value, as a layer.
#[derive(Debug, Clone, Default)]
pub struct Activation {
    kind: ActivationKind,
    pool: Pool,
}

impl Activation {
    /// The layer of `kind`.
    #[must_use]
    pub fn new(kind: ActivationKind) -> Self {
        Self {
            kind,
            pool: Pool::default(),
        }
    }
}

impl Layer for Activation {
    fn description(&self) -> LayerDescription {
        LayerDescription::Activation { kind: self.kind }
    }

    fn initialise(&mut self, _: &mut Generator) {}

    fn visit(&self, _: &str, _: &mut dyn FnMut(ParameterView<'_>)) {}

    fn visit_mut(&mut self, _: &str, _: &mut dyn FnMut(ParameterViewMut<'_>)) {}

    fn visit_slots(&self, _: &mut dyn FnMut(&dyn GradientSlot)) {}

    fn output_shape(&self, input: BatchShape) -> BatchShape {
        input
    }

    fn infer(&self, _: BatchShape, _: &PackedLayer, x: &[f32], _: &mut InferenceScratch, y: &mut [f32]) {
        self.kind.write(x, y);
    }
}

impl<S: Shape, T: Tape<f32, Cpu>> Module<Tensor<S, f32, Cpu, T>> for Activation {
    type Output = Tensor<S, f32, Cpu, T>;
    type Error = CpuError;

    fn try_forward(&self, x: Tensor<S, f32, Cpu, T>) -> Result<Self::Output, CpuError> {
        let shape = *x.shape();
        apply(
            x,
            shape,
            ActivationOperation(self.kind),
            Vec::new,
            &self.pool,
            InputGradient::Needed,
        )
    }
}

impl NonMutableModule for Activation {}

struct ActivationOperation(ActivationKind);

impl Operation for ActivationOperation {
    fn forward(&mut self, x: &[f32], y: &mut [f32], _: &mut Buffers) {
        self.0.write(x, y);
    }

    fn infer(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers) {
        self.forward(x, y, buffers);
    }

    fn backward(&mut self, x: &[f32], dy: &[f32], dx: Option<&mut [f32]>, _: &mut [Vec<f32>], _: &mut Buffers) {
        if let Some(dx) = dx {
            dx.iter_mut()
                .zip(dy)
                .zip(x)
                .for_each(|((dx, dy), &x)| *dx += dy * self.0.slope(x));
        }
    }
}

impl TensorCollection<f32, Cpu> for Activation {
    type To<E2: Dtype, D2: Device<E2>> = Self;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields((), |()| Self::default())
    }
}

#[cfg(test)]
mod tests {
    use super::ActivationKind::{self, Elu, Linear, Relu, Sigmoid, Silu, Softplus, Tanh};

    const ALL: [ActivationKind; 7] = [Linear, Relu, Elu, Tanh, Sigmoid, Softplus, Silu];

    fn exact(kind: ActivationKind, x: f64) -> f64 {
        let logistic = 1.0 / (1.0 + (-x).exp());
        match kind {
            Linear => x,
            Relu => x.max(0.0),
            Elu => {
                if x < 0.0 {
                    x.exp_m1()
                } else {
                    x
                }
            }
            Tanh => x.tanh(),
            Sigmoid => logistic,
            Softplus => x.exp().ln_1p(),
            Silu => x * logistic,
        }
    }

    #[test]
    fn values_and_slopes_are_the_definitions() {
        for kind in ALL {
            for x in [-6.0_f32, -1.5, -0.25, 0.125, 1.0, 7.5] {
                let at = f64::from(x);
                assert!(
                    (f64::from(kind.of(x)) - exact(kind, at)).abs() < 1e-6,
                    "{kind:?} at {x}"
                );
                let slope = (exact(kind, at + 1e-6) - exact(kind, at - 1e-6)) / 2e-6;
                assert!(
                    (f64::from(kind.slope(x)) - slope).abs() < 2e-6,
                    "{kind:?}'s slope at {x}"
                );
            }
        }
    }

    #[test]
    fn nothing_overflows_and_no_nan_is_lost() {
        for kind in ALL {
            assert!(kind.of(-200.0).is_finite() && kind.of(200.0).is_finite(), "{kind:?}");
            assert!(kind.of(f32::NAN).is_nan(), "{kind:?}");
        }
    }
}
