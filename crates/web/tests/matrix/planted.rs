//! What lies in the graph: entities of every class of data, tied to nobody, to a unit, to a person or to an account.
//!
//! Every text of every entity is a marker of its own, so that whatever an answer shows can be told from its bytes.

use std::collections::BTreeSet;

use dinh_access::Privacy;
use dinh_model::{Attribute, Entity, EntityId, GeoValue, Iri, OneOrMany, Timestamp, Value};
use serde_json::json;

use crate::house::term;

/// The unit that officials of the test act for.
pub(crate) const OWN_UNIT: &str = "urn:ngsi-ld:Unit:phuong-thuan-hoa";
/// The unit of an official elsewhere.
pub(crate) const OTHER_UNIT: &str = "urn:ngsi-ld:Unit:phuong-vy-da";
/// The person that a citizen of the test is.
pub(crate) const PERSON: &str = "urn:ngsi-ld:Person:be";
/// A person that no account speaks for.
pub(crate) const OTHER_PERSON: &str = "urn:ngsi-ld:Person:lan";

/// The attributes that carry markers, and how the schemas mark them.
pub(crate) const TEXTS: [(&str, Privacy); 4] = [
    ("name", Privacy::Open),
    ("note", Privacy::Internal),
    ("phone", Privacy::Personal),
    ("illness", Privacy::Sensitive),
];

/// The types, their packs and how they are marked. No pack describes the last one.
pub(crate) const TYPES: [(&str, &str, Privacy); 5] = [
    ("Bench", "test", Privacy::Open),
    ("Errand", "test", Privacy::Internal),
    ("Patient", "test", Privacy::Personal),
    ("Verdict", "test", Privacy::Sensitive),
    ("Song", "", Privacy::Internal),
];

/// Types of which nothing is planted, but which could be there.
pub(crate) const COULD_BE_TOO: [(&str, &str, Privacy); 2] =
    [("DataRequest", "privacy", Privacy::Internal), ("Consent", "privacy", Privacy::Internal)];

/// One entity as the policy should know it, said a second time here.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Planted {
    pub(crate) number: usize,
    pub(crate) kind: &'static str,
    pub(crate) sector: &'static str,
    pub(crate) privacy: Privacy,
    pub(crate) owners: BTreeSet<String>,
    pub(crate) units: BTreeSet<String>,
    pub(crate) assignees: BTreeSet<String>,
}

impl Planted {
    /// Its identifier, which is a marker, too.
    pub(crate) fn id(&self) -> String {
        format!("urn:ngsi-ld:{}:mk{:02}idx", self.kind, self.number)
    }

    /// What one of its attributes says.
    pub(crate) fn marker(&self, attribute: &str) -> String {
        format!("mk{:02}{attribute}x", self.number)
    }

    /// How an attribute is marked, with the mark of the type.
    pub(crate) fn privacy_of(&self, attribute: &str) -> Privacy {
        let own = TEXTS.iter().find(|(name, _)| *name == attribute).map_or(Privacy::Open, |(_, own)| *own);
        if self.sector.is_empty() { self.privacy } else { own.max(self.privacy) }
    }

    /// The entity.
    pub(crate) fn entity(&self, at: Timestamp) -> Entity {
        let mut entity = Entity::new(EntityId::trusted(self.id()), term(self.kind), at);
        for (name, _) in TEXTS {
            // The names share a word, so that a search finds them all.
            let text =
                if name == "name" { format!("chung {}", self.marker(name)) } else { self.marker(name) };
            entity.set(term(name), Attribute::new(Value::Property(json!(text)), at));
        }
        entity.set(term("level"), Attribute::new(Value::Property(json!(1.5)), at).observed(at));
        let east = f64::from(u32::try_from(self.number).unwrap_or_default()) * 0.001;
        entity.set(term("location"), Attribute::new(Value::Geo(GeoValue::point(107.5 + east, 16.4)), at));
        for (name, to) in [("owner", &self.owners), ("unit", &self.units)] {
            if let Some(to) = to.first() {
                let object = OneOrMany::One(Iri::trusted(to.clone()));
                entity.set(
                    term(name),
                    Attribute::new(Value::Relationship { object, object_type: Vec::new() }, at),
                );
            }
        }
        if let Some(account) = self.assignees.first() {
            entity.set(term("assignee"), Attribute::new(Value::Property(json!(account)), at));
        }
        entity
    }
}

/// Everything that is planted; `assignee` is the account that one of them is assigned to.
pub(crate) fn planted(assignee: &str) -> Vec<Planted> {
    let mut all = Vec::new();
    let one = |uri: &str| BTreeSet::from([uri.to_owned()]);
    for (kind, sector, privacy) in TYPES {
        let ties = [
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new()),
            (one(OTHER_PERSON), one(OWN_UNIT), BTreeSet::new()),
            (one(PERSON), one(OTHER_UNIT), BTreeSet::new()),
            (BTreeSet::new(), BTreeSet::new(), one(assignee)),
        ];
        for (owners, units, assignees) in ties {
            // Only errands are assigned to anybody.
            if !assignees.is_empty() && kind != "Errand" {
                continue;
            }
            let number = all.len();
            all.push(Planted { number, kind, sector, privacy, owners, units, assignees });
        }
    }
    all
}
