//! Where the candidates of a query come from: index ranges that hold every entity that matches, and some others.

use dinh_model::EntityId;
use rusqlite::{ToSql, params, params_from_iter};

use super::fetch::Scene;
use crate::Error;
use crate::cells;
use crate::facets::KeyRange;
use crate::names::NameId;
use crate::query::Bounds;
use crate::sqlite::failure::Failed;

/// How far entities are counted for an estimate.
pub(super) const ESTIMATE: usize = 20_000;

/// A range of the index of values.
#[derive(Clone, Debug)]
pub(super) struct ValueLane {
    pub(super) entity_type: NameId,
    pub(super) attribute: NameId,
    pub(super) range: KeyRange,
}

/// A way to candidates.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// These entities.
    Ids(Vec<EntityId>),
    /// Identifiers that begin so.
    IdPrefix(String),
    /// Values in one of these ranges.
    Values(Vec<ValueLane>),
    /// Geometries of a property near a box; of these types, or of all.
    Box { property: NameId, types: Vec<NameId>, bounds: Bounds },
    /// These scopes and what is below them.
    Scopes(Vec<String>),
    /// Entities that point at one of these, or are one.
    Linked(Vec<EntityId>),
    /// Entities that point at one of these by this attribute.
    Pointing(NameId, Vec<EntityId>),
    /// The objects of nothing: no entity can match.
    Nothing,
}

/// A piece of SQL that gives keys, with what it binds.
struct Lane {
    sql: &'static str,
    binds: Vec<Box<dyn ToSql>>,
}

impl Scene<'_> {
    /// How many candidates there are, at most [`ESTIMATE`].
    pub(super) fn estimate(&self, source: &Source) -> Failed<usize> {
        let mut sum = match source {
            Source::Ids(ids) => return Ok(ids.len()),
            Source::Nothing => return Ok(0),
            Source::Box { property, types, bounds } => self.points_estimate(*property, types, bounds)?,
            _ => 0,
        };
        for lane in self.lanes(source) {
            if sum >= ESTIMATE || matches!(source, Source::Box { .. }) && lane.sql == POINTS {
                continue;
            }
            let sql = format!("SELECT count(*) FROM ({} LIMIT {ESTIMATE})", lane.sql);
            let count: i64 = self
                .connection
                .prepare_cached(&sql)?
                .query_row(params_from_iter(lane.binds.iter().map(|bind| &**bind)), |row| row.get(0))?;
            sum += usize::try_from(count).unwrap_or(0);
        }
        Ok(sum.min(ESTIMATE))
    }

    /// Points in the coarse cells that the box touches.
    fn points_estimate(&self, property: NameId, types: &[NameId], bounds: &Bounds) -> Failed<usize> {
        let mut sum = 0;
        let mut statement = self.connection.prepare_cached(
            "SELECT ifnull(sum(n), 0) FROM geo_grid \
             WHERE tenant = ?1 AND property = ?2 AND type = ?3 AND cell BETWEEN ?4 AND ?5",
        )?;
        for entity_type in types {
            for (first, last) in cells::coarse_ranges(bounds) {
                let count: i64 = statement
                    .query_row(params![self.tenant, property, entity_type, first, last], |row| row.get(0))?;
                sum += usize::try_from(count).unwrap_or(0);
            }
        }
        Ok(sum)
    }

    /// All candidates, ascending, each once.
    pub(super) fn candidates(&self, source: &Source) -> Failed<Vec<i64>> {
        let bound = self.shared.options.scan_budget * 4;
        let mut keys = Vec::new();
        if let Source::Ids(ids) | Source::Linked(ids) = source {
            for id in ids {
                keys.extend(self.key(id)?);
            }
        }
        for lane in self.lanes(source) {
            let mut statement = self.connection.prepare_cached(lane.sql)?;
            let mut rows = statement.query(params_from_iter(lane.binds.iter().map(|bind| &**bind)))?;
            while let Some(row) = rows.next()? {
                if keys.len() >= bound {
                    return Err(Error::TooComplex { what: "the entities that an index gives", bound });
                }
                keys.push(row.get(0)?);
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }

    fn lanes(&self, source: &Source) -> Vec<Lane> {
        match source {
            Source::Ids(_) | Source::Nothing => Vec::new(),
            Source::IdPrefix(prefix) => vec![Lane {
                sql: "SELECT pk FROM entity WHERE tenant = ?1 AND id >= ?2 AND id < ?3",
                binds: vec![Box::new(self.tenant), Box::new(prefix.clone()), Box::new(after_prefix(prefix))],
            }],
            Source::Values(lanes) => lanes.iter().map(|lane| self.values(lane)).collect(),
            Source::Box { property, types, bounds } => self.boxes(*property, types, bounds),
            Source::Linked(at) => at
                .iter()
                .map(|at| Lane {
                    sql: "SELECT pk FROM link WHERE tenant = ?1 AND object = ?2",
                    binds: vec![Box::new(self.tenant), Box::new(at.as_str().to_owned())],
                })
                .collect(),
            Source::Pointing(relation, at) => at
                .iter()
                .map(|at| Lane {
                    sql: "SELECT pk FROM link WHERE tenant = ?1 AND object = ?2 AND attribute = ?3",
                    binds: vec![Box::new(self.tenant), Box::new(at.as_str().to_owned()), Box::new(*relation)],
                })
                .collect(),
            Source::Scopes(scopes) => scopes.iter().flat_map(|scope| self.scopes(scope)).collect(),
        }
    }

    fn values(&self, lane: &ValueLane) -> Lane {
        Lane {
            sql: "SELECT pk FROM value_index \
                  WHERE tenant = ?1 AND type = ?2 AND attribute = ?3 AND value BETWEEN ?4 AND ?5",
            binds: vec![
                Box::new(self.tenant),
                Box::new(lane.entity_type),
                Box::new(lane.attribute),
                Box::new(lane.range.0.clone()),
                Box::new(lane.range.1.clone()),
            ],
        }
    }

    fn scopes(&self, scope: &str) -> [Lane; 2] {
        let below = format!("{scope}/");
        [
            Lane {
                sql: "SELECT pk FROM entity_scope WHERE tenant = ?1 AND scope = ?2",
                binds: vec![Box::new(self.tenant), Box::new(scope.to_owned())],
            },
            Lane {
                sql: "SELECT pk FROM entity_scope WHERE tenant = ?1 AND scope >= ?2 AND scope < ?3",
                binds: vec![Box::new(self.tenant), Box::new(below.clone()), Box::new(after_prefix(&below))],
            },
        ]
    }

    fn boxes(&self, property: NameId, types: &[NameId], bounds: &Bounds) -> Vec<Lane> {
        let ranges = cells::ranges(bounds);
        let mut lanes = Vec::new();
        for entity_type in types {
            for (first, last) in &ranges {
                lanes.push(Lane {
                    sql: POINTS,
                    binds: vec![
                        Box::new(self.tenant),
                        Box::new(property),
                        Box::new(*entity_type),
                        Box::new(*first),
                        Box::new(*last),
                        Box::new(bounds.west),
                        Box::new(bounds.east),
                        Box::new(bounds.south),
                        Box::new(bounds.north),
                    ],
                });
            }
        }
        lanes.push(Lane {
            sql: SHAPES,
            binds: vec![
                Box::new(self.tenant),
                Box::new(property),
                Box::new(bounds.west),
                Box::new(bounds.east),
                Box::new(bounds.south),
                Box::new(bounds.north),
            ],
        });
        lanes
    }

    /// The types that have points under a property, if a query names none.
    pub(super) fn types_with_points(&self, property: NameId) -> Failed<Vec<NameId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.type FROM type_count AS c WHERE c.tenant = ?1 AND c.type > 0 AND EXISTS \
             (SELECT 1 FROM geo_grid AS g WHERE g.tenant = ?1 AND g.property = ?2 AND g.type = c.type)",
        )?;
        let types = statement.query_map(params![self.tenant, property], |row| row.get(0))?;
        Ok(types.collect::<Result<_, _>>()?)
    }
}

/// The points in a range of cells that lie in a box.
const POINTS: &str = "SELECT pk FROM geo_point \
    WHERE tenant = ?1 AND property = ?2 AND type = ?3 AND cell BETWEEN ?4 AND ?5 \
    AND lon BETWEEN ?6 AND ?7 AND lat BETWEEN ?8 AND ?9";

/// The other geometries whose boxes touch a box. The tree rounds boxes outwards, never inwards.
pub(super) const SHAPES: &str = "SELECT pk FROM geo_box \
    WHERE west <= ?4 AND east >= ?3 AND south <= ?6 AND north >= ?5 \
    AND tenant_from <= ?1 AND tenant_to >= ?1 AND property = ?2";

/// The first text after all texts that begin so.
fn after_prefix(prefix: &str) -> String {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            letters.push(next);
            return letters.into_iter().collect();
        }
    }
    char::MAX.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_after_a_prefix() {
        assert_eq!(after_prefix("urn:x:"), "urn:x;");
        assert_eq!(after_prefix("a\u{d7ff}"), "a\u{e000}");
        assert_eq!(after_prefix("a\u{10ffff}"), "b");
    }
}
