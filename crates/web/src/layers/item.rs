//! What a layer shows of one entity.

use std::sync::Arc;

use dinh_model::{Attribute, Entity, EntityId, OneOrMany, Term, Timestamp, Value};
use serde_json::Value as Json;

use super::{Class, Layer};
use crate::words::Lang;

/// Sub-attribute with the time at which a replayed value was first observed.
pub const REPLAY_OF: &str = "https://uri.etsi.org/ngsi-ld/default-context/replayOf";

/// Where an entity is.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// Longitude and latitude in degrees.
    Point(f64, f64),
    /// A line or an area.
    Shape(Arc<dinh_model::Geometry>),
}

impl Place {
    /// A point in it that stands for it: its own, or the middle of its box.
    pub fn anchor(&self) -> Option<(f64, f64)> {
        match self {
            Self::Point(lon, lat) => Some((*lon, *lat)),
            Self::Shape(shape) => {
                use geo::BoundingRect as _;
                let center = shape.bounding_rect()?.center();
                Some((center.x, center.y))
            }
        }
    }
}

/// A value: a number, or words.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemValue {
    /// A number.
    Number(f64),
    /// Words.
    Text(Arc<str>),
}

impl ItemValue {
    /// The number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }

    /// True if it is written `text` in JSON or is that text.
    pub fn is(&self, text: &str) -> bool {
        match self {
            Self::Number(number) => text.parse() == Ok(*number),
            Self::Text(own) => **own == *text,
        }
    }

    fn of(attribute: &Attribute) -> Option<Self> {
        match &attribute.value {
            Value::Property(Json::Number(number)) => number.as_f64().map(Self::Number),
            Value::Property(Json::String(text)) => Some(Self::Text(text.as_str().into())),
            Value::Property(Json::Bool(truth)) => Some(Self::Text(truth.to_string().into())),
            Value::Vocab(OneOrMany::One(term)) => {
                let iri = term.as_str();
                Some(Self::Text(iri.rsplit(['/', '#']).next().unwrap_or(iri).into()))
            }
            _ => None,
        }
    }
}

/// What a layer shows of one entity.
#[derive(Clone, Debug)]
pub struct Item {
    /// The entity.
    pub id: EntityId,
    /// Its name in Vietnamese, or its id.
    pub name: Arc<str>,
    /// Where it is; nowhere if it has no place yet.
    pub place: Option<Place>,
    /// The layer's value.
    pub value: Option<ItemValue>,
    /// Which class of the layer it belongs to.
    pub class: Option<u8>,
    /// When the value was observed.
    pub at: Option<Timestamp>,
    /// When a replayed value was first observed.
    pub replay_of: Option<Timestamp>,
}

impl Item {
    /// What `layer` shows of `entity`.
    pub fn new(layer: &Layer, entity: &Entity) -> Self {
        let shown = layer.value.as_ref().and_then(|v| entity.attribute(v.attribute.as_str()));
        let value = shown.and_then(ItemValue::of);
        let class = class_of(layer, entity, value.as_ref());
        Self {
            id: entity.id.clone(),
            name: name_of(entity, &layer.label, Lang::Vi),
            place: place_of(entity, &layer.geometry),
            at: shown.and_then(|a| a.observed_at),
            replay_of: shown.and_then(replay_of),
            value,
            class,
        }
    }

    /// Its class.
    pub fn class_in<'l>(&self, layer: &'l Layer) -> Option<&'l Class> {
        self.class.and_then(|i| layer.classes.get(usize::from(i)))
    }

    /// True if the value is older than the layer allows.
    pub fn is_stale(&self, layer: &Layer, now: Timestamp) -> bool {
        let limit = layer.value.as_ref().and_then(|v| v.stale_after);
        match (limit, self.at) {
            (Some(limit), Some(at)) => now.micros_since(at) > limit,
            // A layer that promises fresh values and has none is as stale as can be.
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

fn class_of(layer: &Layer, entity: &Entity, value: Option<&ItemValue>) -> Option<u8> {
    let index = layer.classes.iter().position(|class| match &class.attribute {
        None => class.takes(value),
        Some(other) => class.takes(entity.attribute(other.as_str()).and_then(ItemValue::of).as_ref()),
    })?;
    u8::try_from(index).ok()
}

/// The name of an entity: the text of its label in `lang`, else in Vietnamese, else in any language, else its id.
pub fn name_of(entity: &Entity, label: &Term, lang: Lang) -> Arc<str> {
    let named = entity.attribute(label.as_str()).and_then(|attribute| match &attribute.value {
        Value::Property(Json::String(text)) => Some(text.as_str()),
        Value::Language(texts) => [lang.tag(), "vi", "@none"]
            .iter()
            .find_map(|tag| texts.get(*tag))
            .or_else(|| texts.values().next())
            .and_then(|text| text.as_slice().first())
            .map(String::as_str),
        _ => None,
    });
    named.filter(|name| !name.trim().is_empty()).unwrap_or(entity.id.as_str()).into()
}

/// When a replayed value was first observed, if it is one.
pub fn replay_of(attribute: &Attribute) -> Option<Timestamp> {
    attribute.sub.get(REPLAY_OF)?.first()?.text()?.parse().ok()
}

fn place_of(entity: &Entity, geometry: &Term) -> Option<Place> {
    let value = entity.geometry(geometry.as_str())?;
    if let Some((lon, lat)) = value.as_point() {
        return Some(Place::Point(lon, lat));
    }
    value.shape().map(|shape| Place::Shape(Arc::new(shape)))
}

#[cfg(test)]
mod tests {
    use dinh_model::GeoValue;
    use serde_json::json;

    use super::*;

    const LAYER: &str = r#"
        title = { vi = "Mực nước", en = "Water level" }
        group = { vi = "Thủy văn", en = "Hydrology" }
        types = ["Gauge"]
        [value]
        attribute = "level"
        stale_after = "1h"
        [[class]]
        attribute = "state"
        equals = "broken"
        colour = "quiet"
        title = { vi = "Hỏng", en = "Broken" }
        [[class]]
        min = 2
        max = 3.5
        colour = "warn"
        title = { vi = "Trên báo động II", en = "Above alarm II" }
        [[class]]
        min = 3.5
        colour = "danger"
        title = { vi = "Trên báo động III", en = "Above alarm III" }
    "#;

    fn gauge(level: f64, state: &str) -> Item {
        let layer = layer();
        let at = Timestamp::from_micros(0);
        let mut entity = Entity::new(EntityId::trusted("urn:g:1"), Term::from("Gauge"), at);
        entity.set(Term::from("level"), Attribute::new(Value::Property(json!(level)), at).observed(at));
        entity.set(Term::from("state"), Attribute::new(Value::Property(json!(state)), at));
        entity.set(Term::from("name"), Attribute::new(Value::Property(json!("Kim Long")), at));
        entity.set(Term::from("location"), Attribute::new(Value::Geo(GeoValue::point(107.5, 16.4)), at));
        Item::new(&layer, &entity)
    }

    fn layer() -> Layer {
        Layer::parse("p", "gauge", LAYER, &|name| Term::from(name)).unwrap()
    }

    #[test]
    fn the_first_class_that_fits_is_taken() {
        for (level, state, class) in
            [(1.0, "works", None), (2.0, "works", Some(1)), (3.5, "works", Some(2)), (3.5, "broken", Some(0))]
        {
            assert_eq!(gauge(level, state).class, class, "{level} {state}");
        }
    }

    #[test]
    fn values_grow_stale() {
        let (item, layer) = (gauge(1.0, "works"), layer());
        assert_eq!(&*item.name, "Kim Long");
        assert_eq!(item.place, Some(Place::Point(107.5, 16.4)));
        assert!(!item.is_stale(&layer, Timestamp::from_micros(3_600_000_000)));
        assert!(item.is_stale(&layer, Timestamp::from_micros(3_600_000_001)));
    }
}
