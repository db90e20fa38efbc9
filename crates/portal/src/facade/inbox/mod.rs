//! What arrives: a dossier that was filed elsewhere is kept word by word before it is acknowledged, becomes a case of the
//! right kind, and waits with a reason where it cannot.

mod answers;
mod arrival;
mod become_case;
mod fetch;
mod mapping;
mod mend;
mod take;

pub use arrival::{Arrival, ArrivalState};
pub use mapping::{Mapping, MappingList};
pub use mend::Arrivals;
pub use take::Taken;
