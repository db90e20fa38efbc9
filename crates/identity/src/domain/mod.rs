//! What an account is. Pure: records, dates and the account as it acts at one moment.

mod account;
mod acting;
mod days;
mod handle;
mod id;
mod place;
mod proof;
#[cfg(test)]
mod tests;
mod tree;

pub use account::{AccountRecord, Address, Language, Linked, State};
pub use acting::{Acting, Moment, acting};
pub use days::{Days, day_of as today};
pub use handle::{Handle, HandleError};
pub use id::AccountId;
pub use place::{Basis, Position, Representation, Role, Tie};
pub use proof::ProvedIdentity;
pub use tree::UnitTree;
