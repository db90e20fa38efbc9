//! Signatures of documents.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Signatures of documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Signing {
    /// List of trusted authorities: `[[authority]]` with `file` (PEM or DER, beside the list), `source`, and if need be
    /// `from`, `until` (days as "2026-11-20") and `purposes` (`documents`, `stamps`).
    pub(crate) trust: Option<PathBuf>,
    /// Address of the time-stamp authority (RFC 3161) whose time every signature carries; its host must be in
    /// `outbound.allow`.
    pub(crate) timestamp_url: Option<String>,
    /// Hours for which what is known about revocation is taken for new after its end, should its source be away.
    pub(crate) grace_hours: u16,
    /// The security module of the server, if it has one.
    pub(crate) module: Option<SecurityModule>,
}

/// A security module (PKCS #11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecurityModule {
    /// The library of the module.
    pub(crate) library: PathBuf,
    /// What the token in it is called.
    pub(crate) token: String,
    /// File that holds its PIN.
    pub(crate) pin_file: PathBuf,
}

impl Default for Signing {
    fn default() -> Self {
        Self { trust: None, timestamp_url: None, grace_hours: 24, module: None }
    }
}
