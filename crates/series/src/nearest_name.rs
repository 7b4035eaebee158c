//! What a misspelt name was meant to be.

/// The name most like `name`, if any is like it: at most a third of its letters differ (by Damerau and Levenshtein's distance), case
/// aside.
///
/// ```
/// let columns = ["unique_id", "ds", "sales"];
/// assert_eq!(recurra_series::nearest_name("Salse", columns.into_iter()), Some("sales"));
/// assert_eq!(recurra_series::nearest_name("promotion", columns.into_iter()), None);
/// ```
pub fn nearest_name<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let distance = |other: &str| strsim::damerau_levenshtein(&wanted, &other.to_lowercase());
    let most = wanted.chars().count().div_ceil(3);
    names
        .map(|other| (distance(other), other))
        // A name of one letter is like every other one.
        .filter(|&(far, _)| far <= most && far < wanted.chars().count())
        .min_by_key(|&(far, _)| far)
        .map(|(_, other)| other)
}
