//! Days, as people here count them.

use dinh_model::Timestamp;
use jiff::tz::{TimeZone, offset};

/// A day of the calendar.
pub type Day = jiff::civil::Date;

/// The day of an instant in Vietnam, where clocks are seven hours ahead all year.
pub(crate) fn day_of(at: Timestamp) -> Day {
    at.to_jiff().to_zoned(TimeZone::fixed(offset(7))).date()
}
