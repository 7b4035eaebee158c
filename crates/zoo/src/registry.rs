//! Models by name.

use std::fmt;

use crate::entry::Entry;
use crate::families;

/// No model bears that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownModel {
    name: String,
    known: Vec<String>,
}

impl UnknownModel {
    /// The name that was asked for.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names that there are.
    #[must_use]
    pub fn known(&self) -> &[String] {
        &self.known
    }
}

impl fmt::Display for UnknownModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no model is called `{}`; there are: {}",
            self.name,
            self.known.join(", ")
        )
    }
}

impl std::error::Error for UnknownModel {}

/// Two models with one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a model called `{name}` is registered already; give the new one another name")]
pub struct NameTaken {
    /// The name.
    pub name: String,
}

/// The models that there are, in the order of their registration.
#[derive(Debug, Default)]
pub struct Registry {
    entries: Vec<Entry>,
}

impl Registry {
    /// No model at all.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Every model that comes with the zoo.
    #[must_use]
    pub fn builtin() -> Self {
        // One line for each file of models.
        let entries = [
            families::rnn::entries(),
            families::lstm::entries(),
            families::gru::entries(),
        ];
        Self {
            entries: entries.into_iter().flatten().collect(),
        }
    }

    /// Adds a model.
    ///
    /// # Errors
    /// If its name is taken.
    pub fn register(&mut self, entry: Entry) -> Result<(), NameTaken> {
        if self.entries.iter().any(|other| other.name() == entry.name()) {
            return Err(NameTaken {
                name: entry.name().to_owned(),
            });
        }
        self.entries.push(entry);
        Ok(())
    }

    /// The model called `name`.
    ///
    /// # Errors
    /// If there is none; the error lists those there are.
    pub fn find(&self, name: &str) -> Result<&Entry, UnknownModel> {
        self.entries
            .iter()
            .find(|entry| entry.name() == name)
            .ok_or_else(|| UnknownModel {
                name: name.to_owned(),
                known: self.entries.iter().map(|entry| entry.name().to_owned()).collect(),
            })
    }

    /// All models, in the order of their registration.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }
}
