//! Sets of indicators as an act prescribes them: which counts make them, how they are weighed, and which need data that
//! is not there.

use dinh_calendar::Named;
use jiff::civil::Date;
use serde::Deserialize;

/// A set of indicators.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorSet {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// The act that prescribes it.
    pub act: Named,
    /// The first day on which it holds.
    pub valid_from: Date,
    /// The last day on which it holds; none if no end is known.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Its groups.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
}

/// A group of indicators.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// Most points that it brings.
    pub points: f64,
    /// Whether that was read in the act.
    pub confirmed: bool,
    /// Its indicators.
    #[serde(rename = "index")]
    pub indexes: Vec<Indicator>,
}

/// One indicator: counts by other counts, or the reason why it cannot be told.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its code.
    pub code: String,
    /// What it says.
    pub title: Named,
    /// Names of the counts that are its part.
    #[serde(default)]
    pub part: Vec<String>,
    /// Names of the counts that are its whole.
    #[serde(default)]
    pub whole: Vec<String>,
    /// True for minutes by cases instead of a share.
    #[serde(default)]
    pub mean: bool,
    /// The share, in hundredths, that brings all points.
    #[serde(default = "all")]
    pub full_at: f64,
    /// Most points that it brings, where the act says so and it was read there.
    #[serde(default)]
    pub points: Option<f64>,
    /// How close it is to the act.
    #[serde(default)]
    pub note: Option<Named>,
    /// Which data is missing.
    #[serde(default)]
    pub missing: Option<Named>,
}

const fn all() -> f64 {
    100.0
}

/// What counts are called, up to a point or a whole.
const COUNTS: [&str; 20] = [
    "received",
    "ended",
    "on-time",
    "late",
    "supplemented",
    "again",
    "minutes",
    "minutes-granted",
    "reused",
    "electronic",
    "issued",
    "synced",
    "rated",
    "rating-sum",
    "open",
    "open-in-time",
    "kinds",
    "kinds-online",
    "left",
    "left-late",
];

impl IndicatorSet {
    pub(super) fn checked(self) -> Result<Self, String> {
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            return Err("valid_to: is before valid_from".to_owned());
        }
        for index in self.groups.iter().flat_map(|group| &group.indexes) {
            let fault = |rule: &str| Err(format!("index {:?}: {rule}", index.code));
            match (&index.missing, index.part.is_empty() || index.whole.is_empty()) {
                (Some(_), false) => return fault("says both how it is computed and what is missing"),
                (None, true) => return fault("says neither part and whole nor what is missing"),
                _ => {}
            }
            if !(index.full_at > 0.0 && index.full_at <= 100.0) {
                return fault("full_at must be above 0 and at most 100");
            }
            let unknown = |name: &&String| {
                // Of complaints the same is counted, apart.
                let name = name.strip_prefix("about.").unwrap_or(name);
                let base = name.split('.').next().unwrap_or_default();
                !COUNTS.contains(&base)
            };
            if let Some(name) = index.part.iter().chain(&index.whole).find(unknown) {
                return fault(&format!("there is no count {name:?}"));
            }
        }
        Ok(self)
    }

    /// True if it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}
