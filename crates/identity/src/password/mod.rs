//! Passwords: what is asked of them, and how they are kept.

mod breached;
mod guess;
mod hash;
mod rules;

pub use breached::Breached;
pub use hash::Cost;
pub(crate) use hash::{Hasher, Verdict};
pub use rules::{LEAST, MOST, Weak};
pub(crate) use rules::{NewPassword, normal};
