//! Who is told when something happens to a case: kept in the commit of what they are told of, sent afterwards.
//!
//! What is kept names the case, the role and the message, and nothing of a person: text and addresses are made when it is
//! sent. Each is sent at least once by every way that is configured and for which its recipient has an address, and kept
//! until it was, or until it was tried for three days. What could not be sent is put aside with the reason, where officials
//! see it and may have it sent again.

mod channel;
mod keep;
mod log;
mod send;
mod way;

pub use channel::Channel;
pub use log::{Notices, Untold};
pub use way::{Contact, Contacts, Messenger, NotSent, Notice, Ways};

pub(super) use channel::Channels;
pub(super) use keep::Told;
