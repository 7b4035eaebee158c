//! Where Keras keeps a parameter of ours inside a file of weights.

/// The path of the parameter `name` in Keras' HDF5 file: `bidirectional_1/forward_lstm/bias` is
/// `layers/bidirectional_1/forward_layer/cell/vars/2`. Nothing for a name that is no parameter of a network.
pub(crate) fn keras_path(name: &str) -> Option<String> {
    let (owner, variable) = name.rsplit_once('/')?;
    let dense = owner == "dense" || owner.starts_with("dense_");
    let index = match variable {
        "kernel" => 0,
        "recurrent_kernel" => 1,
        "bias" if dense => 1,
        "bias" => 2,
        _ => return None,
    };
    Some(match owner.split_once('/') {
        None if dense => format!("layers/{owner}/vars/{index}"),
        None => format!("layers/{owner}/cell/vars/{index}"),
        Some((layer, way)) => {
            let (way, _) = way.split_once('_')?;
            format!("layers/{layer}/{way}_layer/cell/vars/{index}")
        }
    })
}

/// The name of the layer number `index` of its class: `lstm`, `lstm_1`, ….
pub(crate) fn numbered(stem: &str, index: usize) -> String {
    if index == 0 {
        stem.to_owned()
    } else {
        format!("{stem}_{index}")
    }
}

#[cfg(test)]
mod tests {
    use super::keras_path;

    #[test]
    fn parameters_lie_where_keras_puts_them() {
        let paths = [
            ("lstm/kernel", Some("layers/lstm/cell/vars/0")),
            ("simple_rnn_1/bias", Some("layers/simple_rnn_1/cell/vars/2")),
            (
                "bidirectional/backward_gru/recurrent_kernel",
                Some("layers/bidirectional/backward_layer/cell/vars/1"),
            ),
            ("dense/kernel", Some("layers/dense/vars/0")),
            ("dense/bias", Some("layers/dense/vars/1")),
            ("dense/gamma", None),
            ("kernel", None),
        ];
        for (name, path) in paths {
            assert_eq!(keras_path(name).as_deref(), path, "{name}");
        }
    }
}
