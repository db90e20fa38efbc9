//! What stands in tables: text for people, the bare value for spreadsheets, and where a number leads.

use dinh_casework::Tally;
use serde::Serialize;

use crate::look;
use crate::words::Lang;

/// A cell.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Cell {
    pub(super) text: String,
    /// For spreadsheets: numbers with a point.
    #[serde(skip)]
    pub(super) raw: String,
    /// Where it leads.
    pub(super) href: Option<String>,
    /// Drawn as a bar beside it, in hundredths.
    pub(super) bar: Option<f64>,
    /// Whether more is better, for the colour of the bar.
    pub(super) good: bool,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { raw: text.clone(), text, ..Self::default() }
    }

    /// A count that leads to what was counted, if it is any.
    pub(super) fn count(number: i64, lang: Lang, href: impl FnOnce() -> String) -> Self {
        let href = (number > 0).then(href);
        Self { text: count(number, lang), raw: number.to_string(), href, ..Self::default() }
    }

    /// A share in hundredths.
    pub(super) fn share(share: Option<f64>, lang: Lang) -> Self {
        let raw = share.map_or_else(String::new, |share| format!("{share:.2}"));
        Self { text: percent(share, lang), raw, bar: share, good: true, ..Self::default() }
    }

    /// A bar for how much of the most this is.
    #[must_use]
    pub(super) fn with_bar(mut self, number: i64, most: i64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        let share = (most > 0).then(|| number as f64 * 100.0 / most as f64);
        self.bar = share;
        self
    }

    /// Working hours for one, on average.
    pub(super) fn hours(minutes: i64, of: i64, lang: Lang) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "minutes stay far below 2^52")]
        let hours = (of > 0).then(|| minutes as f64 / of as f64 / 60.0);
        let raw = hours.map_or_else(String::new, |hours| format!("{hours:.2}"));
        let text = hours.map_or_else(|| "–".to_owned(), |hours| look::number(hours, Some(1), lang));
        Self { text, raw, ..Self::default() }
    }
}

pub(super) fn percent(share: Option<f64>, lang: Lang) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{} %", look::number(share, Some(1), lang)))
}

pub(super) fn count(number: i64, lang: Lang) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    look::number(number as f64, Some(0), lang)
}

/// The share of what ended in time.
pub(super) fn on_time(tally: &Tally) -> Option<f64> {
    tally.share("on-time", "ended")
}
