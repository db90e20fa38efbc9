//! Keys by which devices and systems show who they are.

mod cache;
mod rate;
mod record;
mod text;

pub(crate) use cache::{Keys, LiveKey};
pub use record::{KeyRecord, KeyScope};
pub(crate) use text::KeyText;
