//! The machine: a case, and what is done with it, give the case as it is then.

mod act;
mod actor;
mod answers;
mod charges;
mod clocks;
mod effect;
mod open;
mod opinion;
mod rating;
mod refused;
mod scope;
mod succeed;
mod wake;

pub use actor::{Actor, Attempt};
pub use effect::{Effect, Moved};
pub use open::Opening;
pub use opinion::Opinion;
pub use refused::{AskRule, Refused};
pub use wake::{Wake, Woken};
