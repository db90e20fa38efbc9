//! Declaring indexes and searchable attributes, and bringing the entities that exist into them.
//!
//! From the transaction that declares an index on, every write keeps it; entities written before are brought in by
//! bounded steps between other work, in the order of their keys. The place reached is kept in the same transaction, so
//! a restart goes on where it was. Readers use an index once every entity is in it.

use dinh_model::{Entity, EntityId};
use rusqlite::params;

use super::Writer;
use super::indexes::Under;
use crate::codec::decode_entity;
use crate::facets::{Lens, Only};
use crate::names::NameId;
use crate::spec::Specs;
use crate::sqlite::failure::Failed;
use crate::sqlite::queue::Declaration;
use crate::sqlite::wanted::MOST_INDEXES;
use crate::{Error, IndexSpec};

/// Entities brought in by one step: a few milliseconds.
const STEP: u32 = 500;

/// Kind of a declared index of values.
pub(in crate::sqlite) const INDEX: i64 = 1;
const SEARCH: i64 = 2;

/// A declaration that entities are still brought into.
struct Pending {
    kind: i64,
    entity_type: NameId,
    attribute: NameId,
    position: i64,
}

struct Existing {
    pk: i64,
    tenant: NameId,
    entity: Entity,
}

impl Writer {
    pub(super) fn declare(&mut self, declaration: Declaration) -> Failed<()> {
        let mut specs = (*self.shared.specs.get()).clone();
        let mut rows = Vec::new();
        let intern = |name: &str| self.shared.names.intern(name).map_err(|e| Error::Invalid(e.to_string()));
        match declaration {
            Declaration::Indexes(declared) => {
                for spec in declared {
                    let place = (intern(spec.entity_type.as_str())?, intern(spec.attribute.as_str())?);
                    if !specs.indexes.contains_key(&place) {
                        specs.declare(place.0, place.1, false);
                        rows.push((INDEX, place.0, place.1));
                    }
                }
            }
            Declaration::Searchable(attributes) => {
                for attribute in attributes {
                    if specs.searchable.insert(attribute.clone()) {
                        rows.push((SEARCH, 0, intern(attribute.as_str())?));
                    }
                }
            }
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.transaction(|writer| {
            for row in &rows {
                writer
                    .connection
                    .prepare_cached(
                        "INSERT INTO declared (kind, type, attribute, position) VALUES (?1, ?2, ?3, 0)",
                    )?
                    .execute(params![row.0, row.1, row.2])?;
            }
            Ok(())
        })?;
        self.shared.specs.set(specs);
        Ok(())
    }

    /// Declares the indexes that queries have turned out to need; true if there is something to be brought into them.
    pub(super) fn declare_wanted(&mut self) -> bool {
        let declared = self.shared.specs.get();
        let mut wanted = self.shared.wanted.take();
        // Who began to look before it was declared notes that it was missing after.
        wanted.retain(|place| !declared.indexes.contains_key(place));
        let room = MOST_INDEXES.saturating_sub(declared.indexes.len());
        let specs = {
            let names = self.shared.names.read();
            let spec = |(entity_type, attribute): &(NameId, NameId)| {
                let (entity_type, attribute) = (names.term(*entity_type)?, names.term(*attribute)?);
                Some(IndexSpec { entity_type: entity_type.clone(), attribute: attribute.clone() })
            };
            wanted.iter().filter_map(spec).take(room).collect::<Vec<_>>()
        };
        for spec in &specs {
            tracing::info!(of = %spec.entity_type, attribute = %spec.attribute, "queries need an index of values; it is made");
        }
        match self.declare(Declaration::Indexes(specs)) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "an index that queries need could not be declared");
                false
            }
        }
    }

    /// One step towards the indexes that queries need.
    pub(super) fn adapt_quietly(&mut self) {
        match self.backfill() {
            Ok(ready) => self.adapting = !ready,
            Err(error) => {
                tracing::warn!(%error, "bringing entities into an index failed; the next start goes on with it");
                self.adapting = false;
            }
        }
        self.checkpoints.after_write(&self.connection);
    }

    /// One step; true if every declared index is ready.
    pub(super) fn backfill(&mut self) -> Failed<bool> {
        let Some(pending) = self.pending()? else { return Ok(true) };
        let entities = self.next_entities(&pending)?;
        let Some(last) = entities.last().map(|existing| existing.pk) else {
            self.mark_ready(&pending)?;
            return Ok(self.pending()?.is_none());
        };
        self.transaction(|writer| {
            let specs = writer.shared.specs.get();
            for existing in &entities {
                match pending.kind {
                    INDEX => writer.backfill_values(existing, &specs, &pending)?,
                    _ => writer.backfill_words(existing, &specs)?,
                }
            }
            writer
                .connection
                .prepare_cached(
                    "UPDATE declared SET position = ?4 WHERE kind = ?1 AND type = ?2 AND attribute = ?3",
                )?
                .execute(params![pending.kind, pending.entity_type, pending.attribute, last])?;
            Ok(())
        })?;
        Ok(false)
    }

    fn pending(&self) -> Failed<Option<Pending>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT kind, type, attribute, position FROM declared WHERE position IS NOT NULL LIMIT 1",
        )?;
        let mut rows = statement.query([])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(Pending {
            kind: row.get(0)?,
            entity_type: row.get(1)?,
            attribute: row.get(2)?,
            position: row.get(3)?,
        }))
    }

    /// The next entities of the type, whatever their tenant; for search, of every type.
    fn next_entities(&self, pending: &Pending) -> Failed<Vec<Existing>> {
        let mut keys = Vec::new();
        let entity_type = if pending.kind == INDEX { pending.entity_type } else { 0 };
        let mut statement = self.connection.prepare_cached(
            "SELECT pk FROM entity_type WHERE tenant = ?1 AND type = ?2 AND pk > ?3 ORDER BY pk LIMIT ?4",
        )?;
        for tenant in 1..=NameId::try_from(self.shared.tenants.len()).unwrap_or(NameId::MAX) {
            let rows = statement.query_map(params![tenant, entity_type, pending.position, STEP], |row| {
                row.get::<_, i64>(0)
            })?;
            for key in rows {
                keys.push(key?);
            }
        }
        keys.sort_unstable();
        keys.truncate(usize::try_from(STEP).unwrap_or(usize::MAX));
        keys.into_iter().map(|pk| self.existing(pk)).collect()
    }

    fn existing(&self, pk: i64) -> Failed<Existing> {
        let mut statement =
            self.connection.prepare_cached("SELECT tenant, id, doc FROM entity WHERE pk = ?1")?;
        let mut rows = statement.query([pk])?;
        let row = rows
            .next()?
            .ok_or_else(|| Error::Damaged(format!("an index names entity {pk}, which is gone")))?;
        let tenant = row.get(0)?;
        let id = EntityId::trusted(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        let doc = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let entity = decode_entity(id, doc, &self.shared.names.read(), &self.shared.opening(tenant))?;
        Ok(Existing { pk, tenant, entity })
    }

    fn backfill_values(&self, existing: &Existing, specs: &Specs, pending: &Pending) -> Failed<()> {
        let rows = {
            let names = self.shared.names.read();
            let attribute = names.term(pending.attribute).cloned();
            let lens = Lens { names: &names, specs };
            lens.facets(&existing.entity, Only::These(attribute.as_slice())).values
        };
        let rows: Vec<_> = rows.into_iter().filter(|row| row.entity_type == pending.entity_type).collect();
        self.put_values(Under { tenant: existing.tenant, pk: existing.pk }, &rows)
    }

    fn backfill_words(&self, existing: &Existing, specs: &Specs) -> Failed<()> {
        let words = self.shared.words_of(&existing.entity, specs);
        self.connection.prepare_cached("DELETE FROM words WHERE rowid = ?1")?.execute([existing.pk])?;
        if words.is_empty() {
            return Ok(());
        }
        let types = self.types_of(&existing.entity, specs);
        self.put_words(existing.tenant, existing.pk, &types, &words)
    }

    fn mark_ready(&mut self, pending: &Pending) -> Failed<()> {
        self.transaction(|writer| {
            writer
                .connection
                .prepare_cached(
                    "UPDATE declared SET position = NULL WHERE kind = ?1 AND type = ?2 AND attribute = ?3",
                )?
                .execute(params![pending.kind, pending.entity_type, pending.attribute])?;
            Ok(())
        })?;
        if pending.kind == INDEX {
            let mut specs = (*self.shared.specs.get()).clone();
            specs.declare(pending.entity_type, pending.attribute, true);
            self.shared.specs.set(specs);
        }
        tracing::debug!(index.kind = pending.kind, "every entity is in the declared index");
        Ok(())
    }
}
