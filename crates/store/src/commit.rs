//! What is written: commits of operations.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_model::{Entity, EntityId, Term};
use dinh_ngsild::mutation::{Mutation, NotUpdated};
use dinh_ngsild::query::TypeExpr;
use dinh_ngsild::temporal::Evolution;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Note, OpError, Origin};

/// Operations that become durable together.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// What to do, in order. Two operations on one entity see each other.
    pub ops: Vec<Op>,
    /// Idempotency key: the same commit under the same key is done once and answered alike, for a day.
    pub key: Option<String>,
    /// All or nothing. Otherwise each operation succeeds or fails alone.
    pub atomic: bool,
    /// From where it comes, for the audit.
    pub origin: Option<Origin>,
}

impl Commit {
    /// Each operation for itself.
    pub fn of(ops: Vec<Op>) -> Self {
        Self { ops, ..Self::default() }
    }

    /// All operations or none.
    pub fn atomic(ops: Vec<Op>) -> Self {
        Self { ops, atomic: true, ..Self::default() }
    }

    /// Builder: the same commit under an idempotency key.
    #[must_use]
    pub fn keyed(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Builder: the same commit, from somewhere.
    #[must_use]
    pub fn from_origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }
}

impl From<Op> for Commit {
    fn from(op: Op) -> Self {
        Self::of(vec![op])
    }
}

/// One operation.
#[derive(Clone, Debug)]
pub enum Op {
    /// An entity that must not exist.
    Create(Arc<Entity>),
    /// New content of an entity that must exist.
    Replace {
        /// The new content.
        entity: Arc<Entity>,
        /// The version that it must have.
        expect: Option<u64>,
    },
    /// An entity that may exist.
    Upsert {
        /// What to create, or to bring into the entity that exists.
        entity: Arc<Entity>,
        /// How to bring it in.
        mode: UpsertMode,
        /// The version that it must have; 0 if it must not exist.
        expect: Option<u64>,
    },
    /// A change of an entity that must exist.
    Mutate {
        /// Which entity.
        id: EntityId,
        /// The change.
        mutation: Box<Mutation>,
        /// The version that it must have.
        expect: Option<u64>,
        /// The types that it must have.
        types: Option<TypeExpr>,
    },
    /// The end of an entity that must exist. Its history stays.
    Delete {
        /// Which entity.
        id: EntityId,
        /// The version that it must have.
        expect: Option<u64>,
        /// The types that it must have.
        types: Option<TypeExpr>,
    },
    /// A change of what is kept of the past of an entity, which need not exist any more.
    Evolve {
        /// Which entity.
        id: EntityId,
        /// The change.
        evolution: Box<Evolution>,
    },
    /// A small document of the program's own, created or replaced.
    PutRecord {
        /// What kind of record: `subscription`, `context`, `dead-letter` …
        kind: String,
        /// Which one.
        key: String,
        /// Its content.
        body: Json,
    },
    /// Numbers added to those of a record, which is an object of whole numbers; it is created if there is none. What
    /// becomes zero is left out. So counts are exact whoever counts at the same time.
    AddTo {
        /// What kind of record.
        kind: String,
        /// Which one.
        key: String,
        /// What is added, by name; what there is to take away is negative.
        add: BTreeMap<String, i64>,
    },
    /// The end of a record that must exist.
    DeleteRecord {
        /// What kind of record.
        kind: String,
        /// Which one.
        key: String,
    },
    /// How far a consumer has come in the feed.
    SaveCursor {
        /// Which consumer.
        name: String,
        /// The last change that it is done with.
        seq: u64,
    },
    /// A consumer that will not come back: the feed no longer waits for it.
    DropCursor {
        /// Which consumer.
        name: String,
    },
    /// An entry of the audit about what changes no entity.
    Note(Box<Note>),
}

impl Op {
    /// An entry of the audit about what changes no entity.
    pub fn note(note: Note) -> Self {
        Self::Note(Box::new(note))
    }

    /// A change of an entity, whatever its version and types.
    pub fn mutate(id: EntityId, mutation: Mutation) -> Self {
        Self::Mutate { id, mutation: Box::new(mutation), expect: None, types: None }
    }

    /// A change of the past of an entity.
    pub fn evolve(id: EntityId, evolution: Evolution) -> Self {
        Self::Evolve { id, evolution: Box::new(evolution) }
    }

    /// An upsert, whatever the version.
    pub fn upsert(entity: impl Into<Arc<Entity>>, mode: UpsertMode) -> Self {
        Self::Upsert { entity: entity.into(), mode, expect: None }
    }

    /// The end of an entity, whatever its version and types.
    pub fn delete(id: EntityId) -> Self {
        Self::Delete { id, expect: None, types: None }
    }
}

/// How an upsert treats an entity that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UpsertMode {
    /// It gets exactly the new content.
    Replace,
    /// Attributes are added to it.
    Update {
        /// Attribute instances that it has already are left alone and reported.
        no_overwrite: bool,
    },
    /// Attributes are merged into it, down to their sub-attributes.
    Merge,
}

/// What a commit has done. Everything in it is durable.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// One for each operation, in order.
    pub results: Vec<Result<Done, OpError>>,
    /// The last change in the feed after this commit.
    pub head: u64,
    /// True if the idempotency key was known and this is the answer of then.
    pub replayed: bool,
}

impl Receipt {
    /// True if every operation was done.
    pub fn is_ok(&self) -> bool {
        self.results.iter().all(Result::is_ok)
    }
}

/// What an operation has done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// What became of the entity or record.
    pub kind: DoneKind,
    /// Version of the entity after it (before it, for a deletion); 0 for records and cursors.
    pub version: u64,
    /// Number of the change in the feed, if there was a change.
    pub seq: Option<u64>,
    /// Attributes that are now as asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub updated: Vec<Term>,
    /// Attributes that are not, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_updated: Vec<NotUpdated>,
}

/// What became of an entity or record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DoneKind {
    /// It is new.
    Created,
    /// It is different.
    Updated,
    /// It was so already.
    Unchanged,
    /// It is gone.
    Deleted,
}
