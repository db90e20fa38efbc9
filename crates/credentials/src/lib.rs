//! Floor 1: credentials that hold without asking whoever issued them: cards with a signed QR, lists of their standing, and
//! credentials for wallets that tell no more than their holder wants.
//!
//! Everything here is pure: the moment, the randomness and the keys are arguments, and nothing is fetched.
//!
//! | module | what it is | by which text |
//! |---|---|---|
//! | [`number`], [`layout`] | the number and the printed QR of a civil servant's card | Decision 838/QĐ-BNV |
//! | [`card`] | the signed card in a QR: CWT in COSE_Sign1, zlib, base45 | RFC 8392, 9052, 1950, 9285 |
//! | [`status`] | which cards are revoked or suspended, for a million cards in one small file | IETF Token Status List |
//! | [`sdjwt`] | a credential whose claims are disclosed one by one, tied to a key of the holder | RFC 9901, SD-JWT VC |
//! | [`key`], [`jwt`], [`cbor`], [`cose`], [`base45`] | what they are built of | RFC 7515, 7517, 7638, 8949, 9052, 9285 |
//!
//! One algorithm only, ES256 (ECDSA over P-256 with SHA-256): every phone, every browser and every card reader has it, and
//! what has no choice cannot be talked into the weaker one.

pub mod base45;
pub mod card;
pub mod cbor;
pub mod cose;
mod error;
pub mod jwt;
pub mod key;
pub mod layout;
pub mod number;
pub mod sdjwt;
pub mod status;

#[cfg(test)]
mod tests;

pub use error::Refused;
