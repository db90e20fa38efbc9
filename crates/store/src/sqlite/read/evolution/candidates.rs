//! Who may be meant: entities that are there, and those that are gone and have left history.

use std::collections::HashSet;
use std::sync::Arc;

use dinh_model::{Entity, EntityId, Iri, Term, Timestamp};
use dinh_ngsild::query::EntityQuery;
use rusqlite::{OptionalExtension as _, params};

use super::super::fetch::Scene;
use super::super::history::Shown;
use crate::codec::decode_entity;
use crate::history::Kind;
use crate::names::NameId;
use crate::sqlite::failure::Failed;
use crate::{Error, EvolutionQuery};

/// Somebody whose evolution may be asked for.
pub(super) struct Candidate {
    pub(super) pk: i64,
    /// As it is seen, or without attributes if it is gone.
    pub(super) entity: Arc<Entity>,
    /// Since when it is gone.
    pub(super) gone: Option<Timestamp>,
    /// Of which attributes the history is shown.
    pub(super) shown: Shown,
}

/// A series as it is kept.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) attribute: NameId,
    pub(super) dataset: Option<Iri>,
    pub(super) kind: Kind,
}

impl Scene<'_> {
    /// The entity of a name, or what it was.
    pub(super) fn candidate(&self, id: &EntityId) -> Failed<Option<Candidate>> {
        if let Some(raw) = self.raw(id)?
            && let Some(raw) = self.alive(&raw)
        {
            let Some(seen) = self.seen(&raw) else { return Ok(None) };
            let shown = Shown::of(&raw.entity, &seen.entity);
            let pk = raw.place.cast_signed();
            return Ok(Some(Candidate { pk, entity: seen.entity, gone: None, shown }));
        }
        let mut statement = self
            .connection
            .prepare_cached("SELECT pk, doc, at FROM departed WHERE tenant = ?1 AND id = ?2")?;
        let row = statement
            .query_row(params![self.tenant, id.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let row: Option<(i64, Option<Vec<u8>>, Option<i64>)> = row;
        let Some((pk, Some(doc), at)) = row else { return Ok(None) };
        self.departed(pk, id.clone(), &doc, at)
    }

    fn departed(&self, pk: i64, id: EntityId, doc: &[u8], at: Option<i64>) -> Failed<Option<Candidate>> {
        let opening = self.shared.opening(self.tenant);
        let entity = Arc::new(decode_entity(id, doc, &self.shared.names.read(), &opening)?);
        // What hides entities of its types hides it too, as far as it is known what it was.
        if self.sight.view(&entity).is_none() {
            return Ok(None);
        }
        let gone = Some(Timestamp::from_micros(at.unwrap_or_default()));
        Ok(Some(Candidate { pk, entity, gone, shown: Shown::Gone }))
    }

    /// Calls `each` with everybody who fits by identifier and type, until it says no.
    pub(super) fn each_candidate(
        &self,
        query: &EvolutionQuery,
        needed: Option<usize>,
        each: &mut dyn FnMut(Candidate) -> Failed<bool>,
    ) -> Failed<()> {
        let asked = &query.entities;
        let by_name = EntityQuery {
            ids: asked.ids.clone(),
            id_pattern: asked.id_pattern.clone(),
            types: asked.types.clone(),
            selectors: asked.selectors.clone(),
            ..EntityQuery::default()
        };
        let types = self.any_of_types(&by_name)?;
        if types.is_empty() {
            return Ok(());
        }
        let mut plan = self.plan(&by_name, &types, needed)?;
        let mut fetch = self.fetch()?;
        while let Some(pk) = plan.candidates.next()? {
            let raw = fetch.raw(pk)?;
            let Some(raw) = self.alive(&raw) else { continue };
            let Some(seen) = self.seen(&raw) else { continue };
            if !by_name.matches(&seen.entity) {
                continue;
            }
            let shown = Shown::of(&raw.entity, &seen.entity);
            if !each(Candidate { pk, entity: seen.entity, gone: None, shown })? {
                return Ok(());
            }
        }
        self.each_departed(&by_name, &types, each)
    }

    fn each_departed(
        &self,
        by_name: &EntityQuery,
        types: &[NameId],
        each: &mut dyn FnMut(Candidate) -> Failed<bool>,
    ) -> Failed<()> {
        if !by_name.ids.is_empty() {
            for id in &by_name.ids {
                let found = self.candidate(id)?.filter(|found| found.gone.is_some());
                if let Some(found) = found.filter(|found| by_name.matches(&found.entity))
                    && !each(found)?
                {
                    break;
                }
            }
            return Ok(());
        }
        let mut told = HashSet::new();
        for entity_type in types {
            let mut statement = self.connection.prepare_cached(
                "SELECT d.pk, d.id, d.doc, d.at FROM departed_type AS t JOIN departed AS d ON d.pk = t.pk \
                 WHERE t.tenant = ?1 AND (?2 = 0 OR t.type = ?2) ORDER BY t.pk",
            )?;
            let mut rows = statement.query(params![self.tenant, entity_type])?;
            while let Some(row) = rows.next()? {
                let pk: i64 = row.get(0)?;
                if !told.insert(pk) {
                    continue;
                }
                let bound = self.shared.options.scan_budget;
                if told.len() > bound {
                    return Err(Error::TooComplex { what: "looking at entities that are gone", bound });
                }
                let (id, doc): (String, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?);
                let Some(doc) = doc else { continue };
                let Some(found) = self.departed(pk, EntityId::trusted(id), &doc, row.get(3)?)? else {
                    continue;
                };
                if by_name.matches(&found.entity) && !each(found)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The series of somebody, in the order in which they began.
    pub(super) fn rows_of(&self, candidate: &Candidate, attribute: Option<NameId>) -> Failed<Vec<Row>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, attribute, dataset, kind FROM series \
             WHERE pk = ?1 AND (?2 IS NULL OR attribute = ?2) ORDER BY id",
        )?;
        let mut rows = statement.query(params![candidate.pk, attribute])?;
        let mut series = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(kind) = Kind::of(row.get(3)?) else { continue };
            let dataset: String = row.get(2)?;
            let dataset = (!dataset.is_empty()).then(|| Iri::trusted(dataset));
            series.push(Row { id: row.get(0)?, attribute: row.get(1)?, dataset, kind });
        }
        Ok(series)
    }

    /// The attributes of somebody that are shown: those of some names, or all that it has or had.
    pub(super) fn attributes_of(&self, candidate: &Candidate, wanted: &[Term]) -> Failed<Vec<Term>> {
        let mut names: Vec<Term> = if wanted.is_empty() {
            let mut names: Vec<Term> = candidate.entity.attributes.keys().cloned().collect();
            let mut known = HashSet::new();
            for row in self.rows_of(candidate, None)? {
                if known.insert(row.attribute) {
                    names.push(self.term(row.attribute)?);
                }
            }
            names
        } else {
            wanted.to_vec()
        };
        names.sort_unstable();
        names.dedup();
        names.retain(|name| {
            name.as_str() != dinh_ngsild::vocabulary::SCOPE && candidate.shown.shows(name, self.sight)
        });
        Ok(names)
    }
}
