//! What packs bring: kinds of case, and the messages that tell of them.

mod kinds;
mod messages;

pub(crate) use kinds::read;
pub use messages::{Message, Messages};
