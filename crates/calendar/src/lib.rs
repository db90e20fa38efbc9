//! Floor 0: on which days offices work, so that deadlines in working days can be told. Pure: the days come as dated
//! data (pack `calendar`), the present day as an argument.
//!
//! Whoever owes an answer must not be told a deadline later than the law's. Where nothing is known of a year, only
//! Saturdays and Sundays are taken to be off: holidays that are not known make a deadline earlier, never later.

mod lunar;
mod table;
mod working;

pub use lunar::{LunarDay, tet};
pub use table::{DayOff, Fault, Named, Swap, Table, Year};
pub use working::{WorkingDays, official_day};

#[cfg(test)]
mod tests;
