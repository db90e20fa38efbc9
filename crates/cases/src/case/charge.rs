//! What a case costs, and why.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One fee of a case, as it was asked on the day that decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The fee, by its code within the kind.
    pub fee: String,
    /// What it is for one, in đồng.
    pub each: u64,
    /// How many.
    pub times: u64,
    /// On which act it stands.
    pub basis: String,
    /// What was taken off; none if nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<Off>,
    /// What is asked, in đồng.
    pub amount: u64,
}

/// What was taken off a fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Off {
    /// The reduction by its code; none for who is free by the kind itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction: Option<String>,
    /// How much, in đồng.
    pub amount: u64,
    /// On which act it stands.
    pub basis: String,
    /// What a card has proved of it; none for what an official looks up, or what needs no proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved: Option<ProvedBy>,
}

/// The card that proves that something is taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvedBy {
    /// The kind of card.
    pub kind: String,
    /// Its serial number.
    pub serial: u32,
    /// What it says its holder is entitled to, of what counts here; none where the card alone counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit: Option<String>,
    /// When it was shown.
    pub at: Timestamp,
}
