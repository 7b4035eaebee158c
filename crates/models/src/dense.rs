//! A dense layer: `y = x·W + b`.

use std::sync::Arc;

use dfdx::dtypes::Dtype;
use dfdx::nn::tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions};
use dfdx::nn::{Module, NonMutableModule};
use dfdx::shapes::{Const, Dim, HasShape};
use dfdx::tensor::{Cpu, CpuError, RandomU64, Storage, Tape, Tensor};
use dfdx::tensor_ops::Device;
use recurra_kernels::{DenseShape, PackedLayer, dense_backward, dense_forward, dense_infer};

use crate::description::LayerDescription;
use crate::error::ModelError;
use crate::fused::{GradientSlot, InputGradient, Operation, apply};
use crate::generator::Generator;
use crate::inference_scratch::{BatchShape, InferenceScratch};
use crate::initializers::glorot_uniform;
use crate::layer::Layer;
use crate::parameter::{Parameter, ParameterView, ParameterViewMut};
use crate::pool::{Buffers, Pool};

/// `y = x·W + b` with kernel `W` `[I, O]` and bias `b` `[O]`, on `[batch, I]`.
///
/// The last layer of a network may have `usize` outputs: the horizon is often known at run time only.
#[derive(Debug, Clone)]
pub struct DenseLayer<const I: usize, O: Dim, E: Dtype = f32, D: Storage<E> = Cpu> {
    kernel: Parameter<(Const<I>, O), E, D>,
    bias: Parameter<(O,), E, D>,
    pool: Pool,
}

/// Keras' `Dense(O)` on `I` values.
pub type Dense<const I: usize, const O: usize> = DenseLayer<I, Const<O>>;

impl<const I: usize, O: Dim> DenseLayer<I, O> {
    /// A layer with zero weights; [`Layer::initialise`] gives them their initial values.
    ///
    /// # Errors
    /// If the device is out of memory.
    pub fn zeros(device: &Cpu, outputs: O) -> Result<Self, ModelError> {
        let kernel = Parameter::zeros(device, (Const, outputs))?;
        let bias = Parameter::zeros(device, (outputs,))?;
        Ok(Self {
            kernel,
            bias,
            pool: Pool::default(),
        })
    }

    fn outputs(&self) -> usize {
        self.bias.tensor().shape().0.size()
    }
}

impl<const I: usize, O: Dim> Layer for DenseLayer<I, O> {
    fn description(&self) -> LayerDescription {
        LayerDescription::Dense { units: self.outputs() }
    }

    fn initialise(&mut self, generator: &mut Generator) {
        let outputs = self.outputs();
        self.kernel
            .update(|values| values.copy_from_slice(&glorot_uniform(generator, I, outputs)));
        self.bias.update(|values| values.fill(0.0));
    }

    fn visit(&self, prefix: &str, visitor: &mut dyn FnMut(ParameterView<'_>)) {
        let outputs = self.outputs();
        let mut show = |name: &str, shape: &[usize], values: &[f32]| {
            visitor(ParameterView {
                name: &format!("{prefix}{name}"),
                shape,
                values,
            });
        };
        show("kernel", &[I, outputs], self.kernel.values());
        show("bias", &[outputs], self.bias.values());
    }

    fn visit_mut(&mut self, prefix: &str, visitor: &mut dyn FnMut(ParameterViewMut<'_>)) {
        let outputs = self.outputs();
        let mut show = |name: &str, shape: &[usize], values: &mut [f32]| {
            visitor(ParameterViewMut {
                name: &format!("{prefix}{name}"),
                shape,
                values,
            });
        };
        self.kernel.update(|values| show("kernel", &[I, outputs], values));
        self.bias.update(|values| show("bias", &[outputs], values));
    }

    fn visit_slots(&self, visitor: &mut dyn FnMut(&dyn GradientSlot)) {
        visitor(self.kernel.tensor());
        visitor(self.bias.tensor());
    }

    fn output_shape(&self, input: BatchShape) -> BatchShape {
        BatchShape {
            width: self.outputs(),
            ..input
        }
    }

    fn infer(&self, input: BatchShape, _: &PackedLayer, x: &[f32], scratch: &mut InferenceScratch, y: &mut [f32]) {
        let shape = DenseShape {
            rows: input.windows * input.steps,
            inputs: I,
            outputs: self.outputs(),
        };
        dense_infer(
            shape,
            self.kernel.values(),
            self.bias.values(),
            x,
            &mut scratch.dense,
            y,
        );
    }
}

impl<const I: usize, O: Dim, T: Tape<f32, Cpu>> Module<Tensor<(usize, Const<I>), f32, Cpu, T>> for DenseLayer<I, O> {
    type Output = Tensor<(usize, O), f32, Cpu, T>;
    type Error = CpuError;

    fn try_forward(&self, x: Tensor<(usize, Const<I>), f32, Cpu, T>) -> Result<Self::Output, CpuError> {
        let rows = x.shape().0;
        let outputs = self.bias.tensor().shape().0;
        let operation = DenseOperation {
            shape: DenseShape {
                rows,
                inputs: I,
                outputs: outputs.size(),
            },
            kernel: Arc::clone(self.kernel.values()),
            bias: Arc::clone(self.bias.values()),
        };
        let slots = || -> Vec<Box<dyn GradientSlot>> {
            vec![
                Box::new(self.kernel.tensor().clone()),
                Box::new(self.bias.tensor().clone()),
            ]
        };
        apply(x, (rows, outputs), operation, slots, &self.pool, InputGradient::Needed)
    }
}

impl<const I: usize, O: Dim> NonMutableModule for DenseLayer<I, O> {}

struct DenseOperation {
    shape: DenseShape,
    kernel: Arc<Vec<f32>>,
    bias: Arc<Vec<f32>>,
}

impl Operation for DenseOperation {
    fn forward(&mut self, x: &[f32], y: &mut [f32], _: &mut Buffers) {
        dense_forward(self.shape, &self.kernel, &self.bias, x, y);
    }

    fn infer(&mut self, x: &[f32], y: &mut [f32], _: &mut Buffers) {
        dense_forward(self.shape, &self.kernel, &self.bias, x, y);
    }

    fn backward(&mut self, x: &[f32], dy: &[f32], dx: Option<&mut [f32]>, gradients: &mut [Vec<f32>], _: &mut Buffers) {
        let [kernel, bias] = gradients else {
            unreachable!("a dense layer has two parameters")
        };
        dense_backward(self.shape, &self.kernel, x, dy, dx, kernel, bias);
    }
}

impl<const I: usize, const O: usize> TensorCollection<f32, Cpu> for DenseLayer<I, Const<O>> {
    type To<E2: Dtype, D2: Device<E2>> = DenseLayer<I, Const<O>, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields(
            (
                Self::tensor(
                    "kernel",
                    |s| s.kernel.tensor(),
                    |s| s.kernel.tensor_mut(),
                    TensorOptions::reset_with(|t| {
                        let mut generator = Generator::for_purpose(t.device().random_u64(), "initialisation");
                        t.copy_from(&glorot_uniform(&mut generator, I, O));
                        Ok(())
                    }),
                ),
                Self::tensor(
                    "bias",
                    |s| s.bias.tensor(),
                    |s| s.bias.tensor_mut(),
                    TensorOptions::reset_to_zeros(),
                ),
            ),
            |(kernel, bias)| DenseLayer {
                kernel: Parameter::from_tensor(kernel),
                bias: Parameter::from_tensor(bias),
                pool: Pool::default(),
            },
        )
    }
}
