//! The state that a stateful layer carries from batch to batch.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use recurra_kernels::{Cell, RecurrentScratch, recurrent_final_state};

use crate::error::ModelError;
use crate::tensors::{NamedTensor, NamedTensors};

/// State and, for an LSTM, cell state (else empty) of one reading of the window, each `[batch, units]`.
pub(crate) type PassState = [Vec<f32>; 2];

/// What the readings of a layer left, for a batch of some size.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LayerState {
    pub(crate) batch: usize,
    pub(crate) passes: Vec<PassState>,
}

/// Where the last state goes, for as long as an operation needs it.
pub(crate) type StatePlace = Arc<Mutex<Option<LayerState>>>;

/// The state that a stateful layer carries from batch to batch. Only this crate looks inside; see [`Network::states`](crate::Network::states).
#[derive(Debug)]
pub struct Carried {
    cell: Cell,
    units: usize,
    /// What goes before the names of each reading's states.
    passes: Vec<String>,
    state: StatePlace,
}

impl Clone for Carried {
    /// A cloned layer has a state of its own.
    fn clone(&self) -> Self {
        Self {
            passes: self.passes.clone(),
            state: Arc::new(Mutex::new(self.get())),
            ..*self
        }
    }
}

fn lock(state: &StatePlace) -> MutexGuard<'_, Option<LayerState>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Carried {
    /// No state yet: the first batch starts from zero.
    pub(crate) fn new(cell: Cell, units: usize, passes: Vec<String>) -> Self {
        Self {
            cell,
            units,
            passes,
            state: StatePlace::default(),
        }
    }

    pub(crate) fn get(&self) -> Option<LayerState> {
        lock(&self.state).clone()
    }

    pub(crate) fn set(&self, state: Option<LayerState>) {
        *lock(&self.state) = state;
    }

    /// The windows of a batch that the state is of.
    pub(crate) fn batch(&self) -> Option<usize> {
        lock(&self.state).as_ref().map(|state| state.batch)
    }

    /// The state to begin with, empty for the zero state, and the place for the last one.
    pub(crate) fn begin(&self, batch: usize) -> (Vec<PassState>, StatePlace) {
        let state = self.get().filter(|state| state.batch == batch);
        let passes = state.map(|state| state.passes).unwrap_or_default();
        (passes, Arc::clone(&self.state))
    }

    fn names(&self, prefix: &str) -> impl Iterator<Item = [String; 2]> {
        let of_pass = |pass: &String| ["hidden_state", "cell_state"].map(|name| format!("{prefix}{pass}{name}"));
        self.passes.iter().map(of_pass).collect::<Vec<_>>().into_iter()
    }

    /// Adds copies of the states, `[batch, units]` each, to `tensors`; `prefix` goes before their names.
    pub(crate) fn copy_to(&self, prefix: &str, tensors: &mut NamedTensors) {
        let Some(LayerState { batch, passes }) = self.get() else {
            return;
        };
        for (names, states) in self.names(prefix).zip(passes) {
            for (name, values) in names.into_iter().zip(states) {
                if !values.is_empty() {
                    let shape = vec![batch, self.units];
                    tensors.insert(name, NamedTensor { shape, values });
                }
            }
        }
    }

    /// The state that `tensors` hold for this layer, taken out of them; `None` if there is none.
    pub(crate) fn take_from(&self, prefix: &str, tensors: &mut NamedTensors) -> Result<Option<LayerState>, ModelError> {
        let first = self.names(prefix).next().and_then(|[name, _]| tensors.get(&name));
        let Some(batch) = first.and_then(|tensor| tensor.shape.first().copied()) else {
            return Ok(None);
        };
        let expected = vec![batch, self.units];
        let mut passes = Vec::new();
        for names in self.names(prefix) {
            let mut states = PassState::default();
            let count = if self.cell == Cell::Lstm { 2 } else { 1 };
            for (name, state) in names.into_iter().zip(&mut states).take(count) {
                let Some(tensor) = tensors.remove(&name) else {
                    return Err(ModelError::MissingParameter { name });
                };
                if tensor.shape != expected || tensor.values.len() != batch * self.units {
                    let found = tensor.shape;
                    return Err(ModelError::ShapeMismatch { name, expected, found });
                }
                *state = tensor.values;
            }
            passes.push(states);
        }
        Ok(Some(LayerState { batch, passes }))
    }
}

/// Keeps the last states of the forward pass that `scratch` holds.
pub(crate) fn keep(
    place: &StatePlace,
    scratch: &RecurrentScratch,
    cell: Cell,
    [batch, units]: [usize; 2],
    passes: usize,
) {
    let of_pass = |pass| {
        let mut hidden = vec![0.0; batch * units];
        let mut cells = vec![0.0; if cell == Cell::Lstm { batch * units } else { 0 }];
        recurrent_final_state(scratch, pass, &mut hidden, &mut cells);
        [hidden, cells]
    };
    let passes = (0..passes).map(of_pass).collect();
    *lock(place) = Some(LayerState { batch, passes });
}
