//! Floor 5: the algorithms that sectors need and packs cannot express, one module each.
//!
//! Pure: no I/O, no clock. Official tables (breakpoints, bands) come from packs as text and are parsed here, with the
//! days on which each edition is in force. [`rules`] offers the algorithms by name, so that a feed in a pack can ask
//! for one (`rule = "vn-aqi"`) without knowing it.

pub mod air_quality;
pub mod river;
pub mod rules;
mod text;

pub use text::Both;
