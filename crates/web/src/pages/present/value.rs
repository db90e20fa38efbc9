//! Values in words: numbers with units, dates, yes and no, texts in the visitor's language.

use dinh_context::packs::Titles;
use dinh_context::schema::AttributeType;
use dinh_model::{Attribute, Timestamp, Value};
use serde_json::Value as Json;

use crate::look;
use crate::words::{Lang, Speech, args};

/// Longest text of a value shown in a table, in characters.
const MAX_TEXT: usize = 600;
/// Most items of a list shown.
const MAX_ITEMS: usize = 12;
const QUALIFIER: &str = "https://uri.etsi.org/ngsi-ld/default-context/qualifier";

/// A value, written out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) is_number: bool,
}

/// Who says it: in which language, with which words for the codes of packs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice<'a> {
    pub(crate) lang: Lang,
    /// The messages of the packs: the value `fog` of a type of the pack `weather` is called `weather-fog`.
    pub(crate) words: &'a Speech,
    /// The pack that describes the entity.
    pub(crate) pack: Option<&'a str>,
}

impl Voice<'_> {
    /// The word for a code of the pack, or the text as it is.
    pub(crate) fn word(&self, text: &str) -> String {
        self.code(text).unwrap_or_else(|| text.to_owned())
    }

    fn code(&self, value: &str) -> Option<String> {
        let is_code =
            value.len() <= 64 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !is_code {
            return None;
        }
        self.words.find(self.lang, &format!("{}-{value}", self.pack?), None)
    }
}

/// An attribute's value, written out. Nothing for relationships, which are shown as links.
pub(crate) fn shown(attribute: &Attribute, kind: Option<&AttributeType>, voice: Voice<'_>) -> Option<Shown> {
    let lang = voice.lang;
    let text = |text: String| Some(Shown { text: shortened(text), is_number: false });
    match &attribute.value {
        Value::Property(Json::Number(number)) => Some(quantity(attribute, number.as_f64()?, kind, lang)),
        Value::Property(Json::String(code)) if voice.code(code).is_some() => text(voice.code(code)?),
        Value::Property(json) | Value::Json(json) => text(json_text(json, lang)),
        Value::Geo(geometry) => text(match geometry.as_point() {
            Some((lon, lat)) => look::coordinates(lon, lat, lang),
            None => geometry.as_json().get("type").and_then(Json::as_str).unwrap_or_default().to_owned(),
        }),
        Value::Language(texts) => {
            let found = [lang.tag(), "vi", "@none"]
                .iter()
                .find_map(|tag| texts.get(*tag))
                .or_else(|| texts.values().next());
            text(found?.as_slice().join(", "))
        }
        Value::Vocab(terms) => {
            text(terms.as_slice().iter().map(|t| short(t.as_str())).collect::<Vec<_>>().join(", "))
        }
        Value::List(items) => text(list(items, lang)),
        Value::Relationship { .. } | Value::ListRelationship { .. } => None,
    }
}

fn quantity(attribute: &Attribute, number: f64, kind: Option<&AttributeType>, lang: Lang) -> Shown {
    let declared = kind.and_then(|kind| kind.unit.as_ref());
    let unit = match (&attribute.unit_code, declared) {
        (Some(code), Some(unit)) if **code == *unit.code => Some(unit.symbol.as_str()),
        (Some(code), _) => Some(look::symbol(code)),
        (None, Some(unit)) => Some(unit.symbol.as_str()),
        (None, None) => None,
    };
    let digits = kind.and_then(|kind| kind.digits);
    let written = look::with_unit(&look::number(number, digits, lang), unit);
    let qualifier = attribute.sub.get(QUALIFIER).and_then(|all| all.first()).and_then(Attribute::text);
    let text = match qualifier {
        Some(sign @ ("<" | ">" | "≤" | "≥")) => format!("{sign}\u{a0}{written}"),
        _ => written,
    };
    Shown { text, is_number: true }
}

fn json_text(json: &Json, lang: Lang) -> String {
    match json {
        Json::Null => "–".to_owned(),
        Json::Bool(true) => lang.say("yes"),
        Json::Bool(false) => lang.say("no"),
        Json::Number(number) => {
            number.as_f64().map_or_else(|| number.to_string(), |n| look::number(n, None, lang))
        }
        Json::String(text) => instant(text).map_or_else(|| text.clone(), |at| look::date_time(at, lang)),
        Json::Array(items) => list(items, lang),
        Json::Object(members) => {
            // A text in several languages, or an instant with its type, or anything else as it is.
            let own = members.get(lang.tag()).or_else(|| members.get("vi")).and_then(Json::as_str);
            let typed = members.get("@value").or_else(|| members.get("value")).and_then(Json::as_str);
            match own.or(typed) {
                Some(text) => json_text(&Json::from(text), lang),
                None => json.to_string(),
            }
        }
    }
}

fn list(items: &[Json], lang: Lang) -> String {
    let mut text =
        items.iter().take(MAX_ITEMS).map(|item| json_text(item, lang)).collect::<Vec<_>>().join(", ");
    if items.len() > MAX_ITEMS {
        let more = u32::try_from(items.len() - MAX_ITEMS).unwrap_or(u32::MAX);
        text.push(' ');
        text.push_str(&lang.say_with("and-more", &args([("count", more)])));
    }
    text
}

fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Decimal places for an attribute: what the pack says, else two.
pub(crate) fn number_of_digits(kind: Option<&AttributeType>) -> u8 {
    kind.and_then(|kind| kind.digits).unwrap_or(2)
}

/// What people call an attribute, or its short name.
pub(crate) fn title_of(kind: Option<&AttributeType>, name: &str, lang: Lang) -> String {
    let titled = |titles: &Titles| titles.in_language(lang.tag()).to_owned();
    kind.map(|kind| titled(&kind.title))
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| short(name).to_owned())
}

fn short(iri: &str) -> &str {
    iri.rsplit(['/', '#']).next().unwrap_or(iri)
}

fn shortened(text: String) -> String {
    if text.chars().count() <= MAX_TEXT {
        return text;
    }
    let mut short: String = text.chars().take(MAX_TEXT).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use serde_json::json;

    use super::*;

    static NONE: LazyLock<Speech> = LazyLock::new(Speech::empty);
    const VOICE: fn() -> Voice<'static> = || Voice { lang: Lang::Vi, words: &NONE, pack: None };

    fn say(value: Value, unit: Option<&str>) -> String {
        let mut attribute = Attribute::new(value, Timestamp::from_micros(0));
        attribute.unit_code = unit.map(Into::into);
        shown(&attribute, None, VOICE()).map_or_else(String::new, |s| s.text)
    }

    #[test]
    fn values_are_written_the_vietnamese_way() {
        assert_eq!(say(Value::Property(json!(1234.5)), Some("MMT")), "1.234,5\u{a0}mm");
        assert_eq!(say(Value::Property(json!(true)), None), "Có");
        assert_eq!(say(Value::Property(json!("2026-11-20T07:05:00Z")), None), "14:05 20/11/2026");
        assert_eq!(say(Value::Property(json!({"vi": "Diễn tập", "en": "Exercise"})), None), "Diễn tập");
        assert_eq!(
            say(Value::Property(json!({"@type": "DateTime", "@value": "2026-11-20T07:05:00Z"})), None),
            "14:05 20/11/2026"
        );
        assert_eq!(say(Value::Property(json!([1, 2.5])), None), "1, 2,5");
        let many: Vec<_> = (0..20).map(Json::from).collect();
        assert!(say(Value::List(many), None).ends_with("và 8 giá trị khác"));
        assert_eq!(say(Value::Property(json!("x".repeat(2000))), None).chars().count(), MAX_TEXT + 1);
    }

    #[test]
    fn codes_have_the_words_of_their_pack() {
        let mut words = Speech::empty();
        words.add(Lang::Vi, "weather", "weather-fog = Sương mù").unwrap();
        let voice = Voice { lang: Lang::Vi, words: &words, pack: Some("weather") };
        let fog = Attribute::new(Value::Property(json!("fog")), Timestamp::from_micros(0));
        assert_eq!(shown(&fog, None, voice).unwrap().text, "Sương mù");
        assert_eq!(shown(&fog, None, VOICE()).unwrap().text, "fog");
    }

    #[test]
    fn what_is_below_the_limit_of_detection_says_so() {
        let at = Timestamp::from_micros(0);
        let mut attribute = Attribute::new(Value::Property(json!(0.02)), at);
        attribute.sub.insert(QUALIFIER.into(), vec![Attribute::new(Value::Property(json!("<")), at)]);
        assert_eq!(shown(&attribute, None, VOICE()).unwrap().text, "<\u{a0}0,02");
    }
}
