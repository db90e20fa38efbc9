//! Which of the records that are told become the present, and which are past.

use dinh_model::{Attribute, Entity, Scope, Term, Timestamp};
use dinh_ngsild::temporal::{Records, TemporalInstance, scopes_of};
use dinh_ngsild::vocabulary::SCOPE;

/// The present that records make, and what is past of them.
#[derive(Default)]
pub(super) struct Sorted<'r> {
    pub(super) present: Vec<(Term, Attribute)>,
    pub(super) past: Vec<(&'r Term, &'r TemporalInstance)>,
}

/// The newest record of each data set may become the present, if `takes` lets it; all others are past.
pub(super) fn sort<'r>(
    records: &'r Records,
    now: Timestamp,
    takes: &mut dyn FnMut(&Term, &Attribute) -> bool,
) -> Sorted<'r> {
    let mut sorted = Sorted::default();
    for (name, all) in records {
        let mut newest: Vec<&TemporalInstance> = Vec::new();
        if name.as_str() != SCOPE {
            let time =
                |record: &TemporalInstance| record.deleted_at.or(record.attribute.observed_at).unwrap_or(now);
            for record in all {
                let dataset = &record.attribute.dataset_id;
                match newest.iter_mut().find(|known| known.attribute.dataset_id == *dataset) {
                    Some(known) if time(record) >= time(known) => *known = record,
                    Some(_) => {}
                    None => newest.push(record),
                }
            }
        }
        for record in all {
            let is_newest = newest.iter().any(|known| std::ptr::eq(*known, record));
            let lives = record.deleted_at.is_none() && !record.says_nothing();
            if is_newest && lives && takes(name, &record.attribute) {
                sorted.present.push((name.clone(), record.attribute.clone()));
            } else {
                sorted.past.push((name, record));
            }
        }
    }
    sorted
}

/// True if a record is at least as new as what the entity says now.
pub(super) fn becomes_present(
    entity: &Entity,
    name: &Term,
    record: &Attribute,
    deleted: &[(String, String, i64)],
) -> bool {
    let instances = entity.attributes.get(name).map(Vec::as_slice).unwrap_or_default();
    let present = instances.iter().find(|one| one.dataset_id == record.dataset_id);
    match (present, record.observed_at) {
        (_, None) => true,
        (Some(present), Some(at)) => match present.observed_at {
            Some(known) => at >= known,
            None => at > present.modified_at,
        },
        (None, Some(at)) => {
            let dataset = record.dataset_id.as_ref().map_or("", |id| id.as_str());
            let gone = deleted.iter().find(|(of, set, _)| of == name.as_str() && set == dataset);
            gone.is_none_or(|(.., gone)| at.as_micros() > *gone)
        }
    }
}

/// The scopes that the newest record tells of, unless something newer is known.
pub(super) fn newest_scopes(records: &Records, known: Option<Timestamp>) -> Option<Vec<Scope>> {
    let record = records.get(SCOPE)?.iter().max_by_key(|record| record.attribute.observed_at)?;
    let at = record.attribute.observed_at?;
    (known.is_none_or(|known| at >= known) && record.deleted_at.is_none())
        .then(|| scopes_of(&record.attribute))
}
