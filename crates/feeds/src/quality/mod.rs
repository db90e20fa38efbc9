//! Quality: the checks that the faults of real stations call for.
//!
//! A check flags a value (sub-attribute `qualityFlag`), leaves it out, mends it, or refuses the record. Checks that
//! need the past (stuck, step, gap) remember one small state for each series, in bounded memory, by observation time:
//! what arrives late is not judged by what came after it.

mod checks;
mod outline;
mod place;
mod series;
#[cfg(test)]
mod tests;

pub use checks::{Checks, Report};
pub use outline::Outlines;
pub use series::SavedSeries;
