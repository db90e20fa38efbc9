//! x
pub mod definition;
pub mod derive;
pub mod fetch;
pub mod files;
pub mod formats;
pub mod gtfs;
pub mod mapping;
pub mod quality;
mod runner;
mod settings;
pub mod sink;
mod sources;
mod text;

pub use runner::*;
pub use settings::FeedSettings;
pub use text::Words;
