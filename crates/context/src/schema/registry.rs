//! All types, and the check of entities against them.

use std::collections::HashMap;

use dinh_access::{Catalogue, Privacy};
use dinh_model::{AttributeChange, ChangeKind, Entity, Term};

use super::{AttributeType, EntityType, Rule};
use crate::packs::{Error, Packs, Titles};
use crate::privacy::Day;

/// What of an entity breaks which rule of its type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{attribute} of a {entity_type}: {rule}")]
pub struct Violation {
    /// Short name of the type whose rule it is.
    pub entity_type: String,
    /// Short name of the attribute.
    pub attribute: String,
    /// The rule and how it is broken, as a sentence.
    pub rule: String,
    /// The rule itself.
    pub broken: Rule,
}

/// The types of all packs.
#[derive(Debug, Default)]
pub struct Registry {
    types: Vec<EntityType>,
    by_term: HashMap<Term, usize>,
}

impl Registry {
    /// Reads the types of `packs`; `expand` turns short names into full ones.
    pub fn read(packs: &Packs, expand: &dyn Fn(&str) -> Term) -> Result<Self, Error> {
        let mut all = Self::default();
        for pack in packs.packs() {
            for file in packs.files(&pack.name, "types", ".json")? {
                let schema = file.json()?;
                let entity_type =
                    EntityType::read(&pack.name, &schema, expand).map_err(|reason| file.invalid(&reason))?;
                if all.by_term.insert(entity_type.term.clone(), all.types.len()).is_some() {
                    return Err(file.invalid(&format!("the type {} is described twice", entity_type.name)));
                }
                all.types.push(entity_type);
            }
        }
        Ok(all)
    }

    /// All types.
    pub fn types(&self) -> &[EntityType] {
        &self.types
    }

    /// One type by its full name.
    pub fn entity_type(&self, term: &str) -> Option<&EntityType> {
        self.by_term.get(term).and_then(|i| self.types.get(*i))
    }

    /// What decisions need to know of all types; those that no pack describes are marked `undescribed`.
    pub fn catalogue(&self, undescribed: Privacy) -> Catalogue {
        Catalogue::new(self.types.iter().map(|t| (t.term.clone(), t.marks())).collect(), undescribed)
    }

    /// Why an entity must be kept on a day, if a type of it asks for that: until when, and by which rule. Where several
    /// do, the one that ends last.
    pub fn kept<'a>(&'a self, entity: &'a Entity, today: Day) -> Option<(Option<Day>, &'a Titles)> {
        let kept = self.of(&entity.types).filter_map(|entity_type| {
            let retention = entity_type.retention.as_ref()?;
            retention.keeps(entity, today).then(|| (retention.until(entity), &retention.basis))
        });
        // No day is later than every day.
        kept.max_by_key(|(until, _)| until.unwrap_or(Day::MAX))
    }

    /// The described types among those of an entity.
    pub fn of<'a>(&'a self, types: &'a [Term]) -> impl Iterator<Item = &'a EntityType> {
        types.iter().filter_map(|t| self.entity_type(t.as_str()))
    }

    /// What is said about attribute `name` of an entity with these types.
    pub fn attribute<'a>(&'a self, types: &'a [Term], name: &'a str) -> Option<&'a AttributeType> {
        self.of(types).find_map(|t| t.attribute(name))
    }

    /// Checks what has changed of `after`: new values against their rules, required attributes against their absence.
    pub fn check(&self, after: &Entity, changes: &[AttributeChange], created: bool) -> Result<(), Violation> {
        for entity_type in self.of(&after.types) {
            let violation = |attribute: &str, broken: Rule, rule: String| Violation {
                entity_type: entity_type.name.clone(),
                attribute: attribute.to_owned(),
                rule,
                broken,
            };
            for change in changes {
                if let (Some(rule), Some(value)) =
                    (entity_type.attribute(change.name.as_str()), &change.after)
                    && let Some((broken, how)) = rule.fault(value)
                {
                    return Err(violation(&rule.name, broken, how));
                }
            }
            if created || changes.iter().any(|c| c.kind == ChangeKind::Deleted) {
                for term in &entity_type.required {
                    if !after.attributes.contains_key(term) {
                        let name = entity_type.attribute(term.as_str()).map_or(term.as_str(), |a| &a.name);
                        return Err(violation(name, Rule::Required, "is required".to_owned()));
                    }
                }
            }
        }
        Ok(())
    }
}
