//! History: what every attribute instance said and when.
//!
//! What says when it was observed is kept as it is written. What does not is kept when it changes or goes, for the types
//! of which changes are kept (`Options::past`): the present value stands in the entity, so that whoever only creates pays
//! nothing. That an instance was deleted is kept as well.
//!
//! History outlives its entity. When an entity goes, its series stay under the key that it had, and `departed` keeps
//! that key by name, with what the entity was; when an entity of that name comes, it takes the series over.

use std::sync::Arc;

use dinh_model::{Attribute, Change, Entity, Iri, Term, Timestamp};
use dinh_ngsild::temporal::scope_instance;
use dinh_ngsild::vocabulary::SCOPE;
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::cache::CacheKey;
use super::commit::Context;
use crate::codec::{EncodeError, Sides, decode_entity, encode_entity, encode_instance};
use crate::history::Kind;
use crate::names::{NameId, SharedNames};
use crate::sqlite::failure::Failed;
use crate::vault::Sealing;

/// One row of history, ready to be written.
pub(super) struct Observation {
    attribute: NameId,
    dataset: Option<Iri>,
    kind: Kind,
    at: i64,
    body: Vec<u8>,
}

/// What of a change becomes history.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// What was observed, and what the types of the entity ask for.
    Usual,
    /// The same, but for scopes: their past is told as well.
    Told,
    /// What was observed: nothing is the past of what is being corrected.
    Observed,
    /// Nothing.
    Nothing,
}

/// An entity that is gone, as history knows it.
pub(super) struct Departed {
    pub(super) pk: i64,
    pub(super) entity: Arc<Entity>,
}

impl Observation {
    pub(super) fn new(
        name: &Term,
        instance: &Attribute,
        (kind, at): (Kind, Timestamp),
        names: &SharedNames,
        sealing: Option<&Sealing>,
    ) -> Result<Self, EncodeError> {
        Ok(Self {
            attribute: names.intern(name.as_str())?,
            dataset: instance.dataset_id.clone(),
            kind,
            at: at.as_micros(),
            body: encode_instance(name, instance, kind.base(at), names, sealing)?,
        })
    }

    /// What the attributes of a change leave in history; `changes` tells whether all changes are kept.
    pub(super) fn of(
        change: &Change,
        keep: Keep,
        changes: bool,
        names: &SharedNames,
        sides: &Sides,
    ) -> Result<Vec<Self>, EncodeError> {
        let mut observations = Vec::new();
        if keep == Keep::Nothing {
            return Ok(observations);
        }
        let usual = matches!(keep, Keep::Usual | Keep::Told);
        for attribute in &change.attributes {
            let name = &attribute.name;
            if let Some((instance, at)) = observed(attribute.after.as_ref()) {
                let sealing = sides.after.as_ref();
                observations.push(Self::new(name, instance, (Kind::Observed, at), names, sealing)?);
            }
            let Some(before) = attribute.before.as_ref().filter(|_| usual) else { continue };
            let sealing = sides.before.as_ref();
            if changes && before.observed_at.is_none() {
                let place = (Kind::Changed, before.modified_at);
                observations.push(Self::new(name, before, place, names, sealing)?);
            }
            if attribute.after.is_none() && (changes || before.observed_at.is_some()) {
                observations.push(Self::new(name, before, (Kind::Deleted, change.at), names, sealing)?);
            }
        }
        Ok(observations)
    }
}

/// The observation that an instance is, with its time.
fn observed(instance: Option<&Attribute>) -> Option<(&Attribute, Timestamp)> {
    let instance = instance?;
    Some((instance, instance.observed_at?))
}

impl Writer {
    /// Writes history of an entity. An observation made at the same instant as an earlier one takes its place; what was
    /// not observed never stood in the place of anything, so that it moves on by a microsecond.
    pub(super) fn observe(&mut self, key: &CacheKey, pk: i64, observations: Vec<Observation>) -> Failed<()> {
        for observation in observations {
            let Observation { attribute, dataset, kind, mut at, body } = observation;
            let series = self.series(key, pk, (attribute, kind), dataset)?;
            if kind == Kind::Observed {
                self.connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO observation (series, at, body) VALUES (?1, ?2, ?3)",
                    )?
                    .execute(params![series, at, body])?;
                continue;
            }
            let sql = "INSERT OR IGNORE INTO observation (series, at, body) VALUES (?1, ?2, ?3)";
            while self.connection.prepare_cached(sql)?.execute(params![series, at, body])? == 0 {
                at += 1;
            }
        }
        Ok(())
    }

    pub(super) fn series(
        &mut self,
        key: &CacheKey,
        pk: i64,
        (attribute, kind): (NameId, Kind),
        dataset: Option<Iri>,
    ) -> Failed<i64> {
        if let Some(id) = self.cache.series(key, (attribute, kind), dataset.as_ref()) {
            return Ok(id);
        }
        let name = dataset.as_ref().map_or("", Iri::as_str);
        let known = self
            .connection
            .prepare_cached(
                "SELECT id FROM series WHERE pk = ?1 AND attribute = ?2 AND dataset = ?3 AND kind = ?4",
            )?
            .query_row(params![pk, attribute, name, kind.number()], |row| row.get(0))
            .optional()?;
        let id = match known {
            Some(id) => id,
            None => self
                .connection
                .prepare_cached("INSERT INTO series (pk, attribute, dataset, kind) VALUES (?1, ?2, ?3, ?4)")?
                .insert(params![pk, attribute, name, kind.number()])?,
        };
        self.cache.know_series(key, (attribute, kind), dataset, id);
        Ok(id)
    }

    /// Whether every change of an entity is kept, and not what was observed alone.
    pub(super) fn keeps_changes(&self, types: &[Term]) -> bool {
        self.shared.options.past.as_ref().is_some_and(|past| past.keeps_changes(types))
    }

    /// What a change of scopes leaves in history.
    pub(super) fn scope_history(
        &self,
        pk: i64,
        before: &Entity,
        after: &Entity,
        now: Timestamp,
    ) -> Failed<Result<Vec<Observation>, EncodeError>> {
        if before.scopes == after.scopes || !self.keeps_changes(&after.types) {
            return Ok(Ok(Vec::new()));
        }
        let scope = Term::from(SCOPE);
        let known: bool = match self.shared.names.read().id(SCOPE) {
            Some(name) => self
                .connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM series WHERE pk = ?1 AND attribute = ?2)")?
                .query_row(params![pk, name], |row| row.get(0))?,
            None => false,
        };
        let names = &self.shared.names;
        let row = |attribute: &Attribute, place| Observation::new(&scope, attribute, place, names, None);
        let mut rows = Vec::new();
        if !known && !before.scopes.is_empty() {
            let first = scope_instance(&before.scopes, before.created_at);
            rows.push(row(&first, (Kind::Observed, before.created_at)));
        }
        let instance = scope_instance(&after.scopes, now);
        let kind = if after.scopes.is_empty() { Kind::Deleted } else { Kind::Observed };
        rows.push(row(&instance, (kind, now)));
        Ok(rows.into_iter().collect())
    }

    /// Keeps the history of an entity that has gone.
    pub(super) fn leave_history(&mut self, context: &Context<'_>, entity: &Entity, pk: i64) -> Failed<()> {
        let has_history: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM series WHERE pk = ?1)")?
            .query_row([pk], |row| row.get(0))?;
        if !has_history {
            return Ok(());
        }
        let bare = Entity { attributes: dinh_model::Attributes::new(), expires_at: None, ..entity.clone() };
        let doc = encode_entity(&bare, &self.shared.names, None)
            .map_err(|error| crate::Error::Engine(error.to_string()))?;
        let now = context.now.as_micros();
        self.connection
            .prepare_cached("INSERT INTO departed (tenant, id, pk, doc, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![context.tenant_id, entity.id.as_str(), pk, doc, now])?;
        let types: Vec<NameId> = {
            let names = self.shared.names.read();
            entity.types.iter().filter_map(|entity_type| names.id(entity_type.as_str())).collect()
        };
        for entity_type in types {
            self.connection
                .prepare_cached("INSERT OR IGNORE INTO departed_type (tenant, type, pk) VALUES (?1, ?2, ?3)")?
                .execute(params![context.tenant_id, entity_type, pk])?;
        }
        self.place.departed = true;
        Ok(())
    }

    /// Gives the history that an entity of the same name has left to the one that comes.
    pub(super) fn take_back_history(
        &mut self,
        context: &Context<'_>,
        entity: &Entity,
        pk: i64,
    ) -> Failed<()> {
        if !self.place.departed {
            return Ok(());
        }
        let left: Option<i64> = self
            .connection
            .prepare_cached("DELETE FROM departed WHERE tenant = ?1 AND id = ?2 RETURNING pk")?
            .query_row(params![context.tenant_id, entity.id.as_str()], |row| row.get(0))
            .optional()?;
        if let Some(left) = left {
            self.connection.prepare_cached("UPDATE series SET pk = ?2 WHERE pk = ?1")?.execute([left, pk])?;
            self.forget_types_departed(left)?;
        }
        Ok(())
    }

    /// Takes away by which types an entity that is gone is found.
    pub(super) fn forget_types_departed(&self, pk: i64) -> Failed<()> {
        self.connection.prepare_cached("DELETE FROM departed_type WHERE pk = ?1")?.execute([pk])?;
        Ok(())
    }

    /// An entity that is gone and has left history.
    pub(super) fn departed(
        &self,
        context: &Context<'_>,
        id: &dinh_model::EntityId,
    ) -> Failed<Option<Departed>> {
        if !self.place.departed {
            return Ok(None);
        }
        let mut statement =
            self.connection.prepare_cached("SELECT pk, doc FROM departed WHERE tenant = ?1 AND id = ?2")?;
        let row: Option<(i64, Option<Vec<u8>>)> = statement
            .query_row(params![context.tenant_id, id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((pk, Some(doc))) = row else { return Ok(None) };
        let opening = self.shared.opening(context.tenant_id);
        let entity = decode_entity(id.clone(), &doc, &self.shared.names.read(), &opening)?;
        Ok(Some(Departed { pk, entity: Arc::new(entity) }))
    }
}
