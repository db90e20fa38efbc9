//! One entity.

use serde::Serialize;

use super::{Age, Choice, Sign};

/// Everything known of an entity.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entity {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) type_title: String,
    pub(crate) sign: Option<Sign>,
    /// The layer that shows it.
    pub(crate) layer: Option<String>,
    /// Whether it stands beside the map.
    pub(crate) in_panel: bool,
    pub(crate) href: String,
    pub(crate) close_href: String,
    pub(crate) headline: Option<Headline>,
    pub(crate) badges: Vec<Badge>,
    pub(crate) history: Option<History>,
    pub(crate) attributes: Vec<AttributeRow>,
    pub(crate) links_out: Vec<Link>,
    pub(crate) links_in: Vec<Link>,
    /// How many entities more point here.
    pub(crate) more_links_in: u64,
    pub(crate) owner: Option<String>,
    pub(crate) feed: Option<Feed>,
    pub(crate) place: Option<Place>,
    pub(crate) created: String,
    pub(crate) modified: String,
    pub(crate) version: u64,
    /// The record as the API gives it.
    pub(crate) raw: String,
    pub(crate) raw_href: String,
}

/// The value that the layer shows, large.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Headline {
    pub(crate) value: String,
    pub(crate) class_title: Option<String>,
    pub(crate) age: Age,
}

/// A remark that must not be missed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Badge {
    /// `replay` or `suspect`.
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) text: String,
}

/// One attribute.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AttributeRow {
    pub(crate) name: String,
    pub(crate) title: String,
    /// Written out, with its unit.
    pub(crate) value: String,
    pub(crate) is_number: bool,
    /// Shows its history.
    pub(crate) href: Option<String>,
    pub(crate) age: Age,
    pub(crate) source: Option<String>,
    /// What the quality control found.
    pub(crate) quality: Option<String>,
    pub(crate) notes: Vec<String>,
}

/// The history of one attribute.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct History {
    /// `line` or `bars`.
    pub(crate) kind: &'static str,
    /// Short name.
    pub(crate) attribute: String,
    /// What people call it, with its unit.
    pub(crate) measure: String,
    pub(crate) attributes: Vec<Choice>,
    pub(crate) ranges: Vec<Choice>,
    /// The finding, or the question.
    pub(crate) title: String,
    pub(crate) svg: String,
    pub(crate) source_line: String,
    pub(crate) unit: String,
    pub(crate) digits: u8,
    /// Values further apart than this are not joined by a line.
    pub(crate) join_seconds: i64,
    /// Seconds since the epoch.
    pub(crate) from: i64,
    /// Seconds since the epoch.
    pub(crate) to: i64,
    /// JSON for the script that draws the same chart: `[{"value","name","tone"}]`.
    pub(crate) thresholds: String,
    pub(crate) count: usize,
    /// Newest first.
    pub(crate) points: Vec<HistoryPoint>,
}

/// One value of a history.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HistoryPoint {
    pub(crate) iso: String,
    pub(crate) time: String,
    pub(crate) value: String,
    /// The number, for scripts.
    pub(crate) raw: f64,
}

/// A relationship to or from another entity.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Link {
    pub(crate) relation: String,
    pub(crate) href: String,
    pub(crate) name: String,
}

/// The feed that an entity comes from.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Feed {
    pub(crate) title: String,
    pub(crate) href: String,
}

/// Where it is.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Place {
    pub(crate) text: String,
    /// Degrees.
    pub(crate) lon: f64,
    /// Degrees.
    pub(crate) lat: f64,
    /// Shows it on the map.
    pub(crate) href: String,
}

/// The form that reveals what is masked, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Reveal {
    /// The purposes for which the visitor may.
    pub(crate) purposes: Vec<PurposeChoice>,
    /// What was typed and chosen, if it was not taken.
    pub(crate) reason: String,
    pub(crate) chosen: String,
    pub(crate) error: Option<String>,
    /// What is shown now, and for what purpose.
    pub(crate) shown: Option<String>,
}

/// One purpose.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PurposeChoice {
    pub(crate) name: &'static str,
    pub(crate) title: String,
}
