//! The stored form of entities, attribute instances and changes: bytes, version 1; version 2 where something is sealed.
//!
//! Why not the serde JSON form of the model: a stored entity of ten attributes is 1.3 KB of JSON, most of it the same
//! fifty-byte IRIs over and over, and takes 6 µs to read back. Here names are numbers ([`crate::names`]), instants are
//! differences from the entity's own, and numbers are as short as their digits: a third of the size, a third of the
//! time, and every page of the database, the cache and the write-ahead log holds three times as many entities.
//! A debug dump is a decode away. The first byte is the version, so that another form can live beside this one.
//!
//! | what | form |
//! |---|---|
//! | integer | LEB128, signed ones zigzag |
//! | text | length in bytes, UTF-8 |
//! | name | number of the name |
//! | instant | microseconds before the base instant that the reader knows |
//! | JSON | tag, then by tag; a decimal of up to seven digits after the point is its digits as an integer |

mod document;
mod json;
mod reader;
mod seal;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use document::{
    Sides, decode_changes, decode_entity, decode_instance, encode_changes, encode_entity, encode_instance,
    peek_number,
};
pub(crate) use seal::{Envelope, Onlooker, Opener, Spot};

use crate::names::TooManyNames;

/// Version written where nothing is sealed.
const VERSION: u8 = 1;

/// Version written where something is.
const SEALED_VERSION: u8 = 2;

/// Versions of entities that vanish by themselves: when, stands behind the version.
const EXPIRING_VERSION: u8 = 3;
const SEALED_EXPIRING_VERSION: u8 = 4;

/// Deepest nesting of JSON values, and of attributes of attributes, kept.
pub(crate) const MAX_DEPTH: usize = 130;

/// Why something cannot be written in the stored form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EncodeError {
    #[error(transparent)]
    Names(#[from] TooManyNames),
    #[error("the entity nests values deeper than {MAX_DEPTH} levels, the limit of the store")]
    TooDeep,
    #[error("the machine gives no randomness to seal personal data with")]
    Randomness,
}

/// Why bytes cannot be read back. Means a damaged store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("the stored form ends too early")]
    Truncated,
    #[error("the stored form has bytes left over")]
    LeftOver,
    #[error("the stored form has version {0}, which this program does not know")]
    Version(u8),
    #[error("the stored form has an unknown tag {0}")]
    Tag(u8),
    #[error("the stored form names number {0}, which the table of names does not hold")]
    Name(u64),
    #[error("the stored form holds a text that is not UTF-8")]
    Text,
    #[error("the stored form holds a number that is not one")]
    Number,
    #[error("the stored form nests too deep")]
    TooDeep,
    #[error("the stored form holds something sealed with key {0} that does not fit its place")]
    Seal(u64),
    #[error(
        "the stored form holds something sealed, but the store was opened without the folder of its keys"
    )]
    NoVault,
    #[error("{0}")]
    Vault(String),
}
