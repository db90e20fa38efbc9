//! Counts that are kept, and the types and attributes that they count.

use dinh_model::Term;
use dinh_ngsild::query::{EntityQuery, Q, TypeExpr};
use rusqlite::{OptionalExtension as _, params};

use super::conditions::is_built_in;
use super::fetch::Scene;
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

    pub(in crate::sqlite) fn type_counts(&self) -> Failed<Vec<TypeCount>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT type, n FROM type_count WHERE tenant = ?1 AND type > 0")?;
        let rows =
            statement.query_map(params![self.tenant], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        let mut counts = Vec::new();
        for row in rows {
            let (id, count) = row?;
            counts.push(TypeCount { entity_type: self.term(id)?, count: count.cast_unsigned() });
        }
        counts.sort_by(|a, b| a.entity_type.cmp(&b.entity_type));
        Ok(counts)
    }

    pub(in crate::sqlite) fn attributes_of_type(&self, entity_type: &Term) -> Failed<Vec<AttributeCount>> {
        let Some(id) = self.name(entity_type) else { return Ok(Vec::new()) };
        let mut statement = self
            .connection
            .prepare_cached("SELECT attribute, n FROM attribute_count WHERE tenant = ?1 AND type = ?2")?;
        let rows =
            statement.query_map(params![self.tenant, id], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        let mut counts = Vec::new();
        for row in rows {
            let (id, count) = row?;
            counts.push(AttributeCount { attribute: self.term(id)?, count: count.cast_unsigned() });
        }
        counts.sort_by(|a, b| a.attribute.cmp(&b.attribute));
        Ok(counts)
    }

    /// How many entities match, where counters or an index know it without looking at any.
    pub(super) fn known_total(&self, query: &EntityQuery) -> Failed<Option<u64>> {
        let bare = query.ids.is_empty()
            && query.id_pattern.is_none()
            && query.selectors.is_empty()
            && query.scopes.is_none()
            && query.geo.is_none();
        if !bare {
            return Ok(None);
        }
        match (&query.types, &query.q, query.attrs.as_slice()) {
            (None, None, []) => self.type_count(0).map(Some),
            (Some(TypeExpr::Is(term)), None, []) => match self.name(term) {
                Some(id) => self.type_count(id).map(Some),
                None => Ok(Some(0)),
            },
            (Some(TypeExpr::Is(term)), None, [attribute]) => self.attribute_count(term, attribute).map(Some),
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
