//! Templates: text with places in braces. What stands in a place is escaped for where the place stands.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::error::Error;
use crate::gateway::percent_encoded;
use crate::place::{Place, Values};

/// How telephone numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberForm {
    /// As it was given.
    #[default]
    AsGiven,
    /// 0912345678.
    National,
    /// 84912345678.
    International,
    /// +84912345678.
    Plus,
}

impl NumberForm {
    /// A number in this form. What does not look like a number of Viet Nam stays as it was given, without blanks.
    pub(crate) fn of(self, number: &str) -> String {
        if self == Self::AsGiven {
            return number.to_owned();
        }
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let is_foreign = number.trim_start().starts_with('+') && !digits.starts_with("84");
        let rest = match digits.strip_prefix("84") {
            Some(rest) if rest.len() == 9 => rest,
            _ => digits.strip_prefix('0').unwrap_or(&digits),
        };
        match self {
            _ if is_foreign => format!("+{digits}"),
            Self::National => format!("0{rest}"),
            Self::International => format!("84{rest}"),
            Self::Plus => format!("+84{rest}"),
            Self::AsGiven => number.to_owned(),
        }
    }
}

/// What a way takes of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Text {
    /// Most characters of a text; as many as there are if none.
    pub longest: Option<usize>,
    /// Leave accents out.
    pub without_accents: bool,
}

/// A template that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(Place),
}

impl Template {
    /// Reads a template. A brace that is meant as one is written twice.
    ///
    /// # Errors
    /// [`Error::Template`] for a place that there is not, and braces that do not match.
    pub(crate) fn read(setting: &str, text: &str) -> Result<Self, Error> {
        let wrong = |reason: String| Err(Error::template(setting, reason));
        let (mut pieces, mut plain, mut letters) = (Vec::new(), String::new(), text.chars().peekable());
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.peek() == Some(&letter) => {
                    letters.next();
                    plain.push(letter);
                }
                '{' => {
                    let name: String = letters.by_ref().take_while(|letter| *letter != '}').collect();
                    let Some(place) = Place::from_name(&name) else {
                        let known = Place::names();
                        return wrong(format!("there is no place {{{name}}}; there are {known}"));
                    };
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    pieces.push(Piece::Place(place));
                }
                '}' => return wrong("a closing brace stands alone; write it twice".to_owned()),
                other => plain.push(other),
            }
        }
        pieces.push(Piece::Text(plain));
        Ok(Self(pieces))
    }

    /// The text with values in its places, each escaped.
    pub(crate) fn filled(&self, values: &Values<'_>, escape: impl Fn(&str) -> String) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Place(place) => escape(&values.of(*place)),
        };
        self.0.iter().map(piece).collect()
    }

    /// The whole text with values in its places, as the value of a field of a form.
    pub(crate) fn filled_encoded(&self, values: &Values<'_>) -> String {
        percent_encoded(&self.filled(values, str::to_owned))
    }

    /// The text before its first place.
    pub(crate) fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }
}

/// A JSON value whose texts are templates. Values are put into texts that are written out afterwards: they cannot become
/// anything but text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Text(Template),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    Other(Json),
}

impl Body {
    pub(crate) fn read(setting: &str, json: &Json) -> Result<Self, Error> {
        Ok(match json {
            Json::String(text) => Self::Text(Template::read(setting, text)?),
            Json::Array(items) => {
                Self::List(items.iter().map(|item| Self::read(setting, item)).collect::<Result<_, _>>()?)
            }
            Json::Object(members) => {
                let member = |(name, value): (&String, &Json)| {
                    Ok((name.clone(), Self::read(&format!("{setting}.{name}"), value)?))
                };
                Self::Object(members.iter().map(member).collect::<Result<_, Error>>()?)
            }
            other => Self::Other(other.clone()),
        })
    }

    pub(crate) fn filled(&self, values: &Values<'_>) -> Json {
        match self {
            Self::Text(template) => Json::String(template.filled(values, str::to_owned)),
            Self::List(items) => Json::Array(items.iter().map(|item| item.filled(values)).collect()),
            Self::Object(members) => {
                Json::Object(members.iter().map(|(name, body)| (name.clone(), body.filled(values))).collect())
            }
            Self::Other(json) => json.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_provider_wants_them() {
        let all = |number: &str| {
            [NumberForm::National, NumberForm::International, NumberForm::Plus].map(|form| form.of(number))
        };
        for number in ["0912 345 678", "+84 912.345.678", "84912345678"] {
            assert_eq!(all(number), ["0912345678", "84912345678", "+84912345678"], "{number}");
        }
        assert_eq!(all("+49 30 1234")[0], "+49301234");
        assert_eq!(NumberForm::AsGiven.of("0912 345"), "0912 345");
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let wrong = |text: &str| Template::read("url", text).expect_err("is refused").to_string();
        assert!(wrong("a {nummer}").contains("url: there is no place {nummer}; there are {to}"));
        assert!(wrong("a } b").contains("write it twice"));
        assert!(Template::read("url", "{{\"a\": 1}}").is_ok());
    }
}
