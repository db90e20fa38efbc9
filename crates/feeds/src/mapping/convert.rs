//! Values: from what a field holds to what a property says.

use std::collections::BTreeMap;

use dinh_model::Timestamp;
use serde_json::Value as Json;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::is_nfc_quick;

use super::condition::same;
use super::record::scalar;
use super::time::TimeReader;
use super::units::{self, Unit};
use super::{Fault, Record, number};
use crate::definition::ValueType;

/// Longest text of one value, in bytes.
const MAX_TEXT: usize = 64 << 10;
/// Most items of one list.
pub(super) const MAX_ITEMS: usize = 10_000;

/// How a field's value becomes a property's value.
#[derive(Clone, Debug)]
pub(super) struct Converter {
    pub(super) value_type: ValueType,
    pub(super) mark: Option<char>,
    pub(super) digits: Option<u8>,
    pub(super) scale: Scale,
    pub(super) missing: Vec<Json>,
    pub(super) codes: Option<(BTreeMap<String, Json>, Option<Json>)>,
    pub(super) split: Option<String>,
    pub(super) time: TimeReader,
}

/// How a number reaches the stored unit.
#[derive(Clone, Debug)]
pub(super) enum Scale {
    /// Times a factor plus an offset.
    Fixed { factor: f64, offset: f64 },
    /// From the unit that a field of the record names, or else from `fallback`.
    Field { field: String, to: &'static Unit, fallback: Option<&'static Unit> },
}

impl Scale {
    fn of(&self, record: &Record) -> Result<(f64, f64), Fault> {
        match self {
            Self::Fixed { factor, offset } => Ok((*factor, *offset)),
            Self::Field { field, to, fallback } => {
                let from = match record.text(field) {
                    Some(text) => units::find(&text)
                        .ok_or_else(|| Fault::Unit(text.into_owned(), to.code.to_owned()))?,
                    None => fallback.unwrap_or(to),
                };
                units::convert(from, to)
                    .map_err(|_dimension| Fault::Unit(from.code.to_owned(), to.code.to_owned()))
            }
        }
    }
}

impl Converter {
    /// True for a value that means "no value".
    pub(super) fn is_missing(&self, value: &Json) -> bool {
        match value {
            Json::Null => true,
            Json::String(text) if text.trim().is_empty() => true,
            other => self.missing.iter().any(|mark| same(other, mark)),
        }
    }

    /// The value of a property, or `None` where there is none.
    pub(super) fn value(&self, value: &Json, record: &Record) -> Result<Option<Json>, Fault> {
        if self.is_missing(value) {
            return Ok(None);
        }
        if let (Some(separator), Json::String(text)) = (&self.split, value) {
            let items = text.split(separator.as_str()).map(str::trim).filter(|item| !item.is_empty());
            let items: Vec<Json> = items.take(MAX_ITEMS + 1).map(Json::from).collect();
            return self.list(&items, record);
        }
        match value {
            Json::Array(items) if self.value_type != ValueType::Json => self.list(items, record),
            single => self.one(single, record).map(Some),
        }
    }

    fn list(&self, items: &[Json], record: &Record) -> Result<Option<Json>, Fault> {
        if items.len() > MAX_ITEMS {
            return Err(Fault::TooLong(MAX_ITEMS));
        }
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            if !self.is_missing(item) {
                list.push(self.one(item, record)?);
            }
        }
        Ok(if list.is_empty() { None } else { Some(Json::Array(list)) })
    }

    fn one(&self, value: &Json, record: &Record) -> Result<Json, Fault> {
        if let Some((codes, otherwise)) = &self.codes {
            let code = scalar(value).ok_or(Fault::Text)?;
            return match (codes.get(code.as_ref()), otherwise) {
                (Some(value), _) | (None, Some(value)) => Ok(value.clone()),
                (None, None) => Err(Fault::Code(code.into_owned())),
            };
        }
        match self.value_type {
            ValueType::Text => text(value).map(Json::String),
            ValueType::Number => self.number(value, record).map(number::json),
            ValueType::Integer => {
                let number = self.number(value, record)?;
                if number.fract() == 0.0 {
                    Ok(number::json(number))
                } else {
                    Err(Fault::Integer(value.to_string()))
                }
            }
            ValueType::Bool => truth(value),
            ValueType::Time => self.instant(value).map(|instant| Json::String(instant.to_string())),
            ValueType::Date => self.time.date(value).map(|date| Json::String(date.to_string())),
            ValueType::Json => Ok(value.clone()),
        }
    }

    fn instant(&self, value: &Json) -> Result<Timestamp, Fault> {
        let text = scalar(value).ok_or(Fault::Text)?;
        self.time.instant(&text)
    }

    fn number(&self, value: &Json, record: &Record) -> Result<f64, Fault> {
        let fault =
            || Fault::Number(scalar(value).map_or_else(|| value.to_string(), std::borrow::Cow::into_owned));
        let plain = match value {
            Json::Number(number) => number.as_f64(),
            Json::String(text) => number::parse(text, self.mark),
            _ => None,
        };
        let plain = plain.ok_or_else(fault)?;
        let (factor, offset) = self.scale.of(record)?;
        let scaled = plain.mul_add(factor, offset);
        if !scaled.is_finite() {
            return Err(fault());
        }
        let untouched = factor.to_bits() == 1f64.to_bits() && offset.to_bits() == 0 && self.digits.is_none();
        Ok(if untouched { plain } else { number::round(scaled, self.digits) })
    }
}

/// A text in composed form (NFC), so that equal words are equal whichever keyboard typed them.
pub(super) fn text(value: &Json) -> Result<String, Fault> {
    let text = scalar(value).ok_or(Fault::Text)?;
    if text.len() > MAX_TEXT {
        return Err(Fault::TooLong(MAX_TEXT));
    }
    if is_nfc_quick(text.chars()) == unicode_normalization::IsNormalized::Yes {
        return Ok(text.into_owned());
    }
    Ok(text.nfc().collect())
}

fn truth(value: &Json) -> Result<Json, Fault> {
    let text = scalar(value).ok_or(Fault::Text)?;
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "x" | "có" | "đúng" | "on" => Ok(Json::Bool(true)),
        "false" | "0" | "no" | "n" | "không" | "sai" | "off" => Ok(Json::Bool(false)),
        _ => Err(Fault::Bool(text.into_owned())),
    }
}

/// A value of a definition as JSON; dates become texts.
pub(super) fn json_of(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => Json::String(text.clone()),
        toml::Value::Integer(number) => Json::from(*number),
        toml::Value::Float(number) => number::json(*number),
        toml::Value::Boolean(truth) => Json::Bool(*truth),
        toml::Value::Datetime(time) => Json::String(time.to_string()),
        toml::Value::Array(items) => Json::Array(items.iter().map(json_of).collect()),
        toml::Value::Table(table) => {
            Json::Object(table.iter().map(|(key, value)| (key.clone(), json_of(value))).collect())
        }
    }
}
