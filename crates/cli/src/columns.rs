//! Which columns of a table are what: as the flags say, and guessed where they say nothing.

use recurra_series::{ColumnNames, Table, Time};

use crate::data_flags::DataFlags;
use crate::failure::Failure;

/// The columns, guessed where they were not given, and what to say of a guess where the data then turns out wrong.
pub(crate) fn names(flags: &DataFlags, table: &Table) -> Result<(ColumnNames, Option<String>), Failure> {
    let all: Vec<&str> = table.names().collect();
    let unique_id = flags
        .id
        .clone()
        .or_else(|| all.contains(&"unique_id").then(|| "unique_id".to_owned()));
    let others: Vec<&str> = all
        .iter()
        .copied()
        .filter(|name| Some(*name) != unique_id.as_deref())
        .collect();
    let usual = |given: &Option<String>, usual: &str| {
        (given.clone()).or_else(|| others.contains(&usual).then(|| usual.to_owned()))
    };
    let (mut time, mut value) = (usual(&flags.time, "ds"), usual(&flags.value, "y"));
    let mut guess = None;
    // Of two columns the first is the time and the other the value; of one that was named, the other is the other.
    if let ([first, second], true) = (&others[..], time.is_none() || value.is_none()) {
        if time.is_none() && value.is_none() && is_value(first) && is_value(second) {
            return Err(Failure::Input(format!(
                "{}: row 1: the first line looks like values: `{first}`, `{second}`; add a header line with the \
                 columns' names",
                table.file()
            )));
        }
        let other = |name: &Option<String>, usual: &&str| match name {
            Some(name) if name == first => (*second).to_owned(),
            Some(name) if name == second => (*first).to_owned(),
            _ => (*usual).to_owned(),
        };
        let (found_time, found_value) = (other(&value, first), other(&time, second));
        if time.is_none() && value.is_none() {
            guess = Some(format!(
                " (`{found_time}` was taken for the times and `{found_value}` for the values; name them with --time and \
                 --value)"
            ));
        }
        time.get_or_insert(found_time);
        value.get_or_insert(found_value);
    }
    let names = ColumnNames {
        time: time.unwrap_or_else(|| "ds".to_owned()),
        value: value.unwrap_or_else(|| "y".to_owned()),
        unique_id,
        past: flags.past_exog.clone(),
        future: flags.future_exog.clone(),
    };
    check_roles(&names)?;
    Ok((names, guess))
}

/// Whether a column's name is a number or a time.
fn is_value(name: &str) -> bool {
    let name = name.trim();
    name.parse::<f64>().is_ok() || name.parse::<Time>().is_ok()
}

/// Refuses a column that is to be two things at once.
fn check_roles(names: &ColumnNames) -> Result<(), Failure> {
    let one = |flag: &'static str, name: &String| (flag, name.clone());
    let roles: Vec<(&str, String)> = [one("--time", &names.time), one("--value", &names.value)]
        .into_iter()
        .chain(names.unique_id.iter().map(|name| one("--id", name)))
        .chain(names.past.iter().map(|name| one("--past-exog", name)))
        .chain(names.future.iter().map(|name| one("--future-exog", name)))
        .collect();
    for (at, (flag, name)) in roles.iter().enumerate() {
        if let Some((other, _)) = roles[..at].iter().find(|(_, other)| other == name) {
            return Err(Failure::Input(format!(
                "{flag} {name}: the column `{name}` is that of {other} already; a column can be one thing only"
            )));
        }
    }
    Ok(())
}
