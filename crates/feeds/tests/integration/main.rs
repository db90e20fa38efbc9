//! Feeds against the real outside: a Mosquitto broker, HTTP servers, folders, transit feeds.

mod letters;
mod push;
mod support;
