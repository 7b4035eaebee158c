//! Layers that make a network together, and what has to hold of them that no type says.

use dfdx::nn::Module;
use dfdx::tensor::{Cpu, CpuError, OwnedTape, Tensor};

use crate::description::{Extent, LayerDescription};
use crate::error::ModelError;
use crate::layer::{Names, Stack};

type Windows<T> = Tensor<(usize, usize, usize), f32, Cpu, T>;
pub(crate) type Forecasts<T> = Tensor<(usize, usize), f32, Cpu, T>;

/// Layers one after the other that turn windows `[n, steps, columns]` into forecasts `[n, outputs]`, on dfdx's tape and without. Implemented by
/// every tuple of layers whose shapes fit together.
pub trait ForecastingStack:
    Stack + Module<Windows<OwnedTape<f32, Cpu>>, Output = Forecasts<OwnedTape<f32, Cpu>>, Error = CpuError>
{
}

impl<S> ForecastingStack for S where
    S: Stack + Module<Windows<OwnedTape<f32, Cpu>>, Output = Forecasts<OwnedTape<f32, Cpu>>, Error = CpuError>
{
}

/// Refuses a stack with a layer that drops an impossible share of its values.
pub(crate) fn check_rates<S: ForecastingStack>(stack: &S) -> Result<(), ModelError> {
    let mut names = Names::default();
    let mut wrong = None;
    stack.visit_layers(&mut |layer| {
        let description = layer.description();
        let name = names.next(&description);
        let rate = match description {
            LayerDescription::Dropout { rate } => rate,
            other => other.recurrent_options().recurrent_dropout,
        };
        if !(0.0..1.0).contains(&rate) {
            wrong.get_or_insert(ModelError::Rate { layer: name, rate });
        }
    });
    wrong.map_or(Ok(()), Err)
}

/// Refuses a stack whose first layer takes other columns, or whose last layer gives other outputs, than the network is said
/// to have: the kernels would read past their input.
pub(crate) fn check_sizes(stack: &impl Stack, columns: usize, outputs: usize) -> Result<(), ModelError> {
    let mut taken = None;
    let mut shape = vec![Extent::Any, Extent::Fixed(columns)];
    stack.visit_layers(&mut |layer| {
        // The first parameter of a layer is its kernel, [values in, …]. Layers without parameters give what they take.
        layer.visit("", &mut |view| {
            taken.get_or_insert(view.shape[0]);
        });
        shape = layer.description().output_shape(&shape);
    });
    if let Some(found) = taken.filter(|&taken| taken != columns) {
        let (what, said) = ("columns", columns);
        return Err(ModelError::StackSize { what, said, found });
    }
    match shape.last() {
        Some(&Extent::Fixed(found)) if found != outputs => Err(ModelError::StackSize {
            what: "outputs",
            said: outputs,
            found,
        }),
        _ => Ok(()),
    }
}
