//! One attribute of the target, compiled, and how a record fills it.

use std::sync::Arc;

use dinh_model::{Attribute, Attributes, Iri, OneOrMany, Term, Timestamp, Value};
use serde_json::Value as Json;

use super::condition::Condition;
use super::convert::{self, Converter, MAX_ITEMS};
use super::record::scalar;
use super::{Fault, Record, Rejection, Template, TimeRule, Vocabulary, geometry};
use crate::definition::AttributeKind;

/// Longest qualifier kept, in characters.
const MAX_QUALIFIER: usize = 16;

/// One attribute, compiled.
#[derive(Clone, Debug)]
pub(super) struct AttributeRule {
    pub(super) name: Term,
    pub(super) short: String,
    pub(super) when: Vec<Condition>,
    pub(super) input: Input,
    pub(super) kind: AttributeKind,
    pub(super) converter: Converter,
    pub(super) unit: Option<Arc<str>>,
    pub(super) observed_at: Option<TimeRule>,
    pub(super) qualifier: Option<Qualifier>,
    pub(super) dataset: Option<Template>,
    pub(super) required: bool,
    pub(super) sub: Vec<AttributeRule>,
    pub(super) replay_of: Term,
}

/// Where the value comes from.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Field(String),
    Constant(Json),
    Template(Template),
    Point { lon: String, lat: String },
    Languages(Vec<(String, String)>),
}

/// How a result tells that it lies beyond what the instrument can measure.
#[derive(Clone, Debug)]
pub(super) struct Qualifier {
    pub(super) field: Option<String>,
    pub(super) sub: Term,
}

/// A value, and the qualifier that stands before it, if one does.
type Qualified = (Value, Option<String>);

/// What a rule needs to know besides the record.
pub(super) struct Surroundings<'a> {
    pub(super) now: Timestamp,
    pub(super) max_ahead_micros: i64,
    pub(super) max_ahead: &'a str,
    pub(super) vocabulary: &'a Vocabulary,
}

impl AttributeRule {
    /// The attribute that a record gives, or `None` where it gives none.
    pub(super) fn fill(
        &self,
        record: &Record,
        around: &Surroundings<'_>,
    ) -> Result<Option<Attribute>, Rejection> {
        let blame = |(field, fault): (String, Fault)| Rejection::new(field, &fault);
        if !self.when.iter().all(|condition| condition.holds(record)) {
            return Ok(None);
        }
        let Some((value, qualifier)) = self.value(record, around).map_err(blame)? else {
            return if self.required { Err(blame((self.blamed(), Fault::Missing))) } else { Ok(None) };
        };
        let mut attribute = Attribute::new(value, around.now);
        attribute.unit_code.clone_from(&self.unit);
        if let Some(dataset) = &self.dataset {
            let uri = dataset.fill(record).map_err(blame)?;
            attribute.dataset_id =
                Some(Iri::parse(&uri).map_err(|_not_a_uri| blame(("dataset".to_owned(), Fault::Uri(uri))))?);
        }
        attribute.sub = self.subs(record, around)?;
        if let (Some(rule), Some(text)) = (&self.qualifier, qualifier) {
            attribute.sub.insert(rule.sub.clone(), vec![property(Json::String(text), around.now)]);
        }
        self.observe(&mut attribute, record, around).map_err(blame)?;
        Ok(Some(attribute))
    }

    fn subs(&self, record: &Record, around: &Surroundings<'_>) -> Result<Attributes, Rejection> {
        let mut subs = Attributes::new();
        for rule in &self.sub {
            if let Some(sub) = rule.fill(record, around)? {
                subs.insert(rule.name.clone(), vec![sub]);
            }
        }
        Ok(subs)
    }

    /// Sets `observedAt`; a replayed value also says when it was observed in truth.
    fn observe(
        &self,
        attribute: &mut Attribute,
        record: &Record,
        around: &Surroundings<'_>,
    ) -> Result<(), (String, Fault)> {
        let Some(rule) = &self.observed_at else { return Ok(()) };
        let Some(told) = rule.read(record, around.now)? else {
            return Err(("observed_at".to_owned(), Fault::Missing));
        };
        let observed = record.replayed.map_or(told, |replayed| replayed.shift(told));
        if observed.micros_since(around.now) > around.max_ahead_micros {
            let fault = Fault::Ahead(observed.to_string(), around.max_ahead.to_owned());
            return Err(("observed_at".to_owned(), fault));
        }
        if record.replayed.is_some() {
            let said = property(Json::String(told.to_string()), around.now);
            attribute.sub.insert(self.replay_of.clone(), vec![said]);
        }
        attribute.observed_at = Some(observed);
        Ok(())
    }

    /// The value and the qualifier beside it.
    fn value(
        &self,
        record: &Record,
        around: &Surroundings<'_>,
    ) -> Result<Option<Qualified>, (String, Fault)> {
        let plain = |value: Option<Value>| value.map(|value| (value, None));
        match &self.input {
            Input::Point { lon, lat } => {
                let point = geometry::point(record, lon, lat, self.converter.mark)?;
                Ok(plain(point.map(Value::Geo)))
            }
            Input::Languages(fields) => languages(fields, record).map(plain),
            Input::Field(field) => match record.get(field) {
                None => Ok(None),
                Some(raw) => {
                    let (raw, qualifier) = self.qualified(raw, record).map_err(|f| (field.clone(), f))?;
                    let value = self.typed(&raw, record, around).map_err(|fault| (field.clone(), fault))?;
                    Ok(value.map(|value| (value, qualifier)))
                }
            },
            Input::Constant(raw) => {
                self.typed(raw, record, around).map(plain).map_err(|fault| (self.short.clone(), fault))
            }
            Input::Template(template) => match template.fill(record) {
                Err((_, Fault::Missing)) => Ok(None),
                Err(other) => Err(other),
                Ok(text) => self
                    .typed(&Json::String(text), record, around)
                    .map(plain)
                    .map_err(|fault| (self.short.clone(), fault)),
            },
        }
    }

    /// Parts a result such as `<0.05` into its number and its qualifier.
    fn qualified(&self, raw: &Json, record: &Record) -> Result<(Json, Option<String>), Fault> {
        let Some(rule) = &self.qualifier else { return Ok((raw.clone(), None)) };
        if let Some(field) = &rule.field {
            let qualifier = record.text(field).map(std::borrow::Cow::into_owned);
            if qualifier.as_ref().is_some_and(|text| text.chars().count() > MAX_QUALIFIER) {
                return Err(Fault::TooLong(MAX_QUALIFIER));
            }
            return Ok((raw.clone(), qualifier));
        }
        let Some(text) = scalar(raw) else { return Ok((raw.clone(), None)) };
        for mark in ["<=", ">=", "≤", "≥", "<", ">"] {
            if let Some(number) = text.strip_prefix(mark) {
                return Ok((Json::String(number.trim().to_owned()), Some(mark.to_owned())));
            }
        }
        Ok((raw.clone(), None))
    }

    /// The raw value as the kind of attribute asks for.
    fn typed(&self, raw: &Json, record: &Record, around: &Surroundings<'_>) -> Result<Option<Value>, Fault> {
        if self.converter.is_missing(raw) {
            return Ok(None);
        }
        Ok(match self.kind {
            AttributeKind::Geo => Some(Value::Geo(geometry::geojson(raw)?)),
            AttributeKind::Json => Some(Value::Json(raw.clone())),
            AttributeKind::Language => Some(Value::Language(language_map(raw)?)),
            AttributeKind::Property => self.converter.value(raw, record)?.map(Value::Property),
            AttributeKind::List => self.converter.value(raw, record)?.map(|value| match value {
                Json::Array(items) => Value::List(items),
                single => Value::List(vec![single]),
            }),
            AttributeKind::Relationship => {
                let links = self.texts(raw, record)?.map(|texts| texts.try_map(&link)).transpose()?;
                links.map(|object| Value::Relationship { object, object_type: Vec::new() })
            }
            AttributeKind::Vocab => {
                let words = self.texts(raw, record)?;
                words
                    .map(|texts| texts.try_map(&|text| Ok(around.vocabulary.term(text))))
                    .transpose()?
                    .map(Value::Vocab)
            }
        })
    }

    fn texts(&self, raw: &Json, record: &Record) -> Result<Option<Texts>, Fault> {
        Ok(match self.converter.value(raw, record)? {
            None => None,
            Some(Json::Array(items)) => {
                Some(Texts::Many(items.iter().map(convert::text).collect::<Result<_, _>>()?))
            }
            Some(single) => Some(Texts::One(convert::text(&single)?)),
        })
    }

    fn blamed(&self) -> String {
        match &self.input {
            Input::Field(field) => field.clone(),
            Input::Point { lon, .. } => lon.clone(),
            _ => self.short.clone(),
        }
    }
}

/// One text or several.
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    fn try_map<T>(&self, f: &impl Fn(&str) -> Result<T, Fault>) -> Result<OneOrMany<T>, Fault> {
        Ok(match self {
            Self::One(text) => OneOrMany::One(f(text)?),
            Self::Many(texts) => OneOrMany::Many(texts.iter().map(|t| f(t)).collect::<Result<_, _>>()?),
        })
    }
}

fn link(text: &str) -> Result<Iri, Fault> {
    Iri::parse(text).map_err(|_not_a_uri| Fault::Uri(text.to_owned()))
}

/// A property without metadata.
fn property(value: Json, now: Timestamp) -> Attribute {
    Attribute::new(Value::Property(value), now)
}

fn languages(fields: &[(String, String)], record: &Record) -> Result<Option<Value>, (String, Fault)> {
    let mut texts = dinh_model::LanguageText::new();
    for (tag, field) in fields {
        if record.text(field).is_some() {
            let value = record.get(field).unwrap_or(&Json::Null);
            let text = convert::text(value).map_err(|fault| (field.clone(), fault))?;
            texts.insert(tag.clone(), OneOrMany::One(text));
        }
    }
    Ok(if texts.is_empty() { None } else { Some(Value::Language(texts)) })
}

fn language_map(raw: &Json) -> Result<dinh_model::LanguageText, Fault> {
    let object = raw.as_object().filter(|object| !object.is_empty()).ok_or(Fault::Language)?;
    if object.len() > MAX_ITEMS {
        return Err(Fault::TooLong(MAX_ITEMS));
    }
    let mut texts = dinh_model::LanguageText::new();
    for (tag, text) in object {
        let tag_is_good = (1..=35).contains(&tag.len())
            && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'@');
        match text {
            Json::String(_) if tag_is_good => {
                texts.insert(tag.clone(), OneOrMany::One(convert::text(text)?));
            }
            _ => return Err(Fault::Language),
        }
    }
    Ok(texts)
}
