//! Erasing: the rows of one entity.

use dinh_model::{AttributeChange, ChangeKind, Entity, EntityId};
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::cache::Found;
use super::commit::Context;
use super::counts::add;
use super::history::Keep;
use crate::OpError;
use crate::cells::coarse;
use crate::codec::{Onlooker, Sides, decode_entity};
use crate::names::NameId;
use crate::sqlite::failure::Failed;

impl Writer {
    /// Takes an entity away with its history. The feed is told that it is gone, and of its end only what is not
    /// personal.
    pub(super) fn erase_one(&mut self, context: &Context<'_>, found: &Found) -> Failed<Result<(), OpError>> {
        let entity = &found.entity;
        let told = self.told_of_the_end(entity);
        let change = self.next_change(context, entity, ChangeKind::Deleted, found.version, told);
        let ready = match self.ready(found.pk, change, None, (&Sides::default(), Keep::Nothing), Vec::new()) {
            Ok(ready) => ready,
            Err(refused) => return Ok(Err(refused)),
        };
        self.connection.prepare_cached("DELETE FROM entity WHERE pk = ?1")?.execute([found.pk])?;
        self.erase_history(found.pk)?;
        self.write(context, Some(found), ready)?;
        // Also if its words could not be read any more.
        self.connection.prepare_cached("DELETE FROM words WHERE rowid = ?1")?.execute([found.pk])?;
        Ok(Ok(()))
    }

    fn told_of_the_end(&self, entity: &Entity) -> Vec<AttributeChange> {
        let Some(vault) = &self.shared.vault else { return Vec::new() };
        let mut told = super::entity::deleted_changes(entity);
        told.retain(|change| !vault.is_sealed(&entity.types, &change.name));
        told
    }

    pub(super) fn erase_history(&self, pk: i64) -> Failed<()> {
        for sql in [
            "DELETE FROM evolved WHERE pk = ?1",
            "DELETE FROM moved_record WHERE series IN (SELECT id FROM series WHERE pk = ?1)",
            "DELETE FROM observation WHERE series IN (SELECT id FROM series WHERE pk = ?1)",
            "DELETE FROM series WHERE pk = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([pk])?;
        }
        Ok(())
    }

    /// Takes away the history that an entity has left which was deleted before.
    pub(super) fn erase_history_left(&self, context: &Context<'_>, id: &EntityId) -> Failed<()> {
        let left: Option<i64> = self
            .connection
            .prepare_cached("DELETE FROM departed WHERE tenant = ?1 AND id = ?2 RETURNING pk")?
            .query_row(params![context.tenant_id, id.as_str()], |row| row.get(0))
            .optional()?;
        match left {
            Some(pk) => {
                self.forget_types_departed(pk)?;
                self.erase_history(pk)
            }
            None => Ok(()),
        }
    }

    /// Names of attributes of which nothing can be opened any more, so that their rows in the indexes are not known.
    pub(super) fn unopened(&self, context: &Context<'_>, found: &Found) -> Failed<Vec<String>> {
        let doc: Vec<u8> = self
            .connection
            .prepare_cached("SELECT doc FROM entity WHERE pk = ?1")?
            .query_row([found.pk], |row| row.get(0))?;
        let onlooker = Onlooker::default();
        decode_entity(found.entity.id.clone(), &doc, &self.shared.names.read(), &onlooker)?;
        let opening = self.shared.opening(context.tenant_id);
        let opened =
            decode_entity(found.entity.id.clone(), &doc, &self.shared.names.read(), &opening)?.attributes;
        let mut names: Vec<String> = onlooker.seen().into_iter().map(|(name, _)| name).collect();
        names.dedup();
        names.retain(|name| !opened.contains_key(name.as_str()));
        Ok(names)
    }

    /// Attributes that could not be opened were counted all the same.
    pub(super) fn uncount(&mut self, context: &Context<'_>, found: &Found, attributes: &[String]) {
        let names = self.shared.names.read();
        let number = |name: &str| names.id(name);
        let types: Vec<NameId> = found.entity.types.iter().filter_map(|t| number(t.as_str())).collect();
        for attribute in attributes.iter().filter_map(|name| number(name)) {
            for entity_type in &types {
                let place = (context.tenant_id, *entity_type, attribute);
                add(&mut self.group.commit_counts.attributes, place, -1);
            }
        }
    }

    /// Takes away the index rows of entities whose values are not known any more: looks through the whole index, once.
    pub(super) fn erase_rows(&mut self, context: &Context<'_>, keys: &[i64]) -> Failed<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let keys = serde_json::json!(keys).to_string();
        let these = "pk IN (SELECT value FROM json_each(?1))";
        for table in ["value_index", "link"] {
            self.connection.execute(&format!("DELETE FROM {table} WHERE {these}"), [&keys])?;
        }
        let mut statement = self
            .connection
            .prepare(&format!("DELETE FROM geo_point WHERE {these} RETURNING property, type, cell"))?;
        let rows =
            statement.query_map([&keys], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?)))?;
        for row in rows {
            let (property, entity_type, cell) = row?;
            let place = (context.tenant_id, property, entity_type, coarse(cell));
            add(&mut self.group.commit_counts.grid, place, -1);
        }
        drop(statement);
        let boxes = format!("DELETE FROM geo_box WHERE id IN (SELECT id FROM geo_shape WHERE {these})");
        self.connection.execute(&boxes, [&keys])?;
        self.connection.execute(&format!("DELETE FROM geo_shape WHERE {these}"), [&keys])?;
        Ok(())
    }
}
