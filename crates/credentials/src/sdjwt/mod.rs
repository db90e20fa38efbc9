//! SD-JWT VC (RFC 9901 and the profile for verifiable credentials): a signed credential with hashes in the place of claims,
//! and the claims beside it, so that its holder shows one and keeps the others. It is tied to a key of the holder (`cnf`),
//! who signs each presentation for one verifier and one nonce: what was shown to one cannot be shown again to another.

mod disclosure;
mod issue;
mod present;
mod resolve;
mod verify;

pub use disclosure::Disclosure;
pub use issue::{Issue, TYPE, issue};
pub use present::{BINDING_TYPE, Binding, SdJwt};
pub use verify::{Asked, Presented, verify};
