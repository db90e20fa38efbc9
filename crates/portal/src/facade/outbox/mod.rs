//! What is told: a cursor on the change feed marks each dossier of which there is news; a sender tells the counterpart of it,
//! dossier by dossier in the order of its steps, at least once.
//!
//! Records (none holds anything of a person):
//!
//! | kind | key | what |
//! |---|---|---|
//! | `portal-position` | `feed` | how far the change feed was read |
//! | `portal-news` | dossier, number of the change | there is something to tell |
//! | `portal-link` | dossier | what the counterpart knows ([`keep::Standing`]) |
//! | `portal-failed` | dossier | what could not be told, and why |
//! | `portal-sent` | month | how much was told |

mod follow;
pub(super) mod keep;
mod log;
mod send;
mod tell;

pub use log::{Failed, LinkState, Synced, Waiting};
