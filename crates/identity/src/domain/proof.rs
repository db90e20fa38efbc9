//! How surely the holder of an account is known.

use crate::secret::Digest;
use dinh_model::Timestamp;
use serde::{Deserialize, Serialize};

/// An identity that an authority has proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvedIdentity {
    /// Level of the electronic identity: 1 or 2 (NĐ 69/2024/NĐ-CP, article 7).
    pub level: u8,
    /// Who has proved it: the name of an identity provider, or `counter` for an official who saw the card.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Digest of the personal identification number, where the provider has said it: one number, one account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Digest>,
}
