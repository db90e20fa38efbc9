//! What one attribute of somebody said in the time asked for.

use std::collections::HashMap;

use dinh_model::{Attribute, Iri, Term, Timestamp};
use dinh_ngsild::temporal::{
    Aggregated, Aggregation, Aggregator, InstanceName, TemporalInstance, TemporalQuery, TimeProperty,
    TimeRelation,
};
use dinh_ngsild::vocabulary::SCOPE;
use rusqlite::params;

use super::super::fetch::Scene;
use super::candidates::{Candidate, Row};
use super::cut::Reading;
use crate::codec::{Spot, decode_instance, peek_number};
use crate::history::Kind;
use crate::sqlite::failure::Failed;
use crate::{Error, EvolutionQuery};

/// Most records that one attribute is looked through for by a time that it is not kept by.
const LOOKED_THROUGH: usize = 250_000;
/// Most values that one attribute is aggregated from.
const AGGREGATED: usize = 5_000_000;
/// What was not observed moves on by microseconds where its instant is taken: at most about so many.
const MOVED: i64 = 100_000;

/// Which rows of a series are read.
#[derive(Clone, Copy)]
struct Range {
    from: i64,
    /// The first instant beyond.
    to: i64,
    /// Whether every row in it is asked for, and in its order.
    exact: bool,
}

impl Range {
    const ALL: Self = Self { from: i64::MIN, to: i64::MAX, exact: true };

    /// The rows of a kind that a question about time is about; none if it is about none of them.
    fn of(kind: Kind, time: &TemporalQuery) -> Option<Self> {
        let relation = time.relation;
        let micros = |at: Option<Timestamp>, otherwise: i64| at.map_or(otherwise, Timestamp::as_micros);
        let from = micros(relation.and_then(TimeRelation::from), i64::MIN);
        let to = micros(relation.and_then(TimeRelation::to), i64::MAX);
        if relation.is_none() && !time.stated {
            return Some(Self::ALL);
        }
        match (kind, time.property) {
            (Kind::Observed, TimeProperty::ObservedAt) | (Kind::Deleted, TimeProperty::DeletedAt) => {
                Some(Self { from, to, exact: true })
            }
            (Kind::Changed, TimeProperty::ModifiedAt) => {
                Some(Self { from, to: to.saturating_add(MOVED), exact: false })
            }
            // What is kept since an instant was not created after it.
            (Kind::Changed, TimeProperty::CreatedAt) => Some(Self { from, to: i64::MAX, exact: false }),
            (Kind::Observed, TimeProperty::CreatedAt | TimeProperty::ModifiedAt) => {
                Some(Self { exact: false, ..Self::ALL })
            }
            _ => None,
        }
    }
}

impl Scene<'_> {
    /// True if somebody said something of an attribute in the time asked for.
    pub(super) fn says_something(
        &self,
        candidate: &Candidate,
        name: &Term,
        query: &EvolutionQuery,
    ) -> Failed<bool> {
        let selects = |record: &TemporalInstance| {
            query.time.selects(record) && wants(query, record.attribute.dataset_id.as_ref())
        };
        if Self::present_records(candidate, name).any(|record| selects(&record)) {
            return Ok(true);
        }
        let Some(attribute) = self.name(name) else { return Ok(false) };
        for row in self.rows_of(candidate, Some(attribute))? {
            let Some(range) = Range::of(row.kind, &query.time) else { continue };
            if !wants(query, row.dataset.as_ref()) {
                continue;
            }
            if range.exact {
                let sql =
                    "SELECT EXISTS (SELECT 1 FROM observation WHERE series = ?1 AND at >= ?2 AND at < ?3)";
                let any: bool = self
                    .connection
                    .prepare_cached(sql)?
                    .query_row(params![row.id, range.from, range.to], |row| row.get(0))?;
                if any {
                    return Ok(true);
                }
            } else if !self.read_row(candidate, name, &row, query, (range, Reading::first()))?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The records of an attribute in the time asked for, in their order.
    pub(super) fn records_of(
        &self,
        candidate: &Candidate,
        name: &Term,
        query: &EvolutionQuery,
        reading: Reading,
    ) -> Failed<Vec<TemporalInstance>> {
        let mut records = Vec::new();
        if let Some(attribute) = self.name(name) {
            for row in self.rows_of(candidate, Some(attribute))? {
                let Some(range) = Range::of(row.kind, &query.time) else { continue };
                if wants(query, row.dataset.as_ref()) {
                    records.extend(self.read_row(candidate, name, &row, query, (range, reading))?);
                }
            }
        }
        // What is said now comes after all that was said at the same instant.
        records.extend(Self::present_records(candidate, name).filter(|record| {
            query.time.selects(record) && wants(query, record.attribute.dataset_id.as_ref())
        }));
        records.sort_by_key(|record| record.moment(query.time.property));
        if let Some(last) = query.time.last {
            records.drain(..records.len().saturating_sub(last));
        }
        Ok(records)
    }

    /// All records of the scope, whatever the time asked for.
    pub(super) fn scope_records(&self, candidate: &Candidate) -> Failed<Vec<TemporalInstance>> {
        let name = Term::from(SCOPE);
        let Some(attribute) = self.name(&name) else { return Ok(Vec::new()) };
        let query = EvolutionQuery::default();
        let mut records = Vec::new();
        for row in self.rows_of(candidate, Some(attribute))? {
            records.extend(self.read_row(candidate, &name, &row, &query, (Range::ALL, Reading::all()))?);
        }
        records.sort_by_key(|record| record.moment(TimeProperty::ObservedAt));
        Ok(records)
    }

    /// What was not observed and is still said: it becomes history when it changes.
    fn present_records<'c>(
        candidate: &'c Candidate,
        name: &'c Term,
    ) -> impl Iterator<Item = TemporalInstance> + use<'c> {
        let instances = candidate.entity.attributes.get(name).map(Vec::as_slice).unwrap_or_default();
        instances.iter().filter(|one| one.observed_at.is_none()).map(move |one| {
            let owner =
                InstanceName::owner(candidate.entity.id.as_str(), name.as_str(), one.dataset_id.as_ref());
            let uri = InstanceName::of(owner, Kind::Changed.number(), one.modified_at);
            TemporalInstance { instance_id: Some(uri.to_string()), ..TemporalInstance::new(one.clone()) }
        })
    }

    /// Records of one series in a range, in their order.
    fn read_row(
        &self,
        candidate: &Candidate,
        name: &Term,
        row: &Row,
        query: &EvolutionQuery,
        (range, reading): (Range, Reading),
    ) -> Failed<Vec<TemporalInstance>> {
        let time = &query.time;
        let backwards = time.last.is_some();
        // Rows come in the order asked for if that is the order in which they are kept.
        let most = if range.exact { reading.most.min(time.last.unwrap_or(usize::MAX)) } else { usize::MAX };
        let (from, to) =
            if range.exact { reading.narrow(range.from, range.to) } else { (range.from, range.to) };
        let sql = if backwards {
            "SELECT at, body FROM observation WHERE series = ?1 AND at >= ?2 AND at < ?3 ORDER BY at DESC"
        } else {
            "SELECT at, body FROM observation WHERE series = ?1 AND at >= ?2 AND at < ?3 ORDER BY at"
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![row.id, from, to])?;
        let moved = self.moved(row.id)?;
        let owner = InstanceName::owner(candidate.entity.id.as_str(), name.as_str(), row.dataset.as_ref());
        let mut records = Vec::new();
        let mut looked = 0usize;
        while let Some(found) = rows.next()? {
            looked += 1;
            if looked > LOOKED_THROUGH && !range.exact {
                let what = "looking through the history of an attribute by a time that it is not kept by";
                return Err(Error::TooComplex { what, bound: LOOKED_THROUGH });
            }
            let at: i64 = found.get(0)?;
            let body = found.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let Some(attribute) = self.opened(candidate, name, (row.kind, at), body)? else { continue };
            let uri = match moved.get(&at) {
                Some(uri) => uri.clone(),
                None => InstanceName::of(owner, row.kind.number(), Timestamp::from_micros(at)).to_string(),
            };
            let deleted_at = (row.kind == Kind::Deleted).then(|| Timestamp::from_micros(at));
            let record = TemporalInstance { attribute, deleted_at, instance_id: Some(uri) };
            if !range.exact && !time.selects(&record) {
                continue;
            }
            records.push(record);
            if records.len() >= most || (reading.only_first && !records.is_empty()) {
                break;
            }
        }
        if backwards {
            records.reverse();
        }
        Ok(records)
    }

    /// One record; none if its key is destroyed, or if it should have vanished.
    fn opened(
        &self,
        candidate: &Candidate,
        name: &Term,
        (kind, at): (Kind, i64),
        body: &[u8],
    ) -> Failed<Option<Attribute>> {
        let base = kind.base(Timestamp::from_micros(at));
        let spot = Spot { entity: candidate.entity.id.as_str(), attribute: name.as_str(), base };
        let opening = self.shared.opening(self.tenant);
        let instance = decode_instance(body, &spot, &self.shared.names.read(), &opening)?;
        Ok(instance.filter(|one| one.expires_at.is_none_or(|at| at > self.shared.clock.now())))
    }

    /// The names of records of a series that were moved, by where they are now.
    fn moved(&self, series: i64) -> Failed<HashMap<i64, String>> {
        let mut statement =
            self.connection.prepare_cached("SELECT at, name FROM moved_record WHERE series = ?1")?;
        let rows = statement.query_map([series], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What an attribute comes to, by data set.
    pub(super) fn aggregated(
        &self,
        candidate: &Candidate,
        name: &Term,
        query: &EvolutionQuery,
        aggregation: &Aggregation,
    ) -> Failed<Vec<Aggregated>> {
        let relation = query.time.relation;
        let within = (relation.and_then(TimeRelation::from), relation.and_then(TimeRelation::to));
        let rows = match self.name(name) {
            Some(attribute) => self.rows_of(candidate, Some(attribute))?,
            None => Vec::new(),
        };
        let mut datasets: Vec<Option<Iri>> = rows.iter().map(|row| row.dataset.clone()).collect();
        let present = candidate.entity.attributes.get(name).map(Vec::as_slice).unwrap_or_default();
        datasets.extend(present.iter().map(|one| one.dataset_id.clone()));
        datasets.sort_unstable_by(|a, b| a.as_ref().map(Iri::as_str).cmp(&b.as_ref().map(Iri::as_str)));
        datasets.dedup();
        let mut told = Vec::new();
        for dataset in datasets.into_iter().filter(|dataset| wants(query, dataset.as_ref())) {
            let mut aggregator = Aggregator::new(aggregation, within);
            let of_it: Vec<&Row> = rows.iter().filter(|row| row.dataset == dataset).collect();
            let by_place = query.time.property == TimeProperty::ObservedAt && query.time.last.is_none();
            match of_it.iter().find(|row| row.kind == Kind::Observed) {
                Some(row)
                    if by_place
                        && (query.time.relation.is_some() || query.time.stated || of_it.len() == 1) =>
                {
                    self.aggregate_row(candidate, name, row, query, &mut aggregator)?;
                }
                _ => {
                    let one = EvolutionQuery {
                        entities: dinh_ngsild::query::EntityQuery {
                            dataset_ids: vec![dataset.clone()],
                            ..dinh_ngsild::query::EntityQuery::default()
                        },
                        time: query.time,
                        ..EvolutionQuery::default()
                    };
                    for record in self.records_of(candidate, name, &one, Reading::all())? {
                        if record.deleted_at.is_none() && !record.says_nothing() {
                            aggregator.value(record.moment(query.time.property), &record.attribute.value);
                        }
                    }
                }
            }
            if let Some(mut aggregated) = aggregator.finish() {
                aggregated.dataset_id = dataset;
                told.push(aggregated);
            }
        }
        Ok(told)
    }

    /// Numbers, the usual case, are not decoded into values.
    fn aggregate_row(
        &self,
        candidate: &Candidate,
        name: &Term,
        row: &Row,
        query: &EvolutionQuery,
        aggregator: &mut Aggregator<'_>,
    ) -> Failed<()> {
        let Some(range) = Range::of(row.kind, &query.time) else { return Ok(()) };
        let mut statement = self.connection.prepare_cached(
            "SELECT at, body FROM observation WHERE series = ?1 AND at >= ?2 AND at < ?3 ORDER BY at",
        )?;
        let mut rows = statement.query(params![row.id, range.from, range.to])?;
        let mut looked = 0usize;
        while let Some(found) = rows.next()? {
            looked += 1;
            if looked > AGGREGATED {
                return Err(Error::TooComplex { what: "aggregating values", bound: AGGREGATED });
            }
            let micros: i64 = found.get(0)?;
            let at = Timestamp::from_micros(micros);
            let body = found.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            if let Some(number) = peek_number(body) {
                aggregator.number(at, number);
            } else if let Some(attribute) = self.opened(candidate, name, (row.kind, micros), body)? {
                let record = TemporalInstance::new(attribute);
                if !record.says_nothing() {
                    aggregator.value(at, &record.attribute.value);
                }
            }
            if aggregator.periods() > Aggregation::MOST_PERIODS {
                let bound = Aggregation::MOST_PERIODS;
                return Err(Error::TooComplex { what: "periods of an aggregation", bound });
            }
        }
        Ok(())
    }
}

/// True if instances of a data set are asked for.
fn wants(query: &EvolutionQuery, dataset: Option<&Iri>) -> bool {
    let wanted = &query.entities.dataset_ids;
    wanted.is_empty() || wanted.iter().any(|one| one.as_ref() == dataset)
}
