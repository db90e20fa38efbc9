//! URL parameters: every operation has its list; what is not on it is refused by name (CIM 009 clause 6.3.20).
//!
//! An operation names its parameters once, in [`Operation::PARAMETERS`]; reading, refusing and the OpenAPI document
//! all come from there.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use dinh_ngsild::problem::Problem;
use http::request::Parts;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use crate::api::reply::Refusal;

/// Longest query string, in bytes.
const MAX_QUERY: usize = 32 << 10;
/// Most parameters in one request.
const MAX_PARAMETERS: usize = 64;

/// What must not stand in the value of a URL parameter, nor within `<…>` in a header.
const QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What a parameter holds, for the OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// A whole number from 0.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A parameter that some operation knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
    /// What it says, for the OpenAPI document.
    pub(crate) about: &'static str,
}

impl Known {
    /// A text parameter.
    pub(crate) const fn text(name: &'static str, about: &'static str) -> Self {
        Self { name, kind: Kind::Text, about }
    }

    /// A whole number.
    pub(crate) const fn number(name: &'static str, about: &'static str) -> Self {
        Self { name, kind: Kind::Number, about }
    }

    /// A flag.
    pub(crate) const fn flag(name: &'static str, about: &'static str) -> Self {
        Self { name, kind: Kind::Flag, about }
    }
}

/// An operation with the URL parameters that it takes.
pub(crate) trait Operation {
    /// The parameters.
    const PARAMETERS: &'static [Known];
}

/// The URL parameters of a request for operation `O`: known ones, each at most once.
pub(crate) struct Parameters<O> {
    given: Given,
    operation: PhantomData<O>,
}

/// Parameters by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given(Vec<(&'static str, String)>);

impl<O> std::ops::Deref for Parameters<O> {
    type Target = Given;

    fn deref(&self) -> &Given {
        &self.given
    }
}

impl<O: Operation, S: Sync> FromRequestParts<S> for Parameters<O> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let given = Given::read(parts.uri.query(), O::PARAMETERS)?;
        Ok(Self { given, operation: PhantomData })
    }
}

impl<O: Operation> IntoParams for Parameters<O> {
    fn into_params(_place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        O::PARAMETERS.iter().map(describe).collect()
    }
}

fn describe(known: &Known) -> Parameter {
    let kind = match known.kind {
        Kind::Text => Type::String,
        Kind::Number => Type::Integer,
        Kind::Flag => Type::Boolean,
    };
    ParameterBuilder::new()
        .name(known.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(known.about))
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
        .build()
}

impl Given {
    /// Reads a query string; the refusal names what is not in `known`.
    pub(crate) fn read(query: Option<&str>, known: &'static [Known]) -> Result<Self, Problem> {
        let query = query.unwrap_or_default();
        if query.len() > MAX_QUERY {
            let detail = format!("The query string is {} bytes long; the limit is {MAX_QUERY}.", query.len());
            return Err(Problem::invalid(detail));
        }
        let mut given: Vec<(&'static str, String)> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if given.len() == MAX_PARAMETERS {
                return Err(Problem::invalid(format!(
                    "There are more than {MAX_PARAMETERS} URL parameters."
                )));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or_else(|| broken(name))?;
            let Some(known) = known.iter().find(|k| k.name == name) else {
                return Err(unknown(&name, known));
            };
            if given.iter().any(|(other, _)| *other == known.name) {
                return Err(Problem::invalid(format!("The URL parameter {name} is given twice.")));
            }
            given.push((known.name, decode(value).ok_or_else(|| broken(&name))?));
        }
        Ok(Self(given))
    }

    /// The value of a parameter, if it is given.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// True if a parameter is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    /// The items of a list separated by commas; empty if the parameter is not given. Empty items are refused.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<&str>, Problem> {
        let Some(text) = self.text(name) else { return Ok(Vec::new()) };
        let items: Vec<&str> = text.split(',').map(str::trim).collect();
        if items.iter().any(|item| item.is_empty()) {
            return Err(Problem::bad_data(format!("The URL parameter {name} holds an empty item.")));
        }
        Ok(items)
    }

    /// A flag: `true` or `false`, false if it is not given.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => {
                let detail = format!("The URL parameter {name} is {other:?}; it may be true or false.");
                Err(Problem::bad_data(detail))
            }
        }
    }

    /// A whole number from 0 to `most`, if the parameter is given.
    pub(crate) fn number(&self, name: &str, most: usize) -> Result<Option<usize>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.parse::<usize>() {
            Ok(number) if number <= most => Ok(Some(number)),
            Ok(number) => {
                let detail = format!("The URL parameter {name} is {number}; the most is {most}.");
                Err(Problem::bad_data(detail))
            }
            Err(_) => {
                let detail = format!(
                    "The URL parameter {name} is {text:?}; it may be a whole number from 0 to {most}."
                );
                Err(Problem::bad_data(detail))
            }
        }
    }

    /// A place in an order, if the parameter is given.
    pub(crate) fn place(&self, name: &str) -> Result<Option<u64>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_not_a_number| {
            Problem::bad_data(format!(
                "The URL parameter {name} is {text:?}; it must be 0 or come from a link."
            ))
        })
    }

    /// A finite decimal number, if the parameter is given.
    pub(crate) fn decimal(&self, name: &str) -> Result<Option<f64>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => {
                Err(Problem::bad_data(format!("The URL parameter {name} is {text:?}; it must be a number.")))
            }
        }
    }

    /// The parameters as a query string in the order of the alphabet, with `change` in place of those of the same name.
    pub(crate) fn to_query(&self, change: &[(&str, &str)]) -> String {
        let kept = self.0.iter().map(|(name, value)| (*name, value.as_str()));
        let kept = kept.filter(|(name, _)| change.iter().all(|(changed, _)| changed != name));
        let mut pairs: Vec<(&str, &str)> = kept.chain(change.iter().copied()).collect();
        pairs.sort_unstable();
        spelled(&pairs)
    }

    /// The same in the order in which they came.
    pub(crate) fn to_query_as_asked(&self, change: &[(&str, &str)]) -> String {
        let changed = |name: &str| change.iter().find(|(one, _)| *one == name).map(|(_, value)| *value);
        let mut pairs: Vec<(&str, &str)> =
            self.0.iter().map(|(name, value)| (*name, changed(name).unwrap_or(value))).collect();
        pairs.extend(change.iter().filter(|(name, _)| !self.has(name)));
        spelled(&pairs)
    }
}

fn spelled(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, QUERY)));
    encoded.collect::<Vec<_>>().join("&")
}

/// A part of a query string without its escapes; `None` if they do not spell UTF-8.
fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

fn broken(name: &str) -> Problem {
    Problem::invalid(format!("The URL parameter {name} does not spell UTF-8."))
}

fn unknown(name: &str, known: &[Known]) -> Problem {
    let detail = if known.is_empty() {
        format!("There is no URL parameter {name:?}: this operation takes none.")
    } else {
        let names: Vec<&str> = known.iter().map(|k| k.name).collect();
        format!("There is no URL parameter {name:?}: this operation takes {}.", names.join(", "))
    };
    Problem::invalid(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Known] = &[Known::text("type", ""), Known::number("limit", ""), Known::flag("count", "")];

    fn read(query: &str) -> Result<Given, String> {
        Given::read(Some(query), KNOWN).map_err(|problem| problem.detail)
    }

    #[test]
    fn known_parameters_are_decoded() {
        let given = read("type=Tr%E1%BA%A1m+%C4%91o%7CB&limit=7&count=true&").unwrap();
        assert_eq!(given.text("type"), Some("Trạm đo|B"));
        assert_eq!(given.number("limit", 1000).unwrap(), Some(7));
        assert!(given.flag("count").unwrap());
        assert_eq!(given.to_query(&[("limit", "8")]), "count=true&limit=8&type=Tr%E1%BA%A1m%20%C4%91o%7CB");
        assert!(!read("").unwrap().flag("count").unwrap());
    }

    #[test]
    fn what_is_not_known_is_named() {
        for (query, names) in [
            ("typ=A", "\"typ\""),
            ("type=A&type=B", "twice"),
            ("type=%FF", "UTF-8"),
            (&"&".repeat(40_000), "32768"),
        ] {
            let detail = read(query).unwrap_err();
            assert!(detail.contains(names), "{query}: {detail}");
        }
        let given = read("limit=2000&count=yes&type=a,,b").unwrap();
        assert!(given.number("limit", 1000).unwrap_err().detail.contains("limit is 2000; the most is 1000"));
        assert!(given.flag("count").unwrap_err().detail.contains("count"));
        assert!(given.list("type").unwrap_err().detail.contains("empty item"));
        assert!(read("limit=-1").unwrap().number("limit", 10).unwrap_err().detail.contains("\"-1\""));
    }
}
