//! What a layer may say besides: thresholds of its value, and its part in the answer to "what is around me".

use dinh_context::packs::Titles;
use dinh_model::Term;
use serde::Deserialize;

/// Tokens that a threshold may be drawn in.
const TONES: [&str; 5] = ["ok", "watch", "warn", "danger", "extreme"];
/// Farthest that "around" reaches, in kilometres.
const MAX_KM: f64 = 200.0;
/// Most entities of a layer in one answer.
const MAX_NEAR: usize = 10;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawThreshold {
    #[serde(default)]
    attribute: Option<String>,
    #[serde(default)]
    value: Option<f64>,
    title: Titles,
    tone: String,
}

/// A value of meaning: the same for all entities, or told by an attribute of each.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// The attribute that tells it.
    pub attribute: Option<Term>,
    /// The value, if no attribute tells it.
    pub value: Option<f64>,
    /// Its name.
    pub title: Titles,
    /// Token of its colour.
    pub tone: &'static str,
}

impl RawThreshold {
    pub(super) fn finish(self, expand: &dyn Fn(&str) -> Term) -> Result<Threshold, String> {
        if self.attribute.is_some() == self.value.is_some() {
            return Err("a threshold has either an \"attribute\" or a \"value\"".to_owned());
        }
        let tone = TONES.into_iter().find(|t| *t == self.tone);
        let tone = tone.ok_or_else(|| format!("\"tone\" is {:?}, it must be one of {TONES:?}", self.tone))?;
        Ok(Threshold {
            attribute: self.attribute.as_deref().map(expand),
            value: self.value,
            title: self.title,
            tone,
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAround {
    title: Titles,
    #[serde(default)]
    none: Titles,
    #[serde(default)]
    order: u32,
    within_km: f64,
    #[serde(default = "two")]
    limit: usize,
    #[serde(default)]
    chart: bool,
    #[serde(default)]
    attributes: Vec<String>,
}

fn two() -> usize {
    2
}

/// How a layer answers "what is around me".
#[derive(Clone, Debug)]
pub struct Around {
    /// Heading.
    pub title: Titles,
    /// Said if nothing is near; empty for the usual words.
    pub none: Titles,
    /// Place among the answers.
    pub order: u32,
    /// How far to look, in metres.
    pub within: f64,
    /// How many to show, the nearest first.
    pub limit: usize,
    /// Whether the nearest shows the last day as a chart.
    pub chart: bool,
    /// Further attributes to show beside the layer's value.
    pub attributes: Vec<Term>,
}

impl RawAround {
    pub(super) fn finish(self, expand: &dyn Fn(&str) -> Term) -> Result<Around, String> {
        if !(self.within_km > 0.0 && self.within_km <= MAX_KM) {
            return Err(format!(
                "\"within_km\" is {}, it must be above 0 and at most {MAX_KM}",
                self.within_km
            ));
        }
        if !(1..=MAX_NEAR).contains(&self.limit) {
            return Err(format!("\"limit\" is {}, it must be 1 to {MAX_NEAR}", self.limit));
        }
        Ok(Around {
            title: self.title,
            none: self.none,
            order: self.order,
            within: self.within_km * 1000.0,
            limit: self.limit,
            chart: self.chart,
            attributes: self.attributes.iter().map(|a| expand(a)).collect(),
        })
    }
}
