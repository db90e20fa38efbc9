//! What is kept of passwords and factors: one record beside each account, which nothing but this crate reads.

use dinh_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::Means;
use crate::facade::PasskeyInfo;
use crate::passkey::PublicKey;
use crate::secret::{Digest, Sealed};

/// The secrets of an account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Secrets {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<KeptPassword>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) totp: Option<KeptTotp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) passkeys: Vec<KeptPasskey>,
    /// Digests of the recovery codes that were not used yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) recovery: Vec<Digest>,
    /// A link by which the holder may choose a new password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<KeptLink>,
}

/// A password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeptPassword {
    /// Its Argon2id hash as a PHC string, which says its parameters itself.
    pub(crate) phc: String,
    pub(crate) set: Timestamp,
}

/// A one-time code program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptTotp {
    /// The shared secret, sealed with the installation's key.
    pub(crate) secret: Sealed,
    pub(crate) since: Timestamp,
    /// The last step of time whose code was used: it and earlier ones are refused.
    pub(crate) last_step: i64,
}

/// A passkey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptPasskey {
    /// Its identifier, in base64url.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) key: PublicKey,
    /// How often it has signed, where it counts.
    pub(crate) count: u32,
    pub(crate) may_be_copied: bool,
    pub(crate) since: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_used: Option<Timestamp>,
}

/// A recovery link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptLink {
    /// SHA-256 of its secret.
    pub(crate) hash: String,
    pub(crate) until: Timestamp,
    /// Whether the second factors go with the old password.
    pub(crate) drop_factors: bool,
}

impl Secrets {
    /// Whether a password alone does not sign in.
    pub(crate) fn has_second_factor(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }

    /// Removes the second factors and says which there were.
    pub(crate) fn drop_factors(&mut self) -> Vec<Means> {
        self.recovery.clear();
        let passkeys = std::mem::take(&mut self.passkeys).into_iter().map(|_| Means::Passkey);
        self.totp.take().map(|_| Means::Totp).into_iter().chain(passkeys).collect()
    }
}

impl KeptPasskey {
    /// As lists show it.
    pub(crate) fn info(&self) -> PasskeyInfo {
        PasskeyInfo {
            id: self.id.clone(),
            name: self.name.clone(),
            since: self.since,
            last_used: self.last_used,
            may_be_copied: self.may_be_copied,
        }
    }
}
