//! Where in a network a layer can stand: first, between others, or last.

use dfdx::shapes::Const;
use dfdx::tensor::Cpu;

use crate::bidirectional::Bidirectional;
use crate::cells::RecurrentCell;
use crate::dense::DenseLayer;
use crate::error::ModelError;
use crate::merge::Merge;
use crate::recurrent::Recurrent;
use crate::returns::Returns;

/// A layer that can stand first in a network: its columns are known at run time.
pub trait FirstLayer: Sized {
    /// The layer with zero weights for `columns` values per step. It does not compute the gradient of its input, which
    /// nobody needs.
    ///
    /// # Errors
    /// If the device is out of memory.
    fn first(device: &Cpu, columns: usize) -> Result<Self, ModelError>;
}

impl<C: RecurrentCell, const H: usize, R: Returns> FirstLayer for Recurrent<C, usize, H, R> {
    fn first(device: &Cpu, columns: usize) -> Result<Self, ModelError> {
        Ok(Self::zeros(device, columns)?.without_input_gradient())
    }
}

impl<C: RecurrentCell, const H: usize, const O: usize, R: Returns, M: Merge> FirstLayer
    for Bidirectional<C, usize, H, O, R, M>
{
    fn first(device: &Cpu, columns: usize) -> Result<Self, ModelError> {
        Ok(Self::zeros(device, columns)?.without_input_gradient())
    }
}

/// A layer that can stand between others: every size is known at compile time.
pub trait InnerLayer: Sized {
    /// The layer with zero weights.
    ///
    /// # Errors
    /// If the device is out of memory.
    fn inner(device: &Cpu) -> Result<Self, ModelError>;
}

impl<C: RecurrentCell, const I: usize, const H: usize, R: Returns> InnerLayer for Recurrent<C, Const<I>, H, R> {
    fn inner(device: &Cpu) -> Result<Self, ModelError> {
        Self::zeros(device, Const)
    }
}

impl<C: RecurrentCell, const I: usize, const H: usize, const O: usize, R: Returns, M: Merge> InnerLayer
    for Bidirectional<C, Const<I>, H, O, R, M>
{
    fn inner(device: &Cpu) -> Result<Self, ModelError> {
        Self::zeros(device, Const)
    }
}

/// The last layer of a network: its outputs are known at run time.
pub type Head<const I: usize> = DenseLayer<I, usize>;
