//! Signing in with an identity provider: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636).
//!
//! The relying party is written here on `ring`, a few hundred lines, because the crates for it bring a second clock and
//! an RSA implementation with a known weakness (RUSTSEC-2023-0071) along. All calls go through the door's allow-list.

mod claims;
mod definition;
mod exchange;
mod fault;
mod jws;
mod keys;
mod metadata;
mod verify;

pub(crate) use claims::Identified;
pub use definition::{ClientAuth, Provider, ProviderDefinition};
pub(crate) use exchange::Begun;
pub use fault::Fault;
pub(crate) use metadata::Known;
