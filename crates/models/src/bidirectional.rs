//! Recurrent layers that read the window from both ends.

use std::marker::PhantomData;

use dfdx::dtypes::Dtype;
use dfdx::nn::tensor_collection::{ModuleVisitor, TensorCollection};
use dfdx::nn::{Module, NonMutableModule};
use dfdx::shapes::{Const, Dim, HasShape};
use dfdx::tensor::{Cpu, CpuError, Storage, Tape, Tensor};
use dfdx::tensor_ops::Device;
use recurra_kernels::{Direction, LayerShape, Outputs, PackedLayer};

use crate::bidirectional_operation::BidirectionalOperation;
use crate::carried::Carried;
use crate::cells::{GruCell, LstmCell, RecurrentCell, SimpleRnnCell};
use crate::description::{CellKind, LayerDescription, MergeMode};
use crate::error::ModelError;
use crate::extras::{Extras, Use};
use crate::fused::{GradientSlot, InputGradient, Operation, apply};
use crate::generator::Generator;
use crate::inference_scratch::{BatchShape, InferenceScratch};
use crate::layer::{Layer, StepKey};
use crate::merge::{Concat, Merge, join};
use crate::parameter::{ParameterView, ParameterViewMut};
use crate::pool::{Pool, first};
use crate::returns::{LastState, Returns};
use crate::weights::CellWeights;

/// Two recurrent layers with weights of their own, one reading from each end, as one operation on dfdx's tape.
///
/// `[batch, steps, I]` becomes `[batch, steps, O]` or, as the last state alone, `[batch, O]`, where the backward half of
/// the last state is the one after reading back to the window's *first* step. `O` is `2·H` when the readings are
/// concatenated and `H` otherwise; the compiler checks it, since `2·H` cannot be written as a type on stable Rust:
///
/// ```
/// use dfdx::prelude::*;
/// use recurra_models::BidirectionalLstm;
/// let device = Cpu::default();
/// let layer = BidirectionalLstm::<1, 8, 16>::build(&device);
/// let windows: Tensor<(usize, usize, Const<1>), f32, Cpu> = device.zeros_like(&(3, 20, Const));
/// let states: Tensor<(usize, Const<16>), f32, Cpu> = layer.forward(windows);
/// ```
///
/// A wrong width does not build (`error[E0080]`), and the error names the layer with its sizes:
/// ```compile_fail,E0080
/// # use dfdx::prelude::*;
/// # use recurra_models::BidirectionalLstm;
/// # let device = Cpu::default();
/// let layer = BidirectionalLstm::<1, 8, 15>::build(&device);
/// # let windows: Tensor<(usize, usize, Const<1>), f32, Cpu> = device.zeros_like(&(3, 20, Const));
/// # let states: Tensor<(usize, Const<15>), f32, Cpu> = layer.forward(windows);
/// ```
///
/// The order of the parameters is Keras': forward before backward.
#[derive(Debug, Clone)]
pub struct Bidirectional<
    C: RecurrentCell,
    I: Dim,
    const H: usize,
    const O: usize,
    R: Returns = LastState,
    M: Merge = Concat,
    E: Dtype = f32,
    D: Storage<E> = Cpu,
> {
    forward: CellWeights<C, I, H, E, D>,
    backward: CellWeights<C, I, H, E, D>,
    kind: PhantomData<(R, M)>,
    pool: Pool,
    input_gradient: InputGradient,
    extras: Extras,
}

/// Keras' `Bidirectional(SimpleRNN(H))` on `I` values per step.
pub type BidirectionalSimpleRnn<const I: usize, const H: usize, const O: usize, R = LastState, M = Concat> =
    Bidirectional<SimpleRnnCell, Const<I>, H, O, R, M>;
/// Keras' `Bidirectional(LSTM(H))` on `I` values per step.
pub type BidirectionalLstm<const I: usize, const H: usize, const O: usize, R = LastState, M = Concat> =
    Bidirectional<LstmCell, Const<I>, H, O, R, M>;
/// Keras' `Bidirectional(GRU(H))` on `I` values per step.
pub type BidirectionalGru<const I: usize, const H: usize, const O: usize, R = LastState, M = Concat> =
    Bidirectional<GruCell, Const<I>, H, O, R, M>;

impl<C: RecurrentCell, I: Dim, const H: usize, const O: usize, R: Returns, M: Merge> Bidirectional<C, I, H, O, R, M> {
    /// A layer with zero weights; [`Layer::initialise`] gives them their initial values.
    ///
    /// # Errors
    /// If the device is out of memory.
    pub fn zeros(device: &Cpu, inputs: I) -> Result<Self, ModelError> {
        let (forward, backward) = (CellWeights::zeros(device, inputs)?, CellWeights::zeros(device, inputs)?);
        Ok(Self::from_weights(forward, backward))
    }

    /// The same layer, not computing the gradient of its input: for the first layer of a network.
    #[must_use]
    pub fn without_input_gradient(mut self) -> Self {
        self.input_gradient = InputGradient::Unused;
        self
    }

    /// The same layer with recurrent dropout, as [`Recurrent::recurrent_dropout`](crate::Recurrent::recurrent_dropout); each reading has factors of
    /// its own.
    #[must_use]
    pub fn recurrent_dropout(mut self, rate: f32) -> Self {
        self.extras.options.recurrent_dropout = rate;
        self
    }

    /// The same layer carrying the states of both readings, as [`Recurrent::stateful`](crate::Recurrent::stateful). As in Keras, the backward
    /// reading of a batch begins with the state that the backward reading of the batch before ended with.
    #[must_use]
    pub fn stateful(mut self) -> Self {
        let stem = CellKind::from(C::CELL).name_stem();
        let passes = ["forward", "backward"].map(|way| format!("{way}_{stem}/"));
        self.extras.set_stateful(C::CELL, H, passes.into());
        self
    }

    fn operation(&self, [batch, steps, inputs]: [usize; 3], what_for: Use) -> BidirectionalOperation {
        let shape = LayerShape {
            batch,
            steps,
            inputs,
            hidden: H,
        };
        BidirectionalOperation {
            cell: C::CELL,
            shape,
            forward: self.forward.share(),
            backward: self.backward.share(),
            outputs: R::OUTPUTS,
            merge: M::MODE,
            extras: self.extras.begin(shape, 2, what_for),
        }
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, const O: usize, R: Returns, M: Merge, E: Dtype, D: Storage<E>>
    Bidirectional<C, I, H, O, R, M, E, D>
{
    const WIDTH: usize = {
        assert!(
            O == M::FACTOR * H,
            "a bidirectional layer's width O must be 2·H when it concatenates, else H"
        );
        O
    };

    fn from_weights(forward: CellWeights<C, I, H, E, D>, backward: CellWeights<C, I, H, E, D>) -> Self {
        let _ = const { Self::WIDTH };
        Self {
            forward,
            backward,
            kind: PhantomData,
            pool: Pool::default(),
            input_gradient: InputGradient::Needed,
            extras: Extras::default(),
        }
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, const O: usize, R: Returns, M: Merge> Layer
    for Bidirectional<C, I, H, O, R, M>
{
    fn description(&self) -> LayerDescription {
        LayerDescription::Bidirectional {
            cell: C::CELL.into(),
            units: H,
            return_sequences: R::OUTPUTS == Outputs::Sequences,
            merge: M::MODE,
            options: self.extras.options,
        }
    }

    fn initialise(&mut self, generator: &mut Generator) {
        self.forward.initialise(generator);
        self.backward.initialise(generator);
    }

    fn visit(&self, prefix: &str, visitor: &mut dyn FnMut(ParameterView<'_>)) {
        let stem = CellKind::from(C::CELL).name_stem();
        self.forward.visit(&format!("{prefix}forward_{stem}/"), visitor);
        self.backward.visit(&format!("{prefix}backward_{stem}/"), visitor);
    }

    fn visit_mut(&mut self, prefix: &str, visitor: &mut dyn FnMut(ParameterViewMut<'_>)) {
        let stem = CellKind::from(C::CELL).name_stem();
        self.forward.visit_mut(&format!("{prefix}forward_{stem}/"), visitor);
        self.backward.visit_mut(&format!("{prefix}backward_{stem}/"), visitor);
    }

    fn visit_slots(&self, visitor: &mut dyn FnMut(&dyn GradientSlot)) {
        self.forward.visit_slots(visitor);
        self.backward.visit_slots(visitor);
    }

    fn pack(&self, packed: &mut PackedLayer) {
        let passes = [
            self.forward.pass(Direction::Forward),
            self.backward.pass(Direction::Backward),
        ];
        packed.pack(C::CELL, self.forward.inputs(), H, &passes);
    }

    fn output_shape(&self, input: BatchShape) -> BatchShape {
        R::batch_shape(input, O)
    }

    fn infer(&self, input: BatchShape, packed: &PackedLayer, x: &[f32], scratch: &mut InferenceScratch, y: &mut [f32]) {
        let InferenceScratch { kept, recurrent, .. } = scratch;
        if M::MODE == MergeMode::Concat {
            packed.infer(input.windows, input.steps, R::OUTPUTS, x, recurrent, y);
        } else {
            let both = first(kept, 2 * y.len());
            packed.infer(input.windows, input.steps, R::OUTPUTS, x, recurrent, both);
            join(M::MODE, both, H, y);
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

impl<C: RecurrentCell, I: Dim, const H: usize, const O: usize, R: Returns, M: Merge, T: Tape<f32, Cpu>>
    Module<Tensor<(usize, usize, I), f32, Cpu, T>> for Bidirectional<C, I, H, O, R, M>
{
    type Output = Tensor<R::Shape<Const<O>>, f32, Cpu, T>;
    type Error = CpuError;

    fn try_forward(&self, x: Tensor<(usize, usize, I), f32, Cpu, T>) -> Result<Self::Output, CpuError> {
        let &(batch, steps, inputs) = x.shape();
        let operation = self.operation([batch, steps, inputs.size()], Use::of::<T>());
        let output = R::shape(batch, steps, Const::<O>);
        let slots = || self.forward.slots().chain(self.backward.slots()).collect();
        apply(x, output, operation, slots, &self.pool, self.input_gradient)
    }
}

impl<C: RecurrentCell, I: Dim, const H: usize, const O: usize, R: Returns, M: Merge> NonMutableModule
    for Bidirectional<C, I, H, O, R, M>
{
}

impl<C: RecurrentCell, const I: usize, const H: usize, const O: usize, R: Returns, M: Merge> TensorCollection<f32, Cpu>
    for Bidirectional<C, Const<I>, H, O, R, M>
{
    type To<E2: Dtype, D2: Device<E2>> = Bidirectional<C, Const<I>, H, O, R, M, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields(
            (
                Self::module("forward", |s| &s.forward, |s| &mut s.forward),
                Self::module("backward", |s| &s.backward, |s| &mut s.backward),
            ),
            |(forward, backward)| Bidirectional::from_weights(forward, backward),
        )
    }
}
