//! Subscriptions: what is taken, what calls them, what they send.

use std::sync::Arc;

use dinh_model::{Change, ChangeKind, Entity, Iri, Tenant, Timestamp};
use serde_json::{Value as Json, json};

use super::made_up::{NOW, term};
use crate::context::{Context, NoLoader};
use crate::linked::Linked;
use crate::mutation::{Mutation, created_changes};
use crate::problem::Problem;
use crate::read::{self, ReadError, Reader};
use crate::subscription::{Deliveries, MqttVersion, Notification, NotificationItem, Status, Subscription};

const LATER: Timestamp = NOW.plus_micros(60_000_000);

fn id() -> Iri {
    Iri::parse("urn:ngsi-ld:Subscription:1").unwrap()
}

/// A subscription to gauges with these members added or replaced.
fn asked(members: &Json) -> Json {
    let mut json = json!({
        "type": "Subscription",
        "entities": [{"type": "Gauge"}],
        "notification": {"endpoint": {"uri": "http://127.0.0.1:9/notify"}}
    });
    json.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    json
}

fn subscription(members: &Json) -> Result<Subscription, ReadError> {
    Subscription::read(&asked(members), &Context::core(), &id(), NOW)
}

fn notification(params: &Json) -> Json {
    let mut json = json!({"endpoint": {"uri": "http://127.0.0.1:9/notify"}});
    json.as_object_mut().unwrap().extend(params.as_object().unwrap().clone());
    json!({"notification": json})
}

fn gauge() -> Entity {
    let json = json!({
        "id": "urn:ngsi-ld:Gauge:1", "type": "Gauge", "scope": "/Hue",
        "level": {"value": 3, "unitCode": "MTR", "observedAt": "2026-01-01T00:00:00Z"},
        "name": {"languageMap": {"vi": "Trạm", "en": "Station"}},
        "of": {"object": "urn:ngsi-ld:River:1"},
        "location": {"type": "Point", "coordinates": [107.6, 16.4]}
    });
    read::entity(&Reader::new(&Context::core(), NOW), json).unwrap()
}

fn change(kind: ChangeKind, entity: &Entity) -> Change {
    Change {
        seq: 1,
        tenant: Tenant::default_tenant(),
        entity: entity.id.clone(),
        types: entity.types.clone(),
        kind,
        at: LATER,
        version: 2,
        by: "local".to_owned(),
        attributes: Vec::new(),
    }
}

/// The gauge after an update with `json`, and the change.
fn updated(json: Json) -> (Entity, Change) {
    let context = Context::core();
    let mut entity = gauge();
    let fragment = read::update_fragment(&Reader::new(&context, LATER), json).unwrap().content;
    let applied = Mutation::Update { fragment }.apply(&mut entity, LATER).unwrap();
    let mut change = change(ChangeKind::Updated, &entity);
    change.attributes = applied.changes;
    (entity, change)
}

fn created() -> (Entity, Change) {
    let entity = gauge();
    let mut change = change(ChangeKind::Created, &entity);
    change.attributes = created_changes(&entity);
    (entity, change)
}

fn deleted() -> (Entity, Change) {
    let entity = gauge();
    let change = change(ChangeKind::Deleted, &entity);
    (entity, change)
}

/// What an entity links to, if the subscription wants it: the river, which flows from a lake.
fn linked<'s>(subscription: &'s Subscription, entity: &Entity) -> Option<Linked<'s>> {
    let (mut linked, levels) = subscription.links_of(&[entity])?;
    for _ in 0..levels {
        let found = linked.wanted().unwrap().into_iter().filter_map(|id| {
            let json = match id.as_str() {
                "urn:ngsi-ld:River:1" => json!({
                    "id": "urn:ngsi-ld:River:1", "type": "River", "name": "Hương", "from": {"object": "urn:ngsi-ld:Lake:1"}
                }),
                "urn:ngsi-ld:Lake:1" => json!({
                    "id": "urn:ngsi-ld:Lake:1", "type": "Lake", "into": {"object": "urn:ngsi-ld:River:1"}
                }),
                _ => return None,
            };
            let entity = read::entity(&Reader::new(&Context::core(), NOW), json).unwrap();
            Some((entity.id.clone(), Arc::new(entity)))
        });
        let found = found.collect();
        linked.take(found);
    }
    Some(linked)
}

/// The first entity in the notification of `subscription` about a change.
fn sent(subscription: &Subscription, told: &(Entity, Change)) -> Json {
    all_sent(subscription, told)[0].clone()
}

fn all_sent(subscription: &Subscription, (entity, change): &(Entity, Change)) -> Json {
    let context = Context::core();
    let mut out = Vec::new();
    let id = Iri::parse("urn:ngsi-ld:Notification:1").unwrap();
    let linked = linked(subscription, entity);
    let notification = Notification {
        id: &id,
        subscription,
        at: LATER,
        context: &context,
        embed_context: "\"urn:c\"",
        linked: linked.as_ref(),
    };
    notification.write(&mut out, &[NotificationItem { entity, change: Some(change) }]);
    let json: Json = serde_json::from_slice(&out).unwrap();
    assert_eq!(json["type"], "Notification");
    assert_eq!(json["subscriptionId"], "urn:ngsi-ld:Subscription:1");
    assert_eq!(json["notifiedAt"], "2026-11-20T14:06:00Z");
    json["data"].clone()
}

#[test]
fn linked_entities_are_told_too() {
    let data = |params: &Json| {
        all_sent(&subscription(&notification(params)).unwrap(), &updated(json!({"level": {"value": 5}})))
    };
    let river = json!({
        "id": "urn:ngsi-ld:River:1", "type": "River", "name": {"type": "Property", "value": "Hương"},
        "from": {"type": "Relationship", "object": "urn:ngsi-ld:Lake:1"}
    });
    let flat = data(&json!({"join": "flat"}));
    assert_eq!(
        (&flat[0]["level"]["value"], &flat[1], flat.as_array().unwrap().len()),
        (&json!(5), &river, 2)
    );
    assert_eq!(data(&json!({"join": "flat", "joinLevel": 2})).as_array().unwrap().len(), 3);
    let inline = data(&json!({"join": "inline"}));
    assert_eq!((&inline[0]["of"]["entity"], inline.as_array().unwrap().len()), (&river, 1));
    // Links that run in circles end where they began.
    let deep = data(&json!({"join": "inline", "joinLevel": 5}));
    let lake = &deep[0]["of"]["entity"]["from"]["entity"];
    assert_eq!((&lake["id"], &lake["into"]["object"]), (&json!("urn:ngsi-ld:Lake:1"), &river["id"]));
    assert!(lake["into"].get("entity").is_none());
    let simple = data(&json!({"join": "inline", "format": "simplified", "pick": ["id", "of{name}"]}));
    assert_eq!(simple[0], json!({"id": "urn:ngsi-ld:Gauge:1", "of": {"name": "Hương"}}));
    let attributes = data(&json!({"join": "inline", "attributes": ["of"]}));
    assert_eq!((attributes[0].get("level"), &attributes[0]["of"]["entity"]), (None, &river));
    let changes = data(&json!({"join": "inline", "showChanges": true}));
    assert_eq!((&changes[0]["level"]["previousValue"], &changes[0]["of"]["entity"]), (&json!(3), &river));
    let endpoint = json!({"uri": "http://127.0.0.1:9/x", "accept": "application/geo+json"});
    let features = data(&json!({"join": "flat", "endpoint": endpoint}));
    assert_eq!(
        (&features["features"][1]["id"], &features["features"][1]["geometry"]),
        (&river["id"], &Json::Null)
    );
    assert_eq!(features["@context"], "urn:c");
    let inside = data(&json!({"join": "inline", "endpoint": endpoint}));
    assert_eq!(inside["features"][0]["properties"]["of"]["entity"], river);
    let round = subscription(&notification(&json!({"join": "inline", "joinLevel": 2}))).unwrap();
    assert_eq!(Subscription::from_stored(&round.to_stored()), Ok(round));
}

#[test]
fn what_breaks_a_rule_is_refused() {
    for bad in [
        json!({"type": "Query"}),
        json!({"id": "nothing"}),
        json!({"entities": []}),
        json!({"entities": [{}]}),
        json!({"entities": [{"type": "9x"}]}),
        json!({"entities": [{"type": "T", "id": "x"}]}),
        json!({"entities": [{"type": "T", "idPattern": "("}]}),
        json!({"watchedAttributes": []}),
        json!({"watchedAttributes": ["a b"]}),
        json!({"watchedAttributes": ["level"], "timeInterval": 5}),
        json!({"throttling": 5, "timeInterval": 5}),
        json!({"throttling": -5}),
        json!({"throttling": 0}),
        json!({"timeInterval": "5"}),
        json!({"q": "(("}),
        json!({"csf": "(("}),
        json!({"geoQ": {"georel": "touches", "geometry": "Point", "coordinates": [1, 2]}}),
        json!({"scopeQ": "//"}),
        json!({"notificationTrigger": ["entityChanged"]}),
        json!({"expiresAt": "2000-01-01T00:00:00Z"}),
        json!({"expiresAt": "soon"}),
        json!({"isActive": "yes"}),
        json!({"lang": "e n"}),
        json!({"datasetId": ["a b"]}),
        json!({"notification": {}}),
        json!({"notification": {"endpoint": {}}}),
        json!({"notification": {"endpoint": {"uri": "file:///etc/passwd"}}}),
        json!({"notification": {"endpoint": {"uri": "http://x", "accept": "text/html"}}}),
        json!({"notification": {"endpoint": {"uri": "http://x", "timeout": 0}}}),
        json!({"notification": {"endpoint": {"uri": "http://x", "receiverInfo": [{"key": "K", "value": 42}]}}}),
        json!({"notification": {"endpoint": {"uri": "http://x", "receiverInfo": [{"key": "K"}]}}}),
        json!({"notification": {"endpoint": {"uri": "mqtt://x"}}}),
        json!({"notification": {"endpoint": {"uri": "mqtt://x/a/#"}}}),
        json!({"notification": {"endpoint": {"uri": "mqtt://x/a", "notifierInfo": [{"key": "MQTT-QoS", "value": "3"}]}}}),
        notification(&json!({"format": "fancy"})),
        notification(&json!({"format": "keyValues", "showChanges": true})),
        notification(&json!({"attributes": []})),
        notification(&json!({"attributes": ["id"]})),
        notification(&json!({"pick": []})),
        notification(&json!({"pick": ["id"], "omit": ["id"]})),
        notification(&json!({"pick": ["name"], "attributes": ["name"]})),
        notification(&json!({"omit": ["name"], "attributes": ["name"]})),
        notification(&json!({"join": "deep"})),
        notification(&json!({"join": "flat", "joinLevel": 0})),
        notification(&json!({"join": "flat", "joinLevel": 6})),
        notification(&json!({"pick": ["id", "a{b}"]})),
        notification(&json!({"pick": ["id", "a{b{c}}"], "join": "inline"})),
        notification(&json!({"sysAttrs": 1})),
    ] {
        let error = subscription(&bad).expect_err(&bad.to_string());
        assert!(matches!(Problem::from(error).status(), 400 | 422), "{bad}");
    }
    let neither = json!({"type": "Subscription", "notification": {"endpoint": {"uri": "http://x"}}});
    assert!(Subscription::read(&neither, &Context::core(), &id(), NOW).is_err());
}

#[test]
fn everything_asked_for_is_given_back() {
    let members = json!({
        "subscriptionName": "levels", "description": "x", "watchedAttributes": ["level"], "throttling": 2.5,
        "entities": [{"type": "(Gauge;Device),Meter", "id": ["urn:a:b", "urn:a:c"]}, {"type": "*", "idPattern": "^urn:"}],
        "q": "level>3;(name[vi]==\"x\"|state==\"https://uri.etsi.org/ngsi-ld/default-context/open\")",
        "expandValues": "state", "scopeQ": "/Hue/#",
        "geoQ": {"georel": "near;maxDistance==2000", "geometry": "Point", "coordinates": [107.6, 16.4], "geoproperty": "place"},
        "notificationTrigger": ["entityCreated", "attributeDeleted"], "datasetId": ["@none", "urn:a:gps"], "lang": "vi",
        "expiresAt": "2030-01-01T00:00:00Z", "isActive": false, "localOnly": true, "csf": "a==1",
        "notification": {
            "format": "keyValues", "pick": ["id", "level"], "sysAttrs": true,
            "endpoint": {"uri": "https://user@example.org/x?y", "accept": "application/ld+json", "timeout": 500, "cooldown": 10,
                         "receiverInfo": [{"key": "Authorization", "value": "Bearer abc"}]}
        }
    });
    let read = subscription(&members).unwrap();
    let mut expected = asked(&members);
    expected["id"] = "urn:ngsi-ld:Subscription:1".into();
    expected["status"] = "paused".into();
    assert_eq!(read.to_json(&Context::core(), &Deliveries::default(), NOW), expected);
    assert_eq!(Subscription::from_stored(&read.to_stored()), Ok(read));
}

#[test]
fn names_follow_the_context_of_who_asks() {
    let user = json!({"Gauge": "https://example.org/G", "level": "https://example.org/l"});
    let context = Context::parse(&user, &NoLoader).unwrap();
    let json = asked(&json!({"q": "level>3", "watchedAttributes": ["level"]}));
    let read = Subscription::read(&json, &context, &id(), NOW).unwrap();
    let shown = read.to_json(&Context::core(), &Deliveries::default(), NOW);
    assert_eq!(shown["entities"][0]["type"], "https://example.org/G");
    assert_eq!(shown["watchedAttributes"][0], "https://example.org/l");
    assert_eq!(shown["q"], "<https://example.org/l>>3");
    assert_eq!(read.to_json(&context, &Deliveries::default(), NOW)["q"], "level>3");
    let stored = Subscription::from_stored(&read.to_stored()).unwrap();
    assert_eq!(stored, read);
    assert_eq!(stored.context, Some(user));
}

#[test]
fn state_and_counters_are_told() {
    let mut read = subscription(&json!({"expiresAt": "2026-11-20T14:05:30Z"})).unwrap();
    assert_eq!((read.status(NOW), read.status(LATER)), (Status::Active, Status::Expired));
    read.is_active = Some(false);
    assert_eq!(read.status(NOW), Status::Paused);
    let mut deliveries = Deliveries::default();
    deliveries.note(NOW, true);
    deliveries.note(LATER, false);
    let json = read.to_json(&Context::core(), &deliveries, NOW);
    assert_eq!(json["notificationTrigger"], json!(["attributeCreated", "attributeUpdated"]));
    let told = &json["notification"];
    assert_eq!(
        (&told["status"], &told["timesSent"], &told["timesFailed"]),
        (&json!("failed"), &json!(2), &json!(1))
    );
    assert_eq!(told["lastSuccess"], "2026-11-20T14:05:00Z");
    let stored = serde_json::to_value(&deliveries).unwrap();
    assert_eq!(serde_json::from_value::<Deliveries>(stored).unwrap(), deliveries);
}

#[test]
fn a_patch_replaces_members() {
    let read = subscription(&json!({"throttling": 5, "q": "level>3"})).unwrap();
    let context = Context::core();
    let patch = |fragment: Json| read.patched(&fragment, &context, NOW);
    let patched = patch(json!({"throttling": 7, "q": null, "isActive": false})).unwrap();
    assert_eq!(
        (patched.throttling_micros(), patched.q, patched.is_active),
        (Some(7_000_000), None, Some(false))
    );
    for bad in [
        json!({}),
        json!({"id": "urn:a:other"}),
        json!({"notification": {"format": "keyValues"}}),
        json!({"notification": null}),
        json!({"expiresAt": "2000-01-01T00:00:00Z"}),
        json!({"timeInterval": 5}),
        json!({"entities": null}),
    ] {
        assert!(patch(bad.clone()).is_err(), "{bad}");
    }
    assert!(patch(json!({"timeInterval": 5, "throttling": "urn:ngsi-ld:null"})).is_ok());
}

#[test]
fn changes_call_who_watches() {
    let calls = |members: Json, (entity, change): &(Entity, Change)| {
        subscription(&members).unwrap().matches(change, entity)
    };
    let level = updated(json!({"level": 4}));
    let gone = updated(json!({"level": "urn:ngsi-ld:null"}));
    for (members, by_create, by_level, by_gone, by_delete) in [
        (json!({}), true, true, false, false),
        (json!({"watchedAttributes": ["level"]}), true, true, false, false),
        (json!({"watchedAttributes": ["name"]}), true, false, false, false),
        (json!({"watchedAttributes": ["wings"]}), false, false, false, false),
        (json!({"notificationTrigger": ["entityCreated"]}), true, false, false, false),
        (json!({"notificationTrigger": ["entityDeleted"]}), false, false, false, true),
        (json!({"notificationTrigger": ["attributeDeleted"]}), false, false, true, true),
        (
            json!({"notificationTrigger": ["attributeDeleted"], "watchedAttributes": ["name"]}),
            false,
            false,
            false,
            true,
        ),
        (json!({"notificationTrigger": ["entityUpdated"]}), true, true, true, true),
        (json!({"q": "level>=4"}), false, true, false, false),
        (json!({"scopeQ": "/Hue"}), true, true, false, false),
        (json!({"scopeQ": "/DaNang"}), false, false, false, false),
        (
            json!({"geoQ": {"georel": "near;maxDistance==10", "geometry": "Point", "coordinates": [107.6, 16.4]}}),
            true,
            true,
            false,
            false,
        ),
        (json!({"entities": [{"type": "Bus"}]}), false, false, false, false),
        (json!({"entities": [{"type": "Gauge", "id": "urn:ngsi-ld:Gauge:2"}]}), false, false, false, false),
        (json!({"timeInterval": 5}), false, false, false, false),
    ] {
        let called = [&created(), &level, &gone, &deleted()].map(|change| calls(members.clone(), change));
        assert_eq!(called, [by_create, by_level, by_gone, by_delete], "{members}");
    }
}

#[test]
fn notifications_hold_what_was_asked() {
    let update = updated(json!({"level": {"value": 4, "unitCode": "MTR"}}));
    let with = |params: &Json| subscription(&notification(params)).unwrap();
    let whole = sent(&with(&json!({})), &update);
    assert_eq!(whole["level"], json!({"type": "Property", "value": 4, "unitCode": "MTR"}));
    assert_eq!(whole.as_object().unwrap().len(), 7);
    let plain = sent(&with(&json!({"format": "simplified", "attributes": ["level"]})), &update);
    assert_eq!(plain, json!({"id": "urn:ngsi-ld:Gauge:1", "type": "Gauge", "scope": "/Hue", "level": 4}));
    let concise = sent(&with(&json!({"format": "concise", "pick": ["level", "location"]})), &update);
    assert_eq!(
        concise,
        json!({"level": {"value": 4, "unitCode": "MTR"}, "location": {"type": "Point", "coordinates": [107.6, 16.4]}})
    );
    let changes = sent(&with(&json!({"showChanges": true, "pick": ["level"]})), &update);
    assert_eq!(changes["level"]["previousValue"], 3);
    let sys = sent(&with(&json!({"sysAttrs": true})), &update);
    assert_eq!(sys["modifiedAt"], "2026-11-20T14:06:00Z");
    assert_eq!(sys["level"]["createdAt"], "2026-11-20T14:05:00Z");
    let ld = json!({"endpoint": {"uri": "http://x", "accept": "application/ld+json"}});
    assert_eq!(sent(&with(&ld), &update)["@context"], "urn:c");
    let mut vi = with(&json!({"pick": ["name"]}));
    vi.lang = Some("vi".into());
    assert_eq!(sent(&vi, &update), json!({"name": {"type": "Property", "value": "Trạm", "lang": "vi"}}));
}

#[test]
fn deletions_are_told_as_nothing() {
    let gone = updated(json!({"level": "urn:ngsi-ld:null", "name": "urn:ngsi-ld:null"}));
    let with = |params: &Json| {
        let mut members = notification(params);
        members["notificationTrigger"] = json!(["attributeDeleted"]);
        subscription(&members).unwrap()
    };
    let told = sent(&with(&json!({"pick": ["level", "name"]})), &gone);
    assert_eq!(
        told,
        json!({
            "level": {"type": "Property", "value": "urn:ngsi-ld:null"},
            "name": {"type": "LanguageProperty", "languageMap": {"@none": "urn:ngsi-ld:null"}}
        })
    );
    assert_eq!(
        sent(&with(&json!({"format": "keyValues", "pick": ["level"]})), &gone),
        json!({"level": "urn:ngsi-ld:null"})
    );
    assert_eq!(
        sent(&with(&json!({"format": "concise", "pick": ["level"]})), &gone),
        json!({"level": "urn:ngsi-ld:null"})
    );
    let shown = sent(&with(&json!({"showChanges": true, "sysAttrs": true, "pick": ["level"]})), &gone);
    assert_eq!(shown["level"]["previousValue"], 3);
    assert_eq!(shown["level"]["deletedAt"], "2026-11-20T14:06:00Z");
    assert_eq!(shown["level"].get("unitCode"), None);
    let default = sent(&subscription(&json!({})).unwrap(), &gone);
    assert_eq!(default.get("level"), None, "who did not ask for deletions is not told of them");
}

#[test]
fn a_deleted_entity_leaves_its_name() {
    let with = |trigger: &str, params: &Json| {
        let mut members = notification(params);
        members["notificationTrigger"] = json!([trigger]);
        subscription(&members).unwrap()
    };
    let bare = sent(&with("entityDeleted", &json!({"omit": ["scope"]})), &deleted());
    assert_eq!(
        bare,
        json!({"id": "urn:ngsi-ld:Gauge:1", "type": "Gauge", "deletedAt": "2026-11-20T14:06:00Z"})
    );
    let mut watching = with("attributeDeleted", &json!({}));
    watching.watched = vec![term("level")];
    let told = sent(&watching, &deleted());
    assert_eq!(told["level"], json!({"type": "Property", "value": "urn:ngsi-ld:null"}));
    assert_eq!(told.get("name"), None);
    let all = sent(&with("entityDeleted", &json!({"showChanges": true})), &deleted());
    assert_eq!(
        all["of"],
        json!({"type": "Relationship", "object": "urn:ngsi-ld:null", "previousObject": "urn:ngsi-ld:River:1"})
    );
    assert_eq!(all["name"]["previousLanguageMap"]["vi"], "Trạm");
}

#[test]
fn mqtt_endpoints_name_broker_and_topic() {
    let uri = "mqtts://user:p%40ss@broker.example.org/hue/levels";
    let info = json!([{"key": "MQTT-QoS", "value": "1"}, {"key": "MQTT-Version", "value": "mqtt3.1.1"}]);
    let members = json!({"notification": {"endpoint": {"uri": uri, "notifierInfo": info}}});
    let target = subscription(&members).unwrap().notification.endpoint.mqtt().unwrap();
    assert_eq!((target.host.as_str(), target.port, target.tls), ("broker.example.org", 8883, true));
    assert_eq!((target.user.as_deref(), target.password.as_deref()), (Some("user"), Some("p@ss")));
    assert_eq!((target.topic.as_str(), target.qos, target.version), ("hue/levels", 1, MqttVersion::V311));
    assert_eq!(subscription(&json!({})).unwrap().notification.endpoint.mqtt(), None);
}
