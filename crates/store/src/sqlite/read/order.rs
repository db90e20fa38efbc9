//! Queries with an order.
//!
//! In general every match is looked at and the best are kept. For all entities of a type by an indexed number, the
//! index gives them in order and reading stops when the page is sure.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};

use dinh_ngsild::query::{Direction, EntityQuery, OrderKey, OrderSubject, TypeExpr, compare};
use rusqlite::params;

use super::conditions::is_built_in;
use super::fetch::Scene;
use super::linked::Judge;
use crate::names::NameId;
use crate::sqlite::failure::Failed;
use crate::{Error, Page, Stored};

/// Most entities that one ordered query keeps, offset included: a bound on memory.
const MAX_KEPT: usize = 10_000;

/// A match and its place in the order. The largest is the last one.
struct Ranked<'q> {
    order: &'q [OrderKey],
    stored: Stored,
}

impl PartialEq for Ranked<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked<'_> {}

impl PartialOrd for Ranked<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(self.order, &self.stored.entity, &other.stored.entity)
    }
}

impl Scene<'_> {
    pub(super) fn ordered(
        &self,
        query: &EntityQuery,
        types: &[NameId],
        count_all: bool,
        mut page: Page,
    ) -> Failed<Page> {
        let keep = query.offset + query.limit;
        if keep > MAX_KEPT {
            return Err(Error::TooComplex { what: "offset and limit of an ordered query", bound: MAX_KEPT });
        }
        if !count_all && let Some(entities) = self.by_index(query, types, keep)? {
            page.entities = entities;
            return Ok(page);
        }
        let mut candidates = self.plan(query, types, None)?.candidates;
        let (mut fetch, mut judge) = (self.fetch()?, Judge::new(*self, query));
        let mut kept = BinaryHeap::with_capacity(keep.min(1024) + 1);
        let mut matched = 0u64;
        while let Some(pk) = candidates.next()? {
            let Some(stored) = fetch.get(pk)? else { continue };
            if judge.finds(&stored.entity)? {
                matched += 1;
                kept.push(Ranked { order: &query.order, stored });
                if kept.len() > keep {
                    kept.pop();
                }
            }
        }
        page.entities = kept.into_sorted_vec().into_iter().skip(query.offset).map(|r| r.stored).collect();
        if count_all {
            page.total = Some(matched);
        }
        Ok(page)
    }

    /// The page by an index of numbers, if there is one and it suffices.
    ///
    /// An entity orders by its default instance, while the index holds all instances. Going up the index, every entity
    /// whose ordering number is below the present one has been seen; so once enough of those are found, the page is
    /// among them. Going down is the same if there are numbers only: whatever else there is would come first.
    fn by_index(&self, query: &EntityQuery, types: &[NameId], keep: usize) -> Failed<Option<Vec<Stored>>> {
        let Some((attribute, direction)) = self.index_of(query, types)? else { return Ok(None) };
        let entity_type = types.first().copied().unwrap_or(0);
        let (sign, way) = match direction {
            Direction::Ascending => (1.0, "ASC"),
            Direction::Descending => (-1.0, "DESC"),
        };
        let sql = format!(
            "SELECT value, pk FROM value_index WHERE tenant = ?1 AND type = ?2 AND attribute = ?3 \
             AND value < '' ORDER BY value {way}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![self.tenant, entity_type, attribute])?;
        let (mut fetch, mut seen, mut found) = (self.fetch()?, HashSet::new(), Vec::new());
        // Found numbers, in the direction of the order, that are not sure yet.
        let mut ahead: BinaryHeap<std::cmp::Reverse<Number>> = BinaryHeap::new();
        let mut sure = 0;
        while let Some(row) = rows.next()? {
            let here = Number(row.get::<_, f64>(0)? * sign);
            while ahead.peek().is_some_and(|next| next.0 < here) {
                ahead.pop();
                sure += 1;
            }
            if sure >= keep {
                return Ok(Some(page_of(found, query)));
            }
            let pk: i64 = row.get(1)?;
            if !seen.insert(pk) {
                continue;
            }
            if let Some(stored) = fetch.get(pk)?.filter(|stored| query.matches(&stored.entity)) {
                // A number that does not come from a plain property: its place is not known here.
                let Some(number) = self.number_of(&stored, attribute)? else { return Ok(None) };
                ahead.push(std::cmp::Reverse(Number((number + 0.0) * sign)));
                found.push(stored);
            }
        }
        Ok((found.len() >= keep).then(|| page_of(found, query)))
    }

    /// The indexed attribute by which a query for one type is ordered, if numbers are all that it ever holds.
    fn index_of(&self, query: &EntityQuery, types: &[NameId]) -> Failed<Option<(NameId, Direction)>> {
        let ([key], [entity_type], Some(TypeExpr::Is(_))) = (query.order.as_slice(), types, &query.types)
        else {
            return Ok(None);
        };
        let OrderSubject::Value(path) = &key.subject else { return Ok(None) };
        let Some(attribute) = self.name(&path.attribute) else { return Ok(None) };
        let narrow =
            !query.ids.is_empty() || query.geo.is_some() || query.scopes.is_some() || query.q.is_some();
        let fits = path.is_plain()
            && !narrow
            && !is_built_in(&path.attribute)
            && self.finds_by(types, &path.attribute)
            && self.shared.specs.get().is_ready(*entity_type, attribute);
        if !fits {
            return Ok(None);
        }
        let others: bool = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM value_index \
                 WHERE tenant = ?1 AND type = ?2 AND attribute = ?3 AND value >= '')",
            )?
            .query_row(params![self.tenant, entity_type, attribute], |row| row.get(0))?;
        Ok((!others).then_some((attribute, key.direction)))
    }

    fn number_of(&self, stored: &Stored, attribute: NameId) -> Failed<Option<f64>> {
        let name = self.term(attribute)?;
        Ok(stored.entity.attribute(name.as_str()).and_then(dinh_model::Attribute::number))
    }
}

fn page_of(mut found: Vec<Stored>, query: &EntityQuery) -> Vec<Stored> {
    found.sort_by(|a, b| compare(&query.order, &a.entity, &b.entity));
    found.into_iter().skip(query.offset).take(query.limit).collect()
}

/// A number with a total order.
#[derive(Clone, Copy, PartialEq)]
struct Number(f64);

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}
