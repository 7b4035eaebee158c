//! A graph as it grows.

use super::proto::{Attribute, FLOAT, Graph, INT64, Node, Tensor, ValueInfo};

/// Nodes in the order in which they are computed, and the constants that they read.
#[derive(Default)]
pub(super) struct Builder {
    nodes: Vec<Node>,
    constants: Vec<Tensor>,
}

/// A size as ONNX writes it.
pub(super) fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

impl Builder {
    fn constant(&mut self, name: &str, dims: Vec<i64>, data_type: i32, raw_data: Vec<u8>) -> String {
        self.constants.push(Tensor {
            dims,
            data_type,
            name: name.to_owned(),
            raw_data,
        });
        name.to_owned()
    }

    pub(super) fn floats(&mut self, name: &str, shape: &[usize], values: &[f32]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, shape.iter().copied().map(signed).collect(), FLOAT, bytes)
    }

    pub(super) fn integers(&mut self, name: &str, values: &[i64]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, vec![signed(values.len())], INT64, bytes)
    }

    pub(super) fn node(
        &mut self,
        operator: &str,
        name: &str,
        inputs: &[&str],
        outputs: &[&str],
        attribute: Vec<Attribute>,
    ) {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        self.nodes.push(Node {
            input: owned(inputs),
            output: owned(outputs),
            name: name.to_owned(),
            op_type: operator.to_owned(),
            attribute,
        });
    }

    /// A node of one output, whose name it gives.
    pub(super) fn with(&mut self, operator: &str, inputs: &[&str], attributes: Vec<Attribute>) -> String {
        let name = format!("{}_{}", operator.to_lowercase(), self.nodes.len());
        self.node(operator, &name, inputs, &[&name], attributes);
        name
    }

    pub(super) fn unary(&mut self, operator: &str, x: &str, attributes: Vec<Attribute>) -> String {
        self.with(operator, &[x], attributes)
    }

    pub(super) fn binary(&mut self, operator: &str, left: &str, right: &str) -> String {
        self.with(operator, &[left, right], Vec::new())
    }

    /// The graph whose result is the value `result`, renamed to `output`.
    pub(super) fn finish(mut self, result: &str, input: ValueInfo, output: ValueInfo) -> Graph {
        self.node("Identity", "result", &[result], &[&output.name], Vec::new());
        Graph {
            node: self.nodes,
            name: "recurra".to_owned(),
            initializer: self.constants,
            input: vec![input],
            output: vec![output],
        }
    }
}
