//! What is kept of a session.

use dinh_model::{Iri, Tenant, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::AccountId;
use crate::event::{Means, Origin};
use crate::settings::Lifetime;

/// Microseconds of a minute.
pub(crate) const MINUTE: i64 = 60_000_000;
/// How long a second factor, a passkey or a password counts as shown lately, in minutes.
pub(crate) const LATELY_MINUTES: u32 = 10;

/// What is kept of a session: everything but the secret that opens it. Lists of sessions show it as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// Which one, among those of its account.
    pub id: String,
    /// Whose.
    pub account: AccountId,
    /// SHA-256 of the secret, in hexadecimal digits.
    #[serde(rename = "hash")]
    pub(crate) secret_hash: String,
    /// By what it was opened.
    pub means: Means,
    /// From where.
    pub from: Origin,
    /// When somebody signed in.
    pub signed_in: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// When it ends in any case.
    pub until: Timestamp,
    /// Minutes without a request after which it ends.
    pub idle_minutes: u32,
    /// Until when the password counts as shown lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_until: Option<Timestamp>,
    /// Until when a second factor or passkey counts as shown lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stepped_up_until: Option<Timestamp>,
    /// Where a card was shown, and until when it counts as shown lately: there alone, and for nothing about the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_until: Option<(Tenant, Timestamp)>,
    /// The unit that the holder has chosen to act for, where they act for several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<(Tenant, Iri)>,
}

/// What somebody showed to open a session or to step up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) means: Means,
    /// The password was among it.
    pub(crate) password: bool,
    /// A second factor or a passkey was.
    pub(crate) strong: bool,
}

impl SessionRecord {
    pub(crate) fn open(
        account: &AccountId,
        shown: Shown,
        from: &Origin,
        lifetime: Lifetime,
        now: Timestamp,
    ) -> Self {
        let mut record = Self {
            id: String::new(),
            account: account.clone(),
            secret_hash: String::new(),
            means: shown.means,
            from: from.clone(),
            signed_in: now,
            seen: now,
            until: now.plus_micros(i64::from(lifetime.whole_minutes) * MINUTE),
            idle_minutes: lifetime.idle_minutes,
            confirmed_until: None,
            stepped_up_until: None,
            card_until: None,
            acting_for: None,
        };
        record.show(shown, now);
        record
    }

    /// Notes what was shown.
    pub(crate) fn show(&mut self, shown: Shown, now: Timestamp) {
        let until = Some(now.plus_micros(i64::from(LATELY_MINUTES) * MINUTE));
        if shown.password || shown.strong {
            self.confirmed_until = until;
        }
        if shown.strong {
            self.stepped_up_until = until;
        }
    }

    /// Notes that a card was shown at the door of a tenant.
    pub(crate) fn show_card(&mut self, tenant: &Tenant, now: Timestamp) {
        self.card_until = Some((tenant.clone(), now.plus_micros(i64::from(LATELY_MINUTES) * MINUTE)));
    }

    /// Until when something counts as shown lately for what is done in a tenant.
    pub(crate) fn stepped_up_in(&self, tenant: &Tenant) -> Option<Timestamp> {
        let by_card = self.card_until.as_ref().filter(|(of, _)| of == tenant).map(|(_, until)| *until);
        self.stepped_up_until.max(by_card)
    }

    /// Whether it is over, if it was last used at `seen`.
    pub(crate) fn is_over(&self, seen: Timestamp, now: Timestamp) -> bool {
        now >= self.until || now >= seen.plus_micros(i64::from(self.idle_minutes) * MINUTE)
    }

    pub(crate) fn key(&self) -> String {
        format!("{}{}", prefix_of(&self.account), self.id)
    }
}

/// What the keys of all sessions of an account begin with.
pub(crate) fn prefix_of(account: &AccountId) -> String {
    format!("{account}/")
}
