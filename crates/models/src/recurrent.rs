//! One-way recurrent layers: SimpleRNN, LSTM and GRU.

use std::marker::PhantomData;

use dfdx::dtypes::Dtype;
use dfdx::nn::tensor_collection::{ModuleVisitor, TensorCollection};
use dfdx::nn::{Module, NonMutableModule};
use dfdx::shapes::{Const, Dim, HasShape};
use dfdx::tensor::{Cpu, CpuError, Storage, Tape, Tensor};
use dfdx::tensor_ops::Device;
use recurra_kernels::{Direction, LayerShape, Outputs, PackedLayer};

use crate::carried::Carried;
use crate::cells::{GruCell, GruResetBeforeCell, LstmCell, RecurrentCell, SimpleRnnCell};
use crate::description::LayerDescription;
use crate::error::ModelError;
use crate::extras::{Extras, Use};
use crate::fused::{GradientSlot, InputGradient, Operation, apply};
use crate::generator::Generator;
use crate::inference_scratch::{BatchShape, InferenceScratch};
use crate::layer::{Layer, StepKey};
use crate::parameter::{ParameterView, ParameterViewMut};
use crate::pool::Pool;
use crate::recurrent_operation::{RecurrentOperation, reverse_steps};
use crate::returns::{LastState, Returns};
use crate::weights::CellWeights;

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
    extras: Extras,
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
    pub fn zeros(device: &Cpu, inputs: I) -> Result<Self, ModelError> {
        let weights = CellWeights::zeros(device, inputs)?;
        Ok(Self::from_weights(weights))
    }

    /// The same layer, not computing the gradient of its input: for the first layer of a network.
    #[must_use]
    pub fn without_input_gradient(mut self) -> Self {
        self.input_gradient = InputGradient::Unused;
        self
    }

    /// The same layer with recurrent dropout: in training the recurrent kernel does not see the share `rate` of the state, and the rest
    /// times `1 / (1 − rate)`. A network with a rate outside 0 to below 1 is refused
    /// ([`ModelError::Rate`](crate::ModelError::Rate)).
    ///
    /// The factors are drawn once a batch, for every window and unit, and hold for all steps. They follow from the run's seed, the number
    /// of the step and the place of the layer ([`StepKey`]). Where Keras draws them for each gate anew, all gates have the same ones here.
    #[must_use]
    pub fn recurrent_dropout(mut self, rate: f32) -> Self {
        self.extras.options.recurrent_dropout = rate;
        self
    }

    /// The same layer carrying its state (Keras' `stateful=True`): window i of a batch goes on where window i of the batch before ended.
    /// See [`Network::is_stateful`](crate::Network::is_stateful). Outside a network, a batch of another size starts from zero.
    ///
    /// ```
    /// use recurra_models::{FirstLayer, Head, LastState, LstmCell, Network, Recurrent, Sequential};
    ///
    /// type Body = Recurrent<LstmCell, usize, 8, LastState>;
    /// let mut network = Sequential::<(Body, Head<8>)>::new(1, 1, 51, |device| {
    ///     Ok((Body::first(device, 1)?.stateful(), Head::zeros(device, 1)?))
    /// })?;
    /// let whole = network.predict(&[0.1, 0.2, 0.3, 0.4], 4)?;
    /// network.predict_next(&[0.1, 0.2], 2)?;
    /// assert_eq!(network.predict_next(&[0.3, 0.4], 2)?, whole);
    /// network.reset_state();
    /// # Ok::<(), recurra_models::ModelError>(())
    /// ```
    #[must_use]
    pub fn stateful(mut self) -> Self {
        self.extras.set_stateful(C::CELL, H, vec![String::new()]);
        self
    }

    /// The same layer reading the window from its last step to its first (Keras' `go_backwards=True`). As in Keras, its
    /// outputs stand in the order in which they were read: the first is that of the window's last step.
    #[must_use]
    pub fn go_backwards(mut self) -> Self {
        self.extras.options.go_backwards = true;
        self
    }

    fn direction(&self) -> Direction {
        if self.extras.options.go_backwards {
            Direction::Backward
        } else {
            Direction::Forward
        }
    }

    fn operation(&self, [batch, steps, inputs]: [usize; 3], what_for: Use) -> RecurrentOperation {
        let shape = LayerShape {
            batch,
            steps,
            inputs,
            hidden: H,
        };
        RecurrentOperation {
            cell: C::CELL,
            shape,
            weights: self.weights.share(),
            outputs: R::OUTPUTS,
            direction: self.direction(),
            extras: self.extras.begin(shape, 1, what_for),
        }
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, R: Returns, E: Dtype, D: Storage<E>> Recurrent<C, I, H, R, E, D> {
    fn from_weights(weights: CellWeights<C, I, H, E, D>) -> Self {
        Self {
            weights,
            kind: PhantomData,
            pool: Pool::default(),
            input_gradient: InputGradient::Needed,
            extras: Extras::default(),
        }
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, R: Returns> Layer for Recurrent<C, I, H, R> {
    fn description(&self) -> LayerDescription {
        LayerDescription::Recurrent {
            cell: C::CELL.into(),
            units: H,
            return_sequences: R::OUTPUTS == Outputs::Sequences,
            options: self.extras.options,
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
        let passes = [self.weights.pass(self.direction())];
        packed.pack(C::CELL, self.weights.inputs(), H, &passes);
    }

    fn output_shape(&self, input: BatchShape) -> BatchShape {
        R::batch_shape(input, H)
    }

    fn infer(&self, input: BatchShape, packed: &PackedLayer, x: &[f32], scratch: &mut InferenceScratch, y: &mut [f32]) {
        packed.infer(input.windows, input.steps, R::OUTPUTS, x, &mut scratch.recurrent, y);
        if self.extras.options.go_backwards && R::OUTPUTS == Outputs::Sequences {
            reverse_steps(y, input.steps, H);
        }
    }

    fn infer_next(
        &self,
        input: BatchShape,
        packed: &PackedLayer,
        x: &[f32],
        scratch: &mut InferenceScratch,
        y: &mut [f32],
    ) {
        if self.extras.carried.is_none() {
            return self.infer(input, packed, x, scratch, y);
        }
        let mut operation = self.operation([input.windows, input.steps, input.width], Use::Next);
        operation.forward(x, y, &mut self.pool.lease());
    }

    fn begin_step(&mut self, key: StepKey) {
        self.extras.key = key;
    }

    fn carried(&self) -> Option<&Carried> {
        self.extras.carried.as_ref()
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, R: Returns, T: Tape<f32, Cpu>>
    Module<Tensor<(usize, usize, I), f32, Cpu, T>> for Recurrent<C, I, H, R>
{
    type Output = Tensor<R::Shape<Const<H>>, f32, Cpu, T>;
    type Error = CpuError;

    fn try_forward(&self, x: Tensor<(usize, usize, I), f32, Cpu, T>) -> Result<Self::Output, CpuError> {
        let &(batch, steps, inputs) = x.shape();
        let operation = self.operation([batch, steps, inputs.size()], Use::of::<T>());
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
