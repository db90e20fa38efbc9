//! The entity that stands for a feed in the graph, so that pages, rules and subscriptions know how sources are doing.

use dinh_model::{Attribute, Attributes, LanguageText, OneOrMany, Timestamp, Value};
use serde_json::{Value as Json, json};

use super::health::FeedHealth;
use crate::Words;
use crate::definition::{FeedName, Mode};
use crate::mapping::{Mapped, Position, Vocabulary, feed_id};
use crate::sink::EntityWrite;

/// What the feed's entity says of its health.
pub(super) fn write(health: &FeedHealth, vocabulary: &Vocabulary, now: Timestamp) -> EntityWrite {
    let mut attributes = Attributes::new();
    let mut set = |name: &str, value: Value, unit: Option<&str>| {
        let mut attribute = Attribute::new(value, now).observed(now);
        attribute.unit_code = unit.map(Into::into);
        attributes.insert(vocabulary.term(name), vec![attribute]);
    };
    let text = |text: &str| Value::Property(Json::from(text));
    set("status", text(health.status.as_str()), None);
    set("accepted", Value::Property(json!(health.accepted)), None);
    set("rejected", Value::Property(json!(health.rejected)), None);
    set("deadLetters", Value::Property(json!(health.dead_letters)), None);
    set("rate", Value::Property(json!(health.rate_per_minute)), None);
    if let Some(lag) = health.lag_seconds {
        set("lag", Value::Property(json!(lag)), Some("SEC"));
    }
    let mut plain = |name: &str, value: Value| {
        attributes.insert(vocabulary.term(name), vec![Attribute::new(value, now)]);
    };
    plain("title", languages(&health.title));
    plain("kind", text(health.kind));
    if let Some(at) = health.last_message_at {
        plain("lastMessageAt", text(&at.to_string()));
    }
    if let Some(error) = &health.last_error {
        plain("lastError", languages(&error.reason));
    }
    let name = FeedName::new(health.pack.clone(), health.feed.clone());
    let fragment = Mapped {
        id: feed_id(&name),
        types: vec![vocabulary.term("Feed")],
        scopes: Vec::new(),
        mode: Mode::Upsert,
        attributes,
        on_create: Attributes::new(),
        position: Position::default(),
        replayed: None,
    };
    EntityWrite { fragment, late: Vec::new() }
}

fn languages(words: &Words) -> Value {
    let text = |text: &str| OneOrMany::One(text.to_owned());
    let texts = [("vi", &words.vi), ("en", &words.en)];
    Value::Language(LanguageText::from_iter(texts.map(|(tag, words)| (tag.to_owned(), text(words)))))
}
