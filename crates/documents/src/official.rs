//! How official documents write days and heads (Decree 30/2020/NĐ-CP, annex I).

use jiff::civil::Date;
use serde_json::{Value as Json, json};

/// A day as documents write it: `ngày 05 tháng 02 năm 2026`. Days below 10 and the months 1 and 2 have a leading zero
/// (annex I, part I, section II, 4).
pub fn day_in_words(day: Date) -> String {
    let month = match day.month() {
        month @ 1..=2 => format!("{month:02}"),
        month => month.to_string(),
    };
    format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
}

/// The head of a document: the agency, the one above it, number and symbol, place and day.
pub fn heading(agency: (&str, Option<&str>), number: &str, place: &str, day: Date) -> Json {
    json!({
        "agency": agency.0,
        "superior": agency.1,
        "number": number,
        "place": place,
        "day": day_in_words(day),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_have_zeros_where_the_decree_asks_for_them() {
        assert_eq!(day_in_words(date(2026, 2, 5)), "ngày 05 tháng 02 năm 2026");
        assert_eq!(day_in_words(date(2026, 3, 5)), "ngày 05 tháng 3 năm 2026");
        assert_eq!(day_in_words(date(2026, 11, 21)), "ngày 21 tháng 11 năm 2026");
    }
}
