//! Entries as they are read.

use dinh_model::{ChangeKind, EntityId, Tenant, Term, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::{Digest, Note, Origin, hex};

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// When it was written; never earlier than the entry before.
    pub at: Timestamp,
    /// In whose graph; `None` for what belongs to no tenant.
    pub tenant: Option<Tenant>,
    /// Who: the principal's name.
    pub principal: String,
    /// For what purpose: the name that policies write.
    pub purpose: String,
    /// From where.
    pub origin: Origin,
    /// What.
    pub what: What,
    /// Its hash.
    pub hash: Digest,
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Entities and records were written.
    Did(Did),
    /// Something else.
    Noted(Note),
}

/// What a commit has done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Did {
    /// Its changes in the feed, if it changed an entity.
    pub changes: Option<Changes>,
    /// The entities, in the order of the changes.
    pub entities: Vec<Touched>,
    /// The records.
    pub records: Vec<OnRecord>,
}

/// A run of changes in the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Number of the first.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// SHA-256 over them.
    pub digest: Digest,
}

/// An entity that was touched.
#[derive(Clone, Debug, PartialEq)]
pub struct Touched {
    /// Which one.
    pub subject: Subject,
    /// What happened to it.
    pub kind: ChangeKind,
    /// Its version after that (before, for a deletion).
    pub version: u64,
    /// The attributes that changed; empty in the short form.
    pub attributes: Vec<Term>,
}

/// How an entry names an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// By its identifier.
    Named(EntityId),
    /// By its place in the store, in the short form.
    At(u64),
}

/// A record that was touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnRecord {
    /// What happened to it.
    pub kind: ChangeKind,
    /// What kind of record it is.
    pub of: String,
    /// Which one.
    pub key: String,
}

impl Entry {
    /// The entry as a JSON object, for exports.
    pub fn to_json(&self) -> Json {
        let mut members = Map::new();
        let mut put = |name: &str, value: Json| members.insert(name.to_owned(), value);
        put("seq", self.seq.into());
        put("at", self.at.to_string().into());
        put("tenant", self.tenant.as_ref().map(Tenant::as_str).into());
        put("principal", self.principal.as_str().into());
        put("purpose", self.purpose.as_str().into());
        for (name, part) in ["peer", "request", "session"].into_iter().zip(self.origin.parts()) {
            if let Some(text) = part {
                put(name, text.into());
            }
        }
        put("actions", self.actions().into());
        match &self.what {
            What::Did(did) => {
                if let Some(changes) = &did.changes {
                    put("firstChange", changes.first.into());
                    put("changes", changes.count.into());
                    put("changesDigest", hex(&changes.digest).into());
                }
                put("entities", did.entities.iter().map(touched).collect());
                put("records", did.records.iter().map(record).collect());
            }
            What::Noted(note) => {
                put("entities", note.entities.iter().map(|id| json!({"id": id.as_str()})).collect());
                put("attributes", note.attributes.iter().map(|name| Json::from(name.as_str())).collect());
                if let Some(reason) = &note.reason {
                    put("reason", reason.as_str().into());
                }
                put("details", note.details.clone());
            }
        }
        put("hash", hex(&self.hash).into());
        Json::Object(members)
    }

    /// What was done, in the words that queries ask for: `created`, `updated`, `deleted`, `record`, or the name of an
    /// [`super::Act`]. Each once.
    pub fn actions(&self) -> Vec<&'static str> {
        match &self.what {
            What::Noted(note) => vec![note.act.name()],
            What::Did(did) => {
                let kinds = [ChangeKind::Created, ChangeKind::Updated, ChangeKind::Deleted];
                let has = |kind: &ChangeKind| did.entities.iter().any(|touched| touched.kind == *kind);
                let mut names: Vec<_> = kinds.into_iter().filter(has).map(kind_name).collect();
                names.extend((!did.records.is_empty()).then_some("record"));
                names
            }
        }
    }
}

fn touched(touched: &Touched) -> Json {
    let mut json = json!({"action": kind_name(touched.kind), "version": touched.version});
    match &touched.subject {
        Subject::Named(id) => json["id"] = id.as_str().into(),
        Subject::At(place) => json["place"] = (*place).into(),
    }
    if !touched.attributes.is_empty() {
        json["attributes"] = touched.attributes.iter().map(Term::as_str).collect();
    }
    json
}

fn record(record: &OnRecord) -> Json {
    json!({"action": kind_name(record.kind), "kind": record.of, "key": record.key})
}

const fn kind_name(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Created => "created",
        ChangeKind::Updated => "updated",
        ChangeKind::Deleted => "deleted",
    }
}
