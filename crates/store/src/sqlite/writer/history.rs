//! History: every attribute instance that says when it was observed.
//!
//! History outlives its entity. When an entity goes, its series stay under the key that it had, and `departed` keeps
//! that key by name; when an entity of that name comes, it takes the series over.

use dinh_model::{Change, Entity, Iri};
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::cache::CacheKey;
use super::commit::Context;
use crate::codec::{EncodeError, Sides, encode_instance};
use crate::names::{NameId, SharedNames};
use crate::sqlite::failure::Failed;

/// One observation, ready to be written.
pub(super) struct Observation {
    attribute: NameId,
    dataset: Option<Iri>,
    at: i64,
    body: Vec<u8>,
}

impl Observation {
    /// The observations among the attributes of a change.
    pub(super) fn of(change: &Change, names: &SharedNames, sides: &Sides) -> Result<Vec<Self>, EncodeError> {
        let mut observations = Vec::new();
        for attribute in &change.attributes {
            let Some(instance) = &attribute.after else { continue };
            let Some(at) = instance.observed_at else { continue };
            observations.push(Self {
                attribute: names.intern(attribute.name.as_str())?,
                dataset: instance.dataset_id.clone(),
                at: at.as_micros(),
                body: encode_instance(&attribute.name, instance, at, names, sides.after.as_ref())?,
            });
        }
        Ok(observations)
    }
}

impl Writer {
    /// Writes observations of an entity; one made at the same instant as an earlier one takes its place.
    pub(super) fn observe(&mut self, key: &CacheKey, pk: i64, observations: Vec<Observation>) -> Failed<()> {
        for observation in observations {
            let series = self.series(key, pk, observation.attribute, observation.dataset)?;
            self.connection
                .prepare_cached("INSERT OR REPLACE INTO observation (series, at, body) VALUES (?1, ?2, ?3)")?
                .execute(params![series, observation.at, observation.body])?;
        }
        Ok(())
    }

    fn series(&mut self, key: &CacheKey, pk: i64, attribute: NameId, dataset: Option<Iri>) -> Failed<i64> {
        if let Some(id) = self.cache.series(key, attribute, dataset.as_ref()) {
            return Ok(id);
        }
        let name = dataset.as_ref().map_or("", Iri::as_str);
        let known = self
            .connection
            .prepare_cached("SELECT id FROM series WHERE pk = ?1 AND attribute = ?2 AND dataset = ?3")?
            .query_row(params![pk, attribute, name], |row| row.get(0))
            .optional()?;
        let id = match known {
            Some(id) => id,
            None => self
                .connection
                .prepare_cached("INSERT INTO series (pk, attribute, dataset) VALUES (?1, ?2, ?3)")?
                .insert(params![pk, attribute, name])?,
        };
        self.cache.know_series(key, attribute, dataset, id);
        Ok(id)
    }

    /// Keeps the history of an entity that goes.
    pub(super) fn leave_history(&mut self, context: &Context<'_>, entity: &Entity, pk: i64) -> Failed<()> {
        let has_history: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM series WHERE pk = ?1)")?
            .query_row([pk], |row| row.get(0))?;
        if has_history {
            self.connection
                .prepare_cached("INSERT INTO departed (tenant, id, pk) VALUES (?1, ?2, ?3)")?
                .execute(params![context.tenant_id, entity.id.as_str(), pk])?;
            self.place.departed = true;
        }
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
        }
        Ok(())
    }
}
