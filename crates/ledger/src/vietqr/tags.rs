//! Tags, lengths and values: two digits, two digits, and as many characters.

use super::QrFault;

pub(super) const FORMAT: &str = "00";
pub(super) const ONCE: &str = "01";
pub(super) const NAPAS: &str = "38";
pub(super) const CURRENCY: &str = "53";
pub(super) const AMOUNT: &str = "54";
pub(super) const COUNTRY: &str = "58";
pub(super) const MORE: &str = "62";
pub(super) const CHECK: &str = "63";
/// NAPAS among the schemes of payment.
pub(super) const GUID: &str = "A000000727";

/// Cuts a text into its tags, each with its value, in their order.
pub(super) fn cut(text: &str) -> Result<Vec<(&str, &str)>, QrFault> {
    let mut rest = text;
    let mut found: Vec<(&str, &str)> = Vec::new();
    while !rest.is_empty() {
        let tag = rest.get(..2).filter(|tag| is_digits(tag));
        let tag = tag.ok_or_else(|| QrFault::Garbled(rest.chars().take(2).collect()))?;
        let garbled = || QrFault::Garbled(tag.to_owned());
        let length = rest.get(2..4).filter(|length| is_digits(length)).ok_or_else(garbled)?;
        let end = 4 + length.parse::<usize>().map_err(|_no_number| garbled())?;
        let value = rest.get(4..end).filter(|value| !value.is_empty()).ok_or_else(garbled)?;
        if found.iter().any(|(other, _)| *other == tag) {
            return Err(garbled());
        }
        found.push((tag, value));
        rest = rest.get(end..).unwrap_or_default();
    }
    Ok(found)
}

/// A tag with its value; what is longer than 99 characters has no place in a QR and is cut off by whoever calls.
pub(super) fn tag(tag: &str, value: &str) -> String {
    format!("{tag}{:02}{value}", value.len())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
