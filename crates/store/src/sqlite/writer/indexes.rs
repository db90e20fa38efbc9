//! Keeping the indexes equal to the entities: writes the difference of the facets before and after.

use dinh_model::{AttributeChange, Entity, Scope, Term};
use rusqlite::params;

use super::Writer;
use super::commit::Context;
use super::counts::add;
use crate::cells::coarse;
use crate::facets::{Facets, Lens, LinkRow, Only, PointRow, ShapeRow, ValueRow, difference};
use crate::names::NameId;
use crate::query::Bounds;
use crate::sqlite::failure::Failed;

/// What one entity's rows are written under.
#[derive(Clone, Copy)]
pub(super) struct Under {
    pub(super) tenant: NameId,
    pub(super) pk: i64,
}

impl Writer {
    /// Brings every index up to date with a change of an entity.
    pub(super) fn index(
        &mut self,
        context: &Context<'_>,
        pk: i64,
        before: Option<&Entity>,
        after: Option<&Entity>,
        changes: &[AttributeChange],
    ) -> Failed<()> {
        let under = Under { tenant: context.tenant_id, pk };
        let same_types = matches!((before, after), (Some(old), Some(new)) if old.types == new.types);
        let concerned = names_of(changes);
        let only = if same_types { Only::These(&concerned) } else { Only::All };
        let specs = self.shared.specs.get();
        let (old, new, old_types, new_types) = {
            let names = self.shared.names.read();
            let lens = Lens { names: &names, specs: &specs };
            let facets = |e: Option<&Entity>| e.map(|e| lens.facets(e, only)).unwrap_or_default();
            let types = |e: Option<&Entity>| e.map(|e| lens.types(e)).unwrap_or_default();
            let kept = if same_types { (Vec::new(), Vec::new()) } else { (types(before), types(after)) };
            (facets(before), facets(after), kept.0, kept.1)
        };
        if !same_types {
            self.index_types(under, with_all(old_types, before), with_all(new_types, after))?;
        }
        let scopes = |e: Option<&Entity>| e.map(|e| sorted(&e.scopes)).unwrap_or_default();
        if before.map(|e| &e.scopes) != after.map(|e| &e.scopes) {
            self.index_scopes(under, scopes(before), scopes(after))?;
        }
        self.index_facets(under, old, new)?;
        self.index_words(context, pk, before, after, changes)
    }

    fn index_types(&mut self, under: Under, old: Vec<NameId>, new: Vec<NameId>) -> Failed<()> {
        let Under { tenant, pk } = under;
        let (gone, come) = difference(old, new);
        for entity_type in gone {
            self.connection
                .prepare_cached("DELETE FROM entity_type WHERE tenant = ?1 AND type = ?2 AND pk = ?3")?
                .execute(params![tenant, entity_type, pk])?;
            add(&mut self.group.commit_counts.types, (tenant, entity_type), -1);
        }
        for entity_type in come {
            self.connection
                .prepare_cached("INSERT INTO entity_type (tenant, type, pk) VALUES (?1, ?2, ?3)")?
                .execute(params![tenant, entity_type, pk])?;
            add(&mut self.group.commit_counts.types, (tenant, entity_type), 1);
        }
        Ok(())
    }

    fn index_scopes(&self, under: Under, old: Vec<Scope>, new: Vec<Scope>) -> Failed<()> {
        let Under { tenant, pk } = under;
        let (gone, come) = difference(old, new);
        for scope in gone {
            self.connection
                .prepare_cached("DELETE FROM entity_scope WHERE tenant = ?1 AND scope = ?2 AND pk = ?3")?
                .execute(params![tenant, scope.as_str(), pk])?;
        }
        for scope in come {
            self.connection
                .prepare_cached("INSERT INTO entity_scope (tenant, scope, pk) VALUES (?1, ?2, ?3)")?
                .execute(params![tenant, scope.as_str(), pk])?;
        }
        Ok(())
    }

    fn index_facets(&mut self, under: Under, old: Facets, new: Facets) -> Failed<()> {
        let (gone, come) = difference(old.values, new.values);
        self.take_values(under, &gone)?;
        self.put_values(under, &come)?;
        let (gone, come) = difference(old.points, new.points);
        self.move_points(under, &gone, &come)?;
        if old.shapes != new.shapes {
            let properties = old.shapes.iter().map(|shape| shape.property);
            properties.into_iter().try_for_each(|property| self.take_shape(under, property))?;
            new.shapes.iter().try_for_each(|shape| self.put_shape(under, shape))?;
        }
        let (gone, come) = difference(old.links, new.links);
        self.take_links(under, &gone)?;
        self.put_links(under, &come)?;
        let (gone, come) = difference(old.presence, new.presence);
        let counts = &mut self.group.commit_counts.attributes;
        for (entity_type, attribute) in gone {
            add(counts, (under.tenant, entity_type, attribute), -1);
        }
        for (entity_type, attribute) in come {
            add(counts, (under.tenant, entity_type, attribute), 1);
        }
        Ok(())
    }

    fn take_values(&self, under: Under, rows: &[ValueRow]) -> Failed<()> {
        for row in rows {
            self.connection
                .prepare_cached(
                    "DELETE FROM value_index WHERE tenant = ?1 AND type = ?2 AND attribute = ?3 AND value = ?4 AND pk = ?5",
                )?
                .execute(params![under.tenant, row.entity_type, row.attribute, row.key, under.pk])?;
        }
        Ok(())
    }

    pub(super) fn put_values(&self, under: Under, rows: &[ValueRow]) -> Failed<()> {
        for row in rows {
            // A row may be there already if backfilling has come past.
            self.connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO value_index (tenant, type, attribute, value, pk) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![under.tenant, row.entity_type, row.attribute, row.key, under.pk])?;
        }
        Ok(())
    }

    /// Rows of the same property and type that go and come are one point that moves: one statement.
    fn move_points(&mut self, under: Under, gone: &[PointRow], come: &[PointRow]) -> Failed<()> {
        let Under { tenant, pk } = under;
        let lane = |row: &PointRow| (row.property, row.entity_type);
        let (mut gone, mut come) = (gone.iter().peekable(), come.iter().peekable());
        loop {
            let (leaves, arrives) = match (gone.peek(), come.peek()) {
                (None, None) => return Ok(()),
                (Some(a), Some(b)) if lane(a) == lane(b) => (gone.next(), come.next()),
                (Some(a), Some(b)) if lane(a) < lane(b) => (gone.next(), None),
                (Some(_), None) => (gone.next(), None),
                _ => (None, come.next()),
            };
            for (row, by) in [(leaves, -1), (arrives, 1)] {
                if let Some(row) = row {
                    let cell = (tenant, row.property, row.entity_type, coarse(row.cell));
                    add(&mut self.group.commit_counts.grid, cell, by);
                }
            }
            match (leaves, arrives) {
                (Some(old), Some(new)) => self
                    .connection
                    .prepare_cached(
                        "UPDATE geo_point SET cell = ?1, lon = ?2, lat = ?3 WHERE tenant = ?4 AND property = ?5 \
                         AND type = ?6 AND cell = ?7 AND pk = ?8 AND lon = ?9 AND lat = ?10",
                    )?
                    .execute(params![
                        new.cell, new.lon(), new.lat(), tenant, old.property, old.entity_type, old.cell, pk,
                        old.lon(), old.lat()
                    ])?,
                (Some(old), None) => self
                    .connection
                    .prepare_cached(
                        "DELETE FROM geo_point WHERE tenant = ?1 AND property = ?2 AND type = ?3 AND cell = ?4 \
                         AND pk = ?5 AND lon = ?6 AND lat = ?7",
                    )?
                    .execute(params![tenant, old.property, old.entity_type, old.cell, pk, old.lon(), old.lat()])?,
                (None, Some(new)) => self
                    .connection
                    .prepare_cached(
                        "INSERT INTO geo_point (tenant, property, type, cell, pk, lon, lat) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    )?
                    .execute(params![tenant, new.property, new.entity_type, new.cell, pk, new.lon(), new.lat()])?,
                (None, None) => 0,
            };
        }
    }

    fn take_shape(&self, under: Under, property: NameId) -> Failed<()> {
        let mut statement = self
            .connection
            .prepare_cached("DELETE FROM geo_shape WHERE pk = ?1 AND property = ?2 RETURNING id")?;
        let ids: Vec<i64> =
            statement.query_map(params![under.pk, property], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for id in ids {
            self.connection.prepare_cached("DELETE FROM geo_box WHERE id = ?1")?.execute([id])?;
        }
        Ok(())
    }

    fn put_shape(&self, under: Under, shape: &ShapeRow) -> Failed<()> {
        for Bounds { west, south, east, north } in &shape.boxes {
            let id = self
                .connection
                .prepare_cached("INSERT INTO geo_shape (pk, property) VALUES (?1, ?2)")?
                .insert(params![under.pk, shape.property])?;
            self.connection
                .prepare_cached(
                    "INSERT INTO geo_box (id, west, east, south, north, tenant_from, tenant_to, property, pk) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8)",
                )?
                .execute(params![id, west, east, south, north, under.tenant, shape.property, under.pk])?;
        }
        Ok(())
    }

    fn take_links(&self, under: Under, rows: &[LinkRow]) -> Failed<()> {
        for row in rows {
            self.connection
                .prepare_cached(
                    "DELETE FROM link WHERE tenant = ?1 AND object = ?2 AND attribute = ?3 AND pk = ?4",
                )?
                .execute(params![under.tenant, row.object.as_str(), row.attribute, under.pk])?;
        }
        Ok(())
    }

    fn put_links(&self, under: Under, rows: &[LinkRow]) -> Failed<()> {
        for row in rows {
            self.connection
                .prepare_cached("INSERT INTO link (tenant, object, attribute, pk) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![under.tenant, row.object.as_str(), row.attribute, under.pk])?;
        }
        Ok(())
    }
}

/// The names of the attributes that a change concerns, each once.
fn names_of(changes: &[AttributeChange]) -> Vec<Term> {
    let mut names: Vec<Term> = changes.iter().map(|change| change.name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Type 0 stands for every type.
fn with_all(mut types: Vec<NameId>, entity: Option<&Entity>) -> Vec<NameId> {
    if entity.is_some() {
        types.insert(0, 0);
    }
    types
}

fn sorted(scopes: &[Scope]) -> Vec<Scope> {
    let mut scopes = scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}
