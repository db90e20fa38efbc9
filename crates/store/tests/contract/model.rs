//! The store as it would be if nothing had to be kept: lists in memory, looked through from end to end.

use std::collections::{BTreeMap, BTreeSet};

use dinh_model::{Attribute, ChangeKind, Entity, EntityId, Iri, Term, Timestamp, Value, fold};
use dinh_ngsild::mutation::{Fragment, Mutation};
use dinh_ngsild::query::{EntityQuery, compare};
use dinh_store::{Commit, Done, DoneKind, Op, OpError, UpsertMode};
use serde_json::Value as Json;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) entity: Entity,
    pub(crate) version: u64,
}

/// What the feed must say of a change.
pub(crate) type Told = (String, EntityId, ChangeKind, u64);

/// Tenant, entity, attribute and instance.
pub(crate) type SeriesKey = (String, EntityId, Term, Option<Iri>);

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Model {
    /// In the order in which they came.
    pub(crate) entities: BTreeMap<String, Vec<Kept>>,
    pub(crate) feed: Vec<Told>,
    pub(crate) history: BTreeMap<SeriesKey, BTreeMap<Timestamp, Attribute>>,
    pub(crate) records: BTreeMap<(String, String, String), Json>,
}

type Results = Vec<Result<Done, OpError>>;

impl Model {
    pub(crate) fn commit(&mut self, tenant: &str, commit: &Commit, now: Timestamp) -> Results {
        let before = self.clone();
        let mut results = Results::new();
        for op in &commit.ops {
            let result = self.op(tenant, op, now);
            let failed = result.is_err();
            results.push(result);
            if failed && commit.atomic && commit.ops.len() > 1 {
                *self = before;
                let last = results.len() - 1;
                for (at, result) in results.iter_mut().enumerate() {
                    if at != last {
                        *result = Err(OpError::Undone);
                    }
                }
                results.resize(commit.ops.len(), Err(OpError::Undone));
                return results;
            }
        }
        results
    }

    fn op(&mut self, tenant: &str, op: &Op, now: Timestamp) -> Result<Done, OpError> {
        match op {
            Op::Create(entity) => match self.place(tenant, &entity.id) {
                Some(_) => Err(OpError::AlreadyExists),
                None => Ok(self.insert(tenant, entity)),
            },
            Op::Replace { entity, expect } => {
                let replace = Mutation::Replace(Box::new((**entity).clone()));
                self.change(tenant, &entity.id, &replace, *expect, now)
            }
            Op::Upsert { entity, mode, expect } => {
                let expect_none = *expect == Some(0);
                match (self.place(tenant, &entity.id), mode) {
                    (None, _) if expect.is_none() || expect_none => Ok(self.insert(tenant, entity)),
                    (None, _) => Err(OpError::NotFound),
                    (Some(_), UpsertMode::Replace) => {
                        let replace = Mutation::Replace(Box::new((**entity).clone()));
                        self.change(tenant, &entity.id, &replace, *expect, now)
                    }
                    (Some(_), UpsertMode::Update { no_overwrite }) => {
                        let mut fragment = Fragment::from(entity.attributes.clone());
                        fragment.types.clone_from(&entity.types);
                        fragment.scopes = (!entity.scopes.is_empty()).then(|| entity.scopes.clone());
                        let append = Mutation::Append { fragment, overwrite: !no_overwrite };
                        self.change(tenant, &entity.id, &append, *expect, now)
                    }
                    (Some(_), UpsertMode::Merge) => unreachable!("tried by example"),
                }
            }
            Op::Mutate { id, mutation, expect, types } => {
                let fits = |kept: &Kept| types.as_ref().is_none_or(|types| types.matches(&kept.entity.types));
                match self.get(tenant, id) {
                    Some(kept) if fits(kept) => self.change(tenant, id, mutation, *expect, now),
                    _ => Err(OpError::NotFound),
                }
            }
            Op::Delete { id, expect, .. } => {
                let place = self.place(tenant, id).ok_or(OpError::NotFound)?;
                self.expect(tenant, id, *expect)?;
                let gone = self.of(tenant).remove(place);
                Ok(self.told(tenant, &gone, ChangeKind::Deleted, DoneKind::Deleted))
            }
            Op::PutRecord { kind, key, body } => {
                let place = (tenant.to_owned(), kind.clone(), key.clone());
                let known = self.records.insert(place, body.clone()).is_some();
                Ok(aside(if known { DoneKind::Updated } else { DoneKind::Created }))
            }
            Op::DeleteRecord { kind, key } => {
                match self.records.remove(&(tenant.to_owned(), kind.clone(), key.clone())) {
                    Some(_) => Ok(aside(DoneKind::Deleted)),
                    None => Err(OpError::NoRecord),
                }
            }
            Op::Evolve { .. }
            | Op::AddTo { .. }
            | Op::SaveCursor { .. }
            | Op::DropCursor { .. }
            | Op::Note(_) => {
                unreachable!("tried by example")
            }
        }
    }

    fn insert(&mut self, tenant: &str, entity: &Entity) -> Done {
        let kept = Kept { entity: entity.clone(), version: 1 };
        self.of(tenant).push(kept.clone());
        self.observe(tenant, &kept.entity, |_| true);
        let mut done = self.told(tenant, &kept, ChangeKind::Created, DoneKind::Created);
        done.updated = kept.entity.attributes.into_keys().collect();
        done
    }

    fn expect(&self, tenant: &str, id: &EntityId, expect: Option<u64>) -> Result<(), OpError> {
        let found = self.get(tenant, id).map_or(0, |kept| kept.version);
        match expect {
            Some(expect) if expect != found => Err(OpError::VersionConflict { found }),
            _ => Ok(()),
        }
    }

    fn change(
        &mut self,
        tenant: &str,
        id: &EntityId,
        mutation: &Mutation,
        expect: Option<u64>,
        now: Timestamp,
    ) -> Result<Done, OpError> {
        let place = self.place(tenant, id).ok_or(OpError::NotFound)?;
        self.expect(tenant, id, expect)?;
        let mut kept = self.of(tenant)[place].clone();
        let applied = mutation.apply(&mut kept.entity, now)?;
        let mut done = if applied.touched {
            kept.version += 1;
            self.of(tenant)[place] = kept.clone();
            let changed: BTreeSet<_> = applied
                .changes
                .iter()
                .map(|change| (change.name.clone(), change.dataset_id.clone()))
                .collect();
            self.observe(tenant, &kept.entity, |key| changed.contains(key));
            self.told(tenant, &kept, ChangeKind::Updated, DoneKind::Updated)
        } else {
            Done { version: kept.version, ..aside(DoneKind::Unchanged) }
        };
        (done.updated, done.not_updated) = (applied.updated, applied.not_updated);
        Ok(done)
    }

    fn observe(&mut self, tenant: &str, entity: &Entity, changed: impl Fn(&(Term, Option<Iri>)) -> bool) {
        for (name, instances) in &entity.attributes {
            for instance in instances {
                let key = (name.clone(), instance.dataset_id.clone());
                if let (Some(at), true) = (instance.observed_at, changed(&key)) {
                    let series = (tenant.to_owned(), entity.id.clone(), key.0, key.1);
                    self.history.entry(series).or_default().insert(at, instance.clone());
                }
            }
        }
    }

    fn told(&mut self, tenant: &str, kept: &Kept, kind: ChangeKind, done: DoneKind) -> Done {
        self.feed.push((tenant.to_owned(), kept.entity.id.clone(), kind, kept.version));
        Done { version: kept.version, seq: Some(self.feed.len() as u64), ..aside(done) }
    }

    fn of(&mut self, tenant: &str) -> &mut Vec<Kept> {
        self.entities.entry(tenant.to_owned()).or_default()
    }

    fn place(&self, tenant: &str, id: &EntityId) -> Option<usize> {
        self.entities.get(tenant)?.iter().position(|kept| kept.entity.id == *id)
    }

    fn get(&self, tenant: &str, id: &EntityId) -> Option<&Kept> {
        self.entities.get(tenant)?.iter().find(|kept| kept.entity.id == *id)
    }

    /// The answer to a query: the page, and how many match in all.
    pub(crate) fn query(&self, tenant: &str, query: &EntityQuery) -> (Vec<Kept>, u64) {
        let none = Vec::new();
        let all = self.entities.get(tenant).unwrap_or(&none);
        let mut found: Vec<Kept> = all.iter().filter(|kept| query.matches(&kept.entity)).cloned().collect();
        if !query.order.is_empty() {
            found.sort_by(|a, b| compare(&query.order, &a.entity, &b.entity));
        }
        let total = found.len() as u64;
        (found.into_iter().skip(query.offset).take(query.limit).collect(), total)
    }

    /// Who has, in a text that counts, words that begin with each word of `text`.
    pub(crate) fn search(&self, tenant: &str, text: &str) -> BTreeSet<EntityId> {
        let wanted = fold::words(text);
        let fits = |entity: &Entity| {
            let words: Vec<String> = ["name", "description"]
                .iter()
                .filter_map(|name| entity.attributes.get(&crate::support::term(name)))
                .flatten()
                .filter_map(|instance| match &instance.value {
                    Value::Property(Json::String(text)) => Some(fold::words(text)),
                    _ => None,
                })
                .flatten()
                .collect();
            wanted.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
        };
        let all = self.entities.get(tenant).into_iter().flatten();
        all.filter(|kept| !wanted.is_empty() && fits(&kept.entity))
            .map(|kept| kept.entity.id.clone())
            .collect()
    }

    /// Who points at whom by which relationship.
    pub(crate) fn referrers(&self, tenant: &str, to: &EntityId) -> BTreeSet<(EntityId, Term)> {
        let mut found = BTreeSet::new();
        for kept in self.entities.get(tenant).into_iter().flatten() {
            for (name, instances) in &kept.entity.attributes {
                let points = instances.iter().any(|instance| match &instance.value {
                    Value::Relationship { object, .. } => object.as_slice().contains(to),
                    _ => false,
                });
                if points {
                    found.insert((kept.entity.id.clone(), name.clone()));
                }
            }
        }
        found
    }
}

fn aside(kind: DoneKind) -> Done {
    Done { kind, version: 0, seq: None, updated: Vec::new(), not_updated: Vec::new() }
}
