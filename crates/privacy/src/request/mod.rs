//! Requests of data subjects.

mod due;
mod kind;
mod record;
mod state;

pub use due::{Due, DueStep};
pub use kind::Kind;
pub(crate) use record::attributes_of_new;
pub use record::{DataRequest, KeptBy, StepTaken};
pub use state::{By, IllegalStep, State, Step};

#[cfg(test)]
mod tests;
