//! Places in templates, and what stands in them.

use dinh_casework::Notice;

use crate::plain::plain;
use crate::template::{NumberForm, Text};

/// A place in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The address: telephone number or e-mail address.
    To,
    /// The subject.
    Subject,
    /// The text.
    Text,
    /// The number of the case.
    Number,
    /// The name of whoever is told.
    Name,
    /// The page that shows more.
    Link,
    /// What is the same if it is sent twice.
    Key,
    /// `vi` or `en`.
    Language,
}

impl Place {
    const ALL: [(&'static str, Self); 8] = [
        ("to", Self::To),
        ("subject", Self::Subject),
        ("text", Self::Text),
        ("number", Self::Number),
        ("name", Self::Name),
        ("link", Self::Link),
        ("key", Self::Key),
        ("language", Self::Language),
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, place)| *place)
    }

    pub(crate) fn names() -> String {
        Self::ALL.map(|(name, _)| format!("{{{name}}}")).join(", ")
    }
}

/// What stands in the places of a template, for one notice.
pub(crate) struct Values<'a> {
    pub(crate) notice: &'a Notice,
    pub(crate) to: &'a str,
    pub(crate) form: NumberForm,
    pub(crate) text: &'a Text,
}

impl Values<'_> {
    pub(crate) fn of(&self, place: Place) -> String {
        let notice = self.notice;
        match place {
            Place::To => self.form.of(self.to),
            Place::Subject => self.shortened(notice.subject()),
            Place::Text => self.shortened(notice.text()),
            Place::Number => notice.number.clone().unwrap_or_default(),
            Place::Name => self.letters(&notice.name),
            Place::Link => notice.link.clone().unwrap_or_default(),
            Place::Key => notice.key.clone(),
            Place::Language => if notice.english { "en" } else { "vi" }.to_owned(),
        }
    }

    /// In the letters that the way takes, and no longer than it takes.
    fn shortened(&self, text: &str) -> String {
        let text = self.letters(text);
        let Some(most) = self.text.longest else { return text };
        if text.chars().count() <= most {
            return text;
        }
        let dots = if self.text.without_accents { "..." } else { "…" };
        let kept = most.saturating_sub(dots.chars().count());
        let mut short: String = text.chars().take(kept).collect();
        short.push_str(dots);
        short
    }

    fn letters(&self, text: &str) -> String {
        if self.text.without_accents { plain(text) } else { text.to_owned() }
    }
}
