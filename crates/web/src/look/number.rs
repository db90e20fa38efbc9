//! Numbers: 1.234,5 in Vietnamese, 1,234.5 in English.

use crate::words::Lang;

/// Most decimal places ever shown.
const MAX_DIGITS: usize = 9;

/// `value` with `digits` decimal places (as many as it needs, at most three, if not told), grouped by thousands.
/// Values that are no numbers are shown as a dash.
pub fn number(value: f64, digits: Option<u8>, lang: Lang) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let places = digits.map_or(3, usize::from).min(MAX_DIGITS);
    let mut plain = format!("{:.places$}", value.abs());
    if digits.is_none() && plain.contains('.') {
        plain.truncate(plain.trim_end_matches('0').trim_end_matches('.').len());
    }
    let (group, decimal) = match lang {
        Lang::Vi => ('.', ','),
        Lang::En => (',', '.'),
    };
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    let is_zero = plain.bytes().all(|b| matches!(b, b'0' | b'.'));
    let mut text = String::with_capacity(plain.len() + 8);
    if value < 0.0 && !is_zero {
        text.push('−');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(decimal);
        text.push_str(fraction);
    }
    text
}

/// A number with the sign of its unit, bound together so that no line breaks between them.
pub fn with_unit(number: &str, unit: Option<&str>) -> String {
    match unit {
        None | Some("") => number.to_owned(),
        Some(unit @ ("%" | "°")) => format!("{number}{unit}"),
        Some(unit) => format!("{number}\u{a0}{unit}"),
    }
}

/// A size of data.
pub fn bytes(count: u64, lang: Lang) -> String {
    let mut size = u32::try_from(count.min(u64::from(u32::MAX))).map_or(0.0, f64::from);
    let mut unit = "B";
    for larger in ["KB", "MB", "GB"] {
        if size < 1000.0 {
            break;
        }
        size /= 1000.0;
        unit = larger;
    }
    with_unit(&number(size, Some(u8::from(unit != "B" && size < 100.0)), lang), Some(unit))
}

/// A place in degrees: `16,46370° B, 107,59090° Đ`.
pub fn coordinates(lon: f64, lat: f64, lang: Lang) -> String {
    let (north, south, east, west) = match lang {
        Lang::Vi => ("B", "N", "Đ", "T"),
        Lang::En => ("N", "S", "E", "W"),
    };
    let half = |value: f64, plus, minus| {
        let letter = if value < 0.0 { minus } else { plus };
        format!("{}°\u{a0}{letter}", number(value.abs(), Some(5), lang))
    };
    format!("{}, {}", half(lat, north, south), half(lon, east, west))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_grouped_the_way_of_the_language() {
        for (value, digits, vi, en) in [
            (1234.5, Some(1), "1.234,5", "1,234.5"),
            (1_234_567.0, None, "1.234.567", "1,234,567"),
            (0.0, Some(2), "0,00", "0.00"),
            (-0.001, Some(1), "0,0", "0.0"),
            (-12.34, Some(1), "−12,3", "−12.3"),
            (0.1 + 0.2, None, "0,3", "0.3"),
            (999.999, Some(0), "1.000", "1,000"),
            (f64::NAN, None, "–", "–"),
        ] {
            assert_eq!(number(value, digits, Lang::Vi), vi);
            assert_eq!(number(value, digits, Lang::En), en);
        }
    }

    #[test]
    fn units_and_places() {
        assert_eq!(with_unit("12,5", Some("mm")), "12,5\u{a0}mm");
        assert_eq!(with_unit("80", Some("%")), "80%");
        assert_eq!(with_unit("80", None), "80");
        assert_eq!(coordinates(107.5909, 16.4637, Lang::Vi), "16,46370°\u{a0}B, 107,59090°\u{a0}Đ");
        assert_eq!(bytes(512, Lang::Vi), "512\u{a0}B");
        assert_eq!(bytes(58_300, Lang::Vi), "58,3\u{a0}KB");
    }

    proptest! {
        #[test]
        fn a_number_reads_back(value in -1e12_f64..1e12) {
            let text = number(value, Some(2), Lang::Vi).replace('.', "").replace(',', ".").replace('−', "-");
            let back: f64 = text.parse().unwrap();
            prop_assert!((back - value).abs() <= 0.005 + value.abs() * 1e-15);
        }
    }
}
