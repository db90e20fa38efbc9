//! The six bands of the index and what they mean for health (tables 1, 4 and 5).

use serde::Deserialize;

use crate::Both;

/// One band.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Name in the graph: the value of `airQualityLevel`.
    pub key: String,
    /// Lowest index.
    pub min: u16,
    /// Highest index.
    pub max: u16,
    /// The official colour, `#RRGGBB`.
    pub colour: String,
    /// What people call it.
    pub title: Both,
    /// Effect on health.
    pub effect: Both,
    /// Advice for everybody.
    pub advice: Both,
    /// Advice for the old, children, and people with weak lungs or hearts.
    pub advice_sensitive: Both,
}
