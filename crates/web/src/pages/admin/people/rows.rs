//! What an account is and has, in rows.

use std::collections::BTreeMap;

use dinh_identity::domain::{AccountId, Basis, Days, Position, Representation, Role, Tie};
use dinh_identity::{Lookup, Means, SessionRecord};
use serde::Serialize;

use crate::look;
use crate::pages::admin::days::{span, standing, today};
use crate::pages::admin::titles;
use crate::pages::admin::units::Unit;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// A role, a position or a representation, with its dates.
#[derive(Serialize)]
pub(super) struct Dated {
    /// What names it in a form.
    pub(super) mark: String,
    title: String,
    about: String,
    days: String,
    tone: &'static str,
    word: String,
}

/// A session that is not over.
#[derive(Serialize)]
pub(super) struct Session {
    id: String,
    address: String,
    agent: String,
    means: String,
    signed_in: String,
    seen: String,
}

fn dated(visitor: &Visitor, mark: String, title: String, about: String, days: Days) -> Dated {
    let (tone, word) = standing(days, today(visitor.now), visitor.lang());
    Dated { mark, title, about, days: span(days, visitor.lang()), tone, word }
}

fn mark(what: &str, of: &str, days: Days) -> String {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    format!("{what}|{of}|{}|{}", day(days.from), day(days.to))
}

/// What names a role in a form: whoever ends it ends what they saw.
pub(super) fn role_mark(role: &Role) -> String {
    mark(&role.code, role.unit.as_ref().map_or("", |unit| unit.as_str()), role.days)
}

/// What names a position in a form.
pub(super) fn position_mark(position: &Position) -> String {
    mark(position.unit.as_str(), &position.title, position.days)
}

/// What names a representation in a form.
pub(super) fn tie_mark(tie: &Representation) -> String {
    mark(tie.subject.as_str(), tie_name(tie.tie), tie.days)
}

pub(super) fn role(visitor: &Visitor, role: &Role, units: &[Unit]) -> Dated {
    let unit = role.unit.as_ref().map(|unit| unit_title(visitor, unit.as_str(), units));
    let about = unit.map(|unit| visitor.lang().say_with("admin-role-with-unit", &args([("unit", unit)])));
    dated(visitor, role_mark(role), titles::role(visitor, &role.code), about.unwrap_or_default(), role.days)
}

pub(super) fn position(
    visitor: &Visitor,
    position: &Position,
    units: &[Unit],
    names: &BTreeMap<AccountId, String>,
) -> Dated {
    let lang = visitor.lang();
    let name = |id: &AccountId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let unit = unit_title(visitor, position.unit.as_str(), units);
    let about = match &position.basis {
        Basis::Held => unit,
        Basis::Substitute { holder } => {
            lang.say_with("admin-substitutes", &args([("unit", unit), ("who", name(holder))]))
        }
        Basis::Delegated { holder } => {
            lang.say_with("admin-delegated", &args([("unit", unit), ("who", name(holder))]))
        }
    };
    dated(visitor, position_mark(position), position.title.clone(), about, position.days)
}

/// The names of the holders for whom somebody stands in.
pub(super) async fn holders(lookup: &Lookup, positions: &[Position]) -> BTreeMap<AccountId, String> {
    let mut names = BTreeMap::new();
    for position in positions {
        if let Basis::Substitute { holder } | Basis::Delegated { holder } = &position.basis
            && let Ok(Some(card)) = lookup.card(holder).await
        {
            names.insert(holder.clone(), card.name);
        }
    }
    names
}

pub(super) fn tie(visitor: &Visitor, tie: &Representation) -> Dated {
    let about = tie_title(tie.tie, visitor.lang());
    dated(visitor, tie_mark(tie), tie.subject.to_string(), about, tie.days)
}

pub(super) const TIES: [Tie; 4] = [Tie::Parent, Tie::Guardian, Tie::Company, Tie::Empowered];

pub(super) const fn tie_name(tie: Tie) -> &'static str {
    match tie {
        Tie::Parent => "parent",
        Tie::Guardian => "guardian",
        Tie::Company => "company",
        Tie::Empowered => "empowered",
    }
}

pub(super) fn tie_title(tie: Tie, lang: Lang) -> String {
    match tie {
        Tie::Parent => lang.say("admin-tie-parent"),
        Tie::Guardian => lang.say("admin-tie-guardian"),
        Tie::Company => lang.say("admin-tie-company"),
        Tie::Empowered => lang.say("admin-tie-empowered"),
    }
}

fn unit_title(visitor: &Visitor, id: &str, units: &[Unit]) -> String {
    let unit = units.iter().find(|unit| unit.id.as_str() == id);
    unit.map_or_else(|| id.to_owned(), |unit| unit.title(visitor))
}

pub(super) fn session(record: &SessionRecord, lang: Lang) -> Session {
    Session {
        id: record.id.clone(),
        address: record.from.address.map(|address| address.to_string()).unwrap_or_default(),
        agent: record.from.agent.clone(),
        means: means(record.means, lang),
        signed_in: look::date_time(record.signed_in, lang),
        seen: look::date_time(record.seen, lang),
    }
}

fn means(means: Means, lang: Lang) -> String {
    match means {
        Means::Password => lang.say("means-password"),
        Means::Totp | Means::RecoveryCode => lang.say("means-code"),
        Means::Passkey => lang.say("means-passkey"),
        Means::Card => lang.say("means-card"),
        Means::Provider => lang.say("means-provider"),
        Means::RecoveryLink | Means::SetUpCode => lang.say("means-link"),
    }
}
