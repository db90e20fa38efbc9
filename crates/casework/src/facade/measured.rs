//! Indicators, computed from counts.

use dinh_calendar::official_day;
use dinh_context::Session;

use super::Casework;
use super::pick::{By, Pick};
use super::tally::{Among, Period, Scale, Tally};
use crate::Error;
use crate::pack::Indicator;

/// Everything that indicators are computed from, of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// What has happened, with `open` and `open-in-time` (what is open now, if the period goes up to this month) and
    /// `kinds`, `kinds-online` (kinds that are open, and those of them that were filed online).
    pub tally: Tally,
}

/// An indicator as it was computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// What is its part.
    pub part: i64,
    /// What is its whole.
    pub whole: i64,
    /// The share in hundredths, or the mean in minutes; none of nothing. Rounded to two digits.
    pub value: Option<f64>,
    /// Its points, where the act says how many it brings.
    pub points: Option<f64>,
}

impl Casework {
    /// What indicators of a period are computed from.
    ///
    /// # Errors
    /// As [`Casework::tallies`].
    pub async fn measured(
        &self,
        session: &Session,
        period: Period,
        among: &Among,
    ) -> Result<Measured, Error> {
        let mut all = self.tallied(session, period, among, &[Scale::Whole, Scale::Kind]).await?;
        let by_kind = all.pop().unwrap_or_default();
        let mut tally = all.pop().and_then(|mut whole| whole.remove("")).unwrap_or_default();
        let today = official_day(self.now().to_jiff());
        if period.to.first_of_month() >= today.first_of_month() {
            let mut open = self.open_now(session, among, &[Scale::Whole]).await?;
            let open = open.pop().and_then(|mut whole| whole.remove("")).unwrap_or_default();
            let count = |which: &str| Pick::by(By::As).of(which).count(&open, today);
            tally.add("open", count("open"));
            tally.add("open-in-time", count("in-time"));
        }
        let last = period.to.min(today);
        let kinds = self.0.book.open_on(last);
        for kind in kinds.filter(|one| among.kind.as_ref().is_none_or(|kind| *kind == one.code)) {
            tally.add("kinds", 1);
            let online = by_kind.get(&kind.code).is_some_and(|counts| counts.of("received.online") > 0);
            tally.add("kinds-online", i64::from(online));
        }
        Ok(Measured { tally })
    }
}

impl Indicator {
    /// Its value; none where data is missing.
    pub fn value(&self, measured: &Measured) -> Option<Value> {
        if self.missing.is_some() {
            return None;
        }
        let sum = |names: &[String]| names.iter().map(|name| measured.tally.of(name)).sum::<i64>();
        let (part, whole) = (sum(&self.part), sum(&self.whole));
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        let ratio = (whole > 0).then(|| part as f64 / whole as f64);
        let value = ratio.map(|ratio| rounded(if self.mean { ratio } else { ratio * 100.0 }));
        let share = value.filter(|_| !self.mean).map(|value| (value / self.full_at).min(1.0));
        Some(Value {
            part,
            whole,
            value,
            points: share.zip(self.points).map(|(share, most)| rounded(share * most)),
        })
    }
}

/// Two digits after the point, as the rules of Decision 766/QĐ-TTg round.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn indicator(more: &serde_json::Value) -> Indicator {
        let mut json = json!({"code": "1", "title": {"vi": "a", "en": "b"}});
        json.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        serde_json::from_value(json).unwrap()
    }

    fn measured(counts: &[(&str, i64)]) -> Measured {
        let counts = counts.iter().map(|(name, count)| ((*name).to_owned(), *count));
        Measured { tally: Tally(counts.collect()) }
    }

    #[test]
    fn shares_are_rounded_and_bring_points() {
        let counts = measured(&[("reused", 2), ("received", 3)]);
        let share =
            indicator(&json!({"part": ["reused"], "whole": ["received"], "full_at": 80.0, "points": 10.0}));
        let value = share.value(&counts).unwrap();
        assert_eq!((value.part, value.whole, value.value, value.points), (2, 3, Some(66.67), Some(8.33)));
        let all = share.value(&measured(&[("reused", 9), ("received", 10)])).unwrap();
        assert_eq!(all.points, Some(10.0), "more than enough brings no more than all points");
        let none = share.value(&Measured::default()).unwrap();
        assert_eq!((none.value, none.points), (None, None), "nothing of nothing is no share");
    }

    #[test]
    fn means_bring_no_points_and_what_is_missing_no_value() {
        let mean = indicator(&json!({"part": ["minutes"], "whole": ["ended"], "mean": true, "points": 5.0}));
        let value = mean.value(&measured(&[("minutes", 100), ("ended", 3)])).unwrap();
        assert_eq!((value.value, value.points), (Some(33.33), None));
        let missing = indicator(&json!({"missing": {"vi": "a", "en": "b"}}));
        assert_eq!(missing.value(&Measured::default()), None);
    }
}
