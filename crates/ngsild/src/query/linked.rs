//! Conditions on entities that relationships lead to (clause 4.9, EXAMPLE 13 and 14): `managedBy{Person:name}=="Lan"`.

use std::sync::Arc;

use dinh_model::{Entity, EntityId, Term};

use super::cursor::Cursor;
use super::parse::path_from;
use super::print::{write_name, write_operand, write_path, write_rest};
use super::{Link, Path, Q, QueryError};
use crate::bounds::LINK_DEPTH;
use crate::context::Context;
use crate::linked::objects;

/// Finds the entity of a name, as whoever asks may see it.
pub type Behind<'b> = dyn FnMut(&EntityId) -> Option<Arc<Entity>> + 'b;

/// A relationship that is followed, and the types that are looked at behind it.
pub(super) type Hop = (Path, Vec<Term>);

impl Link {
    /// True if an entity behind the relationship meets the condition.
    pub(super) fn matches(&self, entity: &Entity, behind: &mut Behind<'_>) -> bool {
        let instances =
            entity.attributes.get(&self.relation.attribute).map(Vec::as_slice).unwrap_or_default();
        instances.iter().flat_map(objects).any(|id| {
            let linked = behind(id).filter(|linked| self.is_of(&linked.types));
            linked.is_some_and(|linked| self.inner.matches_with(&linked, behind))
        })
    }

    /// True if entities with these types are looked at.
    pub fn is_of(&self, types: &[Term]) -> bool {
        self.types.is_empty() || self.types.iter().any(|wanted| types.contains(wanted))
    }

    /// Writes links with what stands behind the last of them: the operator comes after all braces.
    pub(super) fn write(&self, context: &Context, out: &mut String) {
        let (mut link, mut open) = (self, 0);
        write_path(&link.relation, context, out);
        let leaf = loop {
            open += 1;
            out.push('{');
            for (at, term) in link.types.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write_plain(term, context, out);
            }
            out.push_str(if link.types.is_empty() { "" } else { ":" });
            match &link.inner {
                Q::Linked(next) => {
                    write_plain(&next.relation.attribute, context, out);
                    link = next;
                }
                leaf => break leaf,
            }
        };
        // Nothing else stands there: the grammar has no other.
        if let Q::Exists(path) | Q::Compare { path, .. } = leaf {
            write_plain(&path.attribute, context, out);
            write_rest(path, context, out);
        }
        out.extend(std::iter::repeat_n('}', open));
        if let Q::Compare { op, value, .. } = leaf {
            out.push_str(op.as_str());
            write_operand(value, out);
        }
    }
}

/// A name within braces, where a colon ends the types: what is short only with a prefix stands there in full.
fn write_plain(term: &Term, context: &Context, out: &mut String) {
    let mut name = String::new();
    write_name(term, context, &mut name);
    if name.contains(':') && !name.starts_with('<') {
        name = format!("<{}>", term.as_str());
    }
    out.push_str(&name);
}

/// Reads `{…}` behind a relationship, with the braces within. Answers with the last name, the way there and the path at
/// its end.
pub(super) fn read_links<'a>(
    cursor: &mut Cursor<'a>,
    context: &Context,
    first: Path,
) -> Result<(&'a str, Vec<Hop>, Path), QueryError> {
    let (mut hops, mut path, mut last) = (Vec::new(), first, "");
    while cursor.eat("{") {
        if !path.is_plain() {
            return Err(cursor.error("links are followed from the name of a relationship alone"));
        }
        if hops.len() == LINK_DEPTH {
            return Err(cursor.error(format!("links are followed at most {LINK_DEPTH} deep")));
        }
        let (types, name) = read_hint(cursor, context)?;
        hops.push((path, types));
        path = path_from(name, cursor, context)?;
        last = name;
    }
    for _hop in &hops {
        if !cursor.eat("}") {
            return Err(cursor.error("'}' was expected"));
        }
    }
    Ok((last, hops, path))
}

/// The types that are looked at, if any are named, and the name behind them.
fn read_hint<'a>(cursor: &mut Cursor<'a>, context: &Context) -> Result<(Vec<Term>, &'a str), QueryError> {
    let first = cursor.plain_name()?;
    let mut names = vec![first];
    while cursor.eat(",") {
        cursor.count_term()?;
        names.push(cursor.plain_name()?);
    }
    if cursor.eat(":") {
        let types = names.into_iter().map(|name| context.expand(name)).collect();
        return Ok((types, cursor.plain_name()?));
    }
    if names.len() > 1 {
        return Err(cursor.error("types of linked entities end with ':', and a name follows"));
    }
    Ok((Vec::new(), first))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use dinh_model::Timestamp;

    use super::*;
    use crate::read;

    fn entity(json: &str) -> Arc<Entity> {
        let json = serde_json::from_str(json).unwrap();
        let now = Timestamp::from_micros(0);
        Arc::new(read::entity(&read::Reader::new(&Context::core(), now), json).unwrap())
    }

    fn graph() -> HashMap<EntityId, Arc<Entity>> {
        let all = [
            r#"{"id": "urn:a:station", "type": "Station", "managedBy": {"type": "Relationship", "object": "urn:a:lan"},
                "sensors": {"type": "ListRelationship", "objectList": [{"object": "urn:a:s1"}, {"object": "urn:a:gone"}]}}"#,
            r#"{"id": "urn:a:lan", "type": "Person", "name": "Lan", "worksFor": {"type": "Relationship", "object": "urn:a:office"}}"#,
            r#"{"id": "urn:a:office", "type": "Office", "address": {"city": "Huế"}}"#,
            r#"{"id": "urn:a:s1", "type": "Device", "level": 3}"#,
        ];
        all.into_iter().map(entity).map(|entity| (entity.id.clone(), entity)).collect()
    }

    fn matches(q: &str) -> bool {
        let (graph, context) = (graph(), Context::core());
        let q = Q::parse(q, &context).unwrap();
        assert_eq!(Q::parse(&q.to_text(&context), &context).unwrap(), q, "{}", q.to_text(&context));
        let station = &graph[&read::entity_id("id", "urn:a:station").unwrap()];
        assert!(!q.matches(station), "nothing is found behind links that are not followed");
        q.matches_with(station, &mut |id| graph.get(id).cloned())
    }

    #[test]
    fn conditions_are_looked_at_behind_links() {
        for q in [
            r#"managedBy{name}=="Lan""#,
            r#"managedBy{Person:name}=="Lan""#,
            r"managedBy{Office,Person:name}~=^L",
            "managedBy{name}",
            "sensors{level}>2",
            r#"managedBy{worksFor{address[city]}}=="Huế""#,
            r#"managedBy{Person:worksFor{Office:address[city]}}=="Huế""#,
            r"managedBy{worksFor{id}}==urn:a:office;sensors{level}<4",
            r#"managedBy{name}!="Minh""#,
        ] {
            assert!(matches(q), "{q}");
        }
        for q in [
            r#"managedBy{Office:name}=="Lan""#,
            r#"managedBy{name}=="Minh""#,
            "sensors{level}>3",
            "managedBy{level}",
            "nobody{name}",
            r#"managedBy{worksFor{address[city]}}=="Vinh""#,
        ] {
            assert!(!matches(q), "{q}");
        }
    }

    #[test]
    fn links_are_bounded_and_read_strictly() {
        let context = Context::core();
        let deep = |levels: usize| format!("{}a{}", "a{".repeat(levels), "}".repeat(levels));
        assert_eq!(Q::parse(&deep(LINK_DEPTH), &context).unwrap().link_depth(), LINK_DEPTH);
        assert!(Q::parse(&deep(LINK_DEPTH + 1), &context).is_err());
        for bad in ["a{b", "a{}", "a{b}}", "a.b{c}", "a{B,C}", "a{B:}", "a{b;c}", "a[b]{c}", "a{b==1}"] {
            assert!(Q::parse(bad, &context).is_err(), "{bad}");
        }
    }
}
