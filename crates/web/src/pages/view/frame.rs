//! The frame around every page.

use serde::Serialize;

/// What the layout needs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Frame {
    pub(crate) lang: &'static str,
    /// `auto`, `light` or `dark`.
    pub(crate) theme: &'static str,
    pub(crate) title: String,
    pub(crate) tenant: Tenant,
    pub(crate) provinces: Vec<Choice>,
    pub(crate) nav: Vec<Choice>,
    pub(crate) other_lang: LangLink,
    pub(crate) themes: Vec<Choice>,
    /// Text in the search field.
    pub(crate) query: String,
    pub(crate) home_href: String,
    pub(crate) list_href: String,
    pub(crate) sources_href: String,
    /// None where the province has no list of procedures.
    pub(crate) procedures_href: Option<String>,
    pub(crate) colours_href: String,
    /// Where to sign in, or one's own account.
    pub(crate) account: Account,
}

/// The way to one's account.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Account {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) current: bool,
    /// Signed in: one may sign out.
    pub(crate) signed_in: bool,
}

/// The province.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) title: String,
}

/// One of several links.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Choice {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) current: bool,
}

/// The same page in the other language.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LangLink {
    pub(crate) tag: &'static str,
    pub(crate) href: String,
    pub(crate) title: &'static str,
}

/// The time when the page was made.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Clock {
    pub(crate) time: String,
    pub(crate) date: String,
}

/// Whose data are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Credit {
    pub(crate) name: String,
    pub(crate) licence: String,
}

/// Why there is no page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fault {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) detail: Option<String>,
}
