//! What readers are told of sources that did not answer well (clause 6.3.17).

use crate::Failure;

/// A warning about one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// What this broker, by its name, has to say of a source.
    Own(String, Failure),
    /// What a source had to say of its own sources.
    Passed(String),
}

/// Longest warning of others that is passed on, in bytes.
const LONGEST: usize = 500;

impl Warning {
    /// A warning by `agent`, unless there is nothing to warn of: a source that has nothing is no abnormal one.
    pub(crate) fn of(agent: &str, failure: &Failure) -> Option<Self> {
        let nothing = matches!(failure, Failure::Refused { status: 404, .. });
        (!nothing).then(|| Self(Kind::Own(agent.to_owned(), failure.clone())))
    }

    /// A warning of a source, to be told to whoever asked.
    pub(crate) fn passed(text: &str) -> Option<Self> {
        let fits = text.len() <= LONGEST && text.starts_with(|first: char| first.is_ascii_digit());
        fits.then(|| Self(Kind::Passed(text.to_owned())))
    }

    /// The value of an `NGSILD-Warning` header.
    pub fn header(&self) -> String {
        let (agent, failure) = match &self.0 {
            Kind::Own(agent, failure) => (agent, failure),
            Kind::Passed(text) => return text.clone(),
        };
        let (code, text) = match failure {
            Failure::Unreadable(_) | Failure::TooLarge => (111, "Revalidation Failed"),
            Failure::Refused { .. } => (299, "Miscellaneous Persistent Warning"),
            Failure::Late | Failure::Unreachable(_) | Failure::Rests | Failure::Loop => {
                (199, "Miscellaneous Warning")
            }
        };
        format!("{code} {agent} \"{text}\"")
    }
}
