//! What lies in an area: for maps and tiles.

use std::collections::{HashMap, HashSet};

use dinh_model::Term;
use rusqlite::params;

use super::fetch::Scene;
use super::source::SHAPES;
use crate::cells;
use crate::names::NameId;
use crate::query::Bounds;
use crate::sqlite::failure::Failed;
use crate::{Area, AreaQuery, Error, GridCell};

/// Most cells of one grid.
const MAX_CELLS: usize = 65_536;

impl Scene<'_> {
    /// Entities whose point lies in the area, in no particular order.
    pub(in crate::sqlite) fn points_in(&self, query: &AreaQuery) -> Failed<Area> {
        let limit = self.page(query.limit)?;
        let Some((property, types)) = self.lanes_of(query)? else { return Ok(Area::default()) };
        let Bounds { west, south, east, north } = query.bounds;
        let ranges = cells::ranges(&query.bounds);
        let mut statement = self.connection.prepare_cached(
            "SELECT pk FROM geo_point WHERE tenant = ?1 AND property = ?2 AND type = ?3 \
             AND cell BETWEEN ?4 AND ?5 AND lon BETWEEN ?6 AND ?7 AND lat BETWEEN ?8 AND ?9",
        )?;
        let mut found = Found::new(limit);
        for entity_type in types {
            for (first, last) in &ranges {
                let range =
                    params![self.tenant, property, entity_type, first, last, west, east, south, north];
                let mut rows = statement.query(range)?;
                while let Some(row) = rows.next()? {
                    if found.is_over(row.get(0)?) {
                        return self.area(&found, &query.property);
                    }
                }
            }
        }
        self.area(&found, &query.property)
    }

    /// Entities whose line, polygon or collection has a box that touches the area.
    pub(in crate::sqlite) fn shapes_in(&self, query: &AreaQuery) -> Failed<Area> {
        let limit = self.page(query.limit)?;
        let Some(property) = self.name(&query.property) else { return Ok(Area::default()) };
        let types: Vec<NameId> = query.types.iter().filter_map(|term| self.name(term)).collect();
        let Bounds { west, south, east, north } = query.bounds;
        let mut statement = self.connection.prepare_cached(SHAPES)?;
        let mut of_type = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entity_type WHERE tenant = ?1 AND type = ?2 AND pk = ?3)",
        )?;
        let mut found = Found::new(limit);
        let mut rows = statement.query(params![self.tenant, property, west, east, south, north])?;
        while let Some(row) = rows.next()? {
            let pk: i64 = row.get(0)?;
            let mut fits = query.types.is_empty();
            for entity_type in &types {
                fits = fits || of_type.query_row(params![self.tenant, entity_type, pk], |row| row.get(0))?;
            }
            if fits && found.is_over(pk) {
                break;
            }
        }
        self.area(&found, &query.property)
    }

    /// What is seen of what was found, where it lies included.
    fn area(&self, found: &Found, property: &Term) -> Failed<Area> {
        let mut fetch = self.fetch()?.keeping_all();
        let mut entities = Vec::with_capacity(found.keys.len());
        for pk in &found.keys {
            entities
                .extend(fetch.get(*pk)?.filter(|stored| stored.entity.geometry(property.as_str()).is_some()));
        }
        Ok(Area { entities, more: found.more })
    }

    /// How many points lie in each cell that touches the area. A level has so many bits an axis, up to
    /// [`cells::GRID_BITS`]. An entity of two of the types counts twice.
    pub(in crate::sqlite) fn grid(&self, query: &AreaQuery, level: u32) -> Failed<Vec<GridCell>> {
        let Some((property, types)) = self.lanes_of(query)? else { return Ok(Vec::new()) };
        let level = level.min(cells::GRID_BITS);
        let shift = 2 * (cells::GRID_BITS - level);
        let mut statement = self.connection.prepare_cached(
            "SELECT cell >> ?6, sum(n) FROM geo_grid WHERE tenant = ?1 AND property = ?2 AND type = ?3 \
             AND cell BETWEEN ?4 AND ?5 GROUP BY 1",
        )?;
        let mut counts: HashMap<i64, i64> = HashMap::new();
        if !self.counters_hold(&types)? || !self.sight.sees_as_it_is(&query.property) {
            return self.grid_of_seen(query, property, &types, level);
        }
        for entity_type in types {
            for (first, last) in cells::coarse_ranges(&query.bounds) {
                let mut rows =
                    statement.query(params![self.tenant, property, entity_type, first, last, shift])?;
                while let Some(row) = rows.next()? {
                    *counts.entry(row.get(0)?).or_default() += row.get::<_, i64>(1)?;
                    if counts.len() > MAX_CELLS {
                        return Err(Error::TooComplex { what: "the cells of the grid", bound: MAX_CELLS });
                    }
                }
            }
        }
        Ok(grid_of(counts, query, level))
    }

    /// The same where some points are hidden: each one is looked at.
    fn grid_of_seen(
        &self,
        query: &AreaQuery,
        property: NameId,
        types: &[NameId],
        level: u32,
    ) -> Failed<Vec<GridCell>> {
        let shift = 2 * (cells::GRID_BITS - level);
        let mut statement = self.connection.prepare_cached(
            "SELECT pk, cell FROM geo_point WHERE tenant = ?1 AND property = ?2 AND type = ?3 \
             AND cell BETWEEN ?4 AND ?5",
        )?;
        let mut counts: HashMap<i64, i64> = HashMap::new();
        let mut fetch = self.fetch()?.keeping_all();
        for entity_type in types {
            for range in cells::coarse_ranges(&query.bounds) {
                let (first, last) = cells::fine(range);
                let mut rows = statement.query(params![self.tenant, property, entity_type, first, last])?;
                while let Some(row) = rows.next()? {
                    let stored = fetch.get(row.get(0)?)?;
                    let shown = stored.is_some_and(|s| s.entity.geometry(query.property.as_str()).is_some());
                    if shown {
                        *counts.entry(cells::coarse(row.get(1)?) >> shift).or_default() += 1;
                    }
                }
            }
        }
        Ok(grid_of(counts, query, level))
    }

    /// The numbers of the property and of the types; `None` if there can be nothing.
    fn lanes_of(&self, query: &AreaQuery) -> Failed<Option<(NameId, Vec<NameId>)>> {
        let Some(property) = self.name(&query.property) else { return Ok(None) };
        let types = if query.types.is_empty() {
            self.types_with_points(property)?
        } else {
            query.types.iter().filter_map(|term| self.name(term)).collect()
        };
        Ok(Some((property, types)))
    }
}

/// The cells that touch the area, from south to north and west to east.
fn grid_of(counts: HashMap<i64, i64>, query: &AreaQuery, level: u32) -> Vec<GridCell> {
    let cell = |(cell, count): (i64, i64)| GridCell {
        bounds: cells::coarse_bounds(cell, level),
        count: count.unsigned_abs(),
    };
    let mut grid: Vec<GridCell> = counts.into_iter().map(cell).collect();
    // Ranges of cells reach beyond the area; cells that only touch it belong.
    let Bounds { west, south, east, north } = query.bounds;
    grid.retain(|c| {
        c.bounds.west <= east && c.bounds.east >= west && c.bounds.south <= north && c.bounds.north >= south
    });
    grid.sort_by(|a, b| {
        let place = |c: &GridCell| (c.bounds.south, c.bounds.west);
        place(a).partial_cmp(&place(b)).unwrap_or(std::cmp::Ordering::Equal)
    });
    grid
}

/// Keys found, each once.
struct Found {
    limit: usize,
    keys: Vec<i64>,
    seen: HashSet<i64>,
    more: bool,
}

impl Found {
    fn new(limit: usize) -> Self {
        Self { limit, keys: Vec::new(), seen: HashSet::new(), more: false }
    }

    /// Takes a key; true if it is one too many.
    fn is_over(&mut self, pk: i64) -> bool {
        if self.seen.insert(pk) {
            if self.keys.len() == self.limit {
                self.more = true;
                return true;
            }
            self.keys.push(pk);
        }
        false
    }
}
