//! The audit: signing how far it has come, and checking it.
//!
//! The store writes the entries, in the commit of what they tell of (its module `audit` says what they hold). What is
//! done here needs a key, files and a clock: every day is sealed when it has ended.
//!
//! **How entries come about.** Writing through a [`crate::Session`] is enough: the entry says who, for what purpose and
//! what. Say from where once, when the session is opened: `context.session(…).from_origin(Origin { peer, request,
//! session })`. What changes nothing is noted with [`crate::Session::note`]; what explains a change goes into the commit
//! of the change, as `Op::note(Note { … })`. Whoever shows personal data unmasked notes first and shows then:
//!
//! ```ignore
//! let note = Note { entities, attributes, reason, ..Note::of(Act::Reveal) };
//! session.note(note).await?;
//! ```
//!
//! **Seals.** A [`SealKey`] outside the data signs a statement of how far the chain has come, with the hash of its last
//! entry and of the seal before. [`Sealing`] makes one for each day that had entries, in the time zone of the province,
//! keeps it in the store and as a file that can be carried away, and asks a time-stamp server for a token over its hash
//! where one is configured. Whoever alters the store cannot make the signature; whoever has the key cannot make the
//! token; and whoever carries the files away needs to trust neither.

mod error;
mod examine;
mod file;
mod key;
mod rules;
mod sealing;
mod stamp;
pub mod table;

pub use error::Error;
pub use examine::{Fault, Verdict, examine};
pub use file::SEALS;
pub use key::{PublicKey, SealKey};
pub use sealing::Sealing;
