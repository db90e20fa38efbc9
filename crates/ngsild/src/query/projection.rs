//! Which members of an entity to show: `pick`, `omit` and `attrs` (clause 4.21).

use std::collections::BTreeMap;

use dinh_model::Term;

use super::QueryError;
use super::cursor::Cursor;
use crate::context::Context;
use crate::vocabulary as names;

/// Names of members, each perhaps with what to show of the entities that it links to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Projection {
    members: BTreeMap<Term, Option<Self>>,
}

impl Projection {
    /// Reads a `pick` or `omit`: names separated by commas or bars, as in `id,name,locatedAt{name}`. `parameter` is
    /// for messages.
    pub fn parse(parameter: &'static str, text: &str, context: &Context) -> Result<Self, QueryError> {
        let mut cursor = Cursor::new(parameter, text)?;
        let projection = read(&mut cursor, context)?;
        cursor.end()?;
        Ok(projection)
    }

    /// Reads an `attrs`: attribute names without `id`, `type` and `scope`. Entities must have one of them; `id` and
    /// `type` are shown as well.
    pub fn parse_attrs(text: &str, context: &Context) -> Result<Self, QueryError> {
        let projection = Self::parse("attrs", text, context)?;
        for member in [names::ID, names::TYPE, names::SCOPE] {
            if projection.has(member) {
                return Err(QueryError::Value {
                    parameter: "attrs",
                    value: text.chars().take(100).collect(),
                    reason: "it takes names of attributes; use pick for id, type and scope".to_owned(),
                });
            }
        }
        Ok(projection)
    }

    /// A projection of these members.
    pub fn of(terms: impl IntoIterator<Item = Term>) -> Self {
        Self { members: terms.into_iter().map(|term| (term, None)).collect() }
    }

    /// True if the member is named; `id` is `@id` and `type` is `@type`.
    pub fn has(&self, member: &str) -> bool {
        self.members.contains_key(member)
    }

    /// What to show of the entities that a member links to, if that is told.
    pub fn inside(&self, member: &str) -> Option<&Self> {
        self.members.get(member)?.as_ref()
    }

    /// The members named, in the order of their IRIs.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.members.keys()
    }

    /// The attributes named: the members but `id`, `type` and `scope`.
    pub fn attributes(&self) -> impl Iterator<Item = &Term> {
        self.terms().filter(|term| !matches!(term.as_str(), names::ID | names::TYPE | names::SCOPE))
    }

    /// The members as texts that read back the same, each with its inner names.
    pub fn to_texts(&self, context: &Context) -> Vec<String> {
        self.members
            .iter()
            .map(|(term, inner)| {
                let name = match term.as_str() {
                    names::ID => "id".into(),
                    names::TYPE => "type".into(),
                    _ => context.compact(term),
                };
                match inner {
                    None => name.into_owned(),
                    Some(inner) => format!("{name}{{{}}}", inner.to_texts(context).join(",")),
                }
            })
            .collect()
    }

    /// How many relationships deep it reaches: 0 if it names members of the entity alone. Anything deeper needs
    /// linked entity retrieval (clause 4.5.23).
    pub fn depth(&self) -> usize {
        self.members.values().flatten().map(|inner| inner.depth() + 1).max().unwrap_or(0)
    }
}

fn read(cursor: &mut Cursor<'_>, context: &Context) -> Result<Projection, QueryError> {
    let mut projection = Projection::default();
    loop {
        cursor.skip_spaces();
        cursor.count_term()?;
        let name = cursor.full_name()?;
        let mut inner = None;
        if cursor.eat("{") {
            cursor.deeper()?;
            inner = Some(read(cursor, context)?);
            if !cursor.eat("}") {
                return Err(cursor.error("'}' was expected"));
            }
            cursor.shallower();
        }
        projection.members.insert(context.expand(name), inner);
        cursor.skip_spaces();
        if !cursor.eat(",") && !cursor.eat("|") {
            return Ok(projection);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_separated_by_commas_or_bars() {
        let core = Context::core();
        let parse = |text: &str| Projection::parse("pick", text, &core);
        let picked = parse("id,name|locatedAt{name,isIn{id}}").unwrap();
        assert!(picked.has("@id") && !picked.has("@type"));
        assert_eq!(picked.depth(), 2);
        assert!(picked.inside(core.expand("locatedAt").as_str()).unwrap().has(core.expand("name").as_str()));
        assert_eq!(parse("https://a.vn/x,name").unwrap().attributes().count(), 2);
        for bad in ["", "a,,b", "a||b", "a{", "a{}", "a}", "9", "a b"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(Projection::parse_attrs("id,name", &core).is_err());
    }
}
