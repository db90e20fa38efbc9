//! Days and spans of days, as people write them.

use dinh_identity::domain::Days;
use dinh_model::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::look::ZONE;
use crate::words::{Lang, args};

/// The day in official time.
pub(super) fn today(now: Timestamp) -> Date {
    now.to_jiff().to_zoned(TimeZone::fixed(ZONE)).date()
}

/// The instant at which a day begins in official time.
pub(super) fn begins(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::fixed(ZONE)).ok().map(|midnight| midnight.timestamp().into())
}

/// The instant at which a day has ended in official time.
pub(super) fn ends(day: Date) -> Option<Timestamp> {
    day.tomorrow().ok().and_then(begins)
}

/// `20/11/2026`, in English `20 Nov 2026`.
pub(super) fn day(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Vi => day.strftime("%d/%m/%Y").to_string(),
        Lang::En => day.strftime("%-d %b %Y").to_string(),
    }
}

/// A span of days as a phrase.
pub(super) fn span(days: Days, lang: Lang) -> String {
    let said = |date: Date| day(date, lang);
    match (days.from, days.to) {
        (None, None) => lang.say("admin-days-always"),
        (Some(from), None) => lang.say_with("admin-days-from", &args([("from", said(from))])),
        (None, Some(to)) => lang.say_with("admin-days-to", &args([("to", said(to))])),
        (Some(from), Some(to)) => {
            lang.say_with("admin-days-between", &args([("from", said(from)), ("to", said(to))]))
        }
    }
}

/// Whether a span is over, holds, or has not begun, as a word and a tone.
pub(super) fn standing(days: Days, today: Date, lang: Lang) -> (&'static str, String) {
    if days.is_over(today) {
        ("off", lang.say("admin-days-over"))
    } else if days.contains(today) {
        ("ok", lang.say("admin-days-now"))
    } else {
        ("watch", lang.say("admin-days-later"))
    }
}

/// The span ended before `today`; none if nothing of it is left.
pub(super) fn ended(days: Days, today: Date) -> Option<Days> {
    let last = today.yesterday().ok()?;
    (days.from.is_none_or(|from| from <= last)).then_some(Days { from: days.from, to: Some(last) })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_is_ended_keeps_what_has_been() {
        let today = date(2026, 11, 20);
        let yesterday = Some(date(2026, 11, 19));
        assert_eq!(ended(Days::ALWAYS, today), Some(Days { from: None, to: yesterday }));
        let since = Days::since(date(2026, 1, 1));
        assert_eq!(ended(since, today), Some(Days { to: yesterday, ..since }));
        assert_eq!(ended(Days::since(today), today), None);
        assert_eq!(span(Days::since(today), Lang::Vi), "Từ 20/11/2026");
        assert_eq!(span(Days::between(today, today), Lang::En), "20 Nov 2026 to 20 Nov 2026");
    }
}
