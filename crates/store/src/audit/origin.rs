//! From where something was done.

use crate::{Result, plan};

/// Longest text of an origin, in bytes.
const MAX_TEXT: usize = 256;

/// From where something was done, as far as the door knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Address of the machine that asked.
    pub peer: Option<String>,
    /// Identifier of the request, as in the log.
    pub request: Option<String>,
    /// Identifier of the session or key that was shown; never the secret itself.
    pub session: Option<String>,
}

impl Origin {
    /// Its parts, in the order in which they are stored.
    pub(crate) fn parts(&self) -> [Option<&str>; 3] {
        [self.peer.as_deref(), self.request.as_deref(), self.session.as_deref()]
    }

    /// Refuses texts that are too long.
    pub(crate) fn check(&self) -> Result<()> {
        let longest = self.parts().into_iter().flatten().map(str::len).max().unwrap_or(0);
        plan::check("bytes of a text about the origin of a commit", longest, MAX_TEXT)
    }
}
