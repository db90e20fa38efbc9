//! What can be configured of telling people of their cases.

use std::path::PathBuf;

use dinh_messengers::{GatewaySettings, Security};
use serde::{Deserialize, Serialize};

/// How people are told of their cases. Each notice goes by every way for which its recipient has given an address; while
/// no way is configured, notices are kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Notices {
    /// E-mail.
    pub(crate) smtp: Option<Smtp>,
    /// Providers of text messages, of Zalo or of anything else that is called over HTTP.
    pub(crate) http: Vec<GatewaySettings>,
}

/// E-mail by SMTP. The server must be in `outbound.allow`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Smtp {
    /// The server.
    pub(crate) host: String,
    /// Its port; by default 587 for `starttls`, 465 for `tls`, 25 for `none`.
    #[serde(default)]
    pub(crate) port: Option<u16>,
    /// `starttls`, `tls`, or `none` for a relay on this machine.
    #[serde(default)]
    pub(crate) security: Security,
    /// Who writes: `motcua@hue.gov.vn`, or `Một cửa <motcua@hue.gov.vn>`.
    pub(crate) from: String,
    /// Whom to answer. Without it letters say that nobody reads answers.
    #[serde(default)]
    pub(crate) reply_to: Option<String>,
    /// By which name to sign in, if the server wants that.
    #[serde(default)]
    pub(crate) user: Option<String>,
    /// File of the password.
    #[serde(default)]
    pub(crate) password_file: Option<PathBuf>,
    /// File of a certificate (PEM) that vouches for the server besides those that the system trusts.
    #[serde(default)]
    pub(crate) ca_file: Option<PathBuf>,
    /// Seconds that everything about one letter may take, 1 to 120.
    #[serde(default = "twenty")]
    pub(crate) timeout_seconds: u64,
}

fn twenty() -> u64 {
    20
}
