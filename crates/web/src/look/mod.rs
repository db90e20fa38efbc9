//! How values look: numbers, units, dates and ages the way Vietnamese and English readers write them.

pub mod chart;
#[cfg(test)]
mod contrast;
mod device;
mod number;
mod time;
mod unit;

pub(crate) use device::device;
pub(crate) use number::hex;
pub use number::{bytes, coordinates, number, with_unit};
pub use time::{Age, ZONE, age, date, date_time, day, day_and_time, time, weekday_and_date};
pub use unit::symbol;
