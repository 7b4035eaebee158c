//! One-way recurrent layers: SimpleRNN, LSTM and GRU.

use std::marker::PhantomData;

use dfdx::dtypes::Dtype;
use dfdx::nn::tensor_collection::{ModuleVisitor, TensorCollection};
use dfdx::nn::{Module, NonMutableModule};
use dfdx::shapes::{Const, Dim, HasShape};
use dfdx::tensor::{Cpu, CpuError, Storage, Tape, Tensor};
use dfdx::tensor_ops::Device;
use recurra_kernels::{
    Cell, Direction, Gradients, LayerShape, PackedLayer, recurrent_backward, recurrent_forward, recurrent_infer,
};

use crate::cells::{GruCell, GruResetBeforeCell, LstmCell, RecurrentCell, SimpleRnnCell};
use crate::description::LayerDescription;
use crate::fused::{GradientSlot, InputGradient, Operation, apply};
use crate::generator::Generator;
use crate::inference::{BatchShape, InferenceScratch};
use crate::layer::Layer;
use crate::parameter::{ParameterView, ParameterViewMut};
use crate::pool::{Buffers, Pool};
use crate::returns::{LastState, Returns};
use crate::weights::{CellWeights, SharedWeights};

/// A recurrent layer that reads the window from its first step to its last, as one operation on dfdx's tape.
///
/// `[batch, steps, I]` becomes `[batch, steps, H]` ([`Sequences`](crate::Sequences)) or, as the last state alone,
/// `[batch, H]` ([`LastState`]). `I` and `H` are known at compile time, except that the first layer of a network may
/// take `usize` columns.
///
/// ```
/// use dfdx::prelude::*;
/// use recurra_models::{Lstm, Sequences};
///
/// let device = Cpu::default();
/// type Body = (Lstm<1, 8, Sequences>, Lstm<8, 4>);
/// let body = Body::build(&device);
/// let windows: Tensor<(usize, usize, Const<1>), f32, Cpu> = device.zeros_like(&(3, 20, Const));
/// let states: Tensor<(usize, Const<4>), f32, Cpu> = body.forward(windows);
/// assert_eq!(states.shape().0, 3);
/// ```
///
/// Layers whose widths do not fit together do not build:
/// ```compile_fail
/// # use dfdx::prelude::*;
/// # use recurra_models::{Lstm, Sequences};
/// # let device = Cpu::default();
/// type Body = (Lstm<1, 8, Sequences>, Lstm<9, 4>);
/// # let body = Body::build(&device);
/// # let windows: Tensor<(usize, usize, Const<1>), f32, Cpu> = device.zeros_like(&(3, 20, Const));
/// # let states: Tensor<(usize, Const<4>), f32, Cpu> = body.forward(windows);
/// ```
#[derive(Debug, Clone)]
pub struct Recurrent<
    C: RecurrentCell,
    I: Dim,
    const H: usize,
    R: Returns = LastState,
    E: Dtype = f32,
    D: Storage<E> = Cpu,
> {
    weights: CellWeights<C, I, H, E, D>,
    kind: PhantomData<R>,
    pool: Pool,
    input_gradient: InputGradient,
}

/// Keras' `SimpleRNN(H)` on `I` values per step.
pub type SimpleRnn<const I: usize, const H: usize, R = LastState> = Recurrent<SimpleRnnCell, Const<I>, H, R>;
/// Keras' `LSTM(H)` on `I` values per step.
pub type Lstm<const I: usize, const H: usize, R = LastState> = Recurrent<LstmCell, Const<I>, H, R>;
/// Keras' `GRU(H)` on `I` values per step.
pub type Gru<const I: usize, const H: usize, R = LastState> = Recurrent<GruCell, Const<I>, H, R>;
/// Keras' `GRU(H, reset_after=False)` on `I` values per step.
pub type GruResetBefore<const I: usize, const H: usize, R = LastState> = Recurrent<GruResetBeforeCell, Const<I>, H, R>;

impl<C: RecurrentCell, I: Dim, const H: usize, R: Returns> Recurrent<C, I, H, R> {
    /// A layer with zero weights; [`Layer::initialise`] gives them their initial values.
    ///
    /// # Errors
    /// If the device is out of memory.
    pub fn zeros(device: &Cpu, inputs: I) -> Result<Self, CpuError> {
        let weights = CellWeights::zeros(device, inputs)?;
        Ok(Self::from_weights(weights))
    }

    /// The same layer, not computing the gradient of its input: for the first layer of a network.
    #[must_use]
    pub fn without_input_gradient(mut self) -> Self {
        self.input_gradient = InputGradient::Unused;
        self
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, R: Returns, E: Dtype, D: Storage<E>> Recurrent<C, I, H, R, E, D> {
    fn from_weights(weights: CellWeights<C, I, H, E, D>) -> Self {
        Self {
            weights,
            kind: PhantomData,
            pool: Pool::default(),
            input_gradient: InputGradient::Needed,
        }
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, R: Returns> Layer for Recurrent<C, I, H, R> {
    fn description(&self) -> LayerDescription {
        LayerDescription::Recurrent {
            cell: C::CELL.into(),
            units: H,
            return_sequences: R::SEQUENCES,
        }
    }

    fn initialise(&mut self, generator: &mut Generator) {
        self.weights.initialise(generator);
    }

    fn visit(&self, prefix: &str, visitor: &mut dyn FnMut(ParameterView<'_>)) {
        self.weights.visit(prefix, visitor);
    }

    fn visit_mut(&mut self, prefix: &str, visitor: &mut dyn FnMut(ParameterViewMut<'_>)) {
        self.weights.visit_mut(prefix, visitor);
    }

    fn visit_slots(&self, visitor: &mut dyn FnMut(&dyn GradientSlot)) {
        self.weights.visit_slots(visitor);
    }

    fn pack(&self, packed: &mut PackedLayer) {
        let passes = [self.weights.pass(Direction::Forward)];
        packed.pack(C::CELL, self.weights.inputs(), H, &passes);
    }

    fn output_shape(&self, input: BatchShape) -> BatchShape {
        R::batch_shape(input, H)
    }

    fn infer(&self, input: BatchShape, packed: &PackedLayer, x: &[f32], scratch: &mut InferenceScratch, y: &mut [f32]) {
        packed.infer(input.windows, input.steps, R::SEQUENCES, x, &mut scratch.recurrent, y);
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, R: Returns, T: Tape<f32, Cpu>>
    Module<Tensor<(usize, usize, I), f32, Cpu, T>> for Recurrent<C, I, H, R>
{
    type Output = Tensor<R::Shape<Const<H>>, f32, Cpu, T>;
    type Error = CpuError;

    fn try_forward(&self, x: Tensor<(usize, usize, I), f32, Cpu, T>) -> Result<Self::Output, CpuError> {
        let &(batch, steps, inputs) = x.shape();
        let operation = RecurrentOperation {
            cell: C::CELL,
            shape: LayerShape {
                batch,
                steps,
                inputs: inputs.size(),
                hidden: H,
            },
            weights: self.weights.share(),
            return_sequences: R::SEQUENCES,
        };
        let output = R::shape(batch, steps, Const::<H>);
        apply(
            x,
            output,
            operation,
            || self.weights.slots().collect(),
            &self.pool,
            self.input_gradient,
        )
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, R: Returns> NonMutableModule for Recurrent<C, I, H, R> {}

struct RecurrentOperation {
    cell: Cell,
    shape: LayerShape,
    weights: SharedWeights,
    return_sequences: bool,
}

impl Operation for RecurrentOperation {
    fn forward(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers) {
        let passes = [self.weights.pass(Direction::Forward)];
        recurrent_forward(
            self.cell,
            self.shape,
            &passes,
            self.return_sequences,
            x,
            &mut buffers.recurrent,
            y,
        );
    }

    fn infer(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers) {
        let passes = [self.weights.pass(Direction::Forward)];
        recurrent_infer(
            self.cell,
            self.shape,
            &passes,
            self.return_sequences,
            x,
            &mut buffers.recurrent,
            y,
        );
    }

    fn backward(
        &mut self,
        x: &[f32],
        dy: &[f32],
        dx: Option<&mut [f32]>,
        gradients: &mut [Vec<f32>],
        buffers: &mut Buffers,
    ) {
        let [kernel, recurrent_kernel, bias] = gradients else {
            unreachable!("a pass has three parameters")
        };
        recurrent_backward(
            self.cell,
            self.shape,
            &[self.weights.pass(Direction::Forward)],
            self.return_sequences,
            x,
            &mut buffers.recurrent,
            dy,
            dx,
            &mut [Gradients {
                kernel,
                recurrent_kernel,
                bias,
            }],
        );
    }
}

impl<C: RecurrentCell, const I: usize, const H: usize, R: Returns> TensorCollection<f32, Cpu>
    for Recurrent<C, Const<I>, H, R>
{
    type To<E2: Dtype, D2: Device<E2>> = Recurrent<C, Const<I>, H, R, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields(
            (Self::module("weights", |s| &s.weights, |s| &mut s.weights),),
            |(weights,)| Recurrent::from_weights(weights),
        )
    }
}
