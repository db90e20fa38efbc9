//! Fields of records as texts.

use serde_json::{Map, Value as Json};

use super::fault::Fault;
use crate::Code;

/// Longest text of one field, in characters.
pub(super) const MAX_TEXT: usize = 200_000;
/// Longest name, in characters.
pub(super) const MAX_NAME: usize = 2_000;

/// What the portal writes where it has nothing to say.
const NOTHING: &str = "Không có thông tin";

/// A record under its own names of fields.
pub(super) struct Fields<'r> {
    map: &'r Map<String, Json>,
}

impl<'r> Fields<'r> {
    pub(super) fn new(record: &'r Json) -> Result<Self, Fault> {
        let map =
            record.as_object().ok_or_else(|| Fault::new("record", "must be a JSON object".to_owned()))?;
        Ok(Self { map })
    }

    /// A text, tidied; none if it is missing, empty or says that there is none.
    pub(super) fn text(&self, field: &str) -> Result<Option<String>, Fault> {
        match self.map.get(field) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) if text.chars().count() > MAX_TEXT => {
                Err(Fault::new(field, format!("has more than {MAX_TEXT} characters")))
            }
            Some(Json::String(text)) => Ok(told(text)),
            Some(Json::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(Fault::new(field, "must be a text".to_owned())),
        }
    }

    /// A text that must be there.
    pub(super) fn must(&self, field: &str) -> Result<String, Fault> {
        self.text(field)?.ok_or_else(|| Fault::new(field, "is missing or empty".to_owned()))
    }

    /// The first of several fields that says something.
    pub(super) fn first(&self, fields: &[&str]) -> Result<Option<String>, Fault> {
        for field in fields {
            if let Some(text) = self.text(field)? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// The name: one line of a certain length.
    pub(super) fn name(&self, field: &str) -> Result<String, Fault> {
        let name = line(&self.must(field)?);
        if name.chars().count() > MAX_NAME {
            return Err(Fault::new(field, format!("has more than {MAX_NAME} characters")));
        }
        Ok(name)
    }

    /// The code.
    pub(super) fn code(&self, field: &str) -> Result<Code, Fault> {
        let text = self.must(field)?;
        Code::parse(&text).ok_or_else(|| {
            Fault::new(
                field,
                format!("{:?} is not a code like 1.001193", text.chars().take(40).collect::<String>()),
            )
            .of(&text)
        })
    }

    /// A list; an object alone counts as a list of one.
    pub(super) fn list(&self, field: &str) -> Result<Vec<&'r Json>, Fault> {
        match self.map.get(field) {
            None | Some(Json::Null) => Ok(Vec::new()),
            Some(Json::Array(items)) => Ok(items.iter().collect()),
            Some(item @ Json::Object(_)) => Ok(vec![item]),
            Some(Json::String(text)) if text.trim().is_empty() => Ok(Vec::new()),
            Some(_) => Err(Fault::new(field, "must be a list".to_owned())),
        }
    }

    /// Objects of a list, each with its fields.
    pub(super) fn objects(&self, field: &str) -> Result<Vec<Fields<'r>>, Fault> {
        let within = |item: &'r Json| {
            Fields::new(item).map_err(|_other| Fault::new(field, "must be a list of JSON objects".to_owned()))
        };
        self.list(field)?.into_iter().map(within).collect()
    }

    /// A number that may be written as a text; none if it is missing or empty.
    pub(super) fn number(&self, field: &str) -> Result<Option<f64>, Fault> {
        let wrong = || Fault::new(field, "must be a number of at least 0".to_owned());
        let number = match self.map.get(field) {
            None | Some(Json::Null) => return Ok(None),
            Some(Json::Number(number)) => number.as_f64().ok_or_else(wrong)?,
            Some(Json::String(text)) if text.trim().is_empty() => return Ok(None),
            Some(Json::String(text)) => {
                text.trim().replace(',', ".").parse().map_err(|_no_number| wrong())?
            }
            Some(_) => return Err(wrong()),
        };
        if number.is_finite() && number >= 0.0 { Ok(Some(number)) } else { Err(wrong()) }
    }
}

/// A text without space around it and with plain line ends; none if it says nothing.
pub(super) fn told(text: &str) -> Option<String> {
    let tidy = text.replace("\r\n", "\n").replace(['\r', '\u{a0}', '\u{200b}'], " ");
    let tidy = tidy.trim();
    let nothing = tidy.is_empty() || tidy.trim_end_matches('.') == NOTHING || tidy == "Không" || tidy == "-";
    (!nothing).then(|| tidy.to_owned())
}

/// A text on one line, with single spaces.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
