//! What a card has proved of whoever applies.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a card has proved: which card, what it says, and when it was shown. Whether it is genuine and holds was judged by
/// whoever knows cards, at that moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The kind of card: `person`, `enterprise`.
    pub kind: String,
    /// The card, by its URI.
    pub card: String,
    /// Its serial number.
    pub serial: u32,
    /// What it says its holder is entitled to, by the codes of benefits; nothing for one that says nothing of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<String>,
    /// When it was shown.
    pub at: Timestamp,
}
