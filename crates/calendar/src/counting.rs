//! How periods are counted, as dated data says it.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::edition::Sound;

/// How periods are counted. Those in hours begin at once and run on (Civil Code 91/2015/QH13, article 147, clause 1):
/// these rules change nothing in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// What is received after this time of a day counts as received on the next working day. Only where the first day is
    /// counted: elsewhere it would make periods longer than the law's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<Time>,
    /// True if the day on which something is received is the first of the period, if it is received in time. By law it is
    /// not counted (article 147, clauses 2 and 3); a promise to answer within the day counts it.
    #[serde(default)]
    pub count_first_day: bool,
    /// When on its last day a period in days or months ends.
    #[serde(default)]
    pub due_at: DueAt,
    /// True if a period of the calendar that would end on a day off ends with the next working day (article 148, clause
    /// 5). Otherwise it is told for the last working moment before.
    #[serde(default = "yes")]
    pub day_off_moves: bool,
}

/// When on its last day a period in days or months ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DueAt {
    /// When the office closes.
    #[default]
    Closing,
    /// At the time of day at which it began, or when the office last was open before.
    SameMinute,
}

fn yes() -> bool {
    true
}

impl Default for Rules {
    /// Those of the Civil Code 91/2015/QH13, articles 147 and 148.
    fn default() -> Self {
        Self { cut_off: None, count_first_day: false, due_at: DueAt::Closing, day_off_moves: true }
    }
}

impl Sound for Rules {
    fn check(&self) -> Result<(), String> {
        if self.cut_off.is_some() && !self.count_first_day {
            return Err(
                "cut_off: only where count_first_day is set; else it makes periods longer than the law's"
                    .into(),
            );
        }
        if self.count_first_day && self.due_at == DueAt::SameMinute {
            return Err("due_at: same-minute counts from minute to minute, so no day is first".into());
        }
        Ok(())
    }
}
