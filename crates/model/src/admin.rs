//! Administrative units that carry dates: provinces, districts and communes, and what became of them.
//!
//! On 1 July 2025 Viet Nam went from 63 provinces, 696 districts and 10,035 communes to 34 provinces and 3,321
//! communes; codes of abolished units were given to new ones. So nothing here is keyed by a name or by a code alone:
//! a [`Unit`] has a span of days in which it was in force, and links to the units that took over its territory, in
//! full or in part. A [`Register`] answers for a day: which unit had this code, what became of it, and in which unit
//! a point lies.
//!
//! Outlines of units abolished in 2025 are not free, so for an earlier day [`Register::unit_at`] answers with the
//! present unit and the units that it was made from, marked as candidates ([`Place::Candidates`]).

mod chain;
mod entity;
mod place;
mod register;
#[cfg(test)]
mod tests;
mod unit;

pub use chain::Descent;
pub use entity::{UNIT_TYPE, UnitError};
pub use place::Place;
pub use register::{Register, RegisterError};
pub use unit::{Level, Share, Span, Succession, Unit, UnitName};
