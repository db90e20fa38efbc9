//! The vault: the keys that personal data is sealed with, outside the store.
//!
//! What the types mark as personal is kept in the graph only as cipher text: in the entity, in its history and in the
//! feed. The keys are kept here, in a database of their own in a folder of its own, so that a copy of the graph says
//! nothing without them, and so that destroying a key erases what was sealed with it wherever it was copied to.
//!
//! * **Whose a key is.** A key belongs to one entity and the set of its subjects: the persons that it is about, by the
//!   relation `owner`, or itself if it names none. An entity of its own each, because the law may ask to keep one thing
//!   of a person (a file within its retention period) while another must go. When the subjects of an entity change, its
//!   next write makes a key for the new set, and what the earlier ones left stays under theirs.
//! * **How a key is kept.** 256 random bits, wrapped by the master key with AES-256-GCM and bound to its number, tenant
//!   and entity. The master key is not here. A destroyed key leaves its number, so that what it sealed is known to be
//!   gone rather than damaged.
//! * **In which order.** Keys that a group of commits needs are durable before the group is. An erasure is in the ledger
//!   here before it is in the graph, and its keys are destroyed after; a store that is behind the ledger (the process
//!   was killed, or an older backup was brought back) erases again what was erased, before anything is served.
//! * **What is not sealed.** Identifiers, types, scopes, the names of attributes and the times of observations; rows of
//!   the indexes of values and of words, where a type asks for them (never for what is sensitive), and of links and
//!   places. Those rows go with their entity.

mod check;
mod cipher;
mod copy;
mod file;
mod keys;
mod ledger;
mod opened;
mod options;
mod sealing;

pub(crate) use self::cipher::{Cipher, NONCE};
pub(crate) use self::copy::copy;
pub(crate) use self::file::make_folder;
pub(crate) use self::keys::Vault;
pub(crate) use self::ledger::Erased;
pub use self::options::{Marks, NoRandomness, Randomness, VaultOptions};
pub(crate) use self::sealing::{Opening, Sealing};

#[cfg(test)]
mod tests;
