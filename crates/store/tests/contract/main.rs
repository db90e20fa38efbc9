//! What every engine of the store must do, said through the public handle alone. Another engine is another [`Place`]
//! and another line in [`contract`].
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod audit;
mod entities;
mod evolution;
mod feed;
mod geo;
mod groups;
mod history;
mod keys;
mod maintenance;
mod memory;
mod model;
mod queries;
mod random;
mod records;
mod sealing;
mod search;
mod sight;
mod support;
