//! Exponential smoothing: one recursion, its starting states and the search for its parameters.

mod initial;
mod recursion;
mod search;
mod simple;

pub(super) use recursion::{Form, Parameters, State};
pub(super) use search::minimise;
pub(super) use simple::{best_weight, smooth};
