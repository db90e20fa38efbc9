//! Small tools for reading a definition section by section, so that a refusal can name its key.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use toml::{Table, Value};

use super::DefinitionError;

/// A table of a definition, with its place in the file.
pub(super) struct Section<'a> {
    pub(super) file: &'a str,
    pub(super) key: String,
    pub(super) table: Table,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(super) fn whole(file: &'a str, text: &str) -> Result<Self, DefinitionError> {
        let table = text
            .parse::<Table>()
            .map_err(|e| DefinitionError::new(file, "TOML", one_line(&e.to_string())))?;
        Ok(Self { file, key: String::new(), table })
    }

    /// The full name of a key in this section.
    pub(super) fn path(&self, key: &str) -> String {
        if self.key.is_empty() { key.to_owned() } else { format!("{}.{key}", self.key) }
    }

    /// A refusal of `key`.
    pub(super) fn refuse(&self, key: &str, rule: impl Into<String>) -> DefinitionError {
        DefinitionError::new(self.file, self.path(key), rule)
    }

    /// Takes out a sub-table that may be missing.
    pub(super) fn section(&mut self, key: &str) -> Result<Option<Self>, DefinitionError> {
        match self.table.remove(key) {
            None => Ok(None),
            Some(Value::Table(table)) => Ok(Some(Section { file: self.file, key: self.path(key), table })),
            Some(other) => Err(self.refuse(key, format!("must be a table, not {}", other.type_str()))),
        }
    }

    /// Takes out sub-tables written as one table or as an array of tables, at most `most`.
    pub(super) fn sections(&mut self, key: &str, most: usize) -> Result<Vec<Self>, DefinitionError> {
        let values = match self.table.remove(key) {
            None => Vec::new(),
            Some(Value::Array(values)) => values,
            Some(single) => vec![single],
        };
        if values.len() > most {
            return Err(self.refuse(key, format!("at most {most} are allowed, found {}", values.len())));
        }
        let many = values.len() > 1;
        let mut sections = Vec::with_capacity(values.len());
        for (index, value) in values.into_iter().enumerate() {
            let path = if many { format!("{key}[{index}]") } else { key.to_owned() };
            match value {
                Value::Table(table) => {
                    sections.push(Section { file: self.file, key: self.path(&path), table });
                }
                other => {
                    return Err(self.refuse(&path, format!("must be a table, not {}", other.type_str())));
                }
            }
        }
        Ok(sections)
    }

    /// Takes out a text that must be there.
    pub(super) fn text(&mut self, key: &str) -> Result<String, DefinitionError> {
        match self.table.remove(key) {
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(self.refuse(key, format!("must be a text, not {}", other.type_str()))),
            None => Err(self.refuse(key, "is missing")),
        }
    }

    /// Takes the named keys out into a section of their own.
    pub(super) fn split(&mut self, keys: &[&str]) -> Self {
        let mut table = Table::new();
        for key in keys {
            if let Some(value) = self.table.remove(*key) {
                table.insert((*key).to_owned(), value);
            }
        }
        Section { file: self.file, key: self.key.clone(), table }
    }

    /// What is left, read as `T`.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, DefinitionError> {
        let key = if self.key.is_empty() { "top level" } else { &self.key };
        Value::Table(self.table)
            .try_into()
            .map_err(|e: toml::de::Error| DefinitionError::new(self.file, key, one_line(&e.to_string())))
    }
}

/// A message of several lines on one.
fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Reads one item or an array of items.
pub(super) fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let values = match Value::deserialize(deserializer)? {
        Value::Array(values) => values,
        single => vec![single],
    };
    values.into_iter().map(|value| value.try_into().map_err(serde::de::Error::custom)).collect()
}
