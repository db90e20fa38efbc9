//! Feeds against the real outside: a Mosquitto broker, HTTP servers, folders, transit feeds.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod derive;
mod files;
mod gtfs;
mod gtfs_rt;
mod letters;
mod mqtt;
mod packs;
mod poll;
mod push;
mod replay;
mod support;
mod workbook;
