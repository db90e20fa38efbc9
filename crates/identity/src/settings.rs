//! What accounts need to know at start.

use serde::{Deserialize, Serialize};

use crate::oidc::Provider;
use crate::passkey::Site;
use crate::password::{Breached, Cost};
use crate::secret::InstallationKey;

/// What accounts need to know at start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The installation's own key.
    pub key: InstallationKey,
    /// Identity providers.
    pub providers: Vec<Provider>,
    /// The site that passkeys are for; none where there are none.
    pub site: Option<Site>,
    /// How passwords are hashed.
    pub passwords: Cost,
    /// Passwords that have leaked somewhere; none if nobody keeps a list.
    pub breached: Option<Breached>,
    /// How long sessions last.
    pub sessions: Lifetimes,
    /// What one-time code programs show beside the code: the name of the installation.
    pub title: String,
}

impl Settings {
    /// The safe ones.
    pub fn new(key: InstallationKey) -> Self {
        Self {
            key,
            providers: Vec::new(),
            site: None,
            passwords: Cost::default(),
            breached: None,
            sessions: Lifetimes::default(),
            title: "Đình".to_owned(),
        }
    }
}

/// How long sessions last, by kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lifetimes {
    /// Of officials, and of everybody with a role.
    pub officials: Lifetime,
    /// Of citizens.
    pub citizens: Lifetime,
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifetime {
    /// Minutes without a request after which it ends.
    pub idle_minutes: u32,
    /// Minutes after which it ends in any case.
    pub whole_minutes: u32,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            officials: Lifetime { idle_minutes: 30, whole_minutes: 12 * 60 },
            citizens: Lifetime { idle_minutes: 14 * 24 * 60, whole_minutes: 14 * 24 * 60 },
        }
    }
}
