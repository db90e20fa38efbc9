//! Floor 0: when offices work, so that deadlines can be told: days off and make-up days, the lunar calendar, office
//! hours, periods, and clocks that stop and go on. Pure: days, hours and rules come as dated data (pack `calendar`), the
//! present moment as an argument. Official time is UTC+7 all year.
//!
//! Whoever owes an answer must not be told a deadline later than the law's. Days off are announced from year to year;
//! until then a year is *computed, not announced*, from the rules of the law. Where the authorities choose (which five
//! days of Tết, which day beside National Day), only days that are off whatever they choose are counted as off
//! ([`Reading::Sure`]): what is not known makes a deadline earlier, never later. What is likely is told beside it
//! ([`Moment::expected`]), and that it is not settled. When the year is announced, what is open is computed again
//! ([`Moment::moved`] says who is told). Beyond the years computed, only Saturdays and Sundays are taken to be off.

mod clock;
mod counting;
mod edition;
mod hours;
mod law;
mod lunar;
mod period;
mod schedule;
mod table;
mod working;

pub use clock::{Clock, ClockFault, Extension, Pause, Restart, Stretch};
pub use counting::{DueAt, Rules};
pub use edition::{Edition, EditionFault, Editions, Sound};
pub use hours::{Hours, Week};
pub use law::{Anchor, Computed, Law, LawFault, MadeUp, Rule};
pub use lunar::{LunarDay, tet};
pub use period::{Amount, Period, Unit};
pub use schedule::{Moment, Moved, NoDue, NoSuchHours, Schedule, Worked};
pub use table::{DayOff, Fault, Named, Swap, Table, Year};
pub use working::{Reading, WorkingDays, official_day};

#[cfg(test)]
mod tests;
