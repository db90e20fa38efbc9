//! Transit data in the General Transit Feed Specification: timetables, where vehicles are by them, and GTFS-Realtime.

mod archive;
mod read;
pub mod realtime;
mod shape;
mod table;
mod timetable;

pub(crate) use archive::Archive;
pub(crate) use read::{Route, Schedule};
pub(crate) use timetable::{Position, Timetable, Vehicle};
