//! A key of the inventory, without its secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_model::EntityId;
use dinh_signatures::{Algorithm, Certificate};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// From how long before its end on a certificate is said to end soon.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 60);

/// What a key signs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUse {
    /// The seal of an agency.
    Seal,
    /// A person.
    Personal,
}

/// Where the private key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "at")]
pub enum Place {
    /// Here, sealed.
    Software,
    /// In the security module of the server.
    Module {
        /// What it is called there.
        label: String,
    },
    /// Elsewhere: a token at somebody's desk, or a remote service.
    Elsewhere,
}

/// Why and when a key was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A key of the inventory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Names it.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What it signs as.
    pub purpose: KeyUse,
    /// The unit whose seal it is, or for which the person signs.
    pub unit: Option<EntityId>,
    /// The accounts that may use it: one for a person's.
    pub holders: Vec<String>,
    /// Where the private key is.
    pub place: Place,
    /// The usual way to sign with it; unknown until there is a certificate for a key elsewhere.
    pub algorithm: Option<Algorithm>,
    /// The bits of its public key, in base64.
    #[serde(default)]
    pub key_bits: String,
    /// The request for a certificate, as PEM.
    pub request: Option<String>,
    /// From its certificate towards the root, as PEM; empty until there is one.
    #[serde(default)]
    pub chain: Vec<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// Whether it was withdrawn.
    pub withdrawn: Option<Withdrawn>,
}

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It waits for its certificate.
    Waiting,
    /// It signs.
    Ready,
    /// It signs, but its certificate ends soon.
    EndsSoon,
    /// Its certificate has ended.
    Ended,
    /// It was withdrawn.
    Withdrawn,
}

impl Key {
    /// Its certificates, its own first. What cannot be read any more is left out.
    pub fn certificates(&self) -> Vec<Certificate> {
        self.chain
            .iter()
            .filter_map(|pem| Certificate::all_from(pem.as_bytes()).ok()?.into_iter().next())
            .collect()
    }

    /// Its certificate.
    pub fn certificate(&self) -> Option<Certificate> {
        self.certificates().into_iter().next()
    }

    /// How it stands at `now`.
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.withdrawn.is_some() {
            return Standing::Withdrawn;
        }
        match self.certificate().map(|certificate| certificate.until()) {
            None => Standing::Waiting,
            Some(until) if until < now => Standing::Ended,
            Some(until) if until.duration_since(now) < SOON => Standing::EndsSoon,
            Some(_) => Standing::Ready,
        }
    }

    pub(crate) fn bits(&self) -> Vec<u8> {
        STANDARD.decode(&self.key_bits).unwrap_or_default()
    }
}
