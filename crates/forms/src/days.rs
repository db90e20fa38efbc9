//! Days, of which sometimes no more than the month or the year is known.

use jiff::civil::Date;

/// The last day of what is written `2026-11-20`, `2026-11` or `2026`. None if it is none of these.
pub(crate) fn last_day(text: &str) -> Option<Date> {
    if !text.is_ascii()
        || !matches!(text.len(), 4 | 7 | 10)
        || !text.bytes().all(|b| b == b'-' || b.is_ascii_digit())
    {
        return None;
    }
    let mut parts = text.split('-');
    let year: i16 = digits(parts.next(), 4)?;
    match (text.len(), parts.next(), parts.next()) {
        (4, None, None) => Date::new(year, 12, 31).ok(),
        (7, Some(month), None) => Some(Date::new(year, digits(Some(month), 2)?, 1).ok()?.last_of_month()),
        (10, Some(month), Some(day)) => Date::new(year, digits(Some(month), 2)?, digits(Some(day), 2)?).ok(),
        _ => None,
    }
}

/// The first day of the same.
pub(crate) fn first_day(text: &str) -> Option<Date> {
    let last = last_day(text)?;
    Some(match text.len() {
        4 => last.first_of_year(),
        7 => last.first_of_month(),
        _ => last,
    })
}

fn digits<T: std::str::FromStr>(text: Option<&str>, count: usize) -> Option<T> {
    text.filter(|text| text.len() == count)?.parse().ok()
}

/// Full years from `from` to `to`; who is born on 29 February is a year older on 1 March. Negative if `to` is earlier.
pub(crate) fn years_between(from: Date, to: Date) -> f64 {
    let years = f64::from(to.year()) - f64::from(from.year());
    let before = (to.month(), to.day()) < (from.month(), from.day());
    if before { years - 1.0 } else { years }
}
