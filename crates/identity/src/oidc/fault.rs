//! Why a provider's word is not taken.

/// Why a provider's word is not taken, or could not be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No such provider is configured.
    #[error("no identity provider {0:?} is configured")]
    NoProvider(String),
    /// The answer belongs to no sign-in that was begun in this browser, or it came too late or twice.
    #[error("this sign-in was not begun in this browser, took too long, or was finished already")]
    State,
    /// The provider did not let the person in.
    #[error("the identity provider answered {0:?}")]
    Refused(String),
    /// The provider cannot be reached, or answers nonsense.
    #[error("the identity provider cannot be asked: {0}")]
    Unreachable(String),
    /// The token is not a token, or is signed in a way that is not allowed.
    #[error("the identity token is malformed: {0}")]
    Malformed(&'static str),
    /// No key of the provider has signed it.
    #[error("the identity token is not signed by the provider")]
    Signature,
    /// Somebody else has issued it.
    #[error("the identity token or the answer comes from another issuer")]
    Issuer,
    /// It is for somebody else.
    #[error("the identity token is for another application")]
    Audience,
    /// It is too old, or from the future.
    #[error("the identity token has expired or is not valid yet")]
    Expired,
    /// It belongs to another sign-in.
    #[error("the identity token belongs to another sign-in")]
    Nonce,
    /// A claim that is needed is missing or says nothing sensible.
    #[error("the identity provider did not say {0}")]
    Claim(&'static str),
    /// No account is linked to this identity, and this provider makes none.
    #[error("no account here is linked to this identity")]
    NoAccount,
}
