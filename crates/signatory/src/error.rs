//! Why a document was not signed.

use dinh_signing::signatures::Verdict;

/// Why a document was not signed. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the case or the document says.
    #[error(transparent)]
    Casework(#[from] dinh_casework::Error),
    /// What the key or its authority says.
    #[error(transparent)]
    Signing(#[from] dinh_signing::Error),
    /// The signatures would not hold.
    #[error("the document is not signed: its signatures would be {}", name(*.0))]
    NotBelieved(Verdict),
    /// Only what is sealed is issued at once.
    #[error("issue: only whoever puts the seal on a document issues it")]
    NotSeal,
    /// The time for the batch was over before it was begun with this document.
    #[error("documents: the time of this request was over before this one; name it again")]
    Late,
    /// What holds the key gave no signature for it.
    #[error("signature: what holds the key gave none for this document; name it again")]
    Unsigned,
    /// Nothing was named, or too much.
    #[error("documents: name 1 to {most} of them")]
    TooMany {
        /// Most.
        most: usize,
    },
}

/// A verdict as programs are told it.
const fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Genuine => "genuine",
        Verdict::Unknown => "of unknown standing: nobody says whether the certificate was revoked",
        Verdict::NotTrusted => "by a certificate of an authority that is not trusted here",
        Verdict::Expired => "by a certificate that has expired or is not valid yet",
        Verdict::Revoked => "by a certificate that was revoked",
        Verdict::Altered => "over a document that was altered",
    }
}

impl Error {
    /// Whether it is refused because whoever asks has to show their second factor again.
    pub const fn wants_step_up(&self) -> bool {
        matches!(self, Self::Signing(dinh_signing::Error::StepUp))
    }
}
