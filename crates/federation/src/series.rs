//! What several sources tell of the past of one entity becomes one evolution (clauses 4.5.5, 5.7.3.4 and 5.7.4.4).

use std::collections::BTreeSet;

use dinh_model::{EntityId, Timestamp};
use dinh_ngsild::registration::Mode;
use dinh_ngsild::temporal::{
    Aggregation, Aggregator, TemporalEntity, TemporalInstance, TemporalQuery, TimeRelation,
};
use dinh_ngsild::vocabulary::SCOPE;

/// What one source tells of the past of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// How the source stands to what is kept here.
    pub mode: Mode,
    /// The registration of the source.
    pub registration: EntityId,
    /// What it tells.
    pub entity: TemporalEntity,
}

/// One evolution of what is kept here and what others tell of it. Of records of the same instant the one that was written last is
/// taken; what is told where it alone is kept comes before all, and what only adds comes after all. `time` holds for the whole.
pub fn merge_series(
    local: Option<TemporalEntity>,
    parts: &[Series],
    time: &TemporalQuery,
) -> Option<TemporalEntity> {
    let told = |mode: fn(Mode) -> bool| parts.iter().filter(move |part| mode(part.mode));
    let mut whole = local;
    for part in told(|mode| mode == Mode::Inclusive) {
        lay(&mut whole, &part.entity, time, |new, old| new.attribute.modified_at > old.attribute.modified_at);
    }
    for part in told(Mode::is_proxied) {
        lay(&mut whole, &part.entity, time, |_, _| true);
    }
    for part in told(|mode| mode == Mode::Auxiliary) {
        let mut entity = part.entity.clone();
        for (name, records) in &mut entity.attributes {
            let known = whole.as_ref().and_then(|whole| whole.attributes.get(name));
            let known: BTreeSet<Timestamp> =
                known.into_iter().flatten().map(|record| record.moment(time.property)).collect();
            records.retain(|record| !known.contains(&record.moment(time.property)));
        }
        lay(&mut whole, &entity, time, |_, _| false);
    }
    let mut whole = whole?;
    time.narrow(&mut whole);
    Some(whole)
}

/// Lays one over another; `wins` says whether a record takes the place of one of the same instant.
fn lay(
    whole: &mut Option<TemporalEntity>,
    entity: &TemporalEntity,
    time: &TemporalQuery,
    wins: impl Fn(&TemporalInstance, &TemporalInstance) -> bool,
) {
    let Some(whole) = whole else {
        *whole = Some(entity.clone());
        return;
    };
    for one in &entity.types {
        if !whole.types.contains(one) {
            whole.types.push(one.clone());
        }
    }
    for scope in &entity.scopes {
        if !whole.scopes.contains(scope) {
            whole.scopes.push(scope.clone());
        }
    }
    let place = |record: &TemporalInstance| {
        let attribute = &record.attribute;
        let gone = record.deleted_at.is_some();
        (record.moment(time.property), attribute.observed_at, gone, attribute.dataset_id.clone())
    };
    for (name, records) in &entity.attributes {
        let there = whole.attributes.entry(name.clone()).or_default();
        let mut places: std::collections::HashMap<_, usize> =
            there.iter().enumerate().map(|(at, record)| (place(record), at)).collect();
        for record in records {
            match places.get(&place(record)).and_then(|at| there.get_mut(*at)) {
                Some(old) if wins(record, old) => *old = record.clone(),
                Some(_) => {}
                None => {
                    places.insert(place(record), there.len());
                    there.push(record.clone());
                }
            }
        }
    }
    whole.created_at = whole.created_at.min(entity.created_at);
    whole.modified_at = whole.modified_at.max(entity.modified_at);
}

/// How far an answer that was cut in time reaches: nothing is known beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Up to this instant, itself included.
    UpTo(Timestamp),
    /// Back to this instant, itself included.
    BackTo(Timestamp),
}

impl Reach {
    /// How far entities reach that a source cut.
    pub(crate) fn of(entities: &[TemporalEntity], time: &TemporalQuery) -> Option<Self> {
        let moments = entities.iter().flat_map(|entity| entity.attributes.values().flatten());
        let moments = moments.map(|record| record.moment(time.property));
        if time.last.is_some() { moments.min().map(Self::BackTo) } else { moments.max().map(Self::UpTo) }
    }

    /// Takes away what lies beyond.
    pub fn cut(self, entity: &mut TemporalEntity, time: &TemporalQuery) {
        let within = |record: &TemporalInstance| match self {
            Self::UpTo(end) => record.moment(time.property) <= end,
            Self::BackTo(begin) => record.moment(time.property) >= begin,
        };
        entity.attributes.retain(|_, records| {
            records.retain(within);
            !records.is_empty()
        });
    }
}

/// How far `most` records of entities reach; none if they are no more than that.
pub fn reach_of_most(entities: &[TemporalEntity], most: usize, time: &TemporalQuery) -> Option<Reach> {
    let records = entities.iter().flat_map(|entity| entity.attributes.values().flatten());
    let mut moments: Vec<Timestamp> = records.map(|record| record.moment(time.property)).collect();
    if moments.len() <= most || most == 0 {
        return None;
    }
    moments.sort_unstable();
    let back = time.last.is_some();
    if back {
        moments.reverse();
    }
    let first_beyond = moments.get(most).copied()?;
    // Records of one instant stay together, also where they alone are too many.
    let within = moments.into_iter().take(most).rev().find(|at| *at != first_beyond).unwrap_or(first_beyond);
    Some(if back { Reach::BackTo(within) } else { Reach::UpTo(within) })
}

/// Puts what the records of an entity come to into their place.
pub fn aggregate(entity: &mut TemporalEntity, aggregation: &Aggregation, time: &TemporalQuery) {
    let within = (time.relation.and_then(TimeRelation::from), time.relation.and_then(TimeRelation::to));
    for (name, records) in std::mem::take(&mut entity.attributes) {
        if name.as_str() == SCOPE {
            continue;
        }
        let datasets: BTreeSet<Option<String>> = records
            .iter()
            .map(|record| record.attribute.dataset_id.as_ref().map(ToString::to_string))
            .collect();
        let mut told = Vec::new();
        for dataset in datasets {
            let mut aggregator = Aggregator::new(aggregation, within);
            let mut dataset_id = None;
            for record in &records {
                let own = &record.attribute.dataset_id;
                if own.as_ref().map(dinh_model::Iri::as_str) != dataset.as_deref() {
                    continue;
                }
                dataset_id.clone_from(own);
                if record.deleted_at.is_none() && !record.says_nothing() {
                    aggregator.value(record.moment(time.property), &record.attribute.value);
                }
            }
            if let Some(mut aggregated) = aggregator.finish() {
                aggregated.dataset_id = dataset_id;
                told.push(aggregated);
            }
        }
        if !told.is_empty() {
            entity.aggregated.insert(name, told);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use dinh_model::{Attribute, Term, Value};
    use serde_json::json;

    use super::*;

    const fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    /// Records of one attribute: when observed, its value, when written.
    fn entity(records: &[(i64, i64, i64)]) -> TemporalEntity {
        let record = |(observed, value, written): &(i64, i64, i64)| {
            let mut attribute = Attribute::new(Value::Property(json!(value)), at(*written));
            attribute.observed_at = Some(at(*observed));
            TemporalInstance::new(attribute)
        };
        TemporalEntity {
            id: EntityId::trusted("urn:x:1"),
            types: vec![Term::from("T")],
            scopes: Vec::new(),
            created_at: at(0),
            modified_at: at(0),
            deleted_at: None,
            attributes: [(Term::from("a"), records.iter().map(record).collect())].into(),
            aggregated: BTreeMap::new(),
        }
    }

    fn part(mode: Mode, records: &[(i64, i64, i64)]) -> Series {
        Series { mode, registration: EntityId::trusted("urn:x:s"), entity: entity(records) }
    }

    fn told(entity: &TemporalEntity) -> Vec<(i64, f64)> {
        let records = entity.attributes.values().flatten();
        records
            .map(|one| (one.moment(<_>::default()).as_micros(), one.attribute.number().unwrap_or(-1.0)))
            .collect()
    }

    #[test]
    fn records_of_all_stand_in_one_row_and_one_instant_has_one() {
        let time = TemporalQuery::default();
        let parts = [
            part(Mode::Auxiliary, &[(1, 9, 99), (5, 9, 99)]),
            part(Mode::Inclusive, &[(2, 2, 20), (1, 2, 5)]),
            part(Mode::Redirect, &[(3, 3, 0)]),
        ];
        let merged =
            merge_series(Some(entity(&[(1, 1, 10), (3, 1, 10)])), &parts, &time).expect("an evolution");
        assert_eq!(told(&merged), [(1, 1.0), (2, 2.0), (3, 3.0), (5, 9.0)]);
        let last = TemporalQuery { last: Some(2), ..time };
        let merged = merge_series(Some(entity(&[(1, 1, 10)])), &parts, &last).expect("an evolution");
        assert_eq!(told(&merged), [(3, 3.0), (5, 9.0)], "the last ones of all");
        assert_eq!(merge_series(None, &[], &time), None);
    }

    #[test]
    fn what_is_too_much_is_cut_at_one_instant() {
        let time = TemporalQuery::default();
        let all = [entity(&[(1, 1, 1), (2, 1, 1), (3, 1, 1)]), entity(&[(2, 1, 1), (4, 1, 1)])];
        assert_eq!(reach_of_most(&all, 5, &time), None);
        assert_eq!(reach_of_most(&all, 4, &time), Some(Reach::UpTo(at(3))));
        assert_eq!(reach_of_most(&all, 2, &time), Some(Reach::UpTo(at(1))), "one instant is not torn apart");
        let last = TemporalQuery { last: Some(9), ..time };
        assert_eq!(reach_of_most(&all, 2, &last), Some(Reach::BackTo(at(3))));
        let mut one = entity(&[(1, 1, 1), (3, 1, 1)]);
        Reach::UpTo(at(2)).cut(&mut one, &time);
        assert_eq!(told(&one), [(1, 1.0)]);
    }

    #[test]
    fn what_records_come_to_is_told_of_all_of_them() {
        let time = TemporalQuery::default();
        let mut merged =
            merge_series(Some(entity(&[(1, 100, 1)])), &[part(Mode::Inclusive, &[(2, 300, 1)])], &time)
                .expect("an evolution");
        aggregate(&mut merged, &Aggregation::parse(Some("avg"), None).expect("a method"), &time);
        let told = merged
            .aggregated
            .values()
            .flatten()
            .flat_map(|one| &one.methods)
            .flat_map(|(_, periods)| periods);
        assert_eq!(told.map(|(value, ..)| value.as_f64()).collect::<Vec<_>>(), [Some(200.0)]);
        assert!(merged.attributes.is_empty());
    }
}
