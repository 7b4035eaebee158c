//! A network's layers as a table.

use std::fmt;

use crate::description::{Extent, LayerDescription};
use crate::network::Network;

/// The layers of a network with their output shapes and parameter counts, as `Display` prints them.
///
/// ```text
/// Layer                    Class          Output shape  Parameters
/// bidirectional            Bidirectional  (None, 64)         8,704
/// dense                    Dense          (None, 1)             65
/// scale                    Scale          (None, 1)              0
/// Total                                                      8,769
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    rows: Vec<[String; 4]>,
}

impl Summary {
    /// The summary of `network`.
    #[must_use]
    pub fn of(network: &dyn Network) -> Self {
        let mut rows = vec![["Layer", "Class", "Output shape", "Parameters"].map(str::to_owned)];
        let mut shape = vec![Extent::Any, Extent::Fixed(network.columns())];
        for layer in network.layers() {
            shape = layer.description.output_shape(&shape);
            rows.push([
                layer.name,
                class(&layer.description),
                show_shape(&shape),
                with_commas(layer.parameters),
            ]);
        }
        rows.push([
            "Total".to_owned(),
            String::new(),
            String::new(),
            with_commas(network.parameter_count()),
        ]);
        Self { rows }
    }
}

/// `LSTM`, or with options `LSTM (stateful)`.
fn class(description: &LayerDescription) -> String {
    let (name, options) = (description.class_name(), description.recurrent_options());
    if options.is_default() {
        name.to_owned()
    } else {
        format!("{name} ({})", options.list())
    }
}

fn show_shape(shape: &[Extent]) -> String {
    let mut text = "(None".to_owned();
    for extent in shape {
        text += &format!(", {extent}");
    }
    text + ")"
}

/// `58433` as `58,433`.
fn with_commas(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| self.rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let [layer, class, shape, parameters] = [width(0), width(1), width(2), width(3)];
        for row in &self.rows {
            writeln!(
                f,
                "{:layer$}  {:class$}  {:shape$}  {:>parameters$}",
                row[0], row[1], row[2], row[3]
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::with_commas;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 999, 1000, 58_433, 1_234_567].map(with_commas),
            ["0", "999", "1,000", "58,433", "1,234,567"]
        );
    }
}
