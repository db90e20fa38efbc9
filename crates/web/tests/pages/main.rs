//! The pages, tiles and live events over HTTP, on a real graph.

mod account;
#[path = "../support/accounts.rs"]
mod accounts;
mod around;
mod attacks;
mod entity;
mod house;
mod list;
mod live;
#[path = "../support/nowhere.rs"]
mod nowhere;
#[path = "../support/rules.rs"]
mod rules;
mod settings;
mod tiles;
