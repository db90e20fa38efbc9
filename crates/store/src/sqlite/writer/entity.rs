//! Writing entities: document, indexes, history and feed, in one place and from one list of changes.

use std::sync::Arc;

use dinh_model::{AttributeChange, Change, ChangeKind, Entity, EntityId};
use dinh_ngsild::mutation::{Mutation, created_changes};
use dinh_ngsild::query::TypeExpr;
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::cache::Found;
use super::commit::{Context, Stepped};
use super::history::{Keep, Observation};
use crate::codec::{EncodeError, Sides, decode_entity, encode_changes, encode_entity};
use crate::feed::Recorded;
use crate::sqlite::failure::Failed;
use crate::weight::{change_bytes, decoded_bytes};
use crate::{Done, DoneKind, OpError};

impl From<EncodeError> for OpError {
    fn from(error: EncodeError) -> Self {
        Self::Refused(error.to_string())
    }
}

/// The end of every attribute instance, for those who must still be told what the entity was.
pub(super) fn deleted_changes(entity: &Entity) -> Vec<AttributeChange> {
    let instances = entity.attributes.iter().flat_map(|(name, all)| all.iter().map(move |one| (name, one)));
    instances
        .map(|(name, instance)| AttributeChange {
            name: name.clone(),
            dataset_id: instance.dataset_id.clone(),
            kind: ChangeKind::Deleted,
            before: Some(instance.clone()),
            after: None,
        })
        .collect()
}

/// Why somebody may not change an entity as it stands; what they may not even see is not there.
pub(super) fn out_of_reach(context: &Context<'_>, entity: &Arc<Entity>) -> Option<OpError> {
    let refused = context.reach.check(Some(entity), None, &std::iter::empty()).err()?;
    Some(if context.reach.sees(entity) { OpError::Denied(refused.to_string()) } else { OpError::NotFound })
}

/// Everything that one change of one entity writes, ready before anything is written.
pub(super) struct Ready {
    pk: i64,
    doc: Vec<u8>,
    body: Vec<u8>,
    observations: Vec<Observation>,
    change: Change,
    after: Option<Arc<Entity>>,
}

impl Writer {
    /// The entity as it is now.
    pub(super) fn find(&mut self, context: &Context<'_>, id: &EntityId) -> Failed<Option<Found>> {
        let key = (context.tenant_id, id.clone());
        if let Some(found) = self.cache.get(&key) {
            return Ok(Some(found));
        }
        let mut statement = self
            .connection
            .prepare_cached("SELECT pk, version, doc FROM entity WHERE tenant = ?1 AND id = ?2")?;
        let row = statement
            .query_row(params![context.tenant_id, id.as_str()], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?))
            })
            .optional()?;
        drop(statement);
        let Some((pk, version, doc)) = row else { return Ok(None) };
        let opening = self.shared.opening(context.tenant_id);
        let entity = Arc::new(decode_entity(id.clone(), &doc, &self.shared.names.read(), &opening)?);
        let found = Found { pk, version: version.cast_unsigned(), entity };
        self.group.touched.push(key.clone());
        self.cache.put(&key, found.clone(), decoded_bytes(doc.len()));
        Ok(Some(found))
    }

    /// The entity if it is as expected; none if there is none, or none of these types.
    pub(super) fn expected(
        &mut self,
        context: &Context<'_>,
        id: &EntityId,
        expect: Option<u64>,
        types: Option<&TypeExpr>,
    ) -> Failed<Result<Option<Found>, OpError>> {
        let found = self.find(context, id)?;
        // Before anything is compared: who may not change an entity learns neither its version nor its types.
        if let Some(refused) = found.as_ref().and_then(|found| out_of_reach(context, &found.entity)) {
            return Ok(Err(refused));
        }
        let found = found.filter(|f| types.is_none_or(|types| types.matches(&f.entity.types)));
        let version = found.as_ref().map_or(0, |f| f.version);
        Ok(match expect {
            // Expecting a version of an entity that is not there is a matter of its not being there.
            Some(expect) if expect != version && found.is_some() => {
                Err(OpError::VersionConflict { found: version })
            }
            Some(expect) if expect != 0 && found.is_none() => Err(OpError::NotFound),
            _ => Ok(found),
        })
    }

    pub(super) fn create(&mut self, context: &Context<'_>, entity: &Arc<Entity>) -> Stepped {
        if self.find(context, &entity.id)?.is_some() {
            return Ok(Err(OpError::AlreadyExists));
        }
        self.insert(context, entity)
    }

    /// Writes an entity that is known not to exist.
    pub(super) fn insert(&mut self, context: &Context<'_>, entity: &Arc<Entity>) -> Stepped {
        if let Err(refused) = context.reach.check(None, Some(entity), &entity.attributes.keys().cloned()) {
            return Ok(Err(OpError::Denied(refused.to_string())));
        }
        let change = self.next_change(context, entity, ChangeKind::Created, 1, created_changes(entity));
        let sides = self.sides(context, None, Some(entity))?;
        let kept = (&sides, Keep::Usual);
        let ready = match self.ready(self.place.next_pk, change, Some(Arc::clone(entity)), kept, Vec::new()) {
            Ok(ready) => ready,
            Err(refused) => return Ok(Err(refused)),
        };
        self.connection
            .prepare_cached("INSERT INTO entity (pk, tenant, id, version, doc) VALUES (?1, ?2, ?3, 1, ?4)")?
            .execute(params![ready.pk, context.tenant_id, entity.id.as_str(), ready.doc])?;
        self.place.next_pk += 1;
        self.take_back_history(context, entity, ready.pk)?;
        let done = Done {
            kind: DoneKind::Created,
            version: 1,
            seq: Some(ready.change.seq),
            updated: entity.attributes.keys().cloned().collect(),
            not_updated: Vec::new(),
        };
        self.write(context, None, ready)?;
        Ok(Ok(done))
    }

    /// Applies a mutation to an entity.
    pub(super) fn change(&mut self, context: &Context<'_>, found: &Found, mutation: &Mutation) -> Stepped {
        let deletes = matches!(mutation, Mutation::DeleteAttribute { .. });
        if self.place.evolved && !deletes {
            self.connection.prepare_cached("DELETE FROM evolved WHERE pk = ?1")?.execute([found.pk])?;
        }
        self.change_keeping(context, found, mutation, Keep::Usual)
    }

    /// The same, where not all of it is to become history.
    pub(super) fn change_keeping(
        &mut self,
        context: &Context<'_>,
        found: &Found,
        mutation: &Mutation,
        keep: Keep,
    ) -> Stepped {
        let mut entity = (*found.entity).clone();
        let applied = match mutation.apply(&mut entity, context.now) {
            Ok(applied) => applied,
            Err(refused) => return Ok(Err(refused.into())),
        };
        let (updated, not_updated) = (applied.updated, applied.not_updated);
        // Also what is as it was: else whoever writes a guess would learn whether it is right.
        let names = applied.changes.iter().map(|change| &change.name).chain(&updated);
        if let Err(refused) = context.reach.check(Some(&found.entity), Some(&entity), &names.cloned()) {
            return Ok(Err(OpError::Denied(refused.to_string())));
        }
        if !applied.touched {
            let version = found.version;
            return Ok(Ok(Done { kind: DoneKind::Unchanged, version, seq: None, updated, not_updated }));
        }
        let version = found.version + 1;
        let change = self.next_change(context, &entity, ChangeKind::Updated, version, applied.changes);
        let seq = Some(change.seq);
        let sides = self.sides(context, Some(&found.entity), Some(&entity))?;
        let scopes = if keep == Keep::Usual {
            self.scope_history(found.pk, &found.entity, &entity, context.now)?
        } else {
            Ok(Vec::new())
        };
        let scopes = match scopes {
            Ok(scopes) => scopes,
            Err(refused) => return Ok(Err(refused.into())),
        };
        let ready = match self.ready(found.pk, change, Some(Arc::new(entity)), (&sides, keep), scopes) {
            Ok(ready) => ready,
            Err(refused) => return Ok(Err(refused)),
        };
        self.connection
            .prepare_cached("UPDATE entity SET version = ?2, doc = ?3 WHERE pk = ?1")?
            .execute(params![found.pk, version.cast_signed(), ready.doc])?;
        self.write(context, Some(found), ready)?;
        Ok(Ok(Done { kind: DoneKind::Updated, version, seq, updated, not_updated }))
    }

    pub(super) fn delete(&mut self, context: &Context<'_>, found: &Found) -> Stepped {
        let names = found.entity.attributes.keys().cloned();
        if let Err(refused) = context.reach.check(Some(&found.entity), None, &names) {
            return Ok(Err(OpError::Denied(refused.to_string())));
        }
        self.delete_keeping(context, found, Keep::Usual)
    }

    /// The same, where not all of it is to become history.
    pub(super) fn delete_keeping(&mut self, context: &Context<'_>, found: &Found, keep: Keep) -> Stepped {
        let version = found.version;
        let change = self.next_change(
            context,
            &found.entity,
            ChangeKind::Deleted,
            version,
            deleted_changes(&found.entity),
        );
        let seq = Some(change.seq);
        let sides = self.sides(context, Some(&found.entity), None)?;
        let ready = match self.ready(found.pk, change, None, (&sides, keep), Vec::new()) {
            Ok(ready) => ready,
            Err(refused) => return Ok(Err(refused)),
        };
        self.connection.prepare_cached("DELETE FROM entity WHERE pk = ?1")?.execute([found.pk])?;
        self.write(context, Some(found), ready)?;
        self.leave_history(context, &found.entity, found.pk)?;
        if self.place.evolved {
            self.connection.prepare_cached("DELETE FROM evolved WHERE pk = ?1")?.execute([found.pk])?;
        }
        let (updated, not_updated) = (Vec::new(), Vec::new());
        Ok(Ok(Done { kind: DoneKind::Deleted, version, seq, updated, not_updated }))
    }

    pub(super) fn next_change(
        &self,
        context: &Context<'_>,
        entity: &Entity,
        kind: ChangeKind,
        version: u64,
        attributes: Vec<AttributeChange>,
    ) -> Change {
        Change {
            seq: self.place.head + 1,
            tenant: context.tenant.clone(),
            entity: entity.id.clone(),
            types: entity.types.clone(),
            kind,
            at: context.now,
            version,
            by: context.by.to_owned(),
            attributes,
        }
    }

    /// Brings everything into its stored form; whatever the store refuses, it refuses here.
    pub(super) fn ready(
        &self,
        pk: i64,
        change: Change,
        after: Option<Arc<Entity>>,
        (sides, keep): (&Sides, Keep),
        mut observations: Vec<Observation>,
    ) -> Result<Ready, OpError> {
        if let (Some(guard), Some(entity)) = (&self.shared.options.guard, &after) {
            guard
                .check(entity, &change.attributes, change.kind == ChangeKind::Created)
                .map_err(OpError::Guarded)?;
        }
        let names = &self.shared.names;
        let doc = match &after {
            Some(entity) => encode_entity(entity, names, sides.after.as_ref())?,
            None => Vec::new(),
        };
        let bound = self.shared.options.max_entity_bytes;
        if doc.len() > bound {
            return Err(OpError::TooLarge { found: doc.len(), bound });
        }
        let body = encode_changes(&change, names, sides)?;
        let changes = matches!(keep, Keep::Usual | Keep::Told) && self.keeps_changes(&change.types);
        observations.extend(Observation::of(&change, keep, changes, names, sides)?);
        Ok(Ready { pk, doc, body, observations, change, after })
    }

    /// Writes indexes, history and feed, and keeps the entity at hand.
    pub(super) fn write(
        &mut self,
        context: &Context<'_>,
        before: Option<&Found>,
        ready: Ready,
    ) -> Failed<()> {
        let Ready { pk, doc, body, observations, change, after } = ready;
        let key = (context.tenant_id, change.entity.clone());
        self.group.touched.push(key.clone());
        match &after {
            Some(entity) => {
                let found = Found { pk, version: change.version, entity: Arc::clone(entity) };
                self.cache.put(&key, found, decoded_bytes(doc.len()));
            }
            None => self.cache.remove(&key),
        }
        self.index(context, pk, before.map(|f| &*f.entity), after.as_deref(), &change.attributes)?;
        self.observe(&key, pk, observations)?;
        let vanishes = before.and_then(|found| found.entity.next_expiry());
        self.watch_expiry(pk, vanishes, after.as_deref().and_then(Entity::next_expiry))?;
        let kind = match change.kind {
            ChangeKind::Created => 0,
            ChangeKind::Updated => 1,
            ChangeKind::Deleted => 2,
        };
        self.group.deeds.change(pk, &change, &body);
        let (seq, at) = (change.seq.cast_signed(), change.at.as_micros());
        self.connection
            .prepare_cached("INSERT INTO feed (seq, tenant, entity, kind, at, by, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(params![seq, context.tenant_id, change.entity.as_str(), kind, at, context.by, body])?;
        self.place.head = change.seq;
        self.place.at = change.at;
        let bytes = change_bytes(&change) + decoded_bytes(doc.len());
        self.group.feed.push((Arc::new(Recorded { change, after }), bytes));
        Ok(())
    }
}
