//! Passkeys: Web Authentication (W3C, Level 3) as a relying party.
//!
//! Attestation is asked for as `none` and not looked at: whoever made the authenticator is not a question here, only
//! that the same one answers again. What is left of the standard is small enough to be written on `ring`; the crates for
//! it bring a second clock or an RSA implementation with a known weakness (RUSTSEC-2023-0071) along. Tests run whole
//! ceremonies against an independent authenticator.

mod cbor;
mod ceremony;
mod client;
mod data;
mod key;

pub use ceremony::{Doubt, Site};
pub(crate) use ceremony::{assertion, registration};
pub(crate) use key::{ALGORITHMS, PublicKey};
