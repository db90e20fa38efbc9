//! Feeds against the real outside: a Mosquitto broker, HTTP servers, folders, transit feeds.

mod files;
mod gtfs;
mod gtfs_rt;
mod letters;
mod mqtt;
mod poll;
mod push;
mod replay;
mod support;
mod workbook;
