//! Procedures as entities of the graph, and back.
//!
//! An entity `Procedure` for each code carries what lists and filters need and leads to its present edition; each edition
//! is a `ProcedureEdition` with the whole record. Editions are never removed: dossiers stay on the one they began with.

use dinh_model::{Attribute, Entity, EntityId, OneOrMany, Term, Timestamp, Value};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::{Code, Edition, Entry, Procedure, Standing};

/// Type of the entity of a code.
pub const PROCEDURE: &str = "https://uri.etsi.org/ngsi-ld/default-context/Procedure";
/// Type of an edition.
pub const EDITION: &str = "https://uri.etsi.org/ngsi-ld/default-context/ProcedureEdition";

/// Digits of the hash that are in the identifier of an edition.
const HASH_IN_ID: usize = 16;

/// An entity that is not what the pack's types say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{id}: {attribute} cannot be read")]
pub struct Damaged {
    /// The entity.
    pub id: EntityId,
    /// Which attribute.
    pub attribute: &'static str,
}

/// Full name of an attribute.
pub fn attribute(short: &str) -> Term {
    Term::new(format!("https://uri.etsi.org/ngsi-ld/default-context/{short}"))
}

/// The entity of a code.
pub fn id(code: &Code) -> EntityId {
    iri(&format!("urn:ngsi-ld:Procedure:{code}"))
}

/// The entity of an edition.
pub fn edition_id(code: &Code, hash: &str) -> EntityId {
    let digits: String = hash.chars().filter(char::is_ascii_hexdigit).take(HASH_IN_ID).collect();
    iri(&format!("urn:ngsi-ld:ProcedureEdition:{code}:{digits}"))
}

/// An edition as an entity.
pub fn of_edition(procedure: &Procedure, edition: &Edition, at: Timestamp) -> Entity {
    let code = &procedure.code;
    let mut entity = Entity::new(edition_id(code, &edition.hash), Term::from(EDITION), at);
    let mut write = Writing { entity: &mut entity, at };
    write.property("code", code.as_str());
    write.property("name", procedure.name.as_str());
    write.property("decision", edition.decision.as_str());
    write.property("contentHash", edition.hash.as_str());
    write.property("takenOn", edition.taken_on.to_string());
    write.day("validFrom", edition.valid_from);
    write.day("supersededOn", edition.superseded_on);
    write.link("procedure", &id(code));
    write.set("record", Value::Json(serde_json::to_value(procedure).unwrap_or_default()));
    entity
}

/// A procedure as an entity, with the edition that is present.
pub fn of_procedure(entry: &Entry, edition: &Edition, reader: &str, at: Timestamp) -> Entity {
    let mut entity = Entity::new(id(&entry.code), Term::from(PROCEDURE), at);
    let mut write = Writing { entity: &mut entity, at };
    write.property("code", entry.code.as_str());
    write.property("name", entry.name.as_str());
    write.property("decision", edition.decision.as_str());
    write.list("field", &entry.fields);
    write.list("agency", &entry.agencies);
    write.list("level", &entry.levels.iter().map(|level| level.name().to_owned()).collect::<Vec<_>>());
    write.list("audience", &entry.audiences.iter().map(|a| a.name().to_owned()).collect::<Vec<_>>());
    write.list("lifeEvent", &entry.life_events);
    write.list("outcome", &entry.results);
    write.list("keywords", &entry.keywords);
    let (time, fee) = (entry.time, entry.fee);
    let summary = json!({ "time": time, "longer": entry.longer, "fee": fee, "online": entry.online });
    write.set("summary", Value::Json(summary));
    write.property("contentHash", edition.hash.as_str());
    write.property("reader", reader);
    write.property("takenOn", edition.taken_on.to_string());
    write.day("validFrom", edition.valid_from);
    write.link("edition", &edition_id(&entry.code, &edition.hash));
    entity
}

/// The same edition, no longer the present one.
#[must_use]
pub fn superseded(edition: &Entity, on: Date, at: Timestamp) -> Entity {
    let mut entity = edition.clone();
    Writing { entity: &mut entity, at }.day("supersededOn", Some(on));
    entity
}

/// What lists show of an entity [`PROCEDURE`].
pub fn entry(entity: &Entity) -> Result<Entry, Damaged> {
    let read = Reading { entity };
    let summary: Summary = read.parsed("summary")?;
    Ok(Entry {
        code: read.text("code").and_then(Code::parse).ok_or_else(|| read.damaged("code"))?,
        name: read.text("name").ok_or_else(|| read.damaged("name"))?.to_owned(),
        levels: read.named("level", crate::Level::from_name)?,
        audiences: read.named("audience", crate::Audience::from_name)?,
        fields: read.list("field"),
        agencies: read.list("agency"),
        life_events: read.list("lifeEvent"),
        results: read.list("outcome"),
        keywords: read.list("keywords"),
        time: summary.time,
        longer: summary.longer,
        fee: summary.fee,
        online: summary.online,
    })
}

/// What an import needs to know of an entity [`PROCEDURE`].
pub fn standing(entity: &Entity) -> Result<Standing, Damaged> {
    let read = Reading { entity };
    let text = |name| read.text(name).map(str::to_owned).ok_or_else(|| read.damaged(name));
    let taken_on = read.day("takenOn").ok_or_else(|| read.damaged("takenOn"))?;
    Ok(Standing { hash: text("contentHash")?, reader: text("reader")?, taken_on })
}

/// The record of an entity [`EDITION`], and which edition it is.
pub fn edition(entity: &Entity) -> Result<(Procedure, Edition), Damaged> {
    let read = Reading { entity };
    Ok((read.parsed("record")?, edition_alone(entity)?))
}

/// Which edition an entity [`EDITION`] is, without its record.
pub fn edition_alone(entity: &Entity) -> Result<Edition, Damaged> {
    let read = Reading { entity };
    let text = |name| read.text(name).map(str::to_owned).ok_or_else(|| read.damaged(name));
    Ok(Edition {
        hash: text("contentHash")?,
        decision: read.text("decision").unwrap_or_default().to_owned(),
        taken_on: read.day("takenOn").ok_or_else(|| read.damaged("takenOn"))?,
        valid_from: read.day("validFrom"),
        superseded_on: read.day("supersededOn"),
    })
}

#[derive(serde::Deserialize)]
struct Summary {
    time: Option<crate::Duration>,
    longer: bool,
    fee: Option<u64>,
    online: bool,
}

#[expect(clippy::expect_used, reason = "codes and hashes hold digits, letters and points alone")]
fn iri(text: &str) -> EntityId {
    EntityId::parse(text).expect("a URN of digits, letters and points")
}

struct Writing<'e> {
    entity: &'e mut Entity,
    at: Timestamp,
}

impl Writing<'_> {
    fn set(&mut self, name: &str, value: Value) {
        self.entity.set(attribute(name), Attribute::new(value, self.at));
    }

    fn property(&mut self, name: &str, text: impl Into<Json>) {
        let value: Json = text.into();
        if value.as_str() != Some("") {
            self.set(name, Value::Property(value));
        }
    }

    fn list(&mut self, name: &str, items: &[String]) {
        if !items.is_empty() {
            self.set(name, Value::Property(items.into()));
        }
    }

    fn day(&mut self, name: &str, day: Option<Date>) {
        if let Some(day) = day {
            self.property(name, day.to_string());
        }
    }

    fn link(&mut self, name: &str, to: &EntityId) {
        let value = Value::Relationship { object: OneOrMany::One(to.clone()), object_type: Vec::new() };
        self.set(name, value);
    }
}

struct Reading<'e> {
    entity: &'e Entity,
}

impl Reading<'_> {
    fn json(&self, name: &str) -> Option<&Json> {
        match &self.entity.attribute(attribute(name).as_str())?.value {
            Value::Property(json) | Value::Json(json) => Some(json),
            _ => None,
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.json(name)?.as_str()
    }

    fn day(&self, name: &str) -> Option<Date> {
        self.text(name)?.parse().ok()
    }

    /// The items of a list; one alone counts as a list of one.
    fn list(&self, name: &str) -> Vec<String> {
        match self.json(name) {
            Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            Some(Json::String(item)) => vec![item.clone()],
            _ => Vec::new(),
        }
    }

    fn named<T>(&self, name: &'static str, of: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Damaged> {
        self.list(name).iter().map(|item| of(item).ok_or_else(|| self.damaged(name))).collect()
    }

    fn parsed<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, Damaged> {
        let json = self.json(name).ok_or_else(|| self.damaged(name))?;
        T::deserialize(json).map_err(|_unfit| self.damaged(name))
    }

    fn damaged(&self, attribute: &'static str) -> Damaged {
        Damaged { id: self.entity.id.clone(), attribute }
    }
}
