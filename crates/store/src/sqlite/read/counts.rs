//! Counts that are kept, and the types and attributes that they count.

use std::collections::BTreeMap;

use dinh_access::Seen;
use dinh_model::Term;
use dinh_ngsild::query::{EntityQuery, Q, TypeExpr};
use rusqlite::{OptionalExtension as _, params};

use super::conditions::is_built_in;
use super::fetch::Scene;
use super::walk::Walk;
use crate::facets::{Key, exact_numbers};
use crate::names::NameId;
use crate::sqlite::failure::Failed;
use crate::{AttributeCount, TypeCount};

impl Scene<'_> {
    /// Entities of a type; type 0 for all.
    pub(in crate::sqlite) fn type_count(&self, entity_type: NameId) -> Failed<u64> {
        let mut statement =
            self.connection.prepare_cached("SELECT n FROM type_count WHERE tenant = ?1 AND type = ?2")?;
        let count: Option<i64> =
            statement.query_row(params![self.tenant, entity_type], |row| row.get(0)).optional()?;
        Ok(count.map_or(0, i64::cast_unsigned))
    }

    /// True if every entity of these types is seen, so that what is counted of all holds for whoever asks.
    ///
    /// Kept counts are by type. An entity that has a second type of which something is hidden may be hidden itself, so
    /// where there are such entities at all, the counts of one type do not hold by themselves.
    pub(super) fn counters_hold(&self, types: &[NameId]) -> Failed<bool> {
        if self.sight.is_all() {
            return Ok(true);
        }
        let counts = self.kept_type_counts()?;
        if counts.iter().all(|kept| self.sees_all_of(kept)) {
            return Ok(true);
        }
        for entity_type in types {
            let seen = counts.iter().find(|kept| kept.0 == *entity_type).is_none_or(|k| self.sees_all_of(k));
            if *entity_type == 0 || !seen {
                return Ok(false);
            }
        }
        self.have_one_type_each(&counts)
    }

    fn sees_all_of(&self, kept: &(NameId, Term, u64)) -> bool {
        kept.2 == 0 || self.sight.entities(&kept.1) == Seen::OfAll
    }

    /// True if no entity has two types.
    fn have_one_type_each(&self, counts: &[(NameId, Term, u64)]) -> Failed<bool> {
        Ok(counts.iter().map(|(_, _, count)| count).sum::<u64>() == self.type_count(0)?)
    }

    fn kept_type_counts(&self) -> Failed<Vec<(NameId, Term, u64)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT type, n FROM type_count WHERE tenant = ?1 AND type > 0")?;
        let rows =
            statement.query_map(params![self.tenant], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        let mut counts = Vec::new();
        for row in rows {
            let (id, count) = row?;
            counts.push((id, self.term(id)?, count.cast_unsigned()));
        }
        Ok(counts)
    }

    /// How many entities of a type are seen, by looking at each.
    fn seen_of_type(&self, entity_type: NameId) -> Failed<u64> {
        let mut walk = Walk::new(*self, &[entity_type], 0);
        let mut fetch = self.fetch()?;
        let mut count = 0;
        while let Some(pk) = walk.next()? {
            count += u64::from(fetch.get(pk)?.is_some());
        }
        Ok(count)
    }

    pub(in crate::sqlite) fn type_counts(&self) -> Failed<Vec<TypeCount>> {
        let kept = self.kept_type_counts()?;
        let one_each = self.sight.is_all() || self.have_one_type_each(&kept)?;
        let mut counts = Vec::new();
        for (id, entity_type, count) in kept {
            let count = match self.sight.entities(&entity_type) {
                Seen::OfNone => 0,
                Seen::OfAll if one_each => count,
                _ => self.seen_of_type(id)?,
            };
            if count > 0 {
                counts.push(TypeCount { entity_type, count });
            }
        }
        counts.sort_by(|a, b| a.entity_type.cmp(&b.entity_type));
        Ok(counts)
    }

    /// How many of the entities of a type that are seen have each attribute, by looking at each.
    fn seen_attributes(&self, entity_type: NameId) -> Failed<Vec<AttributeCount>> {
        let mut walk = Walk::new(*self, &[entity_type], 0);
        let mut fetch = self.fetch()?;
        let mut counts: BTreeMap<Term, u64> = BTreeMap::new();
        while let Some(pk) = walk.next()? {
            for name in fetch.get(pk)?.iter().flat_map(|stored| stored.entity.attributes.keys()) {
                *counts.entry(name.clone()).or_default() += 1;
            }
        }
        Ok(counts.into_iter().map(|(attribute, count)| AttributeCount { attribute, count }).collect())
    }

    pub(in crate::sqlite) fn attributes_of_type(&self, entity_type: &Term) -> Failed<Vec<AttributeCount>> {
        let Some(id) = self.name(entity_type) else { return Ok(Vec::new()) };
        if !self.counters_hold(&[id])? {
            return self.seen_attributes(id);
        }
        let mut depends = false;
        let mut statement = self
            .connection
            .prepare_cached("SELECT attribute, n FROM attribute_count WHERE tenant = ?1 AND type = ?2")?;
        let rows =
            statement.query_map(params![self.tenant, id], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        let mut counts = Vec::new();
        for row in rows {
            let (id, count) = row?;
            let attribute = self.term(id)?;
            match self.sight.presence(entity_type, &attribute) {
                Seen::OfAll => counts.push(AttributeCount { attribute, count: count.cast_unsigned() }),
                Seen::OfNone => {}
                Seen::OfSome => depends = true,
            }
        }
        if depends {
            return self.seen_attributes(id);
        }
        counts.sort_by(|a, b| a.attribute.cmp(&b.attribute));
        Ok(counts)
    }

    /// How many entities match, where counters or an index know it without looking at any.
    pub(super) fn known_total(&self, query: &EntityQuery, types: &[NameId]) -> Failed<Option<u64>> {
        let bare = query.ids.is_empty()
            && query.id_pattern.is_none()
            && query.selectors.is_empty()
            && query.scopes.is_none()
            && query.geo.is_none();
        if !bare || !self.counters_hold(types)? {
            return Ok(None);
        }
        match (&query.types, &query.q, query.attrs.as_slice()) {
            (None, None, []) => self.type_count(0).map(Some),
            (Some(TypeExpr::Is(term)), None, []) => match self.name(term) {
                Some(id) => self.type_count(id).map(Some),
                None => Ok(Some(0)),
            },
            (Some(TypeExpr::Is(term)), None, [attribute]) => match self.sight.presence(term, attribute) {
                Seen::OfAll => self.attribute_count(term, attribute).map(Some),
                Seen::OfNone => Ok(Some(0)),
                Seen::OfSome => Ok(None),
            },
            (Some(TypeExpr::Is(term)), Some(q), []) => self.number_total(term, q),
            _ => Ok(None),
        }
    }

    /// How many entities of a type have an attribute.
    fn attribute_count(&self, entity_type: &Term, attribute: &Term) -> Failed<u64> {
        let (Some(id), Some(attribute)) = (self.name(entity_type), self.name(attribute)) else {
            return Ok(0);
        };
        let sql = "SELECT n FROM attribute_count WHERE tenant = ?1 AND type = ?2 AND attribute = ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let count: Option<i64> =
            statement.query_row(params![self.tenant, id, attribute], |row| row.get(0)).optional()?;
        Ok(count.map_or(0, i64::cast_unsigned))
    }

    /// How many entities of a type have a number so compared, by the index alone.
    fn number_total(&self, entity_type: &Term, q: &Q) -> Failed<Option<u64>> {
        let Q::Compare { path, op, value } = q else { return Ok(None) };
        let (Some(id), Some(attribute)) = (self.name(entity_type), self.name(&path.attribute)) else {
            return Ok(None);
        };
        if !path.is_plain()
            || is_built_in(&path.attribute)
            || !self.sight.sees_as_it_is(&path.attribute)
            || !self.shared.specs.get().is_ready(id, attribute)
        {
            return Ok(None);
        }
        let Some((from, with_from, to, with_to)) = exact_numbers(*op, value) else { return Ok(None) };
        let inexact: bool = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM value_index \
                 WHERE tenant = ?1 AND type = ?2 AND attribute = ?3 AND value IN (?4, ?5))",
            )?
            .query_row(params![self.tenant, id, attribute, Key::Any, Key::Inexact], |row| row.get(0))?;
        if inexact {
            return Ok(None);
        }
        let from_sign = if with_from { ">=" } else { ">" };
        let to_sign = if with_to { "<=" } else { "<" };
        let sql = format!(
            "SELECT count(*) FROM value_index WHERE tenant = ?1 AND type = ?2 AND attribute = ?3 \
             AND value {from_sign} ?4 AND value {to_sign} ?5"
        );
        let count: i64 = self
            .connection
            .prepare_cached(&sql)?
            .query_row(params![self.tenant, id, attribute, from, to], |row| row.get(0))?;
        Ok(Some(count.cast_unsigned()))
    }
}
