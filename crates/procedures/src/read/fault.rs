//! Why a file or a record could not be read.

/// Why a whole file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// It is too large.
    #[error("the file holds more than {0} bytes, unpacked")]
    TooLarge(usize),
    /// It has too many records.
    #[error("the file holds more than {0} records")]
    TooMany(usize),
    /// It says that it is packed, and cannot be unpacked.
    #[error("the file cannot be unpacked: {0}")]
    Packed(String),
    /// It is not text.
    #[error("the file is not text in UTF-8")]
    NoText,
    /// It is not JSON.
    #[error("the file is neither JSON nor lines of JSON: {0}")]
    NotJson(String),
    /// There is nothing in it.
    #[error("the file holds no record")]
    Empty,
}

/// A record that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which record of the file, from 1.
    pub place: usize,
    /// Its code, as far as it could be read.
    pub code: Option<String>,
    /// The field that breaks the rule, as the file names it.
    pub field: String,
    /// What is wrong with it.
    pub rule: String,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.place)?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        write!(f, ": {}: {}", self.field, self.rule)
    }
}

/// What is wrong with a record, before its place is known.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) code: Option<String>,
    field: String,
    rule: String,
}

impl Fault {
    pub(super) fn new(field: impl Into<String>, rule: String) -> Self {
        Self { code: None, field: field.into(), rule }
    }

    pub(super) fn of(self, code: &str) -> Self {
        let code = code.chars().take(40).collect();
        Self { code: Some(code), ..self }
    }

    pub(super) fn at(self, place: usize, code: Option<String>) -> Refused {
        Refused { place, code, field: self.field, rule: self.rule }
    }
}
