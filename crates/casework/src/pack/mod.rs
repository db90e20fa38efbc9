//! What packs bring: kinds of case, and the messages that tell of them.

mod indicators;
mod kinds;
mod messages;

pub use indicators::{Group, Indicator, IndicatorSet};
pub(crate) use kinds::read;
pub use kinds::templates;
pub use messages::{Message, Messages};
