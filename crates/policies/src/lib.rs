//! Floor 2: reads the policies of packs, written in Cedar, into the rules of `access`. Pure.
//!
//! Cedar parses and validates: a policy that names an attribute that does not exist, or compares a number with a text,
//! is refused with its place. What is valid Cedar but cannot be decided before an entity is seen, or be turned into a
//! filter over entities, is refused too, with the part that cannot: that way no policy is ever evaluated row by row.
//! Cedar's own authorizer is the oracle in the tests; it does not run in the program.

mod error;
mod operand;
mod read;
mod translate;

pub use error::Error;
pub use read::{PolicyFile, read};

/// The schema that policies are validated against, in Cedar's own language.
pub const SCHEMA: &str = include_str!("schema.cedarschema");
