//! Ordering of results (clause 4.23).

use std::cmp::Ordering;

use dinh_model::{Entity, Geometry, Term, Timestamp, Value, fold};
use serde_json::Value as Json;

use super::Path;
use super::eval::{Target, first_target};
use super::geo::metres_between;
use super::literal;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first. What is missing comes last all the same.
    Descending,
}

/// By what.
#[derive(Clone, Debug, PartialEq)]
pub enum OrderSubject {
    /// The identifier.
    Id,
    /// The first type.
    Type,
    /// When the entity entered the graph.
    CreatedAt,
    /// When it last changed.
    ModifiedAt,
    /// The value at a path.
    Value(Path),
    /// The distance of a `GeoProperty` from a geometry.
    Distance {
        /// Which `GeoProperty`.
        property: Term,
        /// From where.
        from: Geometry,
    },
}

/// One key of an ordering.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderKey {
    /// By what.
    pub subject: OrderSubject,
    /// Which way.
    pub direction: Direction,
}

/// How two entities stand by `order`; equal ones stand by identifier, so that every order is total.
pub fn compare(order: &[OrderKey], a: &Entity, b: &Entity) -> Ordering {
    order
        .iter()
        .map(|key| key.compare(a, b))
        .find(|ordering| ordering.is_ne())
        .unwrap_or_else(|| a.id.as_str().cmp(b.id.as_str()))
}

impl OrderKey {
    fn compare(&self, a: &Entity, b: &Entity) -> Ordering {
        match &self.subject {
            OrderSubject::Id => self.turn(a.id.as_str().cmp(b.id.as_str())),
            OrderSubject::Type => self.turn(a.types.first().cmp(&b.types.first())),
            OrderSubject::CreatedAt => self.turn(a.created_at.cmp(&b.created_at)),
            OrderSubject::ModifiedAt => self.turn(a.modified_at.cmp(&b.modified_at)),
            OrderSubject::Value(path) => self.compare_values(&Rank::at(path, a), &Rank::at(path, b)),
            OrderSubject::Distance { property, from } => {
                match (distance_of(property, from, a), distance_of(property, from, b)) {
                    (Some(a), Some(b)) => self.turn(a.total_cmp(&b)),
                    (Some(_), None) => Ordering::Less,
                    (None, Some(_)) => Ordering::Greater,
                    (None, None) => {
                        let path = Path::attribute(property.clone());
                        self.compare_values(&Rank::at(&path, a), &Rank::at(&path, b))
                    }
                }
            }
        }
    }

    fn compare_values(&self, a: &Rank<'_>, b: &Rank<'_>) -> Ordering {
        match (a.is_nothing(), b.is_nothing()) {
            (false, false) => self.turn(a.compare(b)),
            _ => a.kind().cmp(&b.kind()),
        }
    }

    fn turn(&self, ordering: Ordering) -> Ordering {
        match self.direction {
            Direction::Ascending => ordering,
            Direction::Descending => ordering.reverse(),
        }
    }
}

fn distance_of(property: &Term, from: &Geometry, entity: &Entity) -> Option<f64> {
    let instances = entity.attributes.get(property)?;
    instances
        .iter()
        .filter_map(|instance| match &instance.value {
            Value::Geo(geometry) => Some(metres_between(from, &geometry.shape()?, None)),
            _ => None,
        })
        .min_by(f64::total_cmp)
}

/// A value with its place in the order of data types (clause 4.23.2).
enum Rank<'a> {
    Number(f64),
    Text(&'a str),
    Object,
    Array(usize),
    Bool(bool),
    Time(jiff::civil::Time),
    Date(jiff::civil::Date),
    DateTime(Timestamp),
    Null,
    Missing,
}

impl<'a> Rank<'a> {
    fn at(path: &Path, entity: &'a Entity) -> Self {
        match first_target(path, entity) {
            None => Self::Missing,
            Some(Target::Json(json)) => Self::of_json(json),
            Some(Target::List(items)) => Self::Array(items.len()),
            Some(Target::Uris(uris)) => match uris {
                [one] => Self::Text(one.as_str()),
                many => Self::Array(many.len()),
            },
            Some(Target::Terms(terms)) => match terms {
                [one] => Self::Text(one.as_str()),
                many => Self::Array(many.len()),
            },
            Some(Target::Texts(texts)) => texts.first().map_or(Self::Missing, |text| Self::Text(text)),
            Some(Target::Text(text) | Target::Uri(text)) => Self::Text(text),
            Some(Target::Instant(at)) => Self::DateTime(at),
        }
    }

    fn of_json(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Bool(*flag),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::Array(items) => Self::Array(items.len()),
            Json::Object(object) if object.contains_key("@type") => match object.get("@value") {
                Some(value @ (Json::String(_) | Json::Number(_) | Json::Bool(_))) => Self::of_json(value),
                _ => Self::Object,
            },
            Json::Object(_) => Self::Object,
            Json::String(text) => {
                if let Ok(at) = text.parse() {
                    Self::DateTime(at)
                } else if let Some(day) = literal::date(text) {
                    Self::Date(day)
                } else if let Some(time) = literal::time(text) {
                    Self::Time(time)
                } else {
                    Self::Text(text)
                }
            }
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Object => 2,
            Self::Array(_) => 3,
            Self::Bool(_) => 4,
            Self::Time(_) => 5,
            Self::Date(_) => 6,
            Self::DateTime(_) => 7,
            Self::Null => 8,
            Self::Missing => 9,
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Null | Self::Missing)
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => collate(a, b),
            (Self::Array(a), Self::Array(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::DateTime(a), Self::DateTime(b)) => a.cmp(b),
            (a, b) => a.kind().cmp(&b.kind()),
        }
    }
}

/// Letters first, then accents and case: near enough to the Unicode root collation for lists that people read.
fn collate(a: &str, b: &str) -> Ordering {
    let letters = if a.is_ascii() && b.is_ascii() {
        a.bytes().map(|c| c.to_ascii_lowercase()).cmp(b.bytes().map(|c| c.to_ascii_lowercase()))
    } else {
        fold::fold(a).cmp(&fold::fold(b))
    };
    letters.then_with(|| a.cmp(b))
}
