//! What readers are told of sources that did not answer well (clause 6.3.17).

use crate::Failure;

/// A warning about one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The name of this broker.
    agent: String,
    failure: Failure,
}

impl Warning {
    /// A warning by `agent`, unless there is nothing to warn of: a source that has nothing is no abnormal one.
    pub(crate) fn of(agent: &str, failure: &Failure) -> Option<Self> {
        let nothing = matches!(failure, Failure::Refused { status: 404, .. });
        (!nothing).then(|| Self { agent: agent.to_owned(), failure: failure.clone() })
    }

    /// The value of an `NGSILD-Warning` header.
    pub fn header(&self) -> String {
        let (code, text) = match &self.failure {
            Failure::Unreadable(_) | Failure::TooLarge => (111, "Revalidation Failed"),
            Failure::Refused { .. } => (299, "Miscellaneous Persistent Warning"),
            Failure::Late | Failure::Unreachable(_) | Failure::Rests | Failure::Loop => {
                (199, "Miscellaneous Warning")
            }
        };
        format!("{code} {} \"{text}\"", self.agent)
    }
}
