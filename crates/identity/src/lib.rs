//! Floor 4: who somebody is. Accounts, sign-in, sessions and keys.

pub mod domain;
mod error;

pub use error::{Error, Misfit};
