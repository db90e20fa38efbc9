//! Floor 4: what people may know and ask of the data that is kept of them (Law 91/2025/QH15, decree 356/2025/NĐ-CP).
//!
//! Everything goes through one facade, [`Privacy`], over the sessions of those who ask:
//!
//! | call | answers |
//! |---|---|
//! | [`Privacy::holdings`], [`Privacy::held`] | what is kept of somebody, grouped by type |
//! | [`Privacy::looks`] | who saw it unmasked, took it out or changed it |
//! | [`Privacy::export`] | all of that as one JSON document |
//! | [`Privacy::standings`], [`Privacy::give`], [`Privacy::take_back`], [`Privacy::receipt`] | consents |
//! | [`Privacy::may_use`] | for applications: whether somebody agreed to a use of their data |
//! | [`Privacy::file`], [`Privacy::own_requests`], [`Privacy::request`], [`Privacy::drop_request`] | requests of data subjects, by those who make them |
//! | [`Privacy::queue`], [`Privacy::settle`] | the same, by data protection officers |
//!
//! Consents and requests are entities (`Consent`, `DataRequest` of the pack `privacy`), so that they have history, audit
//! and policy like everything else. Nobody may write them as entities: the policies of the pack forbid it. They change by
//! the steps of this crate, which checks who may take a step and when, and then writes in the name of whoever takes it
//! ([`dinh_context::Session::vouched`]).
//!
//! Deadlines and purposes are dated data of the pack. A deadline is computed when it begins and kept with the request: a
//! later edition of the law does not move it.

mod consent;
mod error;
mod facade;
mod names;
mod request;
mod tables;

pub use consent::{Consent, How, Receipt, Standing};
pub use error::Error;
pub use facade::{
    Attachment, Decision, Export, Group, Holdings, Look, LooksPage, NewRequest, Privacy, QueuePage, Settled,
    Sort, Who,
};
pub use request::{By, DataRequest, Due, DueStep, IllegalStep, KeptBy, Kind, State, Step, StepTaken};
pub use tables::{Deadlines, Edition, Purpose, Purposes, Sure, TableFault, Unit};
