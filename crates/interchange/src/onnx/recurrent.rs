//! A recurrent layer as ONNX's `RNN`, `LSTM` or `GRU`.
//!
//! ONNX has the same cells with other layouts: weights are transposed and stacked by direction (`W` `[directions, gates·H,
//! inputs]`), the biases of input and recurrence stand beside each other (`B` `[directions, 2·gates·H]`), and an LSTM's
//! gates go i, o, f, c where Keras has i, f, c, o. Steps come first: `[steps, batch, inputs]`.

use recurra_models::{CellKind, MergeMode, NamedTensor, NamedTensors, RecurrentOptions};

use super::graph::{Builder, signed};
use super::proto::Attribute;
use crate::error::ExportError;

/// A recurrent layer of a network.
pub(super) struct Recurrent<'a> {
    pub(super) name: &'a str,
    pub(super) cell: CellKind,
    pub(super) units: usize,
    pub(super) return_sequences: bool,
    /// How two readings are joined; nothing for one reading.
    pub(super) merge: Option<MergeMode>,
    pub(super) options: RecurrentOptions,
}

impl Recurrent<'_> {
    /// The place of each of Keras' gates in ONNX's order.
    fn order(&self) -> &'static [usize] {
        match self.cell {
            CellKind::SimpleRnn => &[0],
            CellKind::Lstm => &[0, 3, 1, 2],
            CellKind::Gru | CellKind::GruResetBefore => &[0, 1, 2],
        }
    }

    /// `[rows, gates·H]` as `[gates·H, rows]`, the gates in ONNX's order.
    fn transposed(&self, keras: &NamedTensor) -> Vec<f32> {
        let width = self.cell.gates() * self.units;
        let columns = self
            .order()
            .iter()
            .flat_map(|gate| gate * self.units..(gate + 1) * self.units);
        columns
            .flat_map(|column| keras.values.iter().skip(column).step_by(width).copied())
            .collect()
    }

    /// The bias of the input, then that of the recurrence, which is zero where Keras has one bias.
    fn biases(&self, keras: &NamedTensor) -> Vec<f32> {
        let width = self.cell.gates() * self.units;
        let mut both = keras.values.clone();
        both.resize(2 * width, 0.0);
        let ordered = |bias: &[f32]| {
            let gates = self
                .order()
                .iter()
                .flat_map(|gate| &bias[gate * self.units..(gate + 1) * self.units]);
            gates.copied().collect::<Vec<_>>()
        };
        both.chunks(width).flat_map(ordered).collect()
    }

    /// ONNX leaves the output of every step at its step, Keras gives them in the order in which they were read.
    fn in_order_of_reading(&self, all: &str, graph: &mut Builder) -> String {
        let constant =
            |part: &str, value: i64, graph: &mut Builder| graph.integers(&format!("{}/{part}", self.name), &[value]);
        let start = constant("last_step", -1, graph);
        let end = constant("before_the_first", i64::MIN, graph);
        let axis = constant("axis_of_steps", 0, graph);
        let by = constant("backwards", -1, graph);
        graph.with("Slice", &[all, &start, &end, &axis, &by], Vec::new())
    }

    fn direction(&self) -> &'static str {
        match self.merge {
            Some(_) => "bidirectional",
            None if self.options.go_backwards => "reverse",
            None => "forward",
        }
    }

    /// Adds the layer behind the value `x` `[steps, batch, inputs]`, and gives the name of its output: `[steps, batch,
    /// width]`, or `[batch, width]` where it is the last state alone.
    pub(super) fn add(&self, x: &str, weights: &NamedTensors, graph: &mut Builder) -> Result<String, ExportError> {
        if self.options.stateful {
            let layer = self.name.to_owned();
            return Err(ExportError::Stateful { layer });
        }
        let stem = self.cell.name_stem();
        let ways = match self.merge {
            None => vec![format!("{}/", self.name)],
            Some(_) => ["forward", "backward"]
                .map(|way| format!("{}/{way}_{stem}/", self.name))
                .to_vec(),
        };
        let (mut w, mut r, mut b, mut inputs) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for way in &ways {
            let get = |variable: &str| {
                let name = format!("{way}{variable}");
                weights.get(&name).ok_or(ExportError::NoParameter { name })
            };
            let kernel = get("kernel")?;
            inputs = kernel.shape[0];
            w.extend(self.transposed(kernel));
            r.extend(self.transposed(get("recurrent_kernel")?));
            b.extend(self.biases(get("bias")?));
        }
        let (directions, width) = (ways.len(), self.cell.gates() * self.units);
        let names = [
            graph.floats(&format!("{}/W", self.name), &[directions, width, inputs], &w),
            graph.floats(&format!("{}/R", self.name), &[directions, width, self.units], &r),
            graph.floats(&format!("{}/B", self.name), &[directions, 2 * width], &b),
        ];
        let mut attributes = vec![
            Attribute::int("hidden_size", signed(self.units)),
            Attribute::string("direction", self.direction()),
        ];
        let operator = match self.cell {
            CellKind::SimpleRnn => "RNN",
            CellKind::Lstm => "LSTM",
            CellKind::Gru | CellKind::GruResetBefore => {
                attributes.push(Attribute::int(
                    "linear_before_reset",
                    i64::from(self.cell == CellKind::Gru),
                ));
                "GRU"
            }
        };
        let (all, last) = (format!("{}/all", self.name), format!("{}/last", self.name));
        let [w, r, b] = &names;
        graph.node(operator, self.name, &[x, w, r, b], &[&all, &last], attributes);
        let turned_steps = if self.return_sequences && self.direction() == "reverse" {
            Some(self.in_order_of_reading(&all, graph))
        } else {
            None
        };
        // [steps, directions, batch, H] or [directions, batch, H]: the directions go behind the batch, to be joined.
        let (value, order, axis): (&str, &[i64], i64) = if self.return_sequences {
            (turned_steps.as_deref().unwrap_or(&all), &[0, 2, 1, 3], 2)
        } else {
            (&last, &[1, 0, 2], 1)
        };
        let turned = graph.unary("Transpose", value, vec![Attribute::ints("perm", order)]);
        let reduced = |operator| {
            (
                operator,
                vec![Attribute::ints("axes", &[axis]), Attribute::int("keepdims", 0)],
            )
        };
        let (operator, attributes) = match self.merge {
            None | Some(MergeMode::Concat) => {
                let width = signed(directions * self.units);
                let shape: &[i64] = if self.return_sequences {
                    &[0, 0, width]
                } else {
                    &[0, width]
                };
                let shape = graph.integers(&format!("{}/shape", self.name), shape);
                return Ok(graph.binary("Reshape", &turned, &shape));
            }
            Some(MergeMode::Sum) => {
                let axes = graph.integers(&format!("{}/axes", self.name), &[axis]);
                return Ok(graph.with("ReduceSum", &[&turned, &axes], vec![Attribute::int("keepdims", 0)]));
            }
            Some(MergeMode::Mul) => reduced("ReduceProd"),
            Some(MergeMode::Average) => reduced("ReduceMean"),
        };
        Ok(graph.unary(operator, &turned, attributes))
    }
}
