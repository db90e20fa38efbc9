//! An error in both languages.

use std::error::Error;
use std::fmt;

use super::Words;

/// An error in both languages, with what caused it, if something did.
#[derive(Debug)]
pub(crate) struct Said {
    /// What went wrong, and what to do about it.
    pub(crate) words: Words,
    cause: Option<anyhow::Error>,
}

/// An error that has no cause but itself.
pub(crate) fn said(vi: impl Into<String>, en: impl Into<String>) -> anyhow::Error {
    Said { words: Words::new(vi, en), cause: None }.into()
}

impl Said {
    /// An error that `cause` has brought about.
    pub(crate) fn because(words: Words, cause: impl Into<anyhow::Error>) -> anyhow::Error {
        Self { words, cause: Some(cause.into()) }.into()
    }
}

impl fmt::Display for Said {
    /// In English, as logs are written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.en)
    }
}

impl Error for Said {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| -> &(dyn Error + 'static) { cause.as_ref() })
    }
}

/// Says in both languages what it means that something failed.
pub(crate) trait OrSay<T> {
    /// The value, or an error that says `words` first and then why.
    fn or_say(self, words: impl FnOnce() -> Words) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> OrSay<T> for Result<T, E> {
    fn or_say(self, words: impl FnOnce() -> Words) -> anyhow::Result<T> {
        self.map_err(|cause| Said::because(words(), cause))
    }
}
