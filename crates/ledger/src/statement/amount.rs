//! Amounts as banks write them.

use super::DecimalMark;
use crate::Dong;

/// What an amount must be.
pub(super) const RULE: &str = "must be a whole number of đồng, at most 999.999.999.999.999";

/// Reads an amount, with a sign or without: `+1,500,000.00 VND`. None if it is no whole number of đồng.
pub(super) fn read(text: &str, mark: DecimalMark) -> Option<i64> {
    let text = text.trim();
    let text =
        ["VND", "VNĐ", "vnd", "đ"].iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text).trim();
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (thousands, decimal) = match mark {
        DecimalMark::Point => (',', '.'),
        DecimalMark::Comma => ('.', ','),
    };
    let (whole, fraction) = text.split_once(decimal).unwrap_or((text, ""));
    let digits: String =
        whole.chars().filter(|letter| *letter != thousands && !letter.is_whitespace()).collect();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || fraction.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let dong = digits.parse().ok().and_then(|dong| Dong::new(dong).ok())?.signed();
    Some(if negative { -dong } else { dong })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_the_bank_writes_them() {
        let point = |text| read(text, DecimalMark::Point);
        for text in ["1500000", "1,500,000", "1500000.00", "+1,500,000 VND", " 1 500 000 "] {
            assert_eq!(point(text), Some(1_500_000), "{text}");
        }
        assert_eq!(read("-1.500.000,00", DecimalMark::Comma), Some(-1_500_000));
        for text in ["", "-", "1500000.50", "1e6", "VND", "1,5,x", "99999999999999999999"] {
            assert_eq!(point(text), None, "{text}");
        }
        assert_eq!(read("1,50", DecimalMark::Comma), None, "a fraction of a đồng there is not");
    }
}
