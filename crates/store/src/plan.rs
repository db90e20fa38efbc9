//! A commit made ready for the writer, in the caller's own task: checked, weighed, and with every mutation built, so
//! that the one thread that writes does nothing that could be done elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_access::{Erase, Feed, Grant, Principal, Purpose, Reach, Read, Write};
use dinh_model::{Attribute, Attributes, Entity, EntityId, Tenant, Value};
use dinh_ngsild::mutation::{AttributePatch, Edit, EntityPatch, Fragment, Instance, Mutation, ValuePatch};
use dinh_ngsild::query::TypeExpr;
use dinh_ngsild::temporal::Evolution;
use serde_json::json;

use crate::audit::{Form, Head};
use crate::fingerprint::{self, Digest};
use crate::weight::{entity_bytes, evolution_bytes, mutation_bytes, note_bytes};
use crate::{Act, Commit, Erasure, Error, Note, Op, Options, Origin, Result, UpsertMode};

/// Longest idempotency key, record kind, record key or cursor name, in bytes.
const MAX_KEY: usize = 512;
/// Most numbers that one operation adds to a record.
const MAX_ADDED: usize = 100;

/// A commit ready to be written.
pub(crate) struct Planned {
    /// Whose graph. None for cursors, which belong to no tenant.
    pub(crate) tenant: Option<Tenant>,
    /// Who does it.
    pub(crate) by: String,
    /// What may be changed.
    pub(crate) reach: Arc<Reach>,
    /// The beginning of its entries in the audit.
    pub(crate) head: Head,
    /// Which form its entry gets.
    pub(crate) form: Form,
    pub(crate) steps: Vec<Step>,
    pub(crate) key: Option<(String, Digest)>,
    pub(crate) atomic: bool,
    /// About how much memory it holds.
    pub(crate) bytes: usize,
}

/// One operation ready to be done.
pub(crate) enum Step {
    Create(Arc<Entity>),
    Change {
        id: EntityId,
        /// What to create if there is no such entity.
        otherwise: Option<Arc<Entity>>,
        mutation: Mutation,
        expect: Option<u64>,
        types: Option<TypeExpr>,
    },
    Delete {
        id: EntityId,
        expect: Option<u64>,
        types: Option<TypeExpr>,
    },
    Evolve {
        id: EntityId,
        evolution: Box<Evolution>,
    },
    PutRecord {
        kind: String,
        key: String,
        body: String,
    },
    AddTo {
        kind: String,
        key: String,
        add: BTreeMap<String, i64>,
    },
    DeleteRecord {
        kind: String,
        key: String,
    },
    SaveCursor {
        name: String,
        seq: u64,
    },
    DropCursor {
        name: String,
    },
    Note(Box<Note>),
    Erase(Box<Erasure>),
}

impl Planned {
    /// A commit of whoever holds the grant.
    pub(crate) fn granted(grant: &Grant<Write>, commit: Commit, options: &Options) -> Result<Self> {
        let who = (grant.principal(), grant.purpose());
        Self::new(Some(grant.tenant().clone()), who, Arc::clone(grant.reach()), commit, options)
    }

    /// A commit of notes alone, by somebody who may look. They change no entity, so that nothing need be within reach.
    pub(crate) fn of_notes(grant: &Grant<Read>, commit: Commit, options: &Options) -> Result<Self> {
        let who = (grant.principal(), grant.purpose());
        Self::new(Some(grant.tenant().clone()), who, Arc::new(Reach::EVERYTHING), commit, options)
    }

    /// A commit of cursors, which belong to no tenant.
    pub(crate) fn of_cursors(grant: &Grant<Feed>, ops: Vec<Op>, options: &Options) -> Result<Self> {
        let who = (grant.principal(), grant.purpose());
        Self::new(None, who, Arc::new(Reach::EVERYTHING), Commit::atomic(ops), options)
    }

    /// An erasure, with its note in the audit.
    pub(crate) fn of_erasure(grant: &Grant<Erase>, origin: Option<Origin>, erasure: Erasure) -> Result<Self> {
        let who = (grant.principal(), grant.purpose());
        let origin = origin.unwrap_or_default();
        let details = json!({"whole": erasure.whole, "kept": erasure.kept.len()});
        let note = note_of(&erasure, details);
        Self::erasing(grant.tenant(), who, &origin, (erasure, note), Arc::clone(grant.reach()))
    }

    /// The same erasure again, by the store itself: the graph is older than the ledger.
    pub(crate) fn of_erasure_again(tenant: &Tenant, erasure: Erasure, number: u64) -> Result<Self> {
        let note = note_of(&erasure, json!({"whole": erasure.whole, "again": number}));
        let store = Principal::System("store".into());
        let who = (&store, Purpose::Maintenance);
        Self::erasing(tenant, who, &Origin::default(), (erasure, note), Arc::new(Reach::EVERYTHING))
    }

    fn erasing(
        tenant: &Tenant,
        (principal, purpose): (&Principal, Purpose),
        origin: &Origin,
        (erasure, note): (Erasure, Note),
        reach: Arc<Reach>,
    ) -> Result<Self> {
        note.check()?;
        origin.check()?;
        let by = principal.to_string();
        let head = Head::new(&by, purpose, origin);
        let form = Form::of(principal, erasure.entities.len());
        let steps = vec![Step::Erase(Box::new(erasure)), Step::Note(Box::new(note))];
        let bytes = steps.iter().map(Step::bytes).sum();
        Ok(Self {
            tenant: Some(tenant.clone()),
            by,
            reach,
            head,
            form,
            steps,
            key: None,
            atomic: true,
            bytes,
        })
    }

    fn new(
        tenant: Option<Tenant>,
        (principal, purpose): (&Principal, Purpose),
        reach: Arc<Reach>,
        commit: Commit,
        options: &Options,
    ) -> Result<Self> {
        let by = principal.to_string();
        let origin = commit.origin.unwrap_or_default();
        origin.check()?;
        let head = Head::new(&by, purpose, &origin);
        let form = Form::of(principal, commit.ops.len());
        check("operations of a commit", commit.ops.len(), options.max_commit_ops)?;
        let key = match commit.key {
            Some(key) => {
                check("bytes of an idempotency key", key.len(), MAX_KEY)?;
                let digest = fingerprint::of(&commit.ops, commit.atomic);
                Some((key, digest))
            }
            None => None,
        };
        let mut bytes = 0;
        let mut steps = Vec::with_capacity(commit.ops.len());
        for op in commit.ops {
            let step = Step::new(op)?;
            bytes += step.bytes();
            steps.push(step);
        }
        check("bytes of a commit", bytes, options.max_commit_bytes)?;
        Ok(Self { tenant, by, reach, head, form, steps, key, atomic: commit.atomic, bytes })
    }
}

/// What the audit says of an erasure: about the subject and everything that went, found by each of them.
fn note_of(erasure: &Erasure, details: serde_json::Value) -> Note {
    let mut entities = vec![erasure.subject.clone()];
    entities.extend(erasure.entities.iter().filter(|id| **id != erasure.subject).cloned());
    Note { entities, reason: Some(erasure.reason.clone()), details, ..Note::of(Act::Erasure) }
}

pub(crate) fn check(what: &'static str, found: usize, bound: usize) -> Result<()> {
    if found > bound { Err(Error::TooLarge { what, found, bound }) } else { Ok(()) }
}

impl Step {
    fn new(op: Op) -> Result<Self> {
        Ok(match op {
            Op::Create(entity) => Self::Create(entity),
            Op::Replace { entity, expect } => Self::Change {
                id: entity.id.clone(),
                otherwise: None,
                mutation: Mutation::Replace(Box::new(Arc::unwrap_or_clone(entity))),
                expect,
                types: None,
            },
            Op::Upsert { entity, mode, expect } => Self::Change {
                id: entity.id.clone(),
                mutation: upsert(&entity, mode),
                otherwise: Some(entity),
                expect,
                types: None,
            },
            Op::Mutate { id, mutation, expect, types } => {
                Self::Change { id, otherwise: None, mutation: *mutation, expect, types }
            }
            Op::Delete { id, expect, types } => Self::Delete { id, expect, types },
            Op::Evolve { id, evolution } => Self::Evolve { id, evolution },
            Op::PutRecord { kind, key, body } => {
                check("bytes of the kind of a record", kind.len(), MAX_KEY)?;
                check("bytes of the key of a record", key.len(), MAX_KEY)?;
                Self::PutRecord { kind, key, body: body.to_string() }
            }
            Op::AddTo { kind, key, add } => {
                check("bytes of the kind of a record", kind.len(), MAX_KEY)?;
                check("bytes of the key of a record", key.len(), MAX_KEY)?;
                check("numbers added to a record", add.len(), MAX_ADDED)?;
                Self::AddTo { kind, key, add }
            }
            Op::DeleteRecord { kind, key } => Self::DeleteRecord { kind, key },
            Op::SaveCursor { name, seq } => {
                check("bytes of the name of a cursor", name.len(), MAX_KEY)?;
                Self::SaveCursor { name, seq }
            }
            Op::DropCursor { name } => Self::DropCursor { name },
            Op::Note(note) => {
                note.check()?;
                Self::Note(note)
            }
        })
    }

    fn bytes(&self) -> usize {
        let content = match self {
            Self::Create(entity) => entity_bytes(entity),
            Self::Change { mutation, otherwise, .. } => {
                mutation_bytes(mutation) + otherwise.as_ref().map_or(0, |entity| entity_bytes(entity))
            }
            Self::Evolve { evolution, .. } => evolution_bytes(evolution),
            Self::PutRecord { body, .. } => body.len(),
            Self::AddTo { add, .. } => add.keys().map(|name| name.len() + size_of::<i64>()).sum(),
            Self::Note(note) => note_bytes(note),
            _ => 0,
        };
        content + size_of::<Self>()
    }
}

fn upsert(entity: &Entity, mode: UpsertMode) -> Mutation {
    match mode {
        UpsertMode::Replace => Mutation::Replace(Box::new(entity.clone())),
        UpsertMode::Update { no_overwrite } => {
            let mut fragment = Fragment::from(entity.attributes.clone());
            fragment.types.clone_from(&entity.types);
            fragment.scopes = (!entity.scopes.is_empty()).then(|| entity.scopes.clone());
            fragment.expires_at = entity.expires_at.map(Edit::Set);
            Mutation::Append { fragment, overwrite: !no_overwrite }
        }
        UpsertMode::Merge => {
            let scopes = (!entity.scopes.is_empty()).then(|| entity.scopes.clone());
            let attributes = patches(&entity.attributes);
            let expires_at = entity.expires_at.map(Edit::Set);
            let patch = EntityPatch { types: entity.types.clone(), scopes, expires_at, attributes };
            Mutation::Merge { patch, observed_at: None, lang: None }
        }
    }
}

fn patches(attributes: &Attributes) -> BTreeMap<dinh_model::Term, Vec<AttributePatch>> {
    let of = |instances: &Vec<Attribute>| instances.iter().map(patch).collect();
    attributes.iter().map(|(name, instances)| (name.clone(), of(instances))).collect()
}

fn patch(instance: &Attribute) -> AttributePatch {
    let object_type = match &instance.value {
        Value::Relationship { object_type, .. } | Value::ListRelationship { object_type, .. } => {
            (!object_type.is_empty()).then(|| Edit::Set(object_type.clone()))
        }
        _ => None,
    };
    AttributePatch {
        dataset_id: instance.dataset_id.clone(),
        value: ValuePatch::Set(instance.value.clone()),
        object_type,
        observed_at: instance.observed_at.map(Edit::Set),
        unit_code: instance.unit_code.clone().map(Edit::Set),
        expires_at: instance.expires_at.map(Edit::Set),
        sub: patches(&instance.sub),
    }
}

/// Every attribute instance that a fragment writes.
pub(crate) fn written(instances: &[Instance]) -> impl Iterator<Item = &Attribute> {
    instances.iter().filter_map(|instance| match instance {
        Instance::Set(attribute) => Some(attribute),
        Instance::Delete(_) => None,
    })
}
