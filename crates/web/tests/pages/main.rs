//! The pages, tiles and live events over HTTP, on a real graph.

mod account;
#[path = "../support/accounts.rs"]
mod accounts;
mod admin;
mod around;
mod attacks;
mod entity;
mod explore;
mod house;
mod list;
mod live;
mod log;
#[path = "../support/nowhere.rs"]
mod nowhere;
mod privacy;
#[path = "../support/rules.rs"]
mod rules;
mod settings;
mod tiles;
