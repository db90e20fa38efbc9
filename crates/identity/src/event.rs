//! What happens to accounts, for the audit.

use std::fmt;
use std::net::IpAddr;

use dinh_model::{Tenant, Timestamp};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::domain::AccountId;

/// Most characters that are kept of a user agent.
const MOST_OF_AGENT: usize = 200;

/// From where somebody asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Address of the machine; none for the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// What its program calls itself, at most 200 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub agent: String,
    /// At the door of which tenant; none for the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Tenant>,
}

impl Origin {
    /// A request from `address` by a program that calls itself `agent`.
    pub fn new(address: IpAddr, agent: &str) -> Self {
        let agent = agent.chars().filter(|c| !c.is_control()).take(MOST_OF_AGENT).collect();
        Self { address: Some(address.to_canonical()), agent, tenant: None }
    }

    /// The same, at the door of a tenant.
    #[must_use]
    pub fn at(self, tenant: &Tenant) -> Self {
        Self { tenant: Some(tenant.clone()), ..self }
    }
}

/// Something that happened to an account, a session or a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Who did it, as `dinh_access::Principal` writes itself: `account:<id>`, `system:<part>`, `anonymous`.
    pub by: String,
    /// From where.
    pub from: Origin,
    /// At the door of which tenant, where it was at one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Tenant>,
    /// To which account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Why, in the words of whoever did it to the account of somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What.
    pub what: What,
}

/// What happened. No variant holds a secret, a name, an address or a number of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum What {
    /// Signed in.
    SignedIn {
        /// By what.
        means: Means,
        /// Identifier of the session, the same as in the list of sessions.
        session: String,
    },
    /// Could not sign in.
    SignInFailed {
        /// Why.
        why: Failure,
        /// Digest of what was given as the name, so that attempts can be counted without telling whose they were.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        handle: Option<String>,
    },
    /// Showed a second factor or a passkey again, for sensitive acts.
    SteppedUp {
        /// By what.
        means: Means,
        /// Identifier of the session from then on.
        session: String,
    },
    /// Could not.
    StepUpFailed {
        /// Why.
        why: Failure,
    },
    /// Signed out.
    SignedOut {
        /// Which session.
        session: String,
    },
    /// Sessions were ended from elsewhere.
    SessionsRevoked {
        /// Which.
        sessions: Vec<String>,
    },
    /// The account was made.
    AccountMade,
    /// What is kept of it was changed: names of the members, never their values.
    AccountChanged {
        /// Which members.
        members: Vec<String>,
    },
    /// Roles or positions were given or taken.
    RightsChanged {
        /// What it has now that it did not have, as `role:<code>[@<unit>]` or `position:<unit>`.
        given: Vec<String>,
        /// What it had and has no more.
        taken: Vec<String>,
    },
    /// It was locked.
    Locked,
    /// It was unlocked.
    Unlocked,
    /// It was closed for ever.
    Closed,
    /// Everything that is kept of it was handed out.
    Exported,
    /// The password was set.
    PasswordSet,
    /// A second factor or passkey was added.
    FactorAdded {
        /// Which kind.
        factor: Means,
    },
    /// A second factor or passkey was removed.
    FactorRemoved {
        /// Which kind.
        factor: Means,
    },
    /// New recovery codes were made; the former ones are void.
    RecoveryCodesMade,
    /// An administrator let the holder choose a new password.
    RecoveryLinkMade,
    /// The holder did.
    RecoveryLinkUsed,
    /// An account at an identity provider was linked.
    Linked {
        /// Name of the provider.
        provider: String,
    },
    /// A link was removed.
    Unlinked {
        /// Name of the provider.
        provider: String,
    },
    /// A key was made.
    KeyMade {
        /// Its identifier.
        key: String,
    },
    /// A key got a new secret.
    KeyRotated {
        /// Its identifier.
        key: String,
    },
    /// A key was revoked.
    KeyRevoked {
        /// Its identifier.
        key: String,
    },
    /// A key was refused.
    KeyRefused {
        /// Its identifier, if it exists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// Why.
        why: KeyFault,
    },
    /// An administrator let cards count as a second factor in the tenant, or did not any more.
    CardsCount {
        /// Whether they count from then on.
        allowed: bool,
    },
    /// The one-time code that makes the first administrator was made.
    SetUpCodeMade,
    /// The first administrator was made with it.
    SetUpCodeUsed,
    /// Somebody tried a wrong or old one.
    SetUpCodeRefused,
}

/// By what somebody shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// A password alone.
    Password,
    /// A one-time code after a password.
    Totp,
    /// A recovery code after a password.
    RecoveryCode,
    /// A passkey.
    Passkey,
    /// One's own civil servant's card, shown from a wallet after a password.
    Card,
    /// An identity provider.
    Provider,
    /// A recovery link.
    RecoveryLink,
    /// The set-up code of the installation.
    SetUpCode,
}

/// Why somebody could not sign in or step up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// No account has this name, or it has no password.
    Unknown,
    /// The password is wrong.
    Password,
    /// The one-time code is wrong, old, or was used.
    Code,
    /// The recovery code or link is wrong, old, or was used.
    Recovery,
    /// The passkey is not one of the account's, or its answer is wrong.
    Passkey,
    /// The card that was shown is not the account's own, does not hold, or was shown before.
    Card,
    /// What the identity provider said is not to be believed.
    Provider,
    /// Too many attempts; this one was not looked at.
    TooSoon,
    /// The account is locked or closed.
    Locked,
}

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyFault {
    /// There is no such key, or its secret is wrong.
    Unknown,
    /// It has expired.
    Expired,
    /// It was revoked, or its account is locked or closed.
    Revoked,
    /// It may not be used from this network.
    Network,
    /// It is not for this tenant.
    Tenant,
    /// It was used more often than it may be.
    Rate,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "there is no such key",
            Self::Expired => "it has expired",
            Self::Revoked => "it was revoked",
            Self::Network => "it may not be used from this network",
            Self::Tenant => "it is not for this tenant",
            Self::Rate => "it is used more often than it may be",
        })
    }
}

/// An event could not be recorded. No session, key or code is then handed out; other changes are done, and whoever
/// made them learns that they are not on record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what happened could not be recorded: {0}")]
pub struct TrailError(pub String);

/// Where events go: the audit.
///
/// The answer is awaited before a session, a key or a code is handed out. Events of one account come in the order in
/// which they happened.
pub trait Trail: Send + Sync {
    /// Records an event durably.
    fn note(&self, event: Event) -> BoxFuture<'_, Result<(), TrailError>>;
}

/// A trail that goes to the log alone, for installations and tests without an audit.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogTrail;

impl Trail for LogTrail {
    fn note(&self, event: Event) -> BoxFuture<'_, Result<(), TrailError>> {
        let what = serde_json::to_string(&event.what).unwrap_or_default();
        tracing::info!(by = %event.by, account = event.account.as_ref().map(AccountId::as_str), what, "identity");
        Box::pin(std::future::ready(Ok(())))
    }
}
