//! History of one entity.

use std::collections::HashSet;
use std::sync::Arc;

use dinh_access::Sight;
use dinh_model::{Attribute, Entity, Iri, Term, Timestamp};
use rusqlite::{OptionalExtension as _, params};

use super::fetch::Scene;
use crate::codec::{Spot, decode_instance};
use crate::names::NameId;
use crate::sqlite::failure::Failed;
use crate::{History, HistoryPosition, HistoryQuery, Series};

/// A series as it is kept.
struct Row {
    id: i64,
    attribute: NameId,
    dataset: String,
}

/// Of which attributes the history is shown. What is masked has none: each value would tell.
pub(super) enum Shown {
    All,
    None,
    /// The entity is gone, and its types with it: of what is seen wherever it stands.
    Gone,
    Part {
        clear: HashSet<Term>,
        hidden: HashSet<Term>,
    },
}

impl Shown {
    /// Of an entity as it is, and as it is seen.
    pub(super) fn of(raw: &Arc<Entity>, seen: &Arc<Entity>) -> Self {
        if Arc::ptr_eq(raw, seen) {
            return Self::All;
        }
        let (raw, seen) = (&raw.attributes, &seen.attributes);
        let clear = seen.iter().filter(|(name, instances)| raw.get(*name) == Some(*instances));
        let hidden = raw.keys().filter(|name| !seen.contains_key(*name) || raw.get(*name) != seen.get(*name));
        Self::Part { clear: clear.map(|(name, _)| name.clone()).collect(), hidden: hidden.cloned().collect() }
    }

    pub(super) fn shows(&self, attribute: &Term, sight: &Sight) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Gone => sight.sees_everywhere(attribute),
            // What the entity no longer has is shown if it would be, wherever it stood.
            Self::Part { clear, hidden } => {
                clear.contains(attribute) || !hidden.contains(attribute) && sight.sees_everywhere(attribute)
            }
        }
    }
}

impl Scene<'_> {
    pub(in crate::sqlite) fn history(&self, query: &HistoryQuery) -> Failed<History> {
        let limit = self.page(query.limit)?;
        let mut history = History::default();
        let Some(pk) = self.present_or_past_key(query)? else { return Ok(history) };
        let mut left = limit;
        let shown = self.shown(query)?;
        for row in self.series(pk, query)? {
            let attribute = self.term(row.attribute)?;
            if !shown.shows(&attribute, self.sight) {
                continue;
            }
            let begun = query.after.as_ref().filter(|after| after.series == row.id);
            // One more than there is room for tells whether there is more.
            let of = (row.id, &attribute);
            let mut observations = self.observations(of, query, begun.map(|after| after.at), left + 1)?;
            let more = observations.len() > left;
            observations.truncate(left);
            left -= observations.len();
            let last = observations.last().map(|(at, _)| Timestamp::from_micros(*at));
            // Those whose keys are destroyed are gone.
            let page: Vec<Attribute> =
                observations.into_iter().filter_map(|(_, instance)| instance).collect();
            if !page.is_empty() {
                history.series.push(Series {
                    attribute,
                    dataset_id: (!row.dataset.is_empty()).then(|| Iri::trusted(row.dataset)),
                    observations: page,
                });
            }
            if more {
                let before = Timestamp::from_micros(i64::MIN);
                history.next = Some(HistoryPosition {
                    series: row.id,
                    at: last.or(begun.map(|after| after.at)).unwrap_or(before),
                });
                break;
            }
        }
        Ok(history)
    }

    /// Which attributes of the entity are seen as they are.
    fn shown(&self, query: &HistoryQuery) -> Failed<Shown> {
        if self.sight.is_all() {
            return Ok(Shown::All);
        }
        let Some(raw) = self.raw(&query.id)? else { return Ok(Shown::Gone) };
        let Some(raw) = self.alive(&raw) else { return Ok(Shown::Gone) };
        let Some(seen) = self.seen(&raw) else { return Ok(Shown::None) };
        Ok(Shown::of(&raw.entity, &seen.entity))
    }

    fn present_or_past_key(&self, query: &HistoryQuery) -> Failed<Option<i64>> {
        if let Some(pk) = self.key(&query.id)? {
            return Ok(Some(pk));
        }
        let mut statement =
            self.connection.prepare_cached("SELECT pk FROM departed WHERE tenant = ?1 AND id = ?2")?;
        Ok(statement.query_row(params![self.tenant, query.id.as_str()], |row| row.get(0)).optional()?)
    }

    /// The series asked for, from the one where the page before has ended.
    fn series(&self, pk: i64, query: &HistoryQuery) -> Failed<Vec<Row>> {
        let from = query.after.as_ref().map_or(i64::MIN, |after| after.series);
        let mut statement = self.connection.prepare_cached(
            "SELECT id, attribute, dataset FROM series WHERE pk = ?1 AND id >= ?2 AND kind = 0 ORDER BY id",
        )?;
        let rows = statement.query_map(params![pk, from], |row| {
            Ok(Row { id: row.get(0)?, attribute: row.get(1)?, dataset: row.get(2)? })
        })?;
        let wanted: Vec<NameId> = query.attributes.iter().filter_map(|term| self.name(term)).collect();
        let mut series = Vec::new();
        for row in rows {
            let row = row?;
            if query.attributes.is_empty() || wanted.contains(&row.attribute) {
                series.push(row);
            }
        }
        Ok(series)
    }

    /// Observations of one series after an instant, earliest first.
    fn observations(
        &self,
        (series, attribute): (i64, &Term),
        query: &HistoryQuery,
        after: Option<Timestamp>,
        limit: usize,
    ) -> Failed<Vec<(i64, Option<Attribute>)>> {
        let asked = query.from.map_or(i64::MIN, Timestamp::as_micros);
        let from = after.map_or(asked, |at| asked.max(at.as_micros().saturating_add(1)));
        let to = query.to.map_or(i64::MAX, Timestamp::as_micros);
        let from = match query.last {
            Some(last) => {
                self.first_of_last(series, asked, to, last)?.map_or(i64::MAX, |first| first.max(from))
            }
            None => from,
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT at, body FROM observation WHERE series = ?1 AND at >= ?2 AND at < ?3 ORDER BY at LIMIT ?4",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![series, from, to, limit])?;
        let opening = self.shared.opening(self.tenant);
        let mut observations = Vec::new();
        while let Some(row) = rows.next()? {
            let at: i64 = row.get(0)?;
            let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let names = self.shared.names.read();
            let base = Timestamp::from_micros(at);
            let spot = Spot { entity: query.id.as_str(), attribute: attribute.as_str(), base };
            let instance = decode_instance(body, &spot, &names, &opening)?;
            let lasts = |one: &Attribute| one.expires_at.is_none_or(|at| at > self.shared.clock.now());
            observations.push((at, instance.filter(lasts)));
        }
        Ok(observations)
    }

    /// The instant of the earliest of the last so many observations.
    fn first_of_last(&self, series: i64, from: i64, to: i64, last: usize) -> Failed<Option<i64>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT min(at) FROM (SELECT at FROM observation WHERE series = ?1 AND at >= ?2 AND at < ?3 \
             ORDER BY at DESC LIMIT ?4)",
        )?;
        let last = i64::try_from(last).unwrap_or(i64::MAX);
        Ok(statement.query_row(params![series, from, to, last], |row| row.get(0))?)
    }
}
