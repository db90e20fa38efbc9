//! Values that a query compares with, and how they compare with what an entity says (clauses 4.6.3 and 4.9).

use std::cmp::Ordering;
use std::fmt;

use dinh_model::Timestamp;
use jiff::civil::{Date, Time};
use serde_json::Value as Json;

/// One value in a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A JSON number.
    Number(f64),
    /// A quoted text.
    Text(String),
    /// A URI or a bare word: compares as a text does.
    Uri(String),
    /// `true` or `false`.
    Bool(bool),
    /// An instant.
    DateTime(Timestamp),
    /// A day.
    Date(Date),
    /// A time of day in UTC.
    Time(Time),
}

impl Literal {
    /// Reads a value written without quotes: whatever of a number, a boolean, an instant, a day or a time of day it
    /// looks like, else a URI or bare word.
    pub fn bare(text: &str) -> Self {
        match text {
            "true" => return Self::Bool(true),
            "false" => return Self::Bool(false),
            _ => {}
        }
        if let Some(number) = number(text) {
            return Self::Number(number);
        }
        if let Ok(instant) = text.parse() {
            return Self::DateTime(instant);
        }
        if let Some(day) = date(text) {
            return Self::Date(day);
        }
        time(text).map_or_else(|| Self::Uri(text.to_owned()), Self::Time)
    }

    /// The text of a quoted text, URI or bare word.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Uri(text) => Some(text),
            _ => None,
        }
    }

    /// How a value of an entity stands to this one; `None` if they are of different data types.
    pub(super) fn compare(&self, target: Scalar<'_>) -> Option<Ordering> {
        match target {
            Scalar::Json(json) => self.compare_json(json),
            Scalar::Text(text) => self.compare_text(text),
            Scalar::Instant(at) => match self {
                Self::DateTime(mine) => Some(at.cmp(mine)),
                _ => None,
            },
        }
    }

    fn compare_json(&self, target: &Json) -> Option<Ordering> {
        match target {
            Json::Number(number) => match self {
                Self::Number(mine) => number.as_f64()?.partial_cmp(mine),
                _ => None,
            },
            Json::String(text) => self.compare_text(text),
            Json::Bool(flag) => match self {
                Self::Bool(mine) => Some(flag.cmp(mine)),
                _ => None,
            },
            // A typed value of JSON-LD says what its lexical form says.
            Json::Object(object) if object.contains_key("@type") => match object.get("@value")? {
                Json::Object(_) => None,
                value => self.compare_json(value),
            },
            _ => None,
        }
    }

    /// Instants, days and times of day are recognised in a text if this is one.
    fn compare_text(&self, target: &str) -> Option<Ordering> {
        match self {
            Self::Text(mine) | Self::Uri(mine) => Some(target.cmp(mine)),
            Self::DateTime(mine) => target.parse::<Timestamp>().ok().map(|at| at.cmp(mine)),
            Self::Date(mine) => date(target).map(|day| day.cmp(mine)),
            Self::Time(mine) => time(target).map(|at| at.cmp(mine)),
            Self::Number(_) | Self::Bool(_) => None,
        }
    }
}

/// One value of an entity, as a query compares it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scalar<'a> {
    Json(&'a Json),
    Text(&'a str),
    Instant(Timestamp),
}

impl fmt::Display for Literal {
    /// As a query writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Uri(text)
                if Self::bare(text) == *self && !text.contains(BREAKS) && !text.contains("..") =>
            {
                f.write_str(text)
            }
            Self::Text(text) | Self::Uri(text) => write!(f, "{}", Json::String(text.clone())),
            Self::Bool(flag) => write!(f, "{flag}"),
            Self::DateTime(instant) => write!(f, "{instant}"),
            Self::Date(day) => write!(f, "{day}"),
            Self::Time(time) => write!(f, "{time}Z"),
        }
    }
}

/// What ends a bare word in a query.
pub(super) const BREAKS: [char; 8] = [';', '|', ',', '(', ')', '"', ' ', '\t'];

/// A finite number in the form of RFC 8259.
pub(super) fn number(text: &str) -> Option<f64> {
    let first = text.bytes().next()?;
    if !(first.is_ascii_digit() || first == b'-') {
        return None;
    }
    serde_json::from_str::<serde_json::Number>(text).ok()?.as_f64().filter(|number| number.is_finite())
}

/// `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Option<Date> {
    if text.len() != 10 || text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    text.parse().ok()
}

/// `hh:mm:ss[.ssssss]Z`.
pub(super) fn time(text: &str) -> Option<Time> {
    let clock = text.strip_suffix('Z')?;
    if clock.len() < 8 || clock.as_bytes().get(2) != Some(&b':') || clock.as_bytes().get(5) != Some(&b':') {
        return None;
    }
    if clock.contains(',') { clock.replace(',', ".").parse().ok() } else { clock.parse().ok() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bare_values_are_what_they_look_like() {
        assert_eq!(Literal::bare("-1.5e3"), Literal::Number(-1500.0));
        assert_eq!(Literal::bare("true"), Literal::Bool(true));
        assert!(matches!(Literal::bare("2026-11-20T14:05:00Z"), Literal::DateTime(_)));
        assert!(matches!(Literal::bare("2026-11-20"), Literal::Date(_)));
        assert!(matches!(Literal::bare("14:05:00.5Z"), Literal::Time(_)));
        for word in ["urn:ngsi-ld:x:1", "Male", "007", "2026-13-20", "1e999", "25:00:00Z"] {
            assert!(matches!(Literal::bare(word), Literal::Uri(_)), "{word}");
        }
    }

    #[test]
    fn only_equal_data_types_compare() {
        let compare = |literal: &Literal, target: Json| literal.compare(Scalar::Json(&target));
        let noon = Literal::bare("2026-11-20T12:00:00Z");
        assert_eq!(compare(&noon, json!("2026-11-20T14:05:00Z")), Some(Ordering::Greater));
        let typed = json!({"@type": "DateTime", "@value": "2026-11-20T12:00:00.000Z"});
        assert_eq!(compare(&noon, typed), Some(Ordering::Equal));
        assert_eq!(compare(&noon, json!("trưa")), None);
        assert_eq!(compare(&Literal::Number(20.0), json!(20)), Some(Ordering::Equal));
        assert_eq!(compare(&Literal::Number(20.0), json!("20")), None);
        assert_eq!(compare(&Literal::Text("b".into()), json!("a")), Some(Ordering::Less));
        assert_eq!(compare(&Literal::Bool(true), json!(1)), None);
    }
}
