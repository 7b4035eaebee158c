//! A call of a recurrent layer: its arguments, and whether they fit each other. The kernels read as far as these sizes say.

use crate::cell::{Cell, LayerShape, Outputs};
use crate::isa::Isa;
use crate::layout::product;
use crate::pass::{Gradients, Pass, Weights};
use crate::scratch::Remembered;
use std::ops::Range;

/// A call's arguments.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) cell: Cell,
    pub(crate) shape: LayerShape,
    pub(crate) passes: &'a [Pass<'a>],
    pub(crate) outputs: Outputs,
    /// The first of these rows among those that the passes' states and masks are of.
    pub(crate) first_row: usize,
}

impl Call<'_> {
    /// Values of `y` a row, for `passes` passes.
    pub(crate) fn outputs_per_row(&self, passes: usize) -> usize {
        passes * self.shape.hidden * self.outputs.steps(self.shape.steps)
    }

    /// What a forward pass of this call leaves in the scratch.
    pub(crate) fn remembered(&self, isa: Isa) -> Remembered {
        Remembered {
            isa,
            cell: self.cell,
            shape: self.shape,
            passes: self.passes.len(),
            begins: self.begins(),
            masked: self.masked(),
        }
    }

    /// Whether the state before the first step is given.
    pub(crate) fn begins(&self) -> bool {
        self.passes.first().is_some_and(|pass| pass.initial.is_some())
    }

    /// Whether there is recurrent dropout.
    pub(crate) fn masked(&self) -> bool {
        self.passes.first().is_some_and(|pass| pass.recurrent_mask.is_some())
    }

    /// The mask of the call's rows.
    pub(crate) fn mask<'a>(&self, pass: &Pass<'a>) -> Option<&'a [f32]> {
        let hidden = self.shape.hidden;
        pass.recurrent_mask
            .map(|mask| &mask[self.first_row * hidden..][..self.shape.batch * hidden])
    }

    fn check_state(&self, pass: &Pass<'_>) {
        let LayerShape { batch, hidden, .. } = self.shape;
        assert_eq!(
            (pass.initial.is_some(), pass.recurrent_mask.is_some()),
            (self.begins(), self.masked()),
            "all passes of a layer have an initial state, or a mask, or none has"
        );
        if let Some(initial) = pass.initial {
            assert_eq!(
                Some(initial.hidden.len()),
                product([batch, hidden]),
                "values of the initial state"
            );
            let cells = if self.cell == Cell::Lstm { batch * hidden } else { 0 };
            assert_eq!(initial.cell.len(), cells, "values of the initial cell state");
        }
        if let Some(mask) = pass.recurrent_mask {
            assert_eq!(
                Some(mask.len()),
                product([batch, hidden]),
                "values of the recurrent mask"
            );
        }
    }

    /// Refuses `x`, and a `y` of `y_len` values, that do not fit `passes` passes.
    pub(crate) fn check_sizes(&self, x: &[f32], y_len: usize, passes: usize) {
        let LayerShape {
            batch,
            steps,
            inputs,
            hidden,
        } = self.shape;
        assert!(
            steps > 0 && inputs > 0 && hidden > 0,
            "a layer needs steps, inputs and hidden units: {:?}",
            self.shape
        );
        assert_eq!(Some(x.len()), product([steps, inputs, batch]), "values of x");
        let outputs = product([passes, hidden, self.outputs.steps(steps), batch]);
        assert_eq!(Some(y_len), outputs, "values of y");
    }

    /// Refuses arguments that do not fit each other.
    pub(crate) fn check(&self, x: &[f32], y_len: usize) {
        self.check_sizes(x, y_len, self.passes.len());
        let LayerShape { inputs, hidden, .. } = self.shape;
        let gates = self.cell.gates();
        for pass in self.passes {
            let Weights {
                kernel,
                recurrent_kernel,
                ..
            } = pass.weights;
            assert_eq!(
                Some(kernel.len()),
                product([gates, hidden, inputs]),
                "values of the kernel"
            );
            assert_eq!(
                Some(recurrent_kernel.len()),
                product([gates, hidden, hidden]),
                "values of the recurrent kernel"
            );
            assert_eq!(
                pass.weights.bias.len(),
                self.cell.bias_len(hidden),
                "values of the bias"
            );
            self.check_state(pass);
        }
    }

    /// Refuses gradients that do not fit the passes.
    pub(crate) fn check_gradients(&self, dx: Option<&[f32]>, gradients: &[Gradients<'_>]) {
        let LayerShape {
            batch, steps, inputs, ..
        } = self.shape;
        assert!(dx.is_none_or(|dx| dx.len() == batch * steps * inputs), "values of dx");
        assert_eq!(gradients.len(), self.passes.len(), "gradients, one per pass");
        for (gradients, pass) in gradients.iter().zip(self.passes) {
            assert_eq!(
                gradients.kernel.len(),
                pass.weights.kernel.len(),
                "gradients of the kernel"
            );
            let recurrent = pass.weights.recurrent_kernel.len();
            assert_eq!(
                gradients.recurrent_kernel.len(),
                recurrent,
                "gradients of the recurrent kernel"
            );
            assert_eq!(gradients.bias.len(), pass.weights.bias.len(), "gradients of the bias");
        }
    }

    /// The same call for a chunk of rows.
    pub(crate) fn rows(self, rows: &Range<usize>) -> Self {
        Self {
            shape: LayerShape {
                batch: rows.len(),
                ..self.shape
            },
            first_row: self.first_row + rows.start,
            ..self
        }
    }
}
