//! VN_AQI, the Vietnamese air quality index: decision 1459/QĐ-TCMT of 12 November 2019.
//!
//! Concentrations are in µg/m³, carbon monoxide included. The index of an hour uses the Nowcast of fine dust and the
//! hour's value of the gases; the index of a day uses the means and maxima of its 24 hours. Both need PM2.5 or PM10
//! (section 2.1), and both are the greatest of the indices of the single pollutants, rounded to a whole number.
//!
//! The decree does not say how to round halves, so they go up, nor how many hours a mean needs; three quarters are
//! asked for ([`mean`]). Its own example rounds 59.35 to 60, against its formula; the tests keep the formula.

mod average;
mod bands;
mod index;
mod nowcast;
mod scale;
mod table;
#[cfg(test)]
mod tests;

pub use average::{highest_mean_of_8_hours, mean};
pub use bands::Band;
pub use index::{Day, Hour, Index, NoIndex, Part};
pub use nowcast::{HOURS as NOWCAST_HOURS, nowcast};
pub use scale::{Average, Pollutant, Scale};
pub use table::{Table, TableError};

/// The table that ships, for tests of this crate only: the binary reads it from the pack.
#[cfg(test)]
pub(crate) const TABLE: &str = include_str!("../../../../packs/air-quality/tables/vn-aqi.toml");
