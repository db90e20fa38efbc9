//! Kind `gtfs-timetable`: where vehicles are by the timetable, computed again and again. Every record says that it is
//! computed and not measured.

use std::collections::HashSet;

use dinh_model::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::Site;
use super::gtfs::{open, prefix};
use super::site::both;
use crate::Words;
use crate::definition::TimetableSource;
use crate::formats::{FormatError, Item};
use crate::gtfs::{Position, Route, Schedule, Timetable, Vehicle};
use crate::mapping::{Position as Place, Record, Replayed};
use crate::runner::Outlet;

/// Records handed over at once.
const PORTION: usize = 500;

/// Computes positions until the feed stops.
pub(super) async fn run(site: &Site, source: &TimetableSource, outlet: &Outlet) -> Result<(), Words> {
    let archive = open(site, &source.path).await?;
    let own = source.clone();
    let made = tokio::task::spawn_blocking(move || {
        let schedule = Schedule::read(archive).map_err(|FormatError(reason)| reason)?;
        let zone = own.zone.clone().unwrap_or_else(|| schedule.zone.clone());
        Timetable::new(schedule, &zone, own.any_date, own.repeat.as_ref()).map_err(|reason| {
            both("không dùng được biểu đồ chạy xe", "the timetable cannot be used", &reason)
        })
    });
    let table = made
        .await
        .map_err(|reason| both("lỗi khi đọc GTFS", "the GTFS feed could not be read", &reason))??;
    let teller = Teller { table, prefix: prefix(site, source.prefix.as_deref()) };
    // At the start nobody knows which vehicles were on the road before; those that are not now are told so once.
    let mut before: HashSet<Vehicle> = teller.table.vehicles().into_iter().collect();
    loop {
        let now = site.clock.now();
        let (items, on_the_road) = teller.records(now, &before);
        before = on_the_road;
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            outlet.deliver(items.by_ref().take(PORTION).collect(), Vec::new()).await?;
        }
        // At night no vehicle is on the road; then there is nothing to say.
        site.health.idle(now);
        if !site.wait(source.every.duration()).await {
            return Ok(());
        }
    }
}

struct Teller {
    table: Timetable,
    prefix: String,
}

impl Teller {
    /// A record for every vehicle on the road, and for those that were and are no more.
    fn records(&self, now: Timestamp, before: &HashSet<Vehicle>) -> (Vec<Item>, HashSet<Vehicle>) {
        let (shown, round) = self.table.shown(now);
        let moved = Replayed { recorded: shown, played: now, round, speed: 1.0 };
        let replayed = (shown != now).then_some(moved);
        let mut seen = HashSet::new();
        let mut items = Vec::new();
        for position in self.table.positions(shown) {
            if seen.insert(position.vehicle) {
                items.push(Ok(self.record(position.vehicle, Some(&position), shown, replayed)));
            }
        }
        let mut gone: Vec<Vehicle> = before.difference(&seen).copied().collect();
        gone.sort_unstable();
        items.extend(gone.into_iter().map(|vehicle| Ok(self.record(vehicle, None, shown, replayed))));
        (items, seen)
    }

    fn record(
        &self,
        vehicle: Vehicle,
        position: Option<&Position<'_>>,
        shown: Timestamp,
        replayed: Option<Replayed>,
    ) -> Record {
        let mut fields = Map::new();
        let mut set = |name: &str, value: Json| {
            fields.insert(name.to_owned(), value);
        };
        set("$table", json!("vehicle"));
        set("$prefix", json!(self.prefix));
        set("$at", json!(shown.to_string()));
        let number = vehicle.slot + 1;
        if let Some(Route { id, short_name, kind, .. }) = self.table.schedule().routes.get(vehicle.route) {
            let called = if short_name.is_empty() { id } else { short_name };
            set("$vehicle", json!(format!("{id}-{number}")));
            set("$name", json!(format!("{called} · {number}")));
            set("route_id", json!(id));
            set("route_type", json!(kind));
        }
        match position {
            None => set("$status", json!("outOfService")),
            Some(position) => {
                set("$status", json!("onRoute"));
                set("trip_id", json!(position.trip));
                set("trip_headsign", json!(position.headsign));
                set("stop_id", json!(position.next_stop));
                set("lon", json!(position.place[0]));
                set("lat", json!(position.place[1]));
                set("bearing", json!(position.heading));
                set("speed", json!(position.speed));
            }
        }
        let mut record = Record::new(fields, Place::place("timetable"));
        record.replayed = replayed;
        record
    }
}
