//! Numbers as people and machines write them.

use serde_json::{Number, Value as Json};

/// Longest text that is read as a number.
const MAX_DIGITS: usize = 64;

/// Reads a number. With `mark` as decimal mark the other of `.` and `,` groups thousands; without, only a point is
/// read, and a comma is refused because nobody can know what it means. A space may group thousands, too; whatever
/// groups thousands must be followed by three digits.
pub(super) fn parse(text: &str, mark: Option<char>) -> Option<f64> {
    if text.len() > MAX_DIGITS {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.trim().chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{2212}' => plain.push('-'),
            c if Some(c) == mark || (mark.is_none() && c == '.') => plain.push('.'),
            ' ' | '\u{a0}' | '\u{202f}' | '.' | ',' if c != ',' || mark.is_some() => {
                let digits = rest.as_str().bytes().take_while(u8::is_ascii_digit).count();
                if digits != 3 || !plain.ends_with(|c: char| c.is_ascii_digit()) {
                    return None;
                }
            }
            '+' | '-' | '0'..='9' | 'e' | 'E' => plain.push(c),
            _ => return None,
        }
    }
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Rounds away the noise of a conversion, then to `digits` decimal places where asked.
pub(super) fn round(number: f64, digits: Option<u8>) -> f64 {
    if let Some(digits) = digits {
        let scale = 10f64.powi(i32::from(digits));
        let scaled = (number * scale).round() / scale;
        return if scaled.is_finite() { scaled } else { number };
    }
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    format!("{number:.11e}").parse().unwrap_or(number)
}

/// A JSON number: whole where it is whole, so that `12` of a CSV file and `12.0` of a JSON file are kept alike.
pub(super) fn json(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
        return Json::Number(Number::from(number as i64));
    }
    Number::from_f64(number).map_or(Json::Null, Json::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_as_they_are_written() {
        let cases = [
            ("12", None, Some(12.0)),
            (" -0.5 ", None, Some(-0.5)),
            ("1e3", None, Some(1000.0)),
            ("\u{2212}3", None, Some(-3.0)),
            ("0,45", Some(','), Some(0.45)),
            ("1.234,5", Some(','), Some(1234.5)),
            ("1,234.5", Some('.'), Some(1234.5)),
            ("1 234", None, Some(1234.0)),
            ("0,45", None, None),
            ("1,23", Some('.'), None),
            ("16 27 36", None, None),
            ("", None, None),
            ("NaN", None, None),
            ("inf", None, None),
            ("1e999", None, None),
            ("12m", None, None),
            ("1.2.3", None, None),
        ];
        for (text, mark, expected) in cases {
            assert_eq!(parse(text, mark), expected, "{text}");
        }
        assert_eq!(parse(&"9".repeat(100), None), None);
    }

    #[test]
    fn rounds_noise_and_digits() {
        assert_eq!(round(0.1 + 0.2, None).to_string(), "0.3");
        assert_eq!(round(45.0 * 0.01, None).to_string(), "0.45");
        assert_eq!(round(1.005_4, Some(2)).to_string(), "1.01");
        assert_eq!(json(12.0), serde_json::json!(12));
        assert_eq!(json(-0.5), serde_json::json!(-0.5));
    }
}
