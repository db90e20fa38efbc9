//! What the tests talk about: gauges along the rivers of Huế.

use anyhow::Result;
use dinh_e2e::Api;
use serde_json::{Value, json};

/// Path of one entity.
pub(crate) fn path(id: &str) -> String {
    format!("/ngsi-ld/v1/entities/{id}")
}

/// `urn:ngsi-ld:RiverGauge:<name>`.
pub(crate) fn gauge_id(name: &str) -> String {
    format!("urn:ngsi-ld:RiverGauge:{name}")
}

/// A river gauge with a water level in metres.
pub(crate) fn gauge(name: &str, level: f64) -> Value {
    json!({
        "id": gauge_id(name),
        "type": "RiverGauge",
        "name": {"type": "Property", "value": format!("Trạm {name}")},
        "waterLevel": {"type": "Property", "value": level, "unitCode": "MTR", "observedAt": "2026-10-01T00:00:00Z"},
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [107.58, 16.46]}},
    })
}

/// The same gauge as it is sent to update its level.
pub(crate) fn level(name: &str, level: f64) -> Value {
    json!({"id": gauge_id(name), "type": "RiverGauge", "waterLevel": {"type": "Property", "value": level}})
}

/// The value of a property of an entity in normalized form.
pub(crate) fn value<'a>(entity: &'a Value, attribute: &str) -> &'a Value {
    &entity[attribute]["value"]
}

/// Whether an entity is there.
pub(crate) async fn exists(api: &Api, id: &str) -> Result<bool> {
    let reply = api.get(&path(id)).await?;
    match reply.status {
        200 => Ok(true),
        404 => Ok(false),
        other => anyhow::bail!("{id}: status {other}: {}", reply.text()),
    }
}

/// A subscription to the water levels of all gauges, delivered to `endpoint`.
pub(crate) fn watch_levels(endpoint: &str) -> Value {
    json!({
        "type": "Subscription",
        "entities": [{"type": "RiverGauge"}],
        "watchedAttributes": ["waterLevel"],
        "notification": {"endpoint": {"uri": endpoint, "accept": "application/json"}},
    })
}

/// Creates a subscription and returns its path.
pub(crate) async fn subscribe(api: &Api, subscription: &Value) -> Result<String> {
    let reply = api.post("/ngsi-ld/v1/subscriptions", subscription).await?.expect(201)?;
    Ok(reply.header("location").to_owned())
}

/// The `[map]` of a feed definition: records with `id`, `time`, `level` become river gauges.
pub(crate) const GAUGE_MAP: &str = r#"
[map]
type = "RiverGauge"
id = "urn:ngsi-ld:RiverGauge:{id}"
zone = "Asia/Ho_Chi_Minh"
observed_at = { field = "time" }
[[map.attribute]]
name = "waterLevel"
field = "level"
type = "number"
unit = "MTR"
required = true
"#;

/// A record for a feed with [`GAUGE_MAP`], observed just now.
pub(crate) fn record(id: &str, level: &Value) -> Value {
    json!({"id": id, "time": now(), "level": level})
}

/// Now, as sources write it.
pub(crate) fn now() -> String {
    #[expect(clippy::disallowed_methods, reason = "a source outside the program has the machine's clock")]
    jiff::Timestamp::now().to_string()
}

/// The dead letters of a feed of the test pack.
pub(crate) async fn dead_letters(api: &Api, feed: &str) -> Result<Vec<Value>> {
    let told = api.json(&format!("/api/v1/thu/feeds/thu/{feed}/dead-letters")).await?;
    let items = told.get("items").unwrap_or(&told);
    Ok(items.as_array().cloned().unwrap_or_default())
}

/// Waits until a gauge stands at a level.
pub(crate) async fn level_becomes(api: &Api, name: &str, expected: f64) -> Result<Value> {
    dinh_e2e::until(&format!("{name} stands at {expected}"), dinh_e2e::PATIENCE, || async {
        let reply = api.get(&path(&gauge_id(name))).await?;
        if reply.status != 200 {
            return Ok(None);
        }
        let entity = reply.json()?;
        Ok((value(&entity, "waterLevel").as_f64() == Some(expected)).then_some(entity))
    })
    .await
}
