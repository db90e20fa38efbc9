//! What can go wrong with setting a sheet.

use std::fmt;

/// Where in a template something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which file: `templates/receipt.typ`.
    pub file: String,
    /// Which line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.file, self.line)
    }
}

/// Why no PDF came of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no such template.
    #[error("template: there is no template {0:?}")]
    NoTemplate(String),
    /// The template is wrong, or does not go with the values.
    #[error("template: {}: {reason}", place.as_ref().map_or_else(|| "(no place)".to_owned(), ToString::to_string))]
    Template {
        /// Where, if that can be told.
        place: Option<Place>,
        /// What is wrong, in the words of whoever sets type.
        reason: String,
    },
    /// It became too long.
    #[error("template: makes {pages} pages, at most {most} are set")]
    Pages {
        /// How many pages it has.
        pages: usize,
        /// How many it may have.
        most: usize,
    },
    /// There are too many values.
    #[error("template: its values are {size} bytes, at most {most} are set")]
    Size {
        /// How many bytes they are.
        size: usize,
        /// How many they may be.
        most: usize,
    },
    /// Nothing here sets type.
    #[error("template: nothing here sets type")]
    NoPress,
}
