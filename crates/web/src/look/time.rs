//! Dates, times and ages, as clocks on walls in Việt Nam show them.

use dinh_model::Timestamp;
use jiff::Zoned;
use jiff::tz::{Offset, TimeZone};

use crate::words::Lang;

/// Hours that clocks in Việt Nam are ahead of UTC. One zone, no summer time since 1975.
pub const ZONE: Offset = jiff::tz::offset(7);

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn local(at: Timestamp) -> Zoned {
    at.to_jiff().to_zoned(TimeZone::fixed(ZONE))
}

/// `20/11/2026`, in English `20 Nov 2026`.
pub fn date(at: Timestamp, lang: Lang) -> String {
    let pattern = match lang {
        Lang::Vi => "%d/%m/%Y",
        Lang::En => "%-d %b %Y",
    };
    local(at).strftime(pattern).to_string()
}

/// A day: `20/11/2026`, in English `20 Nov 2026`.
pub fn day(day: jiff::civil::Date, lang: Lang) -> String {
    let pattern = match lang {
        Lang::Vi => "%d/%m/%Y",
        Lang::En => "%-d %b %Y",
    };
    day.strftime(pattern).to_string()
}

/// `14:05`.
pub fn time(at: Timestamp) -> String {
    local(at).strftime("%H:%M").to_string()
}

/// `14:05 20/11/2026`, in English `20 Nov 2026, 14:05`.
pub fn date_time(at: Timestamp, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("{} {}", time(at), date(at, lang)),
        Lang::En => format!("{}, {}", date(at, lang), time(at)),
    }
}

/// The time alone if `at` is on the same day as `now`, else day, month and time: `14:05` or `14:05 20/11`.
pub fn day_and_time(at: Timestamp, now: Timestamp, lang: Lang) -> String {
    let (then, today) = (local(at), local(now));
    if then.date() == today.date() {
        return time(at);
    }
    if then.year() != today.year() {
        return date_time(at, lang);
    }
    match lang {
        Lang::Vi => then.strftime("%H:%M %d/%m").to_string(),
        Lang::En => then.strftime("%-d %b, %H:%M").to_string(),
    }
}

/// `Thứ Sáu, 20/11/2026`, in English `Friday, 20 Nov 2026`.
pub fn weekday_and_date(at: Timestamp, lang: Lang) -> String {
    use jiff::civil::Weekday;
    let weekday = local(at).weekday();
    let name = match lang {
        Lang::En => return format!("{}, {}", local(at).strftime("%A"), date(at, lang)),
        Lang::Vi => match weekday {
            Weekday::Monday => "Thứ Hai",
            Weekday::Tuesday => "Thứ Ba",
            Weekday::Wednesday => "Thứ Tư",
            Weekday::Thursday => "Thứ Năm",
            Weekday::Friday => "Thứ Sáu",
            Weekday::Saturday => "Thứ Bảy",
            Weekday::Sunday => "Chủ Nhật",
        },
    };
    format!("{name}, {}", date(at, lang))
}

/// How long ago something was, in the coarsest fitting unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Less than a minute, or a clock that runs a little ahead.
    Now,
    /// Minutes, 1 to 59.
    Minutes(i64),
    /// Hours, 1 to 23.
    Hours(i64),
    /// Days, 1 to 30.
    Days(i64),
    /// Longer ago than 30 days, or more than five minutes in the future: say the date.
    Date,
}

/// How long before `now` the instant `then` was.
pub fn age(then: Timestamp, now: Timestamp) -> Age {
    let micros = now.micros_since(then);
    match micros {
        ..=-300_000_000 => Age::Date,
        _ if micros < MINUTE => Age::Now,
        _ if micros < HOUR => Age::Minutes(micros / MINUTE),
        _ if micros < DAY => Age::Hours(micros / HOUR),
        _ if micros <= 30 * DAY => Age::Days(micros / DAY),
        _ => Age::Date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn dates_are_local() {
        let evening = at("2026-11-20T17:05:00Z");
        assert_eq!(date(evening, Lang::Vi), "21/11/2026");
        assert_eq!(weekday_and_date(evening, Lang::Vi), "Thứ Bảy, 21/11/2026");
        assert_eq!(weekday_and_date(evening, Lang::En), "Saturday, 21 Nov 2026");
        assert_eq!(date_time(evening, Lang::Vi), "00:05 21/11/2026");
        assert_eq!(date_time(evening, Lang::En), "21 Nov 2026, 00:05");
        assert_eq!(day_and_time(evening, at("2026-11-20T18:00:00Z"), Lang::Vi), "00:05");
        assert_eq!(day_and_time(evening, at("2026-11-22T18:00:00Z"), Lang::Vi), "00:05 21/11");
        assert_eq!(day_and_time(evening, at("2027-01-22T18:00:00Z"), Lang::Vi), "00:05 21/11/2026");
    }

    #[test]
    fn ages_round_down() {
        let now = at("2026-11-20T12:00:00Z");
        for (then, expected) in [
            ("2026-11-20T11:59:01Z", Age::Now),
            ("2026-11-20T12:04:00Z", Age::Now),
            ("2026-11-20T12:05:01Z", Age::Date),
            ("2026-11-20T11:01:00Z", Age::Minutes(59)),
            ("2026-11-20T11:00:00Z", Age::Hours(1)),
            ("2026-11-19T12:00:00Z", Age::Days(1)),
            ("2026-10-01T12:00:00Z", Age::Date),
        ] {
            assert_eq!(age(at(then), now), expected, "{then}");
        }
    }
}
