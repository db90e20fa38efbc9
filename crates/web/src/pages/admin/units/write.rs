//! What is written of a unit.

use std::sync::Arc;

use dinh_context::graph::{Commit, Op};
use dinh_identity::domain::Days;
use dinh_model::{
    Attribute, Attributes, Entity, EntityId, Iri, LanguageText, OneOrMany, Term, Timestamp, Value,
};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::mutation::{Fragment, Mutation};
use serde_json::{Value as Json, json};

use super::read::{UNIT, Unit};
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::said;
use crate::words::Lang;

/// Longest name, in characters, as the type says.
const LONGEST: usize = 300;

/// The kinds of units, as the type lists them.
pub(super) const KINDS: [&str; 10] = [
    "committee",
    "council",
    "department",
    "division",
    "centre",
    "school",
    "health",
    "police",
    "military",
    "other",
];

/// A unit as it was typed.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    name: String,
    english: Option<String>,
    code: Option<String>,
    kind: Option<String>,
    pub(super) parent: Option<Iri>,
    days: Days,
    pub(super) successor: Option<Iri>,
}

impl Typed {
    /// Reads a form, or says what is wrong with it.
    pub(super) fn read(given: &Given, units: &[Unit], lang: Lang) -> Result<Self, Trouble> {
        let misread = |field: &str| said::misread(field, lang);
        let name = given.get("name");
        let letters = |text: &str| (1..=LONGEST).contains(&text.chars().count());
        if !letters(name) {
            return Err(Trouble::new("name", lang.say("admin-unit-name-misfit")));
        }
        let parent = given.uri("parent").map_err(misread)?;
        let known = |uri: &Iri| units.iter().any(|unit| unit.id.as_str() == uri.as_str());
        if parent.as_ref().is_some_and(|parent| !known(parent)) {
            return Err(Trouble::new("parent", lang.say("admin-unit-no-parent")));
        }
        let days = Days { from: given.day("from").map_err(misread)?, to: given.day("to").map_err(misread)? };
        if days.is_backwards() {
            return Err(Trouble::new("to", lang.say("admin-days-backwards")));
        }
        let successor = given.uri("successor").map_err(misread)?;
        if successor.as_ref().is_some_and(|successor| !known(successor)) {
            return Err(Trouble::new("successor", lang.say("admin-unit-no-parent")));
        }
        if successor.is_some() && days.to.is_none() {
            return Err(Trouble::new("to", lang.say("admin-unit-successor-day")));
        }
        let code = given.some("code").map(str::to_uppercase);
        if code.as_deref().is_some_and(|code| !is_code(code)) {
            return Err(Trouble::new("code", lang.say("admin-unit-code-misfit")));
        }
        Ok(Self {
            name: name.to_owned(),
            english: given.some("english").filter(|text| letters(text)).map(str::to_owned),
            code,
            kind: given.some("kind").filter(|kind| KINDS.contains(kind)).map(str::to_owned),
            parent,
            days,
            successor,
        })
    }

    fn attributes(&self, now: Timestamp) -> Attributes {
        let names = [("vi", Some(&self.name)), ("en", self.english.as_ref())];
        let names = names.into_iter().filter_map(|(tag, text)| Some((tag, text?)));
        let names = names.map(|(tag, text)| (tag.to_owned(), OneOrMany::One(text.clone())));
        let names: LanguageText = names.collect();
        let text =
            |text: &Option<String>| text.as_ref().map(|text| Value::Property(Json::String(text.clone())));
        let day = |day: Option<jiff::civil::Date>| day.map(|day| Value::Property(json!(day.to_string())));
        let to_unit = |to: &Option<Iri>| {
            let to = to.clone();
            to.map(|to| Value::Relationship { object: OneOrMany::One(to), object_type: Vec::new() })
        };
        let values = [
            ("name", Some(Value::Language(names))),
            ("code", text(&self.code)),
            ("unitKind", text(&self.kind)),
            ("parent", to_unit(&self.parent)),
            ("succeededBy", to_unit(&self.successor)),
            ("validFrom", day(self.days.from)),
            ("validTo", day(self.days.to)),
        ];
        let written = values.into_iter().filter_map(|(name, value)| Some((term(name), value?)));
        written.map(|(name, value)| (name, vec![Attribute::new(value, now)])).collect()
    }

    /// A new unit.
    pub(super) fn make(&self, id: EntityId, now: Timestamp) -> Entity {
        let mut unit = Entity::new(id, term(UNIT), now);
        unit.attributes = self.attributes(now);
        unit
    }

    /// What turns the unit as it was into the one that was typed. What it says beside stays as it is.
    pub(super) fn edit(&self, unit: &Unit, now: Timestamp) -> Commit {
        let attributes = self.attributes(now);
        let had = [
            ("code", !unit.code.is_empty()),
            ("unitKind", !unit.kind.is_empty()),
            ("parent", unit.parent.is_some()),
            ("succeededBy", unit.successor.is_some()),
            ("validFrom", unit.days.from.is_some()),
            ("validTo", unit.days.to.is_some()),
        ];
        let gone = had.into_iter().filter(|(name, had)| *had && !attributes.contains_key(&term(name)));
        let mut ops: Vec<Op> = gone
            .map(|(name, _)| {
                let delete = Mutation::DeleteAttribute { name: term(name), dataset_id: None, all: true };
                Op::mutate(unit.id.clone(), delete)
            })
            .collect();
        let append = Mutation::Append { fragment: Fragment::from(attributes), overwrite: true };
        ops.push(Op::mutate(unit.id.clone(), append));
        Commit::atomic(ops)
    }
}

/// A new unit, to be written.
pub(super) fn create(entity: Entity) -> Commit {
    Op::Create(Arc::new(entity)).into()
}

fn term(name: &str) -> Term {
    LdContext::core().expand(name)
}

/// An electronic identifier (decision 20/2020/QĐ-TTg), as in `H57.12`.
fn is_code(code: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    code.len() <= 40 && code.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_decision() {
        for good in ["H57", "H57.12", "000.00.01.H57"] {
            assert!(is_code(good), "{good}");
        }
        for bad in ["", "h57", "H57.", ".H57", "H57-12", &"H".repeat(41)] {
            assert!(!is_code(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_of_its_field() {
        let read =
            |form: &str| Typed::read(&Given::read(form.as_bytes()), &[], Lang::Vi).map_err(|t| t.field);
        assert!(read("name=S%E1%BB%9F&code=h57.1&from=2026-01-01").is_ok());
        for (form, field) in [
            ("name=", "name"),
            ("name=A&parent=urn%3Angsi-ld%3AUnit%3Anone", "parent"),
            ("name=A&parent=no+uri", "parent"),
            ("name=A&from=1.1.2026", "from"),
            ("name=A&successor=urn%3Angsi-ld%3AUnit%3Anone&to=2026-12-31", "successor"),
            ("name=A&from=2026-02-01&to=2026-01-01", "to"),
            ("name=A&code=H57_1", "code"),
        ] {
            assert_eq!(read(form).err().as_deref(), Some(field), "{form}");
        }
    }
}
