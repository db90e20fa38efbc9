//! Ways by which people are told: what a notice is, what takes it to them, and what is known of those who have an account.

use std::sync::Arc;

use dinh_calendar::Named;
use dinh_model::{EntityId, Tenant};
use futures::future::BoxFuture;

/// Something that somebody is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What makes it the same if it is sent twice.
    pub key: String,
    /// The case that it is about.
    pub case: EntityId,
    /// The number of that case, once it has one.
    pub number: Option<String>,
    /// Who is told: their name.
    pub name: String,
    /// Its subject, in both languages.
    pub subject: Named,
    /// Its text, in both languages.
    pub text: Named,
    /// Whether they are spoken to in English. Vietnamese unless they have chosen otherwise.
    pub english: bool,
    /// The page that shows more, if it is known under which address pages are reached.
    pub link: Option<String>,
    /// Their e-mail address, if they have given one.
    pub email: Option<String>,
    /// Their telephone number, if they have given one.
    pub telephone: Option<String>,
}

impl Notice {
    /// Its subject in the language of whoever is told.
    pub fn subject(&self) -> &str {
        self.pick(&self.subject)
    }

    /// Its text in the language of whoever is told.
    pub fn text(&self) -> &str {
        self.pick(&self.text)
    }

    fn pick<'a>(&self, named: &'a Named) -> &'a str {
        if self.english { &named.en } else { &named.vi }
    }

    /// A text without the addresses of whoever is told: what is kept of a notice names nobody.
    pub(super) fn without_addresses(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for address in self.email.iter().chain(&self.telephone) {
            text = text.replace(address.as_str(), "…");
        }
        text
    }
}

/// Why a notice was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Another try may help.
    #[error("{0}")]
    Later(String),
    /// It never will: the address is none.
    #[error("{0}")]
    Never(String),
    /// Nothing at all goes by this way now: it does not answer, or does not know us.
    #[error("{0}")]
    Down(String),
}

/// A way by which people are told: e-mail, a text message.
pub trait Messenger: Send + Sync {
    /// What it is called, in records and on pages: `email`, `sms`. No two have one name.
    fn name(&self) -> &str;

    /// Whether whoever is told has an address of its kind.
    fn reaches(&self, notice: &Notice) -> bool;

    /// Tells somebody. Takes a bounded time.
    fn send<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotSent>>;
}

/// What an account says of whoever has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Whether they are spoken to in English.
    pub english: bool,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their telephone number.
    pub telephone: Option<String>,
}

/// What is known of those who have an account.
pub trait Contacts: Send + Sync {
    /// The language and the addresses of an account; none if it is closed.
    fn of<'a>(&'a self, tenant: &'a Tenant, account: &'a str) -> BoxFuture<'a, Option<Contact>>;
}

/// All ways by which people are told here.
#[derive(Clone, Default)]
pub struct Ways {
    /// What is configured.
    pub messengers: Vec<Arc<dyn Messenger>>,
    /// What is known of those who have an account; nothing if none.
    pub contacts: Option<Arc<dyn Contacts>>,
    /// The address under which pages are reached, without a slash at the end; no links are told if none.
    pub home: Option<String>,
}
