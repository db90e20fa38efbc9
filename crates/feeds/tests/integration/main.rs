//! Feeds against the real outside: a Mosquitto broker, HTTP servers, folders, transit feeds.

mod files;
mod letters;
mod mqtt;
mod poll;
mod push;
mod replay;
mod support;
mod workbook;
