//! Messages by key and language.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use super::Lang;
use crate::look;

/// Brings in one file of messages in both languages, by its name.
macro_rules! own {
    ($($name:literal),+ $(,)?) => {
        [$((
            concat!("words/", $name),
            include_str!(concat!("../../words/vi/", $name, ".ftl")),
            include_str!(concat!("../../words/en/", $name, ".ftl")),
        )),+]
    };
}

/// The messages of the pages themselves: name of the file, Vietnamese, English.
const OWN: [(&str, &str, &str); 25] = own![
    "frame",
    "operations",
    "list",
    "entity",
    "sources",
    "around",
    "errors",
    "account",
    "privacy",
    "admin",
    "explore",
    "cases",
    "kinds",
    "citizen",
    "counter",
    "tickets",
    "board",
    "notices",
    "procedures",
    "forms",
    "papers",
    "portal",
    "signatures",
    "cards",
    "money"
];

/// Values for the places in a message.
pub type Args<'a> = FluentArgs<'a>;

/// Why a message file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct WordsError {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

/// All messages in both languages.
pub struct Speech {
    vi: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

impl Speech {
    /// The messages of the pages themselves.
    pub fn own() -> Result<Self, WordsError> {
        let mut speech = Self::empty();
        for (file, vi, en) in OWN {
            speech.add(Lang::Vi, file, vi)?;
            speech.add(Lang::En, file, en)?;
        }
        Ok(speech)
    }

    /// No messages yet.
    pub fn empty() -> Self {
        Self { vi: bundle(Lang::Vi), en: bundle(Lang::En) }
    }

    /// Adds the messages of a pack. A key that exists already is refused: packs prefix theirs with their name.
    pub fn add(&mut self, lang: Lang, file: &str, text: &str) -> Result<(), WordsError> {
        let failed = |reason: String| WordsError { file: file.to_owned(), reason };
        let resource = FluentResource::try_new(text.to_owned())
            .map_err(|(_, faults)| failed(format!("is not Fluent: {faults:?}")))?;
        let bundle = match lang {
            Lang::Vi => &mut self.vi,
            Lang::En => &mut self.en,
        };
        bundle.add_resource(resource).map_err(|faults| failed(format!("{faults:?}")))
    }

    /// The message `key` in `lang`. A key without a message is shown as it is: ugly, but nothing is lost.
    pub fn say(&self, lang: Lang, key: &str, args: Option<&Args<'_>>) -> String {
        self.find(lang, key, args).unwrap_or_else(|| {
            tracing::warn!(key, %lang, "a message is missing");
            key.to_owned()
        })
    }

    /// The message `key` in `lang`, if there is one.
    pub fn find(&self, lang: Lang, key: &str, args: Option<&Args<'_>>) -> Option<String> {
        let bundle = match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        };
        let pattern = bundle.get_message(key)?.value()?;
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut faults).into_owned();
        if !faults.is_empty() {
            tracing::warn!(key, %lang, ?faults, "a message lacks a value");
        }
        Some(text)
    }
}

impl std::fmt::Debug for Speech {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Speech").finish_non_exhaustive()
    }
}

/// Values for a message, from pairs.
pub fn args<'a, V: Into<FluentValue<'a>>>(pairs: impl IntoIterator<Item = (&'static str, V)>) -> Args<'a> {
    let mut args = Args::new();
    for (name, value) in pairs {
        args.set(name, value);
    }
    args
}

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = match lang {
        Lang::Vi => langid!("vi"),
        Lang::En => langid!("en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Marks that isolate left-to-right from right-to-left text would only litter these two languages.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::Vi => |value, _| written(value, Lang::Vi),
        Lang::En => |value, _| written(value, Lang::En),
    }));
    bundle
}

fn written(value: &FluentValue<'_>, lang: Lang) -> Option<String> {
    match value {
        FluentValue::Number(FluentNumber { value, .. }) => Some(look::number(*value, None, lang)),
        _ => None,
    }
}
