//! What several sources tell of one entity becomes one entity (clauses 4.3.6.2, 4.3.6.3 and 4.5.5).

use dinh_model::{Attribute, Entity, EntityId, Term};
use dinh_ngsild::registration::Mode;

/// What one source tells of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// How the source stands to what is kept here.
    pub mode: Mode,
    /// The registration of the source.
    pub registration: EntityId,
    /// What it tells.
    pub entity: Entity,
}

/// One entity of what is kept here and what others tell of it. Of instances of the same attribute the latest is taken; what is
/// told where it alone is kept comes before everything, and what only adds comes after everything.
pub fn merge(local: Option<&Entity>, parts: &[Part]) -> Option<Entity> {
    let told = |proxied: bool, auxiliary: bool| {
        parts.iter().filter(move |part| {
            part.mode.is_proxied() == proxied && (part.mode == Mode::Auxiliary) == auxiliary
        })
    };
    let mut whole = local.cloned();
    for part in told(false, false) {
        lay(&mut whole, &part.entity, is_later);
    }
    let mut proxied = None;
    for part in told(true, false) {
        lay(&mut proxied, &part.entity, is_later);
    }
    if let Some(proxied) = &proxied {
        lay(&mut whole, proxied, |_, _| true);
    }
    for part in told(false, true) {
        let known: Vec<Term> = whole.iter().flat_map(|one| one.attributes.keys().cloned()).collect();
        let mut entity = part.entity.clone();
        entity.attributes.retain(|name, _| !known.contains(name));
        lay(&mut whole, &entity, |_, _| false);
    }
    whole
}

/// Lays one over another; `wins` says whether an instance takes the place of one that is there.
fn lay(whole: &mut Option<Entity>, entity: &Entity, wins: impl Fn(&Attribute, &Attribute) -> bool) {
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
    for (name, instances) in &entity.attributes {
        let there = whole.attributes.entry(name.clone()).or_default();
        for instance in instances {
            match there.iter_mut().find(|old| old.dataset_id == instance.dataset_id) {
                Some(old) if wins(instance, old) => *old = instance.clone(),
                Some(_) => {}
                None => there.push(instance.clone()),
            }
        }
    }
    whole.created_at = whole.created_at.min(entity.created_at);
    whole.modified_at = whole.modified_at.max(entity.modified_at);
}

/// Clause 4.5.5: by when it was observed, and by when it was changed where that is not known.
fn is_later(new: &Attribute, old: &Attribute) -> bool {
    match (new.observed_at, old.observed_at) {
        (Some(new), Some(old)) => new > old,
        _ => new.modified_at > old.modified_at,
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{Timestamp, Value};
    use serde_json::json;

    use super::*;

    const fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    fn entity(attributes: &[(&str, i64, i64)]) -> Entity {
        let mut entity = Entity::new(EntityId::trusted("urn:x:1"), Term::from("T"), at(0));
        for (name, value, changed) in attributes {
            entity.set(Term::from(*name), Attribute::new(Value::Property(json!(value)), at(*changed)));
        }
        entity
    }

    fn values(entity: &Entity) -> Vec<(String, f64)> {
        let all =
            entity.attributes.iter().map(|(name, all)| (name.to_string(), all[0].number().unwrap_or(-1.0)));
        let mut all: Vec<_> = all.collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    #[test]
    fn the_latest_wins_among_equals_the_one_place_before_all_and_what_adds_after_all() {
        let local = entity(&[("a", 1, 10), ("b", 1, 10)]);
        let of = |mode, entity| Part { mode, registration: EntityId::trusted("urn:x:source"), entity };
        let parts = [
            of(Mode::Auxiliary, entity(&[("a", 9, 99), ("d", 9, 99)])),
            of(Mode::Inclusive, entity(&[("a", 2, 20), ("b", 2, 5), ("c", 2, 5)])),
            of(Mode::Redirect, entity(&[("c", 3, 1)])),
        ];
        let merged = merge(Some(&local), &parts).expect("an entity");
        let expected =
            [("a", 2.0), ("b", 1.0), ("c", 3.0), ("d", 9.0)].map(|(name, value)| (name.to_owned(), value));
        assert_eq!(values(&merged), expected);
        assert_eq!(merge(None, &[]), None);
        assert_eq!(merge(None, &parts[1..2]).as_ref(), Some(&parts[1].entity));
    }

    #[test]
    fn what_was_observed_later_wins_whenever_it_arrived() {
        let mut old = entity(&[("a", 1, 50)]);
        let mut new = entity(&[("a", 2, 10)]);
        for (entity, observed) in [(&mut old, 1), (&mut new, 2)] {
            for instances in entity.attributes.values_mut() {
                instances[0].observed_at = Some(at(observed));
            }
        }
        let merged = merge(
            Some(&old),
            &[Part { mode: Mode::Inclusive, registration: EntityId::trusted("urn:x:source"), entity: new }],
        )
        .expect("an entity");
        assert_eq!(values(&merged), [("a".to_owned(), 2.0)]);
    }
}
