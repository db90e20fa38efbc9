//! One answer out of what was typed.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::day::{day, partial_day, time};
use super::number::number;
use crate::fault::Rule;
use crate::field::Kind;

/// The value of what was typed into a field of this kind. None if nothing was typed; the rule if it cannot be read.
///
/// Only what it is, is found out here; whether it may be so is for the check.
pub(super) fn leaf(kind: &Kind, typed: &[&str]) -> Result<Option<Value>, Rule> {
    if let Kind::Choices { .. } | Kind::Files(_) = kind {
        let all: Vec<Value> =
            typed.iter().filter(|one| !one.is_empty()).map(|one| Value::from(*one)).collect();
        return Ok((!all.is_empty()).then_some(Value::Array(all)));
    }
    let [text] = typed else { return Err(Rule::Shape) };
    // Some devices send a letter and its mark apart; what is kept is composed, so that the same name is the same.
    let text: String = text.nfc().collect();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return Ok(None);
    }
    let digits = || line.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect::<String>();
    Ok(Some(match kind {
        Kind::Text(words) if words.long => Value::from(text.replace("\r\n", "\n").trim()),
        Kind::Number(bounds) => number(&line, bounds.digits)?,
        Kind::Integer { .. } => number(&line, 0)?,
        Kind::Date(_) => day(&line).map(Value::from).ok_or(Rule::Date)?,
        Kind::PartialDate(_) => partial_day(&line).map(Value::from).ok_or(Rule::PartialDate)?,
        Kind::Time => time(&line).map(Value::from).ok_or(Rule::Time)?,
        Kind::YesNo => match line.as_str() {
            "yes" => Value::Bool(true),
            "no" => Value::Bool(false),
            _ => return Err(Rule::NotOffered),
        },
        Kind::Consent => match line.as_str() {
            "yes" => Value::Bool(true),
            _ => return Err(Rule::NotOffered),
        },
        Kind::PersonalId { .. } | Kind::OldId => Value::from(digits()),
        Kind::TaxCode => Value::from(tax_code(&digits())),
        Kind::Telephone => Value::from(telephone(&line)),
        Kind::Computed { .. } | Kind::Group { .. } | Kind::Table { .. } => return Err(Rule::Unknown),
        _ => Value::from(line),
    }))
}

/// `0100109106001` as `0100109106-001`.
fn tax_code(digits: &str) -> String {
    match (digits.get(..10), digits.get(10..)) {
        (Some(head), Some(branch)) if digits.len() == 13 => format!("{head}-{branch}"),
        _ => digits.to_owned(),
    }
}

/// Without what groups the digits; `+84 912…` and `84912…` as `0912…`.
fn telephone(line: &str) -> String {
    let plain: String = line.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')')).collect();
    match plain.strip_prefix("+84").or_else(|| plain.strip_prefix("0084")) {
        Some(rest) if !rest.starts_with('0') => format!("0{rest}"),
        Some(rest) => rest.to_owned(),
        None => plain,
    }
}
