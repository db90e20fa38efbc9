//! "Quanh tôi": what is near a place.

use serde::Serialize;

use super::{Age, Sign};

/// The page: a question, or its answer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Around {
    pub(crate) start_href: String,
    /// What was typed.
    pub(crate) place: String,
    pub(crate) problem: Option<String>,
    pub(crate) choices_title: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) result: Option<Result>,
}

/// A place to choose.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Choice {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) note: Option<String>,
}

/// The answer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Result {
    pub(crate) title: String,
    /// The commune, as a sentence.
    pub(crate) r#where: String,
    pub(crate) cards: Vec<Card>,
    pub(crate) map_href: String,
}

/// One subject.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) title: String,
    /// Said if nothing is near.
    pub(crate) none: String,
    pub(crate) items: Vec<Near>,
}

/// One entity near the place.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Near {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) distance: String,
    pub(crate) values: Vec<Measure>,
    pub(crate) class_title: Option<String>,
    pub(crate) sign: Sign,
    pub(crate) chart: Option<NearChart>,
    /// None where there is no value to be old.
    pub(crate) age: Option<Age>,
    pub(crate) source: Option<String>,
    pub(crate) stale: bool,
    pub(crate) replay: Option<String>,
}

/// A value with its name.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measure {
    pub(crate) title: String,
    pub(crate) text: String,
}

/// A small chart.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NearChart {
    pub(crate) title: String,
    pub(crate) svg: String,
}
