//! What a recurrent layer's options add to one forward pass: the state to begin with, and the recurrent dropout's factors.

use dfdx::tensor::{Cpu, Tape};
use recurra_kernels::{Cell, LayerShape, Pass, RecurrentScratch, State};

use crate::carried::{Carried, PassState, StatePlace, keep};
use crate::dropout::draw_factors;
use crate::layer::StepKey;
use crate::recurrent_options::RecurrentOptions;

/// The options of a layer and what they need to remember.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extras {
    pub(crate) options: RecurrentOptions,
    pub(crate) key: StepKey,
    pub(crate) carried: Option<Carried>,
}

/// What a forward pass is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A step of a training: states are carried on and dropout drops.
    Training,
    /// A prediction that carries states on.
    Next,
    /// Anything else.
    Plain,
}

impl Use {
    /// What a pass through a dfdx module is for: training, if it is on a tape.
    pub(crate) fn of<T: Tape<f32, Cpu>>() -> Self {
        if T::OWNS_TAPE { Self::Training } else { Self::Plain }
    }
}

impl Extras {
    pub(crate) fn set_stateful(&mut self, cell: Cell, units: usize, passes: Vec<String>) {
        self.options.stateful = true;
        self.carried = Some(Carried::new(cell, units, passes));
    }

    /// For one forward pass of `passes` readings.
    pub(crate) fn begin(&self, shape: LayerShape, passes: usize, what_for: Use) -> PassExtras {
        let carried = self.carried.as_ref().filter(|_| what_for != Use::Plain);
        let (initial, last) = match carried.map(|carried| carried.begin(shape.batch)) {
            Some((initial, place)) => (initial, Some(place)),
            None => (Vec::new(), None),
        };
        let rate = match what_for {
            Use::Training => self.options.recurrent_dropout,
            _ => 0.0,
        };
        let mask = |pass: usize| {
            let mut generator = self.key.generator(&format!("recurrent dropout {pass}"));
            let mut factors = vec![0.0; shape.batch * shape.hidden];
            draw_factors(&mut generator, rate, &mut factors);
            factors
        };
        let masks = if rate > 0.0 {
            (0..passes).map(mask).collect()
        } else {
            Vec::new()
        };
        PassExtras { initial, masks, last }
    }
}

/// What the options add to one forward pass. Without options: nothing.
pub(crate) struct PassExtras {
    initial: Vec<PassState>,
    masks: Vec<Vec<f32>>,
    last: Option<StatePlace>,
}

impl PassExtras {
    /// The pass with its state and mask.
    pub(crate) fn with<'a>(&'a self, number: usize, pass: Pass<'a>) -> Pass<'a> {
        Pass {
            initial: self.initial.get(number).map(|[hidden, cell]| State { hidden, cell }),
            recurrent_mask: self.masks.get(number).map(Vec::as_slice),
            ..pass
        }
    }

    /// Keeps the last state of the forward pass that `scratch` holds, if it is wanted.
    pub(crate) fn keep(&self, scratch: &RecurrentScratch, cell: Cell, shape: LayerShape, passes: usize) {
        if let Some(place) = &self.last {
            keep(place, scratch, cell, [shape.batch, shape.hidden], passes);
        }
    }
}
