//! Attempts to sign in: how often, and how long to wait.
//!
//! An attempt counts as failed before the password is looked at, and is taken back if it was right: many attempts at
//! once gain nothing. Every name is counted, whether an account has it or not, and the answer is the same.

mod delay;
mod network;
mod told;
mod tries;

pub(crate) use delay::Tries;
pub(crate) use told::Told;
pub(crate) use tries::{Admitted, Throttle};
