//! What is wrong with the settings of a way.

/// What is wrong with the settings of a way. Names the setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An address that is none.
    #[error(
        "{setting}: {value:?} is no e-mail address; write motcua@hue.gov.vn or Một cửa <motcua@hue.gov.vn>"
    )]
    Address {
        /// Which setting.
        setting: &'static str,
        /// What stands there.
        value: String,
    },
    /// The allow-list for outbound calls does not have the host.
    #[error("{host} is not on the allow-list for outbound calls; add it to outbound.allow")]
    NotAllowed {
        /// Which host.
        host: String,
    },
    /// TLS cannot be prepared.
    #[error("ca_file: {0}")]
    Tls(String),
    /// A password without a name, or a name without a password.
    #[error("user and password_file belong together")]
    Credentials,
    /// A password would be sent in the clear.
    #[error("security: a password is sent by tls or starttls only, or to this machine")]
    InTheClear,
    /// A template that makes no sense.
    #[error("{setting}: {reason}")]
    Template {
        /// Which setting.
        setting: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    pub(crate) fn template(setting: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Template { setting: setting.into(), reason: reason.into() }
    }
}
