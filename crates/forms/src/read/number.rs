//! Numbers as they are typed in Viet Nam: `1.234.567,5`.

use serde_json::{Number, Value};

use crate::fault::Rule;

/// Longest number that is read, in bytes.
const MOST: usize = 40;

/// Reads a number. Points and spaces group thousands and must stand where they group; a comma comes before decimals.
///
/// Without a grouping any count of digits is read: `1234567,5`. What follows may be `đ`, `đồng` or `VND`.
pub(crate) fn number(text: &str, digits: u8) -> Result<Value, Rule> {
    let plain = text.trim().replace('\u{2212}', "-").replace('\u{a0}', " ");
    let plain =
        plain.trim_end_matches("VND").trim_end_matches("đồng").trim_end_matches(['đ', '₫']).trim_end();
    if plain.len() > MOST {
        return Err(Rule::Number);
    }
    let (minus, plain) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = match plain.split_once(',') {
        None => (plain, ""),
        Some((_, "")) => return Err(Rule::Number),
        Some(_) if digits == 0 => return Err(Rule::Integer),
        Some((whole, fraction)) => (whole, fraction),
    };
    let whole = ungrouped(whole).ok_or(if digits == 0 { Rule::Integer } else { Rule::Number })?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Rule::Number);
    }
    if fraction.trim_end_matches('0').len() > usize::from(digits) {
        return Err(Rule::Digits(digits));
    }
    let point = if fraction.is_empty() { "" } else { "." };
    let value: f64 =
        format!("{minus}{whole}{point}{fraction}").parse().map_err(|_unreadable| Rule::Number)?;
    canonical(value).ok_or(Rule::Number)
}

/// A number as it is kept: whole ones without a fraction.
pub(crate) fn canonical(value: f64) -> Option<Value> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within ±2^53")]
        return Some(Value::from(value as i64));
    }
    Number::from_f64(value).map(Value::Number)
}

/// The digits without what groups them; none if it groups wrongly.
fn ungrouped(whole: &str) -> Option<String> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let separator = whole.chars().find(|c| matches!(c, '.' | ' '));
    let Some(separator) = separator else { return is_digits(whole).then(|| whole.to_owned()) };
    let mut groups = whole.split(separator);
    let first = groups.next().filter(|first| is_digits(first) && first.len() <= 3)?;
    let mut all = first.to_owned();
    for group in groups {
        if group.len() != 3 || !is_digits(group) {
            return None;
        }
        all.push_str(group);
    }
    Some(all)
}
