//! Kind `gtfs`: agencies, stops and routes of a timetable, loaded once for each content.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value as Json, json};

use super::Site;
use super::load::Once;
use super::site::both;
use crate::Words;
use crate::definition::GtfsSource;
use crate::formats::{FormatError, Item, Items};
use crate::gtfs::{Archive, Schedule};
use crate::runner::Outlet;
use crate::text::hex_digest;

/// Most lines drawn for one route: the ways that most of its trips take.
const MAX_LINES: usize = 8;

/// Loads the timetable; then there is nothing more to say.
pub(super) async fn run(site: &Site, source: &GtfsSource, outlet: &Outlet) -> Result<(), Words> {
    let archive = open(site, &source.path).await?;
    let hash = hex_digest(&[site.definition.fingerprint.as_bytes(), archive.hash().as_bytes()]);
    let prefix = prefix(site, source.prefix.as_deref());
    let zone = source.zone.clone();
    let items = async {
        let read = tokio::task::spawn_blocking(move || {
            Ok::<Items, FormatError>(Box::new(
                items(Schedule::read(archive)?, &prefix, zone.as_deref()).into_iter(),
            ))
        });
        let read = read
            .await
            .map_err(|reason| both("lỗi khi đọc GTFS", "the GTFS feed could not be read", &reason))?;
        read.map_err(|FormatError(reason)| reason)
    };
    Once { name: &source.path, hash }.run(site, outlet, items).await
}

/// Opens the tables of a feed, away from the threads that serve others.
pub(super) async fn open(site: &Site, path: &str) -> Result<Archive, Words> {
    let (files, path) = (std::sync::Arc::clone(&site.files), path.to_owned());
    let opened = tokio::task::spawn_blocking(move || Archive::open(files.as_ref(), &path));
    let opened = opened
        .await
        .map_err(|reason| both("lỗi khi đọc GTFS", "the GTFS feed could not be read", &reason))?;
    opened.map_err(|FormatError(reason)| reason)
}

/// First part of the identifiers of entities.
pub(super) fn prefix(site: &Site, told: Option<&str>) -> String {
    told.unwrap_or(&site.key.name.pack).to_owned()
}

/// The rows of the tables as records, and what is wrong with them.
fn items(schedule: Schedule, prefix: &str, zone: Option<&str>) -> Vec<Item> {
    let facts = schedule.route_facts();
    let mut records = Vec::new();
    for (_, mut agency) in schedule.agencies {
        if let Some(zone) = zone {
            agency.set("agency_timezone", Json::from(zone));
        }
        records.push(agency);
    }
    records.extend(schedule.stops.into_iter().map(|stop| stop.record));
    for (number, mut route) in schedule.routes.into_iter().enumerate() {
        if let Some(facts) = facts.get(number) {
            route.record.set("$trips", json!(facts.trips));
            if let Some(geometry) = facts.geometry() {
                route.record.set("$geometry", geometry);
            }
        }
        records.push(route.record);
    }
    let broken = schedule.broken.into_iter().map(|mut broken| {
        // So that a corrected row can be mapped like the others.
        if let Json::Object(fields) = &mut broken.raw {
            fields.insert("$prefix".to_owned(), Json::from(prefix));
        }
        Err(Box::new(broken))
    });
    let records = records.into_iter().map(|mut record| {
        record.set("$prefix", Json::from(prefix));
        Ok(record)
    });
    records.chain(broken).collect()
}

/// What the trips tell of a route.
#[derive(Default)]
struct RouteFacts {
    trips: usize,
    /// The ways of its trips, with how many take each.
    ways: Vec<(usize, Vec<[f64; 2]>)>,
}

impl RouteFacts {
    fn geometry(&self) -> Option<Json> {
        let lines: Vec<&Vec<[f64; 2]>> = self.ways.iter().map(|(_, points)| points).collect();
        match lines.as_slice() {
            [] => None,
            [line] => Some(json!({"type": "LineString", "coordinates": line})),
            lines => Some(json!({"type": "MultiLineString", "coordinates": lines})),
        }
    }
}

impl Schedule {
    /// How many trips each route has, and which ways they take, the busiest first.
    fn route_facts(&self) -> Vec<RouteFacts> {
        let mut counts: Vec<BTreeMap<usize, usize>> = Vec::new();
        counts.resize_with(self.routes.len(), BTreeMap::new);
        let mut facts: Vec<RouteFacts> = Vec::new();
        facts.resize_with(self.routes.len(), RouteFacts::default);
        for (route, way) in self.ways() {
            let (Some(fact), Some(count)) = (facts.get_mut(route), counts.get_mut(route)) else { continue };
            fact.trips += 1;
            if let Some(way) = way {
                *count.entry(way).or_default() += 1;
            }
        }
        for (fact, count) in facts.iter_mut().zip(counts) {
            // Feeds often repeat one way under many names.
            let mut distinct: HashMap<String, (usize, Vec<[f64; 2]>)> = HashMap::new();
            for (way, trips) in count {
                let points = self.way(way);
                let name = format!("{points:?}");
                distinct.entry(name).or_insert((0, points)).0 += trips;
            }
            fact.ways = distinct.into_values().filter(|(_, points)| points.len() > 1).collect();
            fact.ways.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| b.1.len().cmp(&a.1.len())));
            fact.ways.truncate(MAX_LINES);
        }
        facts
    }
}
