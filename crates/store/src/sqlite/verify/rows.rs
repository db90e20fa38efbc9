//! Looking for the rows of one entity.

use dinh_model::Entity;
use rusqlite::{ToSql, params};

use super::Scene;
use crate::facets::{Facets, ShapeRow};
use crate::names::NameId;
use crate::query::Bounds;
use crate::report::Check;
use crate::spec::Specs;
use crate::sqlite::failure::Failed;

/// How far a box may have been rounded outwards: coordinates of the tree have 24 bits.
const ROUNDING: f64 = 1e-4;

/// One check for each index.
pub(super) struct IndexChecks {
    pub(super) types: Check,
    pub(super) scopes: Check,
    pub(super) values: Check,
    pub(super) points: Check,
    pub(super) shapes: Check,
    pub(super) links: Check,
    pub(super) boxes: u64,
}

impl IndexChecks {
    pub(super) fn new() -> Self {
        Self {
            types: Check::new("type index"),
            scopes: Check::new("scope index"),
            values: Check::new("value index"),
            points: Check::new("point index"),
            shapes: Check::new("shape index"),
            links: Check::new("link index"),
            boxes: 0,
        }
    }
}

/// One entity with what it is kept under.
#[derive(Clone, Copy)]
pub(super) struct Kept<'a> {
    pub(super) tenant: NameId,
    pub(super) pk: i64,
    pub(super) entity: &'a Entity,
}

impl Scene<'_> {
    fn exists(&self, sql: &str, row: &[&dyn ToSql]) -> Failed<bool> {
        Ok(self.connection.prepare_cached(sql)?.exists(row)?)
    }

    pub(super) fn look_for_rows(
        &self,
        kept: Kept<'_>,
        types: &[NameId],
        facets: &Facets,
        specs: &Specs,
        checks: &mut IndexChecks,
    ) -> Failed<()> {
        let Kept { tenant, pk, entity } = kept;
        let id = || entity.id.to_string();
        for entity_type in std::iter::once(&0).chain(types) {
            let sql = "SELECT 1 FROM entity_type WHERE tenant = ?1 AND type = ?2 AND pk = ?3";
            let there = self.exists(sql, params![tenant, entity_type, pk])?;
            checks.types.expect(there, || format!("{} is not in the index of type {entity_type}", id()));
        }
        let mut scopes: Vec<&str> = entity.scopes.iter().map(dinh_model::Scope::as_str).collect();
        scopes.sort_unstable();
        scopes.dedup();
        for scope in scopes {
            let sql = "SELECT 1 FROM entity_scope WHERE tenant = ?1 AND scope = ?2 AND pk = ?3";
            let there = self.exists(sql, params![tenant, scope, pk])?;
            checks.scopes.expect(there, || format!("{} is not in the index of scope {scope}", id()));
        }
        for row in facets.values.iter().filter(|row| specs.is_ready(row.entity_type, row.attribute)) {
            let sql = "SELECT 1 FROM value_index \
                       WHERE tenant = ?1 AND type = ?2 AND attribute = ?3 AND value = ?4 AND pk = ?5";
            let there = self.exists(sql, params![tenant, row.entity_type, row.attribute, row.key, pk])?;
            checks.values.expect(there, || {
                format!(
                    "{} is not in the index of type {} by attribute {}",
                    id(),
                    row.entity_type,
                    row.attribute
                )
            });
        }
        for row in &facets.points {
            let sql = "SELECT 1 FROM geo_point WHERE tenant = ?1 AND property = ?2 AND type = ?3 AND cell = ?4 \
                       AND pk = ?5 AND lon = ?6 AND lat = ?7";
            let place = params![tenant, row.property, row.entity_type, row.cell, pk, row.lon(), row.lat()];
            let there = self.exists(sql, place)?;
            checks.points.expect(there, || format!("{} is not where its point is", id()));
        }
        for row in &facets.shapes {
            let right = self.has_boxes(tenant, pk, row)?;
            checks.boxes += row.boxes.len() as u64;
            checks.shapes.expect(right, || format!("{} has other boxes than its geometry", id()));
        }
        for row in &facets.links {
            let sql = "SELECT 1 FROM link WHERE tenant = ?1 AND object = ?2 AND attribute = ?3 AND pk = ?4";
            let there = self.exists(sql, params![tenant, row.object.as_str(), row.attribute, pk])?;
            checks
                .links
                .expect(there, || format!("{} is not among those that point at {}", id(), row.object));
        }
        Ok(())
    }

    fn has_boxes(&self, tenant: NameId, pk: i64, shape: &ShapeRow) -> Failed<bool> {
        let mut statement = self.connection.prepare_cached(
            "SELECT b.west, b.south, b.east, b.north FROM geo_shape AS s JOIN geo_box AS b ON b.id = s.id \
             WHERE s.pk = ?1 AND s.property = ?2 AND b.pk = ?1 AND b.property = ?2 AND b.tenant_from = ?3 \
             ORDER BY s.id",
        )?;
        let found: Vec<Bounds> = statement
            .query_map(params![pk, shape.property, tenant], |row| {
                Ok(Bounds { west: row.get(0)?, south: row.get(1)?, east: row.get(2)?, north: row.get(3)? })
            })?
            .collect::<Result<_, _>>()?;
        let near = |outer: f64, inner: f64| outer <= inner && inner - outer < ROUNDING;
        let fits = |(found, own): (&Bounds, &Bounds)| {
            near(found.west, own.west)
                && near(found.south, own.south)
                && near(-found.east, -own.east)
                && near(-found.north, -own.north)
        };
        Ok(found.len() == shape.boxes.len() && found.iter().zip(&shape.boxes).all(fits))
    }
}
