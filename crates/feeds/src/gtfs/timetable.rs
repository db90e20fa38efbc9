//! Where vehicles are by the timetable. Pure: a function of the schedule and of the time.
//!
//! A timetable knows trips, not vehicles. Trips of one route are given to as few vehicles as can run them, in the
//! order of their starts, so that the same vehicle appears trip after trip and their number stays bounded.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_model::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::read::{Call, Schedule, Service, Stop, Trip, seconds};
use super::shape::Line;
use crate::definition::RepeatWindow;

/// Most runs of a day.
const MAX_RUNS: usize = 200_000;
/// Seconds of a day.
const DAY: u32 = 86_400;

/// A timetable ready to be asked.
pub(crate) struct Timetable {
    schedule: Schedule,
    runs: Vec<Run>,
    patterns: Vec<Pattern>,
    zone: TimeZone,
    any_date: bool,
    repeat: Option<(u32, u32)>,
}

/// One vehicle on one trip, in seconds since the day's begin.
struct Run {
    trip: usize,
    pattern: usize,
    start: u32,
    end: u32,
    /// Number of the vehicle within its route.
    slot: u32,
}

/// The way of a trip: its line, and how far along it each call is.
struct Pattern {
    line: Arc<Line>,
    along: Vec<f64>,
}

/// Where a vehicle is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Position<'a> {
    pub(crate) vehicle: Vehicle,
    pub(crate) trip: &'a str,
    pub(crate) headsign: &'a str,
    pub(crate) next_stop: &'a str,
    pub(crate) place: [f64; 2],
    /// Degrees clockwise from north.
    pub(crate) heading: f64,
    /// Metres a second, 0 at a stop.
    pub(crate) speed: f64,
}

/// A vehicle: number of its route in the schedule, and its number within the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Vehicle {
    pub(crate) route: usize,
    pub(crate) slot: u32,
}

/// What a timetable cannot work with; in English.
pub(crate) type TimetableError = String;

impl Timetable {
    pub(crate) fn new(
        schedule: Schedule,
        zone: &str,
        any_date: bool,
        repeat: Option<&RepeatWindow>,
    ) -> Result<Self, TimetableError> {
        let zone = TimeZone::get(zone).map_err(|_unknown| format!("{zone:?} is not a time zone"))?;
        let repeat = repeat.map(window).transpose()?;
        let mut table = Self { schedule, runs: Vec::new(), patterns: Vec::new(), zone, any_date, repeat };
        table.plan()?;
        Ok(table)
    }

    /// The schedule it was made of.
    pub(crate) fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Every vehicle that is ever on the road.
    pub(crate) fn vehicles(&self) -> Vec<Vehicle> {
        let mut all: Vec<Vehicle> = self.runs.iter().map(|run| self.vehicle(run)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The instant of the timetable that is shown at `now`, and when this round of it began: other ones where a part
    /// of the day is repeated.
    pub(crate) fn shown(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let Some((from, to)) = self.repeat else { return (now, now) };
        let day = now.to_jiff().to_zoned(self.zone.clone()).date();
        let since = i64::from(seconds_since(self.begin(day), now).unwrap_or(0));
        let length = i64::from(to - from);
        let shown = i64::from(from) + (since - i64::from(from)).rem_euclid(length);
        (now.plus_micros((shown - since) * 1_000_000), now.plus_micros((i64::from(from) - shown) * 1_000_000))
    }

    /// The vehicles on the road at instant `at` of the timetable.
    pub(crate) fn positions(&self, at: Timestamp) -> Vec<Position<'_>> {
        let today = at.to_jiff().to_zoned(self.zone.clone()).date();
        let mut found = Vec::new();
        // Trips that began before midnight belong to the day before.
        for day in [today.yesterday().ok(), Some(today)].into_iter().flatten() {
            let Some(since) = seconds_since(self.begin(day), at) else { continue };
            let on_the_road = self.runs.iter().filter(|run| (run.start..=run.end).contains(&since));
            for run in on_the_road {
                if self.runs_on(run, day) {
                    found.extend(self.position(run, since));
                }
            }
        }
        found
    }

    /// GTFS counts from twelve hours before noon, which is midnight but for days when clocks change.
    fn begin(&self, day: Date) -> Option<Timestamp> {
        let noon = day.at(12, 0, 0, 0).to_zoned(self.zone.clone()).ok()?;
        Some(Timestamp::from(noon.timestamp()).plus_micros(-43_200_000_000))
    }

    fn runs_on(&self, run: &Run, day: Date) -> bool {
        let trip = self.schedule.trips.get(run.trip);
        let service = trip.and_then(|trip| self.schedule.services.get(index(trip.service)));
        service.is_some_and(|service| service.runs(day, self.any_date))
    }

    fn vehicle(&self, run: &Run) -> Vehicle {
        let route = self.schedule.trips.get(run.trip).map_or(0, |trip| index(trip.route));
        Vehicle { route, slot: run.slot }
    }

    fn position(&self, run: &Run, since: u32) -> Option<Position<'_>> {
        let trip = self.schedule.trips.get(run.trip)?;
        let pattern = self.patterns.get(run.pattern)?;
        let origin = trip.calls.first()?.departure?;
        let moment = (since - run.start).checked_add(origin)?;
        let (next, along, speed) = whereabouts(&trip.calls, &pattern.along, f64::from(moment))?;
        let (place, heading) = pattern.line.at(along)?;
        let next_stop = self.schedule.stops.get(index(trip.calls.get(next)?.stop))?;
        Some(Position {
            vehicle: self.vehicle(run),
            trip: &trip.id,
            headsign: &trip.headsign,
            next_stop: &next_stop.id,
            place,
            heading,
            speed,
        })
    }

    /// Lays out all runs of all trips.
    fn plan(&mut self) -> Result<(), TimetableError> {
        let mut known: HashMap<(Option<u32>, Vec<u32>), usize> = HashMap::new();
        for (number, trip) in self.schedule.trips.iter_mut().enumerate() {
            if !fill_times(&mut trip.calls) {
                continue;
            }
            let stops: Vec<u32> = trip.calls.iter().map(|call| call.stop).collect();
            let patterns = &mut self.patterns;
            let pattern = *known.entry((trip.shape, stops)).or_insert_with(|| {
                patterns.push(Pattern::new(trip, &self.schedule.shapes, &self.schedule.stops));
                patterns.len() - 1
            });
            for (start, end) in times(trip) {
                self.runs.push(Run { trip: number, pattern, start, end, slot: 0 });
            }
            if self.runs.len() > MAX_RUNS {
                return Err(format!("the timetable has more than {MAX_RUNS} runs a day"));
            }
        }
        self.give_vehicles();
        Ok(())
    }

    /// Gives every run to the vehicle with the lowest number that is free.
    fn give_vehicles(&mut self) {
        self.runs.sort_by_key(|run| (run.start, run.end, run.trip));
        let mut free_from: HashMap<u32, Vec<u32>> = HashMap::new();
        for run in &mut self.runs {
            let route = self.schedule.trips.get(run.trip).map_or(0, |trip| trip.route);
            let vehicles = free_from.entry(route).or_default();
            let free = vehicles.iter().position(|free| *free < run.start);
            let slot = free.unwrap_or_else(|| {
                vehicles.push(0);
                vehicles.len() - 1
            });
            if let Some(free) = vehicles.get_mut(slot) {
                *free = run.end;
            }
            run.slot = u32::try_from(slot).unwrap_or(u32::MAX);
        }
    }
}

impl Service {
    fn runs(&self, day: Date, any_date: bool) -> bool {
        if !any_date && self.removed.contains(&day) {
            return false;
        }
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        let in_dates = self.dates.is_some_and(|(start, end)| any_date || (start..=end).contains(&day));
        (in_dates && self.weekdays.get(weekday).copied().unwrap_or(false)) || self.added.contains(&day)
    }
}

impl Pattern {
    fn new(trip: &Trip, shapes: &[Arc<Line>], stops: &[Stop]) -> Self {
        let mut last = None;
        let places: Vec<[f64; 2]> = trip
            .calls
            .iter()
            .filter_map(|call| {
                last = stops.get(index(call.stop)).and_then(|stop| stop.place).or(last);
                last
            })
            .collect();
        let shape =
            trip.shape.and_then(|shape| shapes.get(index(shape))).filter(|line| line.points.len() > 1);
        let line = shape.map_or_else(|| Arc::new(Line::new(places.clone())), Arc::clone);
        let along = line.distances(&places);
        Self { line, along }
    }
}

/// The number of the next call, the distance along the line, and the speed in metres a second.
fn whereabouts(calls: &[Call], along: &[f64], moment: f64) -> Option<(usize, f64, f64)> {
    let departure = |call: &Call| call.departure.map(f64::from);
    // The first call that the vehicle has not left yet.
    let next = calls.iter().position(|call| departure(call).is_some_and(|at| at >= moment));
    let next = next.unwrap_or(calls.len().checked_sub(1)?);
    let here = *along.get(next)?;
    let arrival = f64::from(calls.get(next)?.arrival?);
    let Some(before) = next.checked_sub(1).filter(|_| moment < arrival) else {
        return Some((next, here, 0.0));
    };
    let (left, from) = (departure(calls.get(before)?)?, *along.get(before)?);
    let duration = (arrival - left).max(1.0);
    let share = ((moment - left) / duration).clamp(0.0, 1.0);
    Some((next, from + (here - from) * share, (here - from).abs() / duration))
}

/// Gives the calls without times evenly spread ones; false for a trip that cannot be timed at all.
fn fill_times(calls: &mut [Call]) -> bool {
    let timed: Vec<usize> =
        (0..calls.len()).filter(|at| calls.get(*at).is_some_and(|c| c.arrival.is_some())).collect();
    if calls.len() < 2 || timed.first() != Some(&0) || timed.last() != Some(&(calls.len() - 1)) {
        return false;
    }
    for pair in timed.windows(2) {
        let &[a, b] = pair else { continue };
        let (Some(start), Some(end)) = (calls[a].departure, calls[b].arrival) else { return false };
        if end < start {
            return false;
        }
        let steps = u32::try_from(b - a).unwrap_or(u32::MAX);
        for (step, call) in (1..steps).zip(calls.iter_mut().skip(a + 1)) {
            let at = start + (end - start) / steps * step;
            (call.arrival, call.departure) = (Some(at), Some(at));
        }
    }
    true
}

/// Start and end of every run of a trip.
fn times(trip: &Trip) -> Vec<(u32, u32)> {
    let first = trip.calls.first().and_then(|call| call.departure).unwrap_or(0);
    let last = trip.calls.last().and_then(|call| call.arrival).unwrap_or(first);
    let length = last.saturating_sub(first);
    if trip.frequencies.is_empty() {
        return vec![(first, first + length)];
    }
    let mut runs = Vec::new();
    for (from, until, headway) in &trip.frequencies {
        let starts = (*from..*until).step_by(usize::try_from(*headway).unwrap_or(1).max(1));
        runs.extend(starts.take(10_000).map(|start| (start, start + length)));
    }
    runs
}

fn window(repeat: &RepeatWindow) -> Result<(u32, u32), TimetableError> {
    let read = |text: &str| {
        seconds(text)
            .filter(|at| *at <= DAY)
            .ok_or_else(|| format!("{text:?} is not a time of the day, HH:MM:SS"))
    };
    let (from, to) = (read(&repeat.from)?, read(&repeat.to)?);
    if from < to { Ok((from, to)) } else { Err("repeat.from must be before repeat.to".to_owned()) }
}

fn seconds_since(begin: Option<Timestamp>, at: Timestamp) -> Option<u32> {
    u32::try_from(at.micros_since(begin?).div_euclid(1_000_000)).ok()
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
