//! Kind `gtfs-rt`: live positions, delays and alerts in GTFS-Realtime.
//!
//! A feed's clock may run ahead of ours: times up to the feed's `max_ahead` in the future are taken as now, later ones
//! are refused by the mapping. Alerts that are no longer in the feed are told to have ended.

use std::collections::BTreeSet;

use dinh_model::Timestamp;
use prost::Message as _;
use serde_json::{Map, Value as Json, json};

use super::Site;
use super::gtfs::prefix;
use super::poll::Poll;
use super::site::both;
use crate::Words;
use crate::definition::GtfsRtSource;
use crate::formats::{Broken, Item};
use crate::gtfs::realtime::{
    Alert, Cause, Effect, FeedEntity, FeedMessage, OccupancyStatus, StopTimeEvent, StopTimeUpdate,
    TranslatedString, TripDescriptor, TripRelationship, TripUpdate, VehicleDescriptor, VehiclePosition,
    VehicleStopStatus,
};
use crate::mapping::{Position, Record};
use crate::runner::Outlet;
use crate::text::hex_digest;

/// Largest feed message in bytes.
const MAX_BYTES: u64 = 32 << 20;
/// Most things of one message.
const MAX_ENTITIES: usize = 100_000;
/// Most stops told of one trip.
const MAX_STOPS: usize = 200;
/// Records handed over at once.
const PORTION: usize = 500;

/// Fetches until the feed stops.
pub(super) async fn run(site: &Site, source: &GtfsRtSource, outlet: &Outlet) -> Result<(), Words> {
    let poll = source
        .url
        .as_deref()
        .map(|url| Poll::new(site, url, &source.headers_from, source.timeout.duration()))
        .transpose()?;
    let mut teller = Teller {
        prefix: prefix(site, source.prefix.as_deref()),
        max_ahead: site.definition.max_ahead.micros(),
        alerts: BTreeSet::new(),
    };
    let mut last = String::new();
    loop {
        let body = match &poll {
            Some(poll) => poll.get(site, poll.headers().clone(), MAX_BYTES).await?.map(|answer| answer.body),
            None => Some(file(site, source.path.as_deref().unwrap_or_default()).await?),
        };
        if let Some(body) = body {
            let hash = hex_digest(&[&body]);
            if hash != last {
                let mut items = teller.items(&body, site.clock.now()).into_iter().peekable();
                while items.peek().is_some() {
                    outlet.deliver(items.by_ref().take(PORTION).collect(), Vec::new()).await?;
                }
                last = hash;
            }
        }
        site.health.reached();
        if !site.wait(source.every.duration()).await {
            return Ok(());
        }
    }
}

/// A message from a file: an absolute path, or one within the pack.
async fn file(site: &Site, path: &str) -> Result<Vec<u8>, Words> {
    if !path.starts_with(['/', '{']) {
        return site.pack_file(path);
    }
    let file = site.path(path)?;
    let failed =
        |reason: &dyn std::fmt::Display| both("không đọc được tệp", "the file cannot be read", reason);
    let about = tokio::fs::metadata(&file).await.map_err(|reason| failed(&reason))?;
    if about.len() > MAX_BYTES {
        return Err(failed(&format!("{} > {MAX_BYTES} bytes", about.len())));
    }
    tokio::fs::read(&file).await.map_err(|reason| failed(&reason))
}

struct Teller {
    prefix: String,
    max_ahead: i64,
    /// The alerts of the last whole message.
    alerts: BTreeSet<String>,
}

impl Teller {
    /// The things of a message as records.
    fn items(&mut self, body: &[u8], now: Timestamp) -> Vec<Item> {
        let message = match FeedMessage::decode(body) {
            Ok(message) => message,
            Err(reason) => {
                let words = both(
                    "không phải thông điệp GTFS-Realtime",
                    "this is not a GTFS-Realtime message",
                    &reason,
                );
                return vec![Err(Box::new(Broken::new(Position::place("gtfs-rt"), words, "")))];
            }
        };
        let made = self.instant(message.header.timestamp, now).unwrap_or(now);
        let whole = message.header.incrementality.unwrap_or(0) == 0;
        let mut alerts = BTreeSet::new();
        let mut items = Vec::new();
        for (number, entity) in (1..).zip(message.entity.into_iter().take(MAX_ENTITIES)) {
            if entity.alert.is_some() {
                alerts.insert(entity.id.clone());
            }
            let position = Position { place: Some("gtfs-rt".into()), row: Some(number) };
            let told = self.entity(&entity, made, now);
            items.extend(told.into_iter().map(|fields| Ok(Record::new(fields, position.clone()))));
        }
        if whole {
            for ended in self.alerts.difference(&alerts) {
                let fields = self.fields("alert", made, [("id", json!(ended)), ("status", json!("ended"))]);
                items.push(Ok(Record::new(fields, Position::place("gtfs-rt"))));
            }
            self.alerts = alerts;
        }
        items
    }

    fn entity(&self, entity: &FeedEntity, made: Timestamp, now: Timestamp) -> Vec<Map<String, Json>> {
        let deleted = entity.is_deleted.unwrap_or(false);
        let mut told = Vec::new();
        if let Some(vehicle) = &entity.vehicle {
            told.push(self.vehicle(&entity.id, vehicle, deleted, made, now));
        }
        if let Some(update) = &entity.trip_update {
            told.push(self.trip(update, made, now));
        }
        if let Some(alert) = &entity.alert {
            told.push(self.alert(&entity.id, alert, deleted, made));
        }
        told
    }

    /// An instant of the feed; one a little ahead of our clock is now.
    fn instant(&self, seconds: Option<u64>, now: Timestamp) -> Option<Timestamp> {
        let seconds = seconds.filter(|seconds| *seconds > 0)?;
        let micros = i64::try_from(seconds).ok()?.checked_mul(1_000_000)?;
        let at = Timestamp::from_micros(micros);
        let ahead = at.micros_since(now);
        Some(if (0..=self.max_ahead).contains(&ahead) { now } else { at })
    }

    fn fields<const N: usize>(
        &self,
        table: &str,
        at: Timestamp,
        more: [(&str, Json); N],
    ) -> Map<String, Json> {
        let mut fields = Map::new();
        fields.insert("$table".to_owned(), json!(table));
        fields.insert("$prefix".to_owned(), json!(self.prefix));
        fields.insert("$at".to_owned(), json!(at.to_string()));
        for (name, value) in more {
            fields.insert(name.to_owned(), value);
        }
        fields
    }

    fn vehicle(
        &self,
        id: &str,
        vehicle: &VehiclePosition,
        deleted: bool,
        made: Timestamp,
        now: Timestamp,
    ) -> Map<String, Json> {
        let at = self.instant(vehicle.timestamp, now).unwrap_or(made);
        let trip = vehicle.trip.clone().unwrap_or_default();
        let own = vehicle.vehicle.clone().unwrap_or_default();
        let status = VehicleStopStatus::try_from(vehicle.current_status.unwrap_or(2)).ok();
        let fullness = vehicle.occupancy_status.and_then(|code| OccupancyStatus::try_from(code).ok());
        let mut fields = self.fields(
            "vehicle",
            at,
            [
                (
                    "vehicle_id",
                    json!(vehicle_name(&own).or(trip.trip_id.clone()).unwrap_or_else(|| id.to_owned())),
                ),
                ("label", json!(own.label)),
                ("license_plate", json!(own.license_plate)),
                ("stop_id", json!(vehicle.stop_id)),
                ("stop_sequence", json!(vehicle.current_stop_sequence)),
                ("stop_status", json!(status.map(spelt))),
                ("occupancy", json!(fullness.map(spelt))),
                ("occupancy_percentage", json!(vehicle.occupancy_percentage)),
                ("$status", json!(if deleted { "outOfService" } else { "onRoute" })),
            ],
        );
        describe(&trip, &mut fields);
        if let Some(place) = &vehicle.position {
            fields.insert("lon".to_owned(), json!(tidy(place.longitude, 5)));
            fields.insert("lat".to_owned(), json!(tidy(place.latitude, 5)));
            fields.insert("bearing".to_owned(), json!(place.bearing.map(|degrees| tidy(degrees, 1))));
            fields.insert("speed".to_owned(), json!(place.speed.map(|speed| tidy(speed, 2))));
            fields.insert("odometer".to_owned(), json!(place.odometer));
        }
        fields
    }

    fn trip(&self, update: &TripUpdate, made: Timestamp, now: Timestamp) -> Map<String, Json> {
        let at = self.instant(update.timestamp, now).unwrap_or(made);
        // The stops behind the vehicle tell how it was; the first one still to come tells how it is.
        let coming = update.stop_time_update.iter().find(|stop| when(stop).is_none_or(|t| t >= seconds(now)));
        let coming = coming.or(update.stop_time_update.last());
        let delay = update.delay.or_else(|| coming.and_then(delay_of));
        let stops: Vec<Json> = update.stop_time_update.iter().take(MAX_STOPS).map(stop).collect();
        let mut fields = self.fields(
            "trip",
            at,
            [
                ("delay", json!(delay)),
                ("next_stop_id", json!(coming.and_then(|stop| stop.stop_id.clone()))),
                ("vehicle_id", json!(update.vehicle.as_ref().and_then(vehicle_name))),
                ("stop_times", json!(stops)),
            ],
        );
        describe(&update.trip, &mut fields);
        fields
    }

    fn alert(&self, id: &str, alert: &Alert, deleted: bool, made: Timestamp) -> Map<String, Json> {
        let cause = alert.cause.and_then(|code| Cause::try_from(code).ok());
        let effect = alert.effect.and_then(|code| Effect::try_from(code).ok());
        let periods = alert
            .active_period
            .iter()
            .map(|period| json!({"start": text_time(period.start), "end": text_time(period.end)}));
        let routes: BTreeSet<&str> =
            alert.informed_entity.iter().filter_map(|whom| whom.route_id.as_deref()).collect();
        let stops: BTreeSet<&str> =
            alert.informed_entity.iter().filter_map(|whom| whom.stop_id.as_deref()).collect();
        self.fields(
            "alert",
            made,
            [
                ("id", json!(id)),
                ("header", texts(alert.header_text.as_ref())),
                ("description", texts(alert.description_text.as_ref())),
                ("url", first_text(alert.url.as_ref())),
                ("cause", json!(cause.map(spelt))),
                ("effect", json!(effect.map(spelt))),
                ("severity", json!(alert.severity_level)),
                ("periods", json!(periods.collect::<Vec<_>>())),
                ("routes", self.links("GtfsRoute", routes)),
                ("stops", self.links("GtfsStop", stops)),
                ("status", json!(if deleted { "ended" } else { "active" })),
            ],
        )
    }

    /// Links to entities of the timetable; null where there are none.
    fn links(&self, kind: &str, ids: BTreeSet<&str>) -> Json {
        let links = ids.into_iter().take(MAX_STOPS);
        let links: Vec<String> = links
            .map(|id| format!("urn:ngsi-ld:{kind}:{}:{}", self.prefix, crate::mapping::urn(id)))
            .collect();
        if links.is_empty() { Json::Null } else { json!(links) }
    }
}

/// The name that tells a vehicle from others.
fn vehicle_name(vehicle: &VehicleDescriptor) -> Option<String> {
    let names = [&vehicle.id, &vehicle.label, &vehicle.license_plate];
    names.into_iter().flatten().find(|name| !name.trim().is_empty()).cloned()
}

fn describe(trip: &TripDescriptor, fields: &mut Map<String, Json>) {
    let relationship = TripRelationship::try_from(trip.schedule_relationship.unwrap_or(0)).ok();
    for (name, value) in [
        ("trip_id", json!(trip.trip_id)),
        ("route_id", json!(trip.route_id)),
        ("direction_id", json!(trip.direction_id)),
        ("start_date", json!(trip.start_date)),
        ("start_time", json!(trip.start_time)),
        ("relationship", json!(relationship.map(spelt))),
    ] {
        fields.insert(name.to_owned(), value);
    }
}

fn stop(update: &StopTimeUpdate) -> Json {
    let event = |event: &Option<StopTimeEvent>| {
        event.as_ref().map(|event| {
            json!({"time": text_time(event.time.and_then(|at| u64::try_from(at).ok())), "delay": event.delay})
        })
    };
    json!({
        "stop": update.stop_id,
        "sequence": update.stop_sequence,
        "arrival": event(&update.arrival),
        "departure": event(&update.departure),
        "skipped": update.schedule_relationship == Some(1),
    })
}

fn when(stop: &StopTimeUpdate) -> Option<i64> {
    let event = stop.departure.as_ref().or(stop.arrival.as_ref())?;
    event.time
}

fn delay_of(stop: &StopTimeUpdate) -> Option<i32> {
    [&stop.arrival, &stop.departure].into_iter().flatten().find_map(|event| event.delay)
}

fn seconds(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(1_000_000)
}

/// Seconds since 1970 as RFC 3339.
fn text_time(seconds: Option<u64>) -> Option<String> {
    let micros = i64::try_from(seconds.filter(|seconds| *seconds > 0)?).ok()?.checked_mul(1_000_000)?;
    Some(Timestamp::from_micros(micros).to_string())
}

/// Texts by language; null where there are none.
fn texts(text: Option<&TranslatedString>) -> Json {
    let translations = text.map(|text| text.translation.as_slice()).unwrap_or_default();
    let told = translations.iter().filter(|one| !one.text.is_empty()).take(32);
    let map: Map<String, Json> = told
        .map(|one| {
            let language = one.language.clone().filter(|language| !language.is_empty());
            (language.unwrap_or_else(|| "@none".to_owned()), json!(one.text))
        })
        .collect();
    if map.is_empty() { Json::Null } else { Json::Object(map) }
}

fn first_text(text: Option<&TranslatedString>) -> Json {
    json!(text.and_then(|text| text.translation.first()).map(|one| one.text.as_str()))
}

/// The name of an enumeration's value as the specification spells it: `IncomingAt` → `INCOMING_AT`.
fn spelt(value: impl std::fmt::Debug) -> String {
    let mut name = String::new();
    for c in format!("{value:?}").chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_uppercase());
    }
    name
}

/// A single-precision number without the digits that it does not have.
fn tidy(number: f32, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (f64::from(number) * scale).round() / scale
}
