//! The weights of one reading of the window, with Keras' initialisers.

use std::sync::Arc;

use dfdx::dtypes::Dtype;
use dfdx::nn::tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions};
use dfdx::shapes::{Const, Dim, HasShape, Shape};
use dfdx::tensor::{Cpu, CpuError, RandomU64, Storage, Tensor};
use dfdx::tensor_ops::Device;
use recurra_kernels::{Cell, Direction, Pass, Weights};

use crate::cells::RecurrentCell;
use crate::fused::GradientSlot;
use crate::generator::Generator;
use crate::initializers::{glorot_uniform, orthogonal};
use crate::parameter::{Parameter, ParameterView, ParameterViewMut};

/// Kernel `[inputs, gates·H]`, recurrent kernel `[H, gates·H]` and bias of a cell, as Keras lays them out. (A width of
/// `gates·H` cannot be written as a compile-time shape on stable Rust; `[inputs, gates, H]` has the same memory.)
#[derive(Debug, Clone)]
pub(crate) struct CellWeights<C: RecurrentCell, I: Dim, const H: usize, E: Dtype = f32, D: Storage<E> = Cpu> {
    pub(crate) kernel: Parameter<(I, C::Gates, Const<H>), E, D>,
    pub(crate) recurrent_kernel: Parameter<(Const<H>, C::Gates, Const<H>), E, D>,
    pub(crate) bias: Parameter<(C::Biases, C::Gates, Const<H>), E, D>,
}

impl<C: RecurrentCell, I: Dim, const H: usize> CellWeights<C, I, H> {
    pub(crate) fn zeros(device: &Cpu, inputs: I) -> Result<Self, CpuError> {
        let (gates, biases) = (C::Gates::default(), C::Biases::default());
        Ok(Self {
            kernel: Parameter::zeros(device, (inputs, gates, Const))?,
            recurrent_kernel: Parameter::zeros(device, (Const, gates, Const))?,
            bias: Parameter::zeros(device, (biases, gates, Const))?,
        })
    }

    /// Kernel, then recurrent kernel, from one generator; zero bias, one for the forget gate of an LSTM.
    pub(crate) fn initialise(&mut self, generator: &mut Generator) {
        let inputs = self.inputs();
        let width = C::CELL.gates() * H;
        self.kernel
            .update(|values| values.copy_from_slice(&glorot_uniform(generator, inputs, width)));
        self.recurrent_kernel
            .update(|values| values.copy_from_slice(&orthogonal(generator, H, width)));
        self.bias.update(|values| reset_bias(C::CELL, H, values));
    }

    pub(crate) fn inputs(&self) -> usize {
        self.kernel.tensor().shape().0.size()
    }

    pub(crate) fn share(&self) -> SharedWeights {
        SharedWeights {
            kernel: Arc::clone(self.kernel.values()),
            recurrent_kernel: Arc::clone(self.recurrent_kernel.values()),
            bias: Arc::clone(self.bias.values()),
        }
    }

    /// One reading with these weights.
    pub(crate) fn pass(&self, direction: Direction) -> Pass<'_> {
        let weights = Weights {
            kernel: self.kernel.values(),
            recurrent_kernel: self.recurrent_kernel.values(),
            bias: self.bias.values(),
        };
        Pass::new(direction, weights)
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = Box<dyn GradientSlot>> {
        let kernel: Box<dyn GradientSlot> = Box::new(self.kernel.tensor().clone());
        let recurrent_kernel: Box<dyn GradientSlot> = Box::new(self.recurrent_kernel.tensor().clone());
        let bias: Box<dyn GradientSlot> = Box::new(self.bias.tensor().clone());
        [kernel, recurrent_kernel, bias].into_iter()
    }

    pub(crate) fn visit_slots(&self, visitor: &mut dyn FnMut(&dyn GradientSlot)) {
        visitor(self.kernel.tensor());
        visitor(self.recurrent_kernel.tensor());
        visitor(self.bias.tensor());
    }

    fn keras_shapes(&self) -> [Vec<usize>; 3] {
        let width = C::CELL.gates() * H;
        let bias = if C::CELL.bias_len(H) == width {
            vec![width]
        } else {
            vec![2, width]
        };
        [vec![self.inputs(), width], vec![H, width], bias]
    }

    pub(crate) fn visit(&self, prefix: &str, visitor: &mut dyn FnMut(ParameterView<'_>)) {
        let [kernel, recurrent_kernel, bias] = self.keras_shapes();
        let mut show = |name: &str, shape: &[usize], values: &[f32]| {
            visitor(ParameterView {
                name: &format!("{prefix}{name}"),
                shape,
                values,
            });
        };
        show("kernel", &kernel, self.kernel.values());
        show("recurrent_kernel", &recurrent_kernel, self.recurrent_kernel.values());
        show("bias", &bias, self.bias.values());
    }

    pub(crate) fn visit_mut(&mut self, prefix: &str, visitor: &mut dyn FnMut(ParameterViewMut<'_>)) {
        let [kernel, recurrent_kernel, bias] = self.keras_shapes();
        let mut show = |name: &str, shape: &[usize], values: &mut [f32]| {
            visitor(ParameterViewMut {
                name: &format!("{prefix}{name}"),
                shape,
                values,
            });
        };
        self.kernel.update(|values| show("kernel", &kernel, values));
        self.recurrent_kernel
            .update(|values| show("recurrent_kernel", &recurrent_kernel, values));
        self.bias.update(|values| show("bias", &bias, values));
    }
}

/// Keras' `unit_forget_bias` for an LSTM, zeros for the others.
fn reset_bias(cell: Cell, hidden: usize, bias: &mut [f32]) {
    bias.fill(0.0);
    if cell == Cell::Lstm {
        bias[hidden..2 * hidden].fill(1.0);
    }
}

/// The values of [`CellWeights`], without their shapes, for as long as an operation is on the tape.
#[derive(Debug, Clone)]
pub(crate) struct SharedWeights {
    kernel: Arc<Vec<f32>>,
    recurrent_kernel: Arc<Vec<f32>>,
    bias: Arc<Vec<f32>>,
}

impl SharedWeights {
    pub(crate) fn pass(&self, direction: Direction) -> Pass<'_> {
        let weights = Weights {
            kernel: &self.kernel,
            recurrent_kernel: &self.recurrent_kernel,
            bias: &self.bias,
        };
        Pass::new(direction, weights)
    }
}

/// A generator for a tensor that dfdx resets, from the device's own.
fn device_generator<S: Shape>(tensor: &Tensor<S, f32, Cpu>) -> Generator {
    Generator::for_purpose(tensor.device().random_u64(), "initialisation")
}

impl<C: RecurrentCell, const I: usize, const H: usize> TensorCollection<f32, Cpu> for CellWeights<C, Const<I>, H> {
    type To<E2: Dtype, D2: Device<E2>> = CellWeights<C, Const<I>, H, E2, D2>;

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
                        t.copy_from(&glorot_uniform(&mut device_generator(t), I, C::CELL.gates() * H));
                        Ok(())
                    }),
                ),
                Self::tensor(
                    "recurrent_kernel",
                    |s| s.recurrent_kernel.tensor(),
                    |s| s.recurrent_kernel.tensor_mut(),
                    TensorOptions::reset_with(|t| {
                        t.copy_from(&orthogonal(&mut device_generator(t), H, C::CELL.gates() * H));
                        Ok(())
                    }),
                ),
                Self::tensor(
                    "bias",
                    |s| s.bias.tensor(),
                    |s| s.bias.tensor_mut(),
                    TensorOptions::reset_with(|t| {
                        let mut bias = vec![0.0; C::CELL.bias_len(H)];
                        reset_bias(C::CELL, H, &mut bias);
                        t.copy_from(&bias);
                        Ok(())
                    }),
                ),
            ),
            |(kernel, recurrent_kernel, bias)| CellWeights {
                kernel: Parameter::from_tensor(kernel),
                recurrent_kernel: Parameter::from_tensor(recurrent_kernel),
                bias: Parameter::from_tensor(bias),
            },
        )
    }
}
