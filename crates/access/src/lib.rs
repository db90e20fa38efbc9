//! Floor 1: who may do what, for which purpose. Pure.
//!
//! The one door (`context`) asks [`Policy`] before every read and write and hands the answer, a [`Grant`], down
//! to `store`. A grant cannot be made anywhere else, so a store call without evidence of a decision does not compile.
//! Accounts, roles and written policies join here later; today's policy knows three kinds of principal.

mod grant;
mod policy;
mod principal;

pub use grant::{Feed, Grant, InTenant, Read, Write};
pub use policy::{Denied, OpenWrites, Policy};
pub use principal::{Principal, Purpose};
