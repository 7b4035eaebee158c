//! Puts an operation with a backward pass of its own on dfdx's tape.

use dfdx::shapes::{HasShape, Shape};
use dfdx::tensor::{Cpu, CpuError, Gradients, PutTape, SplitTape, Tape, Tensor, ZerosTensor};
use dfdx::tensor_ops::ReshapeTo;

use crate::pool::{Buffers, Pool, first};

/// A layer applied to one batch: slices in, slices out.
pub(crate) trait Operation: 'static {
    /// Writes every value of `y`, and keeps in `buffers` what [`Operation::backward`] needs.
    fn forward(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers);

    /// Writes the same bits as [`Operation::forward`] and keeps nothing.
    fn infer(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers);

    /// Adds to `dx` and to `gradients`, one for each parameter, in the order in which the layer gave them.
    fn backward(
        &mut self,
        x: &[f32],
        dy: &[f32],
        dx: Option<&mut [f32]>,
        gradients: &mut [Vec<f32>],
        buffers: &mut Buffers,
    );
}

/// Where dfdx keeps a parameter's gradient, without the parameter's shape.
pub trait GradientSlot {
    /// The gradient, row-major; zeros where none has been computed.
    ///
    /// # Errors
    /// If the device is out of memory.
    fn gradient<'a>(&self, gradients: &'a mut Gradients<f32, Cpu>) -> Result<&'a mut Vec<f32>, CpuError>;
}

impl<S: Shape> GradientSlot for Tensor<S, f32, Cpu> {
    fn gradient<'a>(&self, gradients: &'a mut Gradients<f32, Cpu>) -> Result<&'a mut Vec<f32>, CpuError> {
        Ok(&mut **gradients.get_or_alloc_mut(self)?)
    }
}

/// Whether the backward pass computes the gradient of the layer's input. A network's first layer does without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputGradient {
    Needed,
    Unused,
}

/// Applies `operation` to `x`, and adds its backward pass to `x`'s tape.
///
/// The output is copied into a tensor that dfdx allocates: with dfdx's cache on, memory handed to it by
/// `tensor_from_vec` is never reused, and the cache would grow with every batch.
pub(crate) fn apply<In: Shape, Out: Shape, T: Tape<f32, Cpu>>(
    x: Tensor<In, f32, Cpu, T>,
    output: Out,
    mut operation: impl Operation,
    parameters: impl FnOnce() -> Vec<Box<dyn GradientSlot>>,
    pool: &Pool,
    input_gradient: InputGradient,
) -> Result<Tensor<Out, f32, Cpu, T>, CpuError> {
    // `copy_into` copies memory as it lies, so a transposed input must be put in order first; an ordered one is not copied.
    let (x, mut tape) = x.try_contiguous()?.split_tape();
    let inputs = x.shape().num_elements();
    let outputs = output.num_elements();
    let mut lease = pool.lease();
    let mut x_values = std::mem::take(&mut lease.input);
    let mut y_values = std::mem::take(&mut lease.output);
    x.copy_into(first(&mut x_values, inputs));
    let (input, y) = (&x_values[..inputs], first(&mut y_values, outputs));
    if T::OWNS_TAPE {
        operation.forward(input, y, &mut lease);
    } else {
        operation.infer(input, y, &mut lease);
    }
    let mut out: Tensor<Out, f32, Cpu> = x.device().try_zeros_like(&output)?;
    out.copy_from(y);
    lease.input = x_values;
    lease.output = y_values;
    if T::OWNS_TAPE {
        let (x_ghost, out_ghost) = (x.ghost(), out.ghost());
        let parameters = parameters();
        tape.add_backward_op(move |gradients| {
            let mut lease = lease;
            let x_values = std::mem::take(&mut lease.input);
            // One gradient can be borrowed at a time: each is taken out, and put back below.
            let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out_ghost)?);
            let mut dx = match input_gradient {
                InputGradient::Needed => Some(std::mem::take(&mut **gradients.get_or_alloc_mut(&x_ghost)?)),
                InputGradient::Unused => None,
            };
            let mut taken = Vec::with_capacity(parameters.len());
            for parameter in &parameters {
                taken.push(std::mem::take(parameter.gradient(gradients)?));
            }
            operation.backward(&x_values[..inputs], &dy, dx.as_deref_mut(), &mut taken, &mut lease);
            for (parameter, values) in parameters.iter().zip(taken) {
                *parameter.gradient(gradients)? = values;
            }
            if let Some(dx) = dx {
                **gradients.get_or_alloc_mut(&x_ghost)? = dx;
            }
            **gradients.get_or_alloc_mut(&out_ghost)? = dy;
            lease.input = x_values;
            Ok(())
        });
    }
    Ok(out.put_tape(tape))
}
