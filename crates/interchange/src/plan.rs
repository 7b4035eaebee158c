//! From a list of Keras' layers to a model of the zoo.

use recurra_models::CellKind;
use recurra_zoo::{Entry, Registry};

use crate::config::{Kind, Layer, Recurrent};
use crate::error::ImportError;

/// `y = scale·x + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Affine {
    pub(crate) scale: f64,
    pub(crate) offset: f64,
}

impl Affine {
    pub(crate) const IDENTITY: Self = Self {
        scale: 1.0,
        offset: 0.0,
    };

    /// This one, and then the next.
    fn then(self, next: Self) -> Self {
        Self {
            scale: self.scale * next.scale,
            offset: self.offset * next.scale + next.offset,
        }
    }
}

/// What a file asks for: equal recurrent layers, a dense layer, and scaling around them.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Keras' names of the recurrent layers.
    pub(crate) names: Vec<String>,
    pub(crate) recurrent: Recurrent,
    pub(crate) dense: String,
    /// Values out; not known from weights alone before they are read.
    pub(crate) outputs: Option<usize>,
    pub(crate) window: Option<usize>,
    pub(crate) input: Affine,
    pub(crate) output: Affine,
}

/// Goes through the layers from the input to the output.
pub(crate) fn plan(layers: &[Layer], output_scale: Option<f32>) -> Result<Plan, ImportError> {
    let mut recurrent: Vec<(&str, Recurrent)> = Vec::new();
    let mut dense = None;
    let (mut window, mut has_columns) = (None, true);
    let (mut input, mut output) = (Affine::IDENTITY, Affine::IDENTITY);
    let mut scaled_by = None;
    let wrong = |layer: &Layer, problem| {
        Err(ImportError::Order {
            layer: layer.name.clone(),
            problem,
        })
    };
    for layer in layers {
        match &layer.kind {
            Kind::Passive => {}
            Kind::Input {
                window: steps,
                has_columns: columns,
            } => {
                (window, has_columns) = (*steps, *columns);
            }
            Kind::Lambda if output_scale.is_none() => {
                return Err(ImportError::Lambda {
                    layer: layer.name.clone(),
                });
            }
            // With an output scale given, a Lambda is taken for what it is in the tutorial: the added axis of the
            // columns before the first layer, and that constant behind the last.
            Kind::Lambda if recurrent.is_empty() => has_columns = true,
            Kind::Lambda if dense.is_none() => return wrong(layer, "a Lambda between other layers cannot be replaced"),
            Kind::Lambda => {}
            &Kind::Rescaling { scale, offset } if recurrent.is_empty() => input = input.then(Affine { scale, offset }),
            &Kind::Rescaling { scale, offset } if dense.is_some() => {
                if scale == 0.0 {
                    return wrong(layer, "a scale of zero leaves nothing of the forecast");
                }
                output = output.then(Affine { scale, offset });
                scaled_by = Some(layer.name.clone());
            }
            Kind::Rescaling { .. } => return wrong(layer, "a Rescaling between other layers is not understood"),
            Kind::Recurrent(_) if dense.is_some() => return wrong(layer, "a recurrent layer behind a Dense one"),
            Kind::Recurrent(options) => {
                if !has_columns {
                    return wrong(layer, "the input has no axis of columns: [batch, steps, columns]");
                }
                if let Some((_, before)) = recurrent.last() {
                    if before.return_sequences == Some(false) {
                        return wrong(layer, "the layer before must have return_sequences=True");
                    }
                    let same = Recurrent {
                        return_sequences: options.return_sequences,
                        ..*before
                    };
                    if same != *options {
                        return wrong(
                            layer,
                            "differs from the layer before; all of a model are of one kind and size",
                        );
                    }
                }
                recurrent.push((&layer.name, *options));
            }
            Kind::Dense { .. } if dense.is_some() => return wrong(layer, "a second Dense layer"),
            Kind::Dense { units } => match recurrent.last() {
                None => return wrong(layer, "a Dense layer before the recurrent ones"),
                Some((_, last)) if last.return_sequences == Some(true) => {
                    return wrong(layer, "the layer before must have return_sequences=False");
                }
                Some(_) => dense = Some((layer.name.clone(), Some(*units))),
            },
        }
    }
    let Some(&(_, last)) = recurrent.last() else {
        return Err(ImportError::Without {
            what: "recurrent layer",
        });
    };
    let Some((dense, outputs)) = dense else {
        return Err(ImportError::Without { what: "Dense layer" });
    };
    match (output_scale, scaled_by) {
        (Some(_), Some(layer)) => return Err(ImportError::ScaledTwice { layer }),
        (Some(scale), None) if !scale.is_finite() || scale == 0.0 => return Err(ImportError::OutputScale(scale)),
        (Some(scale), None) => {
            output = Affine {
                scale: scale.into(),
                offset: 0.0,
            }
        }
        (None, _) => {}
    }
    let names = recurrent.iter().map(|&(name, _)| name.to_owned()).collect();
    Ok(Plan {
        names,
        recurrent: last,
        dense,
        outputs,
        window,
        input,
        output,
    })
}

impl Plan {
    /// The zoo's name of such a model, such as `bilstm-2x32`.
    pub(crate) fn model(&self) -> String {
        let Recurrent {
            cell,
            units,
            bidirectional,
            ..
        } = self.recurrent;
        let cell = match cell {
            CellKind::SimpleRnn => "rnn",
            CellKind::Lstm => "lstm",
            CellKind::Gru => "gru",
            CellKind::GruResetBefore => "gru-reset-before",
        };
        format!(
            "{}{cell}-{}x{units}",
            if bidirectional { "bi" } else { "" },
            self.names.len()
        )
    }

    /// Values that the last recurrent layer gives.
    pub(crate) fn output_width(&self) -> usize {
        let Recurrent {
            units, bidirectional, ..
        } = self.recurrent;
        if bidirectional { 2 * units } else { units }
    }

    /// The zoo's entry for such a model; where it has none, the error says how to add it.
    pub(crate) fn entry<'a>(&self, registry: &'a Registry) -> Result<&'a Entry, ImportError> {
        let wanted = self.model();
        let unknown = match registry.find(&wanted) {
            Ok(entry) => return Ok(entry),
            Err(unknown) => unknown,
        };
        let Recurrent { cell, units, .. } = self.recurrent;
        let file = match cell {
            CellKind::SimpleRnn => "rnn",
            CellKind::Lstm => "lstm",
            CellKind::Gru | CellKind::GruResetBefore => "gru",
        };
        let add = if cell != CellKind::GruResetBefore && self.names.len() <= 3 {
            format!(
                "write `{units} => {}` into the list of sizes in `crates/zoo/src/families/{file}.rs`, or register an \
                 `Entry` of that name in a registry of your own",
                units.saturating_mul(2)
            )
        } else {
            "register an `Entry` of that name in a registry of your own (`recurra_zoo::Registry::register`)".to_owned()
        };
        Err(ImportError::NotInZoo {
            wanted,
            add,
            known: unknown.known().join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_of_hostile_size_is_refused_in_words() {
        let plan = Plan {
            names: vec!["lstm".into()],
            recurrent: Recurrent {
                cell: CellKind::Lstm,
                units: usize::MAX,
                bidirectional: false,
                return_sequences: None,
            },
            dense: "dense".into(),
            outputs: None,
            window: None,
            input: Affine::IDENTITY,
            output: Affine::IDENTITY,
        };
        let zoo = Registry::builtin();
        let error = plan.entry(&zoo).err();
        assert!(
            matches!(&error, Some(ImportError::NotInZoo { wanted, .. }) if wanted.ends_with(&usize::MAX.to_string())),
            "{error:?}"
        );
    }
}
