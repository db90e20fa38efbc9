//! What full-text search sees of an entity.
//!
//! Two groups of words, those of its name and those of the rest, each as typed and folded (`dinh_model::fold`). Which
//! attributes count is decided by the last part of the attribute's name, so that `name` of any vocabulary is a name.

use std::collections::HashSet;

use dinh_model::{Attribute, Entity, OneOrMany, Term, Value, fold};
use serde_json::Value as Json;

/// Most bytes of text taken from one entity; what comes after is not searchable.
pub(crate) const MAX_TEXT: usize = 16 * 1024;

/// Longest word kept, in characters.
const MAX_WORD: usize = 64;

/// How deep the texts of an object (an address) are looked for.
const MAX_DEPTH: usize = 8;

/// The words of one entity, separated by single spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Words {
    /// Of the names, as typed.
    pub(crate) name_exact: String,
    /// Of the names, folded.
    pub(crate) name: String,
    /// Of the rest, as typed.
    pub(crate) rest_exact: String,
    /// Of the rest, folded.
    pub(crate) rest: String,
}

impl Words {
    pub(crate) fn is_empty(&self) -> bool {
        self.name.is_empty() && self.rest.is_empty()
    }
}

/// How much an attribute's text counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Name,
    Rest,
}

/// True if a change of this attribute may change what search sees.
pub(crate) fn is_searchable(name: &Term, instances: &[Attribute], declared: &HashSet<Term>) -> bool {
    weight(name, declared).is_some() || instances.iter().any(|a| matches!(a.value, Value::Language(_)))
}

fn weight(name: &Term, declared: &HashSet<Term>) -> Option<Weight> {
    match name.as_str().rsplit(['/', '#', ':']).next().unwrap_or_default() {
        "name" | "title" | "alternateName" => Some(Weight::Name),
        "description" | "address" => Some(Weight::Rest),
        _ => declared.contains(name).then_some(Weight::Rest),
    }
}

/// The words of an entity, without those of attributes that are `hidden` from search.
pub(crate) fn words_of(entity: &Entity, declared: &HashSet<Term>, hidden: &dyn Fn(&Term) -> bool) -> Words {
    let mut words = Words::default();
    let mut left = MAX_TEXT;
    for (name, instances) in &entity.attributes {
        let declared_weight = weight(name, declared);
        let mut shown = None;
        for instance in instances {
            let is_language = matches!(instance.value, Value::Language(_));
            if let Some(weight) = declared_weight.or(is_language.then_some(Weight::Rest))
                && *shown.get_or_insert_with(|| !hidden(name))
            {
                each_text(&instance.value, &mut |text| words.add(text, weight, &mut left));
            }
        }
    }
    words
}

impl Words {
    fn add(&mut self, text: &str, weight: Weight, left: &mut usize) {
        let text = prefix(text, *left);
        *left -= text.len();
        let (exact, folded) = match weight {
            Weight::Name => (&mut self.name_exact, &mut self.name),
            Weight::Rest => (&mut self.rest_exact, &mut self.rest),
        };
        join(exact, &exact_words(text));
        join(folded, &folded_words(text));
    }
}

/// The longest start of `text` of at most `bytes` bytes that ends between two characters.
fn prefix(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

fn join(all: &mut String, words: &[String]) {
    for word in words {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(word);
    }
}

/// The words of a text as typed, in lower case.
pub(crate) fn exact_words(text: &str) -> Vec<String> {
    split(&fold::exact(text))
}

/// The folded words of a text.
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    split(&fold::fold(text))
}

fn split(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(|word| word.chars().take(MAX_WORD).collect()).collect()
}

fn each_text(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Property(json) => each_json_text(json, visit, 0),
        Value::List(items) => items.iter().for_each(|json| each_json_text(json, visit, 0)),
        Value::Language(texts) => texts.values().flat_map(OneOrMany::as_slice).for_each(|text| visit(text)),
        Value::Relationship { .. }
        | Value::Geo(_)
        | Value::Vocab(_)
        | Value::Json(_)
        | Value::ListRelationship { .. } => {}
    }
}

fn each_json_text(json: &Json, visit: &mut impl FnMut(&str), depth: usize) {
    match json {
        Json::String(text) => visit(text),
        Json::Array(items) if depth < MAX_DEPTH => {
            for item in items {
                each_json_text(item, visit, depth + 1);
            }
        }
        Json::Object(members) if depth < MAX_DEPTH => {
            members.values().for_each(|member| each_json_text(member, visit, depth + 1));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{EntityId, Timestamp};
    use serde_json::json;

    use super::*;

    fn entity(attributes: &[(&str, Value)]) -> Entity {
        let at = Timestamp::from_micros(0);
        let mut entity = Entity::new(EntityId::trusted("urn:x:1"), Term::from("T"), at);
        for (name, value) in attributes {
            entity.set(Term::from(*name), Attribute::new(value.clone(), at));
        }
        entity
    }

    #[test]
    fn names_and_the_rest_are_told_apart() {
        let address = json!({"addressLocality": "Huế", "postalCode": "530000"});
        let texts = [("vi".to_owned(), OneOrMany::One("Đài".to_owned()))].into();
        let words = words_of(
            &entity(&[
                ("https://schema.org/name", Value::Property("Cầu Trường-Tiền".into())),
                ("https://vocabulary.example/address", Value::Property(address)),
                ("https://vocabulary.example/kind", Value::Language(texts)),
                ("https://vocabulary.example/code", Value::Property("K9".into())),
                ("https://vocabulary.example/other", Value::Property("no".into())),
                ("https://vocabulary.example/description", Value::Property("hidden".into())),
            ]),
            &[Term::from("https://vocabulary.example/code")].into(),
            &|name| name.as_str().ends_with("description"),
        );
        assert_eq!(words.name_exact, "cầu trường tiền");
        assert_eq!(words.name, "cau truong tien");
        assert_eq!(words.rest_exact, "huế 530000 k9 đài");
        assert_eq!(words.rest, "hue 530000 k9 dai");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let long = "ế".repeat(MAX_TEXT);
        let long = entity(&[("x/name", Value::Property(long.into()))]);
        let words = words_of(&long, &HashSet::new(), &|_| false);
        assert_eq!(words.name.len(), MAX_WORD);
        assert_eq!(prefix("ế", 1), "");
    }
}
