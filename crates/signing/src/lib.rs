//! Floor 4: the keys by which a tenant signs, whom signatures are believed, and what is asked of other authorities.
//!
//! [`Signing`] keeps the inventory of keys and certificates (records of the graph; private keys are sealed with a key that
//! lies outside it), asks for time stamps, lists of revoked certificates and answers about them through the door's list of
//! hosts, and signs: at once with keys in software or in a security module, in two steps with whatever is elsewhere, such
//! as a token at somebody's desk. What is pure about signatures is in the crate `signatures`.

mod error;
mod facade;
mod key;
mod module;
mod seal;
mod sources;
mod trust;
mod waiting;

pub use dinh_signatures as signatures;
pub use error::Error;
pub use facade::{Begun, NewKey, Seen, Settings, Signing, Wanted};
pub use key::{Key, KeyUse, Place, Standing, Withdrawn};
pub use module::{Module, ModuleFault};
pub use seal::SealKey;
pub use trust::{Listed, TrustFault, TrustList};
