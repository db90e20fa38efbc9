//! Texts and codes in messages.

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Reads a code or a text that systems write as text, as a number, as true or false, or not at all.
pub(super) fn flat_text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let json = Json::deserialize(from)?;
    flat(&json).ok_or_else(|| D::Error::custom("must be text, a number, true, false or null"))
}

/// A value of JSON as the text that it stands for; none for lists and objects.
pub fn flat(json: &Json) -> Option<String> {
    Some(match json {
        Json::Null => String::new(),
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Bool(yes) => if *yes { "1" } else { "0" }.to_owned(),
        Json::Array(_) | Json::Object(_) => return None,
    })
}

/// Reads a list that systems leave out, write as null, or write as one member without a list.
pub(super) fn some_list<'de, D: Deserializer<'de>, T: Deserialize<'de> + Serialize>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Some<T> {
        Many(Vec<T>),
        One(T),
        None(()),
    }
    Ok(match Some::<T>::deserialize(from)? {
        Some::Many(many) => many,
        Some::One(one) => vec![one],
        Some::None(()) => Vec::new(),
    })
}

/// A text cut to at most so many characters, with a sign that it was cut.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
