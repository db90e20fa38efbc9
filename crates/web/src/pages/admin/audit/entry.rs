//! Entries of the audit, readable by people.

use std::collections::BTreeMap;

use dinh_access::{Action, Purpose};
use dinh_context::audit::table;
use dinh_context::graph::{Act, Entry, Note, Subject, What};
use dinh_identity::Lookup;
use dinh_identity::domain::AccountId;
use dinh_model::ChangeKind;
use serde::Serialize;

use super::event;
use crate::look;
use crate::pages::admin::titles;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// Entities named of one entry; the others are counted.
const NAMED: usize = 3;

/// An entry, ready to be shown.
#[derive(Serialize)]
pub(super) struct EntryView {
    seq: u64,
    at: String,
    iso: String,
    who: String,
    who_code: String,
    what: String,
    /// What was done, more exactly.
    more: String,
    about: Vec<Link>,
    more_about: usize,
    attributes: String,
    purpose: String,
    reason: String,
    peer: String,
    session: String,
}

#[derive(Serialize)]
struct Link {
    href: String,
    title: String,
}

/// The names of accounts, each looked up once.
pub(super) struct Names<'l> {
    lookup: &'l Lookup,
    known: BTreeMap<String, String>,
}

impl<'l> Names<'l> {
    pub(super) fn new(lookup: &'l Lookup) -> Self {
        Self { lookup, known: BTreeMap::new() }
    }

    /// What people call a principal; its code where nobody knows better.
    async fn of(&mut self, principal: &str, lang: Lang) -> String {
        if let Some(known) = self.known.get(principal) {
            return known.clone();
        }
        let name = match principal.split_once(':') {
            Some(("account", id)) => self.account(id).await.unwrap_or_else(|| lang.say("admin-who-unknown")),
            Some(("operator", _)) => lang.say("admin-who-write-key"),
            Some(("system", part)) => lang.say_with("admin-who-system", &args([("part", part.to_owned())])),
            _ if principal == "anonymous" => lang.say("admin-who-anonymous"),
            _ if principal == "local" => lang.say("admin-who-local"),
            _ => principal.to_owned(),
        };
        self.known.insert(principal.to_owned(), name.clone());
        name
    }

    async fn account(&self, id: &str) -> Option<String> {
        let card = self.lookup.card(&AccountId::parse(id)?).await.ok().flatten()?;
        Some(card.name).filter(|name| !name.is_empty())
    }
}

/// An entry, ready to be shown.
pub(super) async fn view(visitor: &Visitor, entry: &Entry, names: &mut Names<'_>) -> EntryView {
    let lang = visitor.lang();
    let note = match &entry.what {
        What::Noted(note) => Some(note),
        What::Did(_) => None,
    };
    let about = about(visitor, entry);
    let actions: Vec<String> = entry.actions().into_iter().map(|name| deed(name, lang)).collect();
    let more = match note {
        Some(note) => said(visitor, note, names).await,
        None => did(entry, lang),
    };
    let purpose = Purpose::from_name(&entry.purpose);
    EntryView {
        seq: entry.seq,
        at: look::date_time(entry.at, lang),
        iso: entry.at.to_string(),
        who: names.of(&entry.principal, lang).await,
        // What is not an account is named by what it is.
        who_code: Some(entry.principal.clone()).filter(|who| who.starts_with("account:")).unwrap_or_default(),
        what: actions.join(", "),
        more,
        more_about: about.len().saturating_sub(NAMED),
        about: about.into_iter().take(NAMED).collect(),
        attributes: attributes(visitor, entry),
        purpose: purpose.map_or_else(|| entry.purpose.clone(), |purpose| titles::purpose(purpose, lang)),
        reason: note.and_then(|note| note.reason.clone()).unwrap_or_default(),
        peer: entry.origin.peer.clone().unwrap_or_default(),
        session: entry.origin.session.clone().unwrap_or_default(),
    }
}

fn about(visitor: &Visitor, entry: &Entry) -> Vec<Link> {
    let named = |id: &str| Link { href: visitor.entity_href(id), title: id.to_owned() };
    match &entry.what {
        What::Noted(note) => note.entities.iter().map(|id| named(id.as_str())).collect(),
        What::Did(did) => {
            let ids = did.entities.iter().filter_map(|touched| match &touched.subject {
                Subject::Named(id) => Some(named(id.as_str())),
                Subject::At(_) => None,
            });
            ids.collect()
        }
    }
}

fn attributes(visitor: &Visitor, entry: &Entry) -> String {
    let types = visitor.app.context.types();
    let title = |name: &str| {
        let all = types.types().iter().flat_map(|one| &one.attributes);
        let known = all.into_iter().find(|attribute| attribute.name == name);
        known.map_or_else(|| name.to_owned(), |attribute| visitor.title(&attribute.title).to_owned())
    };
    table::attributes(entry).into_iter().map(title).collect::<Vec<_>>().join(", ")
}

/// How many entities and records a commit has touched, and how.
fn did(entry: &Entry, lang: Lang) -> String {
    let What::Did(did) = &entry.what else { return String::new() };
    let count = |kind: ChangeKind| {
        i64::try_from(did.entities.iter().filter(|touched| touched.kind == kind).count()).unwrap_or(i64::MAX)
    };
    let counts = [
        (count(ChangeKind::Created), "created"),
        (count(ChangeKind::Updated), "updated"),
        (count(ChangeKind::Deleted), "deleted"),
    ];
    let mut parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| match kind {
            "created" => lang.say_with("admin-audit-created", &args([("count", count)])),
            "updated" => lang.say_with("admin-audit-updated", &args([("count", count)])),
            _ => lang.say_with("admin-audit-deleted", &args([("count", count)])),
        })
        .collect();
    if !did.records.is_empty() {
        let count = i64::try_from(did.records.len()).unwrap_or(i64::MAX);
        parts.push(lang.say_with("admin-audit-records", &args([("count", count)])));
    }
    parts.join(" · ")
}

/// What a note says beside its act: an event of an account as a sentence, other details as they are.
async fn said(visitor: &Visitor, note: &Note, names: &mut Names<'_>) -> String {
    let lang = visitor.lang();
    if let Some(event) = event::read(&note.details) {
        let whose = match &event.account {
            Some(id) => names.of(&format!("account:{id}"), lang).await,
            None => String::new(),
        };
        let text = event::say(visitor, &event.what);
        return if whose.is_empty() {
            text
        } else {
            lang.say_with("admin-audit-whose", &args([("what", text), ("whose", whose)]))
        };
    }
    if note.act == Act::Explain {
        return asked(note, names, lang).await;
    }
    let Some(details) = note.details.as_object() else { return String::new() };
    let parts = details.iter().map(|(name, value)| match value.as_str() {
        Some(text) => format!("{name}: {text}"),
        None => format!("{name}: {value}"),
    });
    parts.collect::<Vec<_>>().join(" · ")
}

/// The question of who may do what, and why.
async fn asked(note: &Note, names: &mut Names<'_>, lang: Lang) -> String {
    let text = |name: &str| note.details.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let action = Action::from_name(text("action")).map(|action| titles::action(action, lang));
    let purpose = Purpose::from_name(text("purpose")).map(|purpose| titles::purpose(purpose, lang));
    let values = [
        ("who", names.of(text("who"), lang).await),
        ("action", action.unwrap_or_default()),
        ("purpose", purpose.unwrap_or_default()),
    ];
    lang.say_with("admin-audit-asked", &args(values))
}

/// What was done, in a word.
pub(super) fn deed(name: &str, lang: Lang) -> String {
    match name {
        "created" => lang.say("admin-did-created"),
        "updated" => lang.say("admin-did-updated"),
        "deleted" => lang.say("admin-did-deleted"),
        "record" => lang.say("admin-did-record"),
        "reveal" => lang.say("admin-did-reveal"),
        "export" => lang.say("admin-did-export"),
        "sign-in" => lang.say("admin-did-sign-in"),
        "sign-in-refused" => lang.say("admin-did-sign-in-refused"),
        "sign-out" => lang.say("admin-did-sign-out"),
        "denied" => lang.say("admin-did-denied"),
        "account" => lang.say("admin-did-account"),
        "role" => lang.say("admin-did-role"),
        "key" => lang.say("admin-did-key"),
        "policy" => lang.say("admin-did-policy"),
        "consent" => lang.say("admin-did-consent"),
        "erasure" => lang.say("admin-did-erasure"),
        "configuration" => lang.say("admin-did-configuration"),
        "explain" => lang.say("admin-did-explain"),
        "stamp" => lang.say("admin-did-stamp"),
        other => other.to_owned(),
    }
}
