//! The copy of a subscription that a source is given: no more than it is registered for (clause 5.8.1.4).

use dinh_model::Term;
use dinh_model::Timestamp;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::{EntitySelector, TypeExpr};
use dinh_ngsild::registration::{EntityInfo, Information, Registration, Types, Wanted};
use dinh_ngsild::subscription::{Deliveries, NotificationFormat, Subscription};
use serde_json::{Map, Value as Json, json};

/// True if an entity may be told in parts by several sources.
pub(super) fn is_split(subscription: &Subscription) -> bool {
    says(subscription, "splitEntities")
}

/// True if a subscription is for this server alone.
pub(super) fn is_local(subscription: &Subscription) -> bool {
    says(subscription, "localOnly")
}

fn says(subscription: &Subscription, name: &str) -> bool {
    subscription.kept.iter().any(|(known, value)| *known == name && *value == Json::Bool(true))
}

/// What a source is told of a subscription under the identifier `id`; none if it has no part in it.
pub(super) fn reduced(
    subscription: &Subscription,
    registration: &Registration,
    parts: &[usize],
    (id, endpoint): (&str, &str),
    context: &LdContext,
) -> Option<Map<String, Json>> {
    let parts: Vec<&Information> = parts.iter().filter_map(|at| registration.information.get(*at)).collect();
    let mut copy = subscription.clone();
    copy.entities = entities(&subscription.entities, &parts);
    copy.watched = watched(&subscription.watched, &parts)?;
    if is_split(subscription) {
        (copy.q, copy.geo, copy.scopes) = (None, None, None);
    }
    (copy.name, copy.description, copy.lang) = (None, None, None);
    copy.kept.retain(|(name, _)| ["splitEntities", "jsonKeys"].contains(name));
    if registration.management.local_only {
        copy.kept.push(("localOnly", Json::Bool(true)));
    }
    // Notifications come in the words of the `@context` of the subscription itself.
    copy.jsonld_context = None;
    let params = &mut copy.notification;
    (params.attributes, params.pick, params.omit) = (None, None, None);
    params.format = Some(NotificationFormat::Normalized);
    params.sys_attrs = Some(true);
    let Json::Object(mut told) = copy.to_json(context, &Deliveries::default(), Timestamp::from_micros(0))
    else {
        return None;
    };
    told.remove("status");
    told.insert("id".to_owned(), id.into());
    if let Some(Json::Object(notification)) = told.get_mut("notification") {
        notification.remove("join");
        notification.remove("joinLevel");
        notification.insert("endpoint".to_owned(), json!({"uri": endpoint, "accept": "application/json"}));
    }
    Some(told)
}

/// What changes a copy into another: its members, and nothing for those that it has no more.
pub(super) fn fragment(old: &Json, new: &Map<String, Json>) -> Json {
    let gone = old.as_object().into_iter().flatten().filter(|(name, _)| !new.contains_key(*name));
    let mut fragment: Map<String, Json> = gone.map(|(name, _)| (name.clone(), Json::Null)).collect();
    fragment.extend(new.iter().map(|(name, value)| (name.clone(), value.clone())));
    fragment.remove("id");
    Json::Object(fragment)
}

/// The attributes that are watched at a source: none stands for all, and nothing for a source that has none of them.
fn watched(asked: &[Term], parts: &[&Information]) -> Option<Vec<Term>> {
    if parts.iter().any(|part| !part.names_attributes()) {
        return Some(asked.to_vec());
    }
    let mut mine: Vec<Term> = Vec::new();
    for name in parts.iter().flat_map(|part| part.attributes()) {
        if (asked.is_empty() || asked.contains(name)) && !mine.contains(name) {
            mine.push(name.clone());
        }
    }
    (!mine.is_empty()).then_some(mine)
}

fn entities(asked: &[EntitySelector], parts: &[&Information]) -> Vec<EntitySelector> {
    let mut all: Vec<EntitySelector> = Vec::new();
    let mut add = |selector: EntitySelector| {
        if !all.contains(&selector) {
            all.push(selector);
        }
    };
    for part in parts {
        if part.entities.is_empty() {
            asked.iter().cloned().for_each(&mut add);
            continue;
        }
        for info in &part.entities {
            if asked.is_empty() {
                add(selector(info));
            }
            for one in asked {
                let wanted = Wanted {
                    ids: &one.ids,
                    id_pattern: one.id_pattern.as_ref(),
                    types: one.types.as_ref().map_or(Types::Any, Types::Selected),
                    ..Wanted::default()
                };
                if wanted.concerns(info) {
                    add(both(one, info));
                }
            }
        }
    }
    all
}

/// The entities that a source is registered for.
fn selector(info: &EntityInfo) -> EntitySelector {
    let mut types: Vec<TypeExpr> = info.types.iter().cloned().map(TypeExpr::Is).collect();
    let types = if types.len() > 1 { Some(TypeExpr::All(types)) } else { types.pop() };
    let id_pattern = info.id_pattern.clone().filter(|_| info.id.is_none());
    EntitySelector { ids: info.id.iter().cloned().collect(), id_pattern, types }
}

/// Of the entities that a source is registered for those that are asked for.
fn both(asked: &EntitySelector, info: &EntityInfo) -> EntitySelector {
    let mut own = selector(info);
    if own.ids.is_empty() {
        let fits = |id: &&dinh_model::EntityId| {
            info.id_pattern.as_ref().is_none_or(|pattern| pattern.matches(id.as_str()))
        };
        own.ids = asked.ids.iter().filter(fits).cloned().collect();
        own.id_pattern = asked.id_pattern.clone().or(own.id_pattern).filter(|_| own.ids.is_empty());
    }
    own
}

#[cfg(test)]
mod tests {
    use dinh_model::Iri;

    use super::*;

    fn told(subscription: &Json, information: &Json) -> Option<Json> {
        let (core, now) = (LdContext::core(), Timestamp::from_micros(0));
        let mut whole = json!({"type": "Subscription", "notification": {
            "endpoint": {"uri": "http://them/n"}, "attributes": ["speed"], "format": "keyValues"}});
        for (name, value) in subscription.as_object().into_iter().flatten() {
            whole[name.as_str()] = value.clone();
        }
        let subscription = Subscription::read(&whole, &core, &Iri::trusted("urn:x:1"), now).expect("valid");
        let registration = json!({"type": "ContextSourceRegistration", "endpoint": "http://a", "information": [information]});
        let registration =
            Registration::read(&registration, &core, &Iri::trusted("urn:x:r"), now).expect("valid");
        reduced(&subscription, &registration, &[0], ("urn:x:copy", "http://us/n"), &core).map(Json::Object)
    }

    #[test]
    fn a_copy_says_no_more_than_the_source_is_registered_for() {
        let asked = json!({"entities": [{"type": "Vehicle,Boat"}], "watchedAttributes": ["speed", "brand"], "q": "speed>50"});
        let copy = told(
            &asked,
            &json!({"entities": [{"type": "Vehicle", "id": "urn:x:7"}], "propertyNames": ["speed", "x"]}),
        )
        .expect("a part");
        assert_eq!(copy["entities"], json!([{"id": "urn:x:7", "type": "Vehicle"}]));
        assert_eq!((&copy["watchedAttributes"], &copy["q"]), (&json!(["speed"]), &json!("speed>50")));
        assert_eq!(copy["notification"]["endpoint"]["uri"], "http://us/n");
        assert_eq!((&copy["id"], copy["notification"].get("attributes")), (&json!("urn:x:copy"), None));
        assert!(told(&asked, &json!({"entities": [{"type": "Vehicle"}], "propertyNames": ["x"]})).is_none());
    }

    #[test]
    fn conditions_on_entities_in_parts_are_looked_at_when_they_are_whole() {
        let asked = json!({"entities": [{"type": "Vehicle"}], "q": "speed>50", "splitEntities": true});
        let copy = told(&asked, &json!({"entities": [{"type": "Vehicle"}]})).expect("a part");
        assert_eq!((copy.get("q"), &copy["splitEntities"]), (None, &json!(true)));
    }

    #[test]
    fn what_a_copy_has_no_more_is_taken_away() {
        let new = json!({"id": "urn:x:1", "type": "Subscription", "watchedAttributes": ["a"]});
        let old = json!({"id": "urn:x:1", "type": "Subscription", "q": "a>1"});
        let fragment = fragment(&old, new.as_object().expect("an object"));
        assert_eq!(fragment, json!({"type": "Subscription", "watchedAttributes": ["a"], "q": null}));
    }
}
