//! Reads the tables of a GTFS feed into a compact schedule. Rows with dangling references are told one by one and
//! left out; a row whose optional reference dangles is told, too, and used without it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value as Json;

use super::archive::Archive;
use super::shape::Line;
use super::table::{Row, dangling, each, twice};
use crate::formats::{Broken, FormatError};
use crate::mapping::{Fault, Record, Rejection};

/// Most rows of `stop_times.txt`.
const MAX_STOP_TIMES: usize = 5_000_000;

/// A schedule.
#[derive(Default)]
pub(crate) struct Schedule {
    /// Rows of `agency.txt`, by identifier, in order.
    pub(crate) agencies: Vec<(String, Record)>,
    /// The first agency's time zone.
    pub(crate) zone: String,
    pub(crate) stops: Vec<Stop>,
    pub(crate) routes: Vec<Route>,
    pub(super) services: Vec<Service>,
    pub(super) trips: Vec<Trip>,
    pub(super) shapes: Vec<Arc<Line>>,
    /// What is wrong with the tables.
    pub(crate) broken: Vec<Broken>,
    index: Index,
}

#[derive(Default)]
struct Index {
    stops: HashMap<String, u32>,
    routes: HashMap<String, u32>,
    services: HashMap<String, u32>,
    trips: HashMap<String, u32>,
    shapes: HashMap<String, u32>,
}

/// A stop.
pub(crate) struct Stop {
    pub(crate) id: String,
    pub(crate) place: Option<[f64; 2]>,
    pub(crate) record: Record,
}

/// A route.
pub(crate) struct Route {
    pub(crate) id: String,
    pub(crate) short_name: String,
    pub(crate) kind: String,
    pub(crate) record: Record,
}

/// On which days trips run.
#[derive(Default)]
pub(super) struct Service {
    pub(super) weekdays: [bool; 7],
    pub(super) dates: Option<(Date, Date)>,
    pub(super) added: HashSet<Date>,
    pub(super) removed: HashSet<Date>,
}

/// A trip.
pub(super) struct Trip {
    pub(super) id: String,
    pub(super) route: u32,
    pub(super) service: u32,
    pub(super) headsign: String,
    pub(super) shape: Option<u32>,
    pub(super) calls: Vec<Call>,
    /// Departures every so many seconds between two times of the day, from `frequencies.txt`.
    pub(super) frequencies: Vec<(u32, u32, u32)>,
}

/// A call at a stop, in seconds since the day's begin; a time not told is `None`.
pub(super) struct Call {
    pub(super) sequence: u32,
    pub(super) stop: u32,
    pub(super) arrival: Option<u32>,
    pub(super) departure: Option<u32>,
}

/// Points with the numbers by which they are put in order.
type Numbered = Vec<(f64, [f64; 2])>;

impl Schedule {
    /// Reads all tables.
    pub(crate) fn read(mut archive: Archive) -> Result<Self, FormatError> {
        let mut schedule = Self::default();
        schedule.read_table(&mut archive, "agency.txt", Self::agency)?;
        schedule.read_table(&mut archive, "stops.txt", Self::stop)?;
        schedule.check_parents();
        schedule.read_table(&mut archive, "routes.txt", Self::route)?;
        schedule.read_table(&mut archive, "calendar.txt", Self::calendar)?;
        schedule.read_table(&mut archive, "calendar_dates.txt", Self::calendar_date)?;
        schedule.read_shapes(&mut archive)?;
        schedule.read_table(&mut archive, "trips.txt", Self::trip)?;
        let mut calls = 0;
        schedule.read_table(&mut archive, "stop_times.txt", |schedule, row| {
            calls += 1;
            if calls > MAX_STOP_TIMES {
                return Err(Rejection::new("stop_times.txt", &Fault::TooLong(MAX_STOP_TIMES)));
            }
            schedule.stop_time(row)
        })?;
        schedule.read_table(&mut archive, "frequencies.txt", Self::frequency)?;
        for trip in &mut schedule.trips {
            trip.calls.sort_by_key(|call| call.sequence);
        }
        Ok(schedule)
    }

    fn read_table(
        &mut self,
        archive: &mut Archive,
        name: &str,
        mut take: impl FnMut(&mut Self, &Row<'_>) -> Result<(), Rejection>,
    ) -> Result<(), FormatError> {
        if let Some(rows) = archive.take(name)? {
            let mut broken = Vec::new();
            each(rows, table_of(name), &mut broken, |row| take(self, row));
            self.broken.append(&mut broken);
        }
        Ok(())
    }

    fn agency(&mut self, row: &Row<'_>) -> Result<(), Rejection> {
        let id = row.get("agency_id").to_owned();
        if self.agencies.iter().any(|(other, _)| *other == id) {
            return Err(twice("agency_id", &id));
        }
        if self.agencies.is_empty() {
            row.get("agency_timezone").clone_into(&mut self.zone);
        }
        self.agencies.push((id, row.record()));
        Ok(())
    }

    fn stop(&mut self, row: &Row<'_>) -> Result<(), Rejection> {
        let id = row.need("stop_id")?;
        if self.index.stops.contains_key(id) {
            return Err(twice("stop_id", id));
        }
        // Entrances and boarding areas may have no position of their own.
        let place = match row.get("location_type") {
            "3" | "4" if row.get("stop_lat").is_empty() => None,
            _ => Some([row.number("stop_lon")?, row.number("stop_lat")?]),
        };
        self.index.stops.insert(id.to_owned(), number(self.stops.len()));
        self.stops.push(Stop { id: id.to_owned(), place, record: row.record() });
        Ok(())
    }

    /// Stations may stand behind their platforms in the table, so their names are checked at its end.
    fn check_parents(&mut self) {
        for stop in &mut self.stops {
            let parent = stop.record.text("parent_station").map(std::borrow::Cow::into_owned);
            if let Some(parent) = parent.filter(|parent| !self.index.stops.contains_key(parent)) {
                self.broken.push(Broken {
                    position: stop.record.position.clone(),
                    rejection: dangling("parent_station", &parent, "stops.txt"),
                    raw: stop.record.as_json().clone(),
                });
                stop.record.set("parent_station", Json::Null);
            }
        }
    }

    fn route(&mut self, row: &Row<'_>) -> Result<(), Rejection> {
        let id = row.need("route_id")?;
        if self.index.routes.contains_key(id) {
            return Err(twice("route_id", id));
        }
        let (short, long) = (row.get("route_short_name"), row.get("route_long_name"));
        let name = match (short, long) {
            ("", "") => return Err(Rejection::new("route_short_name", &Fault::Missing)),
            (short, "") => short.to_owned(),
            ("", long) => long.to_owned(),
            (short, long) if long.contains(short) => long.to_owned(),
            (short, long) => format!("{short} · {long}"),
        };
        let mut record = row.record();
        record.set("$name", Json::from(name));
        let agency = row.get("agency_id");
        match self.agencies.as_slice() {
            [(only, _)] if agency.is_empty() => record.set("agency_id", Json::from(only.as_str())),
            agencies if agencies.iter().any(|(known, _)| known == agency) => {}
            _ => {
                self.broken.push(row.broken(dangling("agency_id", agency, "agency.txt")));
                record.set("agency_id", Json::Null);
            }
        }
        self.index.routes.insert(id.to_owned(), number(self.routes.len()));
        let kind = row.get("route_type").to_owned();
        self.routes.push(Route { id: id.to_owned(), short_name: short.to_owned(), kind, record });
        Ok(())
    }

    fn service(&mut self, id: &str) -> &mut Service {
        let next = number(self.services.len());
        let index = *self.index.services.entry(id.to_owned()).or_insert(next);
        if index == next {
            self.services.push(Service::default());
        }
        let last = self.services.len() - 1;
        &mut self.services[usize::try_from(index).unwrap_or(last).min(last)]
    }

    fn calendar(&mut self, row: &Row<'_>) -> Result<(), Rejection> {
        const DAYS: [&str; 7] =
            ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let id = row.need("service_id")?;
        let dates = (date(row, "start_date")?, date(row, "end_date")?);
        let service = self.service(id);
        service.weekdays = DAYS.map(|day| row.get(day) == "1");
        service.dates = Some(dates);
        Ok(())
    }

    fn calendar_date(&mut self, row: &Row<'_>) -> Result<(), Rejection> {
        let id = row.need("service_id")?;
        let day = date(row, "date")?;
        let service = self.service(id);
        match row.get("exception_type") {
            "1" => service.added.insert(day),
            "2" => service.removed.insert(day),
            other => return Err(Rejection::new("exception_type", &Fault::Code(other.to_owned()))),
        };
        Ok(())
    }

    fn read_shapes(&mut self, archive: &mut Archive) -> Result<(), FormatError> {
        let mut points: Vec<(String, Numbered)> = Vec::new();
        let mut index: HashMap<String, usize> = HashMap::new();
        self.read_table(archive, "shapes.txt", |_, row| {
            let id = row.need("shape_id")?;
            let point = [row.number("shape_pt_lon")?, row.number("shape_pt_lat")?];
            let sequence = row.number("shape_pt_sequence")?;
            let at = *index.entry(id.to_owned()).or_insert_with(|| {
                points.push((id.to_owned(), Vec::new()));
                points.len() - 1
            });
            if let Some((_, line)) = points.get_mut(at) {
                line.push((sequence, point));
            }
            Ok(())
        })?;
        for (id, mut line) in points {
            line.sort_by(|a, b| a.0.total_cmp(&b.0));
            self.index.shapes.insert(id, number(self.shapes.len()));
            self.shapes.push(Arc::new(Line::new(line.into_iter().map(|(_, point)| point).collect())));
        }
        Ok(())
    }

    fn trip(&mut self, row: &Row<'_>) -> Result<(), Rejection> {
        let id = row.need("trip_id")?;
        if self.index.trips.contains_key(id) {
            return Err(twice("trip_id", id));
        }
        let find = |index: &HashMap<String, u32>, field: &str, table: &str| {
            let name = row.need(field)?;
            index.get(name).copied().ok_or_else(|| dangling(field, name, table))
        };
        let route = find(&self.index.routes, "route_id", "routes.txt")?;
        let service = find(&self.index.services, "service_id", "calendar.txt")?;
        let shape = match row.get("shape_id") {
            "" => None,
            name => {
                let shape = self.index.shapes.get(name).copied();
                if shape.is_none() {
                    self.broken.push(row.broken(dangling("shape_id", name, "shapes.txt")));
                }
                shape
            }
        };
        self.index.trips.insert(id.to_owned(), number(self.trips.len()));
        self.trips.push(Trip {
            id: id.to_owned(),
            route,
            service,
            headsign: row.get("trip_headsign").to_owned(),
            shape,
            calls: Vec::new(),
            frequencies: Vec::new(),
        });
        Ok(())
    }

    fn trip_of(&mut self, row: &Row<'_>) -> Result<&mut Trip, Rejection> {
        let id = row.need("trip_id")?;
        let index = self.index.trips.get(id).and_then(|index| usize::try_from(*index).ok());
        index.and_then(|index| self.trips.get_mut(index)).ok_or_else(|| dangling("trip_id", id, "trips.txt"))
    }

    fn stop_time(&mut self, row: &Row<'_>) -> Result<(), Rejection> {
        let stop = row.need("stop_id")?;
        let stop = *self.index.stops.get(stop).ok_or_else(|| dangling("stop_id", stop, "stops.txt"))?;
        let (arrival, departure) = (time(row, "arrival_time")?, time(row, "departure_time")?);
        let text = row.need("stop_sequence")?;
        let sequence = text
            .parse()
            .map_err(|_reason| Rejection::new("stop_sequence", &Fault::Integer(text.to_owned())))?;
        let call = Call { sequence, stop, arrival: arrival.or(departure), departure: departure.or(arrival) };
        self.trip_of(row)?.calls.push(call);
        Ok(())
    }

    fn frequency(&mut self, row: &Row<'_>) -> Result<(), Rejection> {
        let missing = |field: &'static str| move || Rejection::new(field, &Fault::Missing);
        let start = time(row, "start_time")?.ok_or_else(missing("start_time"))?;
        let end = time(row, "end_time")?.ok_or_else(missing("end_time"))?;
        let text = row.need("headway_secs")?;
        let headway: u32 = text
            .parse()
            .map_err(|_reason| Rejection::new("headway_secs", &Fault::Integer(text.to_owned())))?;
        if headway < 10 {
            return Err(Rejection::new("headway_secs", &Fault::Number(text.to_owned())));
        }
        self.trip_of(row)?.frequencies.push((start, end, headway));
        Ok(())
    }
}

impl Schedule {
    /// Each trip's route, and the shape that it follows, by their numbers.
    pub(crate) fn ways(&self) -> impl Iterator<Item = (usize, Option<usize>)> {
        let index = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        self.trips.iter().map(move |trip| (index(trip.route), trip.shape.map(index)))
    }

    /// The points of a shape.
    pub(crate) fn way(&self, number: usize) -> Vec<[f64; 2]> {
        self.shapes.get(number).map(|line| line.points.clone()).unwrap_or_default()
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// What a row of a table is called in maps.
fn table_of(file: &str) -> &str {
    match file {
        "stops.txt" => "stop",
        "routes.txt" => "route",
        other => other.trim_end_matches(".txt"),
    }
}

fn date(row: &Row<'_>, field: &str) -> Result<Date, Rejection> {
    let text = row.need(field)?;
    Date::strptime("%Y%m%d", text).map_err(|_reason| Rejection::new(field, &Fault::Date(text.to_owned())))
}

/// `H:MM:SS`, hours beyond 24 allowed: a trip may go on after midnight.
fn time(row: &Row<'_>, field: &str) -> Result<Option<u32>, Rejection> {
    let text = row.get(field);
    if text.is_empty() {
        return Ok(None);
    }
    seconds(text)
        .map(Some)
        .ok_or_else(|| Rejection::new(field, &Fault::Time(text.to_owned(), "HH:MM:SS".to_owned())))
}

/// Seconds since the day's begin.
pub(super) fn seconds(text: &str) -> Option<u32> {
    let mut parts = text.trim().split(':').map(|part| part.parse::<u32>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let good = hours < 100 && minutes < 60 && seconds < 60 && parts.next().is_none();
    good.then_some(hours * 3_600 + minutes * 60 + seconds)
}
