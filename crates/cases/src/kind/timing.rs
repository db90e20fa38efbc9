//! How long a case may take.

use dinh_calendar::{Named, Period};
use serde::{Deserialize, Serialize};

use crate::Expr;

/// The times of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// What the law gives at most.
    pub statutory: Period,
    /// What is promised, where that is less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Period>,
    /// By which rules periods are counted, by the name of an edition of the calendar; the law's own if none: `same-day`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counting: Option<String>,
    /// How often more may be asked of the applicant; none for any number (Decree 107/2021: once for the whole process).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplements: Option<u8>,
    /// How often the answer may be put off.
    #[serde(default)]
    pub extensions: u8,
    /// By how much each time at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Period>,
}

impl Timing {
    /// What the clock of a case runs for.
    pub fn runs_for(&self) -> &Period {
        self.promised.as_ref().unwrap_or(&self.statutory)
    }
}

/// A variant of a kind (trường hợp).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its code within the kind.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// It is this one if this is true of the answers; the first that is true counts.
    pub when: Expr,
    /// Its own times, where they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
}
