//! The layers that `config.json` describes. Only plain values are looked at; whatever would be code is refused.

use recurra_models::CellKind;
use serde::Deserialize;
use serde_json::Value;

use crate::error::ImportError;

/// A layer as Keras describes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layer {
    /// Its name in Keras.
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// The kinds of layers that are understood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// Steps and columns of a window, where they are fixed; no columns where the input has no such axis.
    Input {
        window: Option<usize>,
        has_columns: bool,
    },
    /// One reading of the window, or two.
    Recurrent(Recurrent),
    Dense {
        units: usize,
    },
    Rescaling {
        scale: f64,
        offset: f64,
    },
    Lambda,
    /// Does nothing when the model forecasts.
    Passive,
}

/// A recurrent layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Recurrent {
    pub(crate) cell: CellKind,
    pub(crate) units: usize,
    pub(crate) bidirectional: bool,
    /// Not known from weights alone.
    pub(crate) return_sequences: Option<bool>,
}

/// Anything that Keras serialises.
#[derive(Deserialize)]
struct Object {
    class_name: String,
    #[serde(default)]
    config: Value,
    #[serde(default)]
    inbound_nodes: Vec<Value>,
}

#[derive(Deserialize)]
struct Model {
    layers: Vec<Object>,
}

/// The layers of the model in `config.json`, from its input to its output.
pub(crate) fn layers(json: &[u8]) -> Result<Vec<Layer>, ImportError> {
    let damaged = |error: serde_json::Error| ImportError::Config(error.to_string());
    let model: Object = serde_json::from_slice(json).map_err(damaged)?;
    if !matches!(model.class_name.as_str(), "Sequential" | "Functional") {
        let (layer, class) = (text(&model.config, "name"), model.class_name);
        return Err(ImportError::Layer { layer, class });
    }
    let inner: Model = serde_json::from_value(model.config).map_err(damaged)?;
    let layers = inner.layers.iter().map(layer).collect::<Result<Vec<_>, _>>()?;
    if model.class_name == "Functional" {
        for pair in inner.layers.windows(2).zip(layers.windows(2)) {
            let ([_, object], [before, layer]) = pair else { continue };
            // A chain: every layer is called once, on the output of the one before.
            let called_on = match &object.inbound_nodes[..] {
                [node] => history(node),
                _ => Vec::new(),
            };
            if called_on != [before.name.as_str()] {
                return Err(ImportError::Order {
                    layer: layer.name.clone(),
                    problem: "is not called once on the output of the layer before; only a chain of layers is read",
                });
            }
        }
    }
    Ok(layers)
}

/// The layers whose outputs a call takes: `{"args": [{"config": {"keras_history": [name, node, output]}}], …}`.
fn history(node: &Value) -> Vec<&str> {
    let arguments = node
        .get("args")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let names = arguments
        .iter()
        .map(|argument| argument.pointer("/config/keras_history/0").and_then(Value::as_str));
    names.map(Option::unwrap_or_default).collect()
}

fn layer(object: &Object) -> Result<Layer, ImportError> {
    let options = Options {
        object,
        name: text(&object.config, "name"),
    };
    let kind = match object.class_name.as_str() {
        "InputLayer" => input(&options)?,
        "SimpleRNN" | "LSTM" | "GRU" => Kind::Recurrent(recurrent(&options, false)?),
        "Bidirectional" => Kind::Recurrent(bidirectional(&options)?),
        "Dense" => {
            options.must_be("activation", &["linear".into()])?;
            options.must_be("use_bias", &[true.into()])?;
            Kind::Dense {
                units: options.size("units")?,
            }
        }
        "Rescaling" => Kind::Rescaling {
            scale: options.number("scale")?,
            offset: options.number("offset")?,
        },
        "Lambda" => Kind::Lambda,
        "Dropout" | "SpatialDropout1D" | "GaussianNoise" | "GaussianDropout" | "ActivityRegularization" => {
            Kind::Passive
        }
        class => {
            return Err(ImportError::Layer {
                layer: options.name,
                class: class.to_owned(),
            });
        }
    };
    Ok(Layer {
        name: options.name,
        kind,
    })
}

fn text(config: &Value, key: &str) -> String {
    config.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The configuration of one layer.
struct Options<'a> {
    object: &'a Object,
    name: String,
}

impl Options<'_> {
    fn get(&self, option: &str) -> &Value {
        self.object.config.get(option).unwrap_or(&Value::Null)
    }

    fn wrong(&self, option: &'static str, must_be: impl Into<String>) -> ImportError {
        let mut value = self.get(option).to_string();
        if let Some((end, _)) = value.char_indices().nth(80) {
            value.truncate(end);
            value.push('…');
        }
        ImportError::Option {
            layer: self.name.clone(),
            option,
            value,
            must_be: must_be.into(),
        }
    }

    /// Refuses values other than `allowed`; an option that is not there has its default.
    fn must_be(&self, option: &'static str, allowed: &[Value]) -> Result<(), ImportError> {
        let value = self.get(option);
        if value.is_null() || allowed.contains(value) {
            return Ok(());
        }
        let allowed: Vec<String> = allowed.iter().map(Value::to_string).collect();
        Err(self.wrong(option, allowed.join(" or ")))
    }

    fn size(&self, option: &'static str) -> Result<usize, ImportError> {
        let size = self.get(option).as_u64().and_then(|size| usize::try_from(size).ok());
        size.filter(|&size| size > 0)
            .ok_or_else(|| self.wrong(option, "a positive whole number"))
    }

    fn number(&self, option: &'static str) -> Result<f64, ImportError> {
        let number = self.get(option).as_f64().filter(|number| number.is_finite());
        number.ok_or_else(|| self.wrong(option, "one number for all columns"))
    }
}

fn input(options: &Options<'_>) -> Result<Kind, ImportError> {
    let shape = options.get("batch_shape").as_array().map(Vec::as_slice);
    let size = |value: &Value| value.as_u64().and_then(|size| usize::try_from(size).ok());
    match shape {
        Some([_, window]) => Ok(Kind::Input {
            window: size(window),
            has_columns: false,
        }),
        Some([_, window, _]) => Ok(Kind::Input {
            window: size(window),
            has_columns: true,
        }),
        _ => Err(options.wrong("batch_shape", "[batch, steps, columns]")),
    }
}

fn recurrent(options: &Options<'_>, backwards: bool) -> Result<Recurrent, ImportError> {
    options.must_be("activation", &["tanh".into()])?;
    options.must_be("recurrent_activation", &["sigmoid".into()])?;
    options.must_be("use_bias", &[true.into()])?;
    options.must_be("go_backwards", &[backwards.into()])?;
    options.must_be("stateful", &[false.into()])?;
    options.must_be("return_state", &[false.into()])?;
    options.must_be("time_major", &[false.into()])?;
    let cell = match options.object.class_name.as_str() {
        "SimpleRNN" => CellKind::SimpleRnn,
        "LSTM" => CellKind::Lstm,
        "GRU" if *options.get("reset_after") == Value::Bool(false) => CellKind::GruResetBefore,
        "GRU" => CellKind::Gru,
        class => {
            return Err(ImportError::Layer {
                layer: options.name.clone(),
                class: class.to_owned(),
            });
        }
    };
    Ok(Recurrent {
        cell,
        units: options.size("units")?,
        bidirectional: false,
        return_sequences: Some(*options.get("return_sequences") == Value::Bool(true)),
    })
}

fn bidirectional(options: &Options<'_>) -> Result<Recurrent, ImportError> {
    options.must_be("merge_mode", &["concat".into()])?;
    let half = |option: &'static str, backwards: bool| {
        let object =
            Object::deserialize(options.get(option)).map_err(|error| ImportError::Config(error.to_string()))?;
        recurrent(
            &Options {
                object: &object,
                name: options.name.clone(),
            },
            backwards,
        )
    };
    let forward = half("layer", false)?;
    if !options.get("backward_layer").is_null() && half("backward_layer", true)? != forward {
        return Err(options.wrong("backward_layer", "of the forward layer's kind and size"));
    }
    Ok(Recurrent {
        bidirectional: true,
        ..forward
    })
}
