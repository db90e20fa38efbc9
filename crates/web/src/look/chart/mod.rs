//! Charts drawn by the server: SVG that needs no script, with the axis named, thresholds drawn and named, and gaps left
//! where data are missing.

mod scale;
mod svg;
mod thin;

pub use scale::{Ticks, hours, ticks};
pub use svg::{Chart, Kind, Point, Threshold, Width, draw};
pub use thin::thin;
