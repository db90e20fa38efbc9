//! Units read from the graph: entities of type `AdministrativeUnit` as the pack `admin-units` describes them.

use jiff::civil::Date;

use super::{Share, Span, Succession, Unit, UnitName};
use crate::{Attribute, Entity, EntityId, OneOrMany, Value};

/// The type of administrative units.
pub const UNIT_TYPE: &str = "https://uri.etsi.org/ngsi-ld/default-context/AdministrativeUnit";

/// Why an entity is not an administrative unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// An attribute that every unit has is missing or of another kind.
    #[error("{id} has no {attribute}, which every administrative unit has")]
    Missing {
        /// The entity.
        id: EntityId,
        /// Short name of the attribute.
        attribute: &'static str,
    },
    /// An attribute says something else than it should.
    #[error("{attribute} of {id}: {reason}")]
    Invalid {
        /// The entity.
        id: EntityId,
        /// Short name of the attribute.
        attribute: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl TryFrom<&Entity> for Unit {
    type Error = UnitError;

    fn try_from(entity: &Entity) -> Result<Self, UnitError> {
        let reader = Reader { entity };
        Ok(Self {
            id: entity.id.clone(),
            code: reader.text("code").ok_or_else(|| reader.missing("code"))?.to_owned(),
            level: reader
                .text("level")
                .ok_or_else(|| reader.missing("level"))?
                .parse()
                .map_err(|reason| reader.invalid("level", reason))?,
            name: reader.name().ok_or_else(|| reader.missing("name"))?,
            parent: reader.parent(),
            span: Span { from: reader.date("validFrom")?, to: reader.date("validTo")? },
            successors: reader.successors()?,
            outline: reader.outline(),
        })
    }
}

struct Reader<'a> {
    entity: &'a Entity,
}

impl<'a> Reader<'a> {
    fn missing(&self, attribute: &'static str) -> UnitError {
        UnitError::Missing { id: self.entity.id.clone(), attribute }
    }

    fn invalid(&self, attribute: &'static str, reason: String) -> UnitError {
        UnitError::Invalid { id: self.entity.id.clone(), attribute, reason }
    }

    fn attribute(&self, name: &str) -> Option<&'a Attribute> {
        self.entity.attribute(&full_name(name))
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.attribute(name)?.text()
    }

    fn name(&self) -> Option<UnitName> {
        match &self.attribute("name")?.value {
            Value::Language(texts) => {
                let of = |tag: &str| texts.get(tag).and_then(|t| t.as_slice().first()).cloned();
                Some(UnitName { vi: of("vi")?, en: of("en") })
            }
            Value::Property(json) => Some(UnitName { vi: json.as_str()?.to_owned(), en: None }),
            _ => None,
        }
    }

    fn parent(&self) -> Option<EntityId> {
        match &self.attribute("parent")?.value {
            Value::Relationship { object: OneOrMany::One(parent), .. } => Some(parent.clone()),
            _ => None,
        }
    }

    /// A day, as text (`2025-07-01`) or as the typed value `{"@type": "Date", "@value": "2025-07-01"}`.
    fn date(&self, name: &'static str) -> Result<Option<Date>, UnitError> {
        let Some(Value::Property(json)) = self.attribute(name).map(|a| &a.value) else { return Ok(None) };
        let text = json.as_str().or_else(|| json.get("@value")?.as_str());
        let day = text.ok_or_else(|| self.invalid(name, "is not a date".to_owned()))?;
        day.parse().map(Some).map_err(|reason| self.invalid(name, format!("{day:?} is not a date: {reason}")))
    }

    /// One instance of `succeededBy` per successor, its share in the sub-attribute `share` (full where not told).
    fn successors(&self) -> Result<Vec<Succession>, UnitError> {
        let instances = self.entity.attributes.get(full_name("succeededBy").as_str());
        let mut links = Vec::new();
        for instance in instances.into_iter().flatten() {
            let Value::Relationship { object, .. } = &instance.value else { continue };
            let told = instance
                .sub
                .get(full_name("share").as_str())
                .and_then(|s| s.first())
                .and_then(Attribute::text);
            let share = match told {
                Some(word) => word.parse().map_err(|reason| self.invalid("share", reason))?,
                None => Share::Full,
            };
            links.extend(object.as_slice().iter().map(|unit| Succession { unit: unit.clone(), share }));
        }
        Ok(links)
    }

    fn outline(&self) -> Option<crate::Geometry> {
        let location = "https://uri.etsi.org/ngsi-ld/location";
        let geometry =
            self.entity.geometry(location).or_else(|| self.entity.geometry(&full_name("boundary")))?;
        match geometry.shape()? {
            shape @ (crate::Geometry::Polygon(_) | crate::Geometry::MultiPolygon(_)) => Some(shape),
            _ => None,
        }
    }
}

/// A short name of the default vocabulary in full.
fn full_name(short: &str) -> String {
    format!("https://uri.etsi.org/ngsi-ld/default-context/{short}")
}
