//! What every layer offers beside its forward pass on the tape, and stacks of layers.

use recurra_kernels::PackedLayer;

use crate::carried::Carried;
use crate::description::LayerDescription;
use crate::fused::GradientSlot;
use crate::generator::Generator;
use crate::inference_scratch::{BatchShape, InferenceScratch};
use crate::parameter::{ParameterView, ParameterViewMut};

/// A layer's description, its initial values, its parameters, and its output without a tape.
pub trait Layer {
    /// The layer's kind and sizes.
    fn description(&self) -> LayerDescription;

    /// Gives the parameters new initial values, as Keras would, from one generator.
    fn initialise(&mut self, generator: &mut Generator);

    /// Shows every parameter, in Keras' order; `prefix` goes before their names.
    fn visit(&self, prefix: &str, visitor: &mut dyn FnMut(ParameterView<'_>));

    /// Lets `visitor` change every parameter, in Keras' order; `prefix` goes before their names.
    fn visit_mut(&mut self, prefix: &str, visitor: &mut dyn FnMut(ParameterViewMut<'_>));

    /// Shows where dfdx keeps every parameter's gradient, in Keras' order.
    fn visit_slots(&self, visitor: &mut dyn FnMut(&dyn GradientSlot));

    /// Lays the weights out for [`Layer::infer`]. Only recurrent layers do.
    fn pack(&self, packed: &mut PackedLayer) {
        let _ = packed;
    }

    /// The shape of the output for an input of the shape `input`.
    fn output_shape(&self, input: BatchShape) -> BatchShape;

    /// Writes the output for the input `x` of the shape `input` to every value of `y`, without a tape: the same bits as the forward pass. `packed`
    /// is what [`Layer::pack`] has made of the weights that the layer has now.
    fn infer(&self, input: BatchShape, packed: &PackedLayer, x: &[f32], scratch: &mut InferenceScratch, y: &mut [f32]);

    /// [`Layer::infer`] from the state that the batch before left, if the layer is stateful; the last state is carried on.
    fn infer_next(
        &self,
        input: BatchShape,
        packed: &PackedLayer,
        x: &[f32],
        scratch: &mut InferenceScratch,
        y: &mut [f32],
    ) {
        self.infer(input, packed, x, scratch, y);
    }

    /// Tells the layer which step comes next. Only layers that draw random numbers in training need to know.
    fn begin_step(&mut self, key: StepKey) {
        let _ = key;
    }

    /// What a stateful layer carries from batch to batch; `None` for every other layer.
    fn carried(&self) -> Option<&Carried> {
        None
    }
}

/// From what a layer's random numbers in one step of a training follow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StepKey {
    /// The run's seed.
    pub seed: u64,
    /// The step, from 0.
    pub step: u64,
    /// The layer's place in its network, from 0.
    pub layer: usize,
}

impl StepKey {
    /// The generator of `purpose` for this layer in this step.
    pub(crate) fn generator(self, purpose: &str) -> Generator {
        Generator::for_purpose(self.seed, &format!("{purpose} {} {}", self.layer, self.step))
    }
}

/// Layers one after the other: tuples of up to six.
pub trait Stack {
    /// Shows the layers in order.
    fn visit_layers(&self, visitor: &mut dyn FnMut(&dyn Layer));

    /// Shows the layers in order, to change them.
    fn visit_layers_mut(&mut self, visitor: &mut dyn FnMut(&mut dyn Layer));
}

macro_rules! stack {
    ($($layer:ident $index:tt),+) => {
        impl<$($layer: Layer),+> Stack for ($($layer,)+) {
            fn visit_layers(&self, visitor: &mut dyn FnMut(&dyn Layer)) {
                $(visitor(&self.$index);)+
            }

            fn visit_layers_mut(&mut self, visitor: &mut dyn FnMut(&mut dyn Layer)) {
                $(visitor(&mut self.$index);)+
            }
        }
    };
}

stack!(A 0);
stack!(A 0, B 1);
stack!(A 0, B 1, C 2);
stack!(A 0, B 1, C 2, D 3);
stack!(A 0, B 1, C 2, D 3, E 4);
stack!(A 0, B 1, C 2, D 3, E 4, F 5);

/// Gives every layer of a network its name: the stem for the first of its kind, then the stem with `_1`, `_2`, ….
#[derive(Debug, Default)]
pub(crate) struct Names {
    seen: Vec<&'static str>,
}

impl Names {
    pub(crate) fn next(&mut self, description: &LayerDescription) -> String {
        let stem = description.name_stem();
        let before = self.seen.iter().filter(|&&other| other == stem).count();
        self.seen.push(stem);
        if before == 0 {
            stem.to_owned()
        } else {
            format!("{stem}_{before}")
        }
    }
}
