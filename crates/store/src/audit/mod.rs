//! The audit: who did what, when, from where and why, in a chain that cannot be altered unseen.
//!
//! * **An entry for each commit.** The writer adds it in the transaction of what it tells of, so that an acknowledged
//!   write always has its entry and one that was rolled back never has. It names who, for what purpose, from where
//!   ([`Origin`], which the caller puts into [`crate::Commit::origin`]), and what: entities with their versions and the
//!   attributes that changed, records, and the numbers of the changes in the feed with SHA-256 over them. A commit that
//!   changed nothing leaves no entry, and neither do cursors: they are the program's own bookmarks.
//! * **Notes.** What changes no entity (a look at personal data, a sign-in, a change of a role, an export) is written
//!   with [`crate::Op::Note`], in the commit of what it explains if there is one, or with [`crate::Store::note`] by
//!   somebody who may not write. Whoever reveals personal data writes the note first and shows the data after.
//! * **Short for programs.** A part of the program that writes more than eight entities at once, such as a feed, gets
//!   the short form: keys and versions. The keys lead to the entities, and the digest binds what was written to them.
//! * **A chain.** `hash = SHA-256(hash before ‖ number ‖ instant ‖ tenant ‖ body)` (module `chain`). The bytes that are
//!   hashed are the bytes that are stored.
//! * **Seals.** A [`Seal`] signs how far the chain has come, so that also an end that was cut off is missed. The store
//!   keeps seals and checks that they fit; signing is the business of those above.
//!
//! Housekeeping never takes entries away. Measured with batches of a hundred, a million updates take 6 MB of entries when
//! a feed writes them, and 45 MB when somebody in particular does; one by one they take about 300 MB. Writing them takes
//! 3 % and 8 % of the processor time of an update (`examples/measure`, `writes` and `people`).

mod body;
mod chain;
mod entry;
mod fault;
mod note;
mod origin;
mod query;
mod seal;

pub(crate) use body::{Body, Deed, Form, Head, Records, commit_bytes, note_bytes};
pub(crate) use chain::{BEFORE_FIRST, ChangesDigest, kind_of, link};
pub use chain::{Digest, Link, hex};
pub use entry::{Changes, Did, Entry, OnRecord, Subject, Touched, What};
pub use fault::{AuditReport, Break};
pub(crate) use note::stamp_digest;
pub use note::{Act, Note};
pub use origin::Origin;
pub(crate) use query::Wanted;
pub use query::{AuditOrder, AuditPage, AuditQuery};
pub use seal::{KeptSeal, Seal, SealError};
