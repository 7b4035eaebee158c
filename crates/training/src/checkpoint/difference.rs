//! The first field in which two records differ.

use serde_json::Value;

/// The path of the first field in which `left` and `right` differ, with both values; `None` if there is none.
pub(crate) fn difference(left: &Value, right: &Value) -> Option<(String, String, String)> {
    let inside = |name: &str, left: &Value, right: &Value| {
        difference(left, right).map(|(path, left, right)| {
            let path = if path.is_empty() {
                name.to_owned()
            } else {
                format!("{name}.{path}")
            };
            (path, left, right)
        })
    };
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let names = left.keys().chain(right.keys().filter(|name| !left.contains_key(*name)));
            let value = |map: &serde_json::Map<String, Value>, name: &str| map.get(name).cloned().unwrap_or_default();
            // A checksum differs with everything that it is of, and says least.
            let (checksums, others): (Vec<_>, Vec<_>) = names.partition(|name| *name == "checksum");
            others
                .into_iter()
                .chain(checksums)
                .find_map(|name| inside(name, &value(left, name), &value(right, name)))
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut pairs = left.iter().zip(right).enumerate();
            pairs.find_map(|(index, (left, right))| inside(&index.to_string(), left, right))
        }
        (Value::Array(left), Value::Array(right)) => {
            Some(("length".to_owned(), left.len().to_string(), right.len().to_string()))
        }
        _ if left == right => None,
        _ => Some((String::new(), left.to_string(), right.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::difference;

    #[test]
    fn what_says_more_than_a_checksum_is_named_before_it() {
        let (left, right) = (
            json!({"checksum": 1, "windows": 40}),
            json!({"checksum": 2, "windows": 34}),
        );
        let expected = ("windows".to_owned(), "40".to_owned(), "34".to_owned());
        assert_eq!(difference(&left, &right), Some(expected));
        let right = json!({"checksum": 2, "windows": 40});
        let expected = ("checksum".to_owned(), "1".to_owned(), "2".to_owned());
        assert_eq!(difference(&left, &right), Some(expected));
    }

    #[test]
    fn the_first_field_that_differs_is_named() {
        let left = json!({"a": 1, "b": {"c": [1, {"d": "x"}]}});
        let mut right = left.clone();
        assert_eq!(difference(&left, &right), None);
        right["b"]["c"][1]["d"] = json!("y");
        let expected = |path: &str, left: &str, right: &str| Some((path.to_owned(), left.to_owned(), right.to_owned()));
        assert_eq!(difference(&left, &right), expected("b.c.1.d", "\"x\"", "\"y\""));
        right["b"]["c"] = json!([1]);
        assert_eq!(difference(&left, &right), expected("b.c.length", "2", "1"));
        right = json!({"a": 1});
        assert_eq!(
            difference(&left, &right),
            expected("b", "{\"c\":[1,{\"d\":\"x\"}]}", "null")
        );
        assert_eq!(
            difference(&right, &left),
            expected("b", "null", "{\"c\":[1,{\"d\":\"x\"}]}")
        );
    }
}
