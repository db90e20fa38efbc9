//! What a browser sends back.

use axum::extract::{FromRequest as _, Multipart, RawForm, Request};
use dinh_forms::{FileFact, MOST_BYTES, MOST_PAIRS};
use http::header::CONTENT_TYPE;
use url::form_urlencoded;

/// Largest body with files in it, in bytes.
pub(in crate::pages) const MOST_BODY: usize = 12 << 20;
/// Most files in one body.
const MOST_FILES: usize = 40;

/// What a browser sends back: names and values, files, and which button was pressed.
#[derive(Debug, Default)]
pub(in crate::pages) struct Posted {
    pub(in crate::pages) wish: Wish,
    /// The button that was pressed, as it was sent: what it is to forms is `wish`.
    pub(in crate::pages) pressed: String,
    pub(in crate::pages) pairs: Vec<(String, String)>,
    /// Files with the names of their fields.
    pub(in crate::pages) files: Vec<PostedFile>,
}

/// A file as it was sent, not looked at yet.
#[derive(Debug)]
pub(in crate::pages) struct PostedFile {
    /// The name of its field.
    pub(in crate::pages) field: String,
    /// What the browser says of it.
    pub(in crate::pages) fact: FileFact,
    /// Its content.
    pub(in crate::pages) content: Vec<u8>,
}

/// What somebody wants by a button.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::pages) enum Wish {
    /// To go on.
    #[default]
    Check,
    /// To see the page anew, with lists that fit what was chosen.
    Refresh,
    /// To keep what was filled in, and go on later.
    Keep,
    /// A further row of this table.
    Add(String),
    /// One row less.
    Remove(String, usize),
}

/// What was sent is no form, or too much.
#[derive(Debug)]
pub(in crate::pages) struct Unreadable(pub(in crate::pages) String);

impl Posted {
    /// Reads a body, urlencoded or multipart, within the bound that its route sets.
    pub(in crate::pages) async fn read(request: Request) -> Result<Self, Unreadable> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let mut posted = if kind.starts_with("multipart/form-data") {
            Self::multipart(request).await?
        } else {
            let RawForm(body) =
                RawForm::from_request(request, &()).await.map_err(|e| Unreadable(e.to_string()))?;
            let pairs = form_urlencoded::parse(&body).take(MOST_PAIRS + 2);
            Self {
                pairs: pairs.map(|(name, value)| (name.into(), value.into())).collect(),
                ..Self::default()
            }
        };
        posted.take_wish();
        Ok(posted)
    }

    async fn multipart(request: Request) -> Result<Self, Unreadable> {
        let broken = |e: &dyn std::fmt::Display| Unreadable(e.to_string());
        let mut form = Multipart::from_request(request, &()).await.map_err(|e| broken(&e))?;
        let mut posted = Self::default();
        let mut bytes = 0_usize;
        while let Some(field) = form.next_field().await.map_err(|e| broken(&e))? {
            let name = field.name().unwrap_or_default().to_owned();
            if let Some(file) = field.file_name().map(str::to_owned) {
                let media_type = field.content_type().unwrap_or_default().to_owned();
                let content = field.bytes().await.map_err(|e| broken(&e))?.to_vec();
                let byte_size = u64::try_from(content.len()).unwrap_or(u64::MAX);
                if !file.is_empty() || byte_size > 0 {
                    let fact = FileFact { name: file, media_type, byte_size };
                    posted.files.push(PostedFile { field: name, fact, content });
                }
            } else {
                let value = field.text().await.map_err(|e| broken(&e))?;
                bytes += name.len() + value.len();
                posted.pairs.push((name, value));
            }
            if posted.pairs.len() > MOST_PAIRS + 2 || bytes > MOST_BYTES || posted.files.len() > MOST_FILES {
                let says = format!(
                    "the form holds more than {MOST_PAIRS} values, {MOST_BYTES} bytes or {MOST_FILES} files"
                );
                return Err(Unreadable(says));
            }
        }
        Ok(posted)
    }

    /// Takes the button out of the values, and does to them what it asks.
    fn take_wish(&mut self) {
        let place = self.pairs.iter().position(|(name, _)| name == "do");
        let Some((_, text)) = place.map(|place| self.pairs.remove(place)) else { return };
        self.wish = Wish::from(text.as_str());
        self.pressed = text;
        if let Wish::Remove(table, row) = &self.wish {
            self.pairs = without_row(std::mem::take(&mut self.pairs), table, *row);
        }
    }
}

impl From<&str> for Wish {
    fn from(text: &str) -> Self {
        let remove = |rest: &str| {
            let (table, row) = rest.strip_suffix(']')?.split_once('[')?;
            Some(Self::Remove(table.to_owned(), row.parse().ok().filter(|row| *row < 1_000)?))
        };
        match text.split_once(':') {
            Some(("add", table)) => Self::Add(table.to_owned()),
            Some(("remove", rest)) => remove(rest).unwrap_or(Self::Refresh),
            _ if text == "refresh" => Self::Refresh,
            _ if text == "keep" => Self::Keep,
            _ => Self::Check,
        }
    }
}

/// The values without a row; later rows move up.
fn without_row(pairs: Vec<(String, String)>, table: &str, row: usize) -> Vec<(String, String)> {
    let moved = |name: String| -> Option<String> {
        let Some((index, rest)) = name
            .strip_prefix(table)
            .and_then(|rest| rest.strip_prefix('['))
            .and_then(|rest| rest.split_once(']'))
        else {
            return Some(name);
        };
        match index.parse::<usize>() {
            Ok(index) if index == row => None,
            Ok(index) if index > row => Some(format!("{table}[{}]{rest}", index - 1)),
            _ => Some(name),
        }
    };
    pairs.into_iter().filter_map(|(name, value)| Some((moved(name)?, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_say_what_they_want() {
        for (text, wish) in [
            ("check", Wish::Check),
            ("refresh", Wish::Refresh),
            ("add:members", Wish::Add("members".to_owned())),
            ("remove:members[3]", Wish::Remove("members".to_owned(), 3)),
            ("remove:members", Wish::Refresh),
            ("remove:members[99999]", Wish::Refresh),
            ("", Wish::Check),
        ] {
            assert_eq!(Wish::from(text), wish, "{text}");
        }
    }

    #[test]
    fn later_rows_move_up() {
        let pairs = ["a", "m[0].x", "m[1].x", "m[1].y", "m[2].x", "more[2].x"]
            .map(|name| (name.to_owned(), String::new()));
        let left: Vec<String> = without_row(pairs.into(), "m", 1).into_iter().map(|(name, _)| name).collect();
        assert_eq!(left, ["a", "m[0].x", "m[1].x", "more[2].x"]);
    }
}
