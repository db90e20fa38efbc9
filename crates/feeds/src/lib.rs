//! x
pub mod definition;
pub mod formats;
pub mod mapping;
pub mod quality;
mod words;
pub use words::Words;
