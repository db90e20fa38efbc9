//! One entity type.

use dinh_access::{Privacy, TypeMarks};
use dinh_model::Term;
use serde::Deserialize;
use serde_json::Value as Json;

use super::AttributeType;
use crate::packs::Titles;
use crate::privacy::{Retention, WrittenRetention};

/// What a pack says about one type of entity.
#[derive(Debug)]
pub struct EntityType {
    /// Short name.
    pub name: String,
    /// Full name.
    pub term: Term,
    /// The pack that describes it.
    pub pack: String,
    /// What people call one.
    pub title: Titles,
    /// What people call several.
    pub plural: Titles,
    /// More words about it.
    pub description: Titles,
    /// Icon on maps and in lists.
    pub icon: String,
    /// Attribute shown as the entity's name.
    pub label: String,
    /// Who may see entities of this type at all.
    pub privacy: Privacy,
    /// Its attributes, in the order in which the pack lists them.
    pub attributes: Vec<AttributeType>,
    /// Names of the attributes that every entity of this type has.
    pub required: Vec<Term>,
    /// Whether every change of it becomes history, and not what was observed alone.
    pub keeps_changes: bool,
    /// How long its entities are kept whoever asks to erase them, and what becomes of them after.
    pub retention: Option<Retention>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Marks {
    title: Titles,
    plural: Titles,
    description: Titles,
    icon: String,
    label: String,
    privacy: Privacy,
    source: Option<String>,
    retention: Option<WrittenRetention>,
    history: Kept,
}

/// What of a type becomes history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kept {
    #[default]
    Observations,
    Changes,
}

impl Default for Marks {
    fn default() -> Self {
        Self {
            title: Titles::default(),
            plural: Titles::default(),
            description: Titles::default(),
            icon: "circle".to_owned(),
            label: "name".to_owned(),
            privacy: Privacy::default(),
            source: None,
            retention: None,
            history: Kept::default(),
        }
    }
}

impl EntityType {
    /// Reads `types/<Type>.json`; `expand` turns short names into full ones.
    pub(super) fn read(pack: &str, schema: &Json, expand: &dyn Fn(&str) -> Term) -> Result<Self, String> {
        let name =
            schema.get("title").and_then(Json::as_str).ok_or("\"title\" must be the name of the type")?;
        let marks = schema.get("x-dinh").cloned().unwrap_or_else(|| Json::Object(serde_json::Map::new()));
        let marks: Marks = serde_json::from_value(marks).map_err(|e| format!("x-dinh: {e}"))?;
        let properties =
            schema.get("properties").and_then(Json::as_object).ok_or("\"properties\" is missing")?;
        let mut attributes = Vec::new();
        for (short, property) in properties.iter().filter(|(short, _)| !is_member(short)) {
            let attribute = AttributeType::new(short, expand(short), property, schema.get("$defs"))?;
            refuse_exposed(marks.privacy, &attribute)?;
            attributes.push(attribute);
        }
        let required = schema.get("required").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        Ok(Self {
            name: name.to_owned(),
            term: expand(name),
            pack: pack.to_owned(),
            title: marks.title,
            plural: marks.plural,
            description: marks.description,
            icon: marks.icon,
            label: marks.label,
            privacy: marks.privacy,
            attributes,
            keeps_changes: marks.history == Kept::Changes,
            retention: marks.retention.map(|written| Retention::read(written, expand)).transpose()?,
            required: required
                .iter()
                .filter_map(Json::as_str)
                .filter(|n| !is_member(n))
                .map(expand)
                .collect(),
        })
    }

    /// What decisions need to know of it.
    pub(super) fn marks(&self) -> TypeMarks {
        let attributes = self.attributes.iter().map(|a| (a.term.clone(), a.marks()));
        TypeMarks {
            sector: self.pack.as_str().into(),
            privacy: self.privacy,
            attributes: attributes.collect(),
        }
    }

    /// One attribute by its full name.
    pub fn attribute(&self, term: &str) -> Option<&AttributeType> {
        self.attributes.iter().find(|a| a.term.as_str() == term)
    }
}

/// An index holds what it finds as it is, and full text its words; neither is the place for what the law protects most.
fn refuse_exposed(of_type: Privacy, attribute: &AttributeType) -> Result<(), String> {
    let sensitive = attribute.privacy.max(of_type) == Privacy::Sensitive;
    if sensitive && (attribute.index || attribute.search) {
        let name = &attribute.name;
        return Err(format!("{name}: x-dinh: what is sensitive is neither indexed nor searched"));
    }
    Ok(())
}

/// Members of an entity that are not attributes.
fn is_member(name: &str) -> bool {
    matches!(name, "id" | "type" | "scope" | "@context")
}
