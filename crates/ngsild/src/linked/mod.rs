//! Linked entity retrieval (clause 4.5.23): the entities that relationships lead to, beside those that were asked for or
//! within them.
//!
//! Who finds the entities, and what may be seen of them, is the caller's to say: [`Linked::wanted`] tells which ones,
//! level by level, and [`Linked::take`] takes what was found.

mod gather;
mod inline;

use std::collections::HashSet;

use dinh_model::{EntityId, Term};
use serde_json::Value as Json;

use crate::problem::Problem;
use crate::query::Projection;
use crate::read;

pub(crate) use gather::objects;
pub use gather::{Linked, TooMany};
pub use inline::Inline;

/// Deepest that links are followed.
pub const MOST_LEVELS: usize = crate::bounds::LINK_DEPTH;

/// Where linked entities stand in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Within the relationships that lead to them.
    Inline,
    /// Behind the entities, in one list.
    Flat,
}

/// How linked entities are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// Where they stand.
    pub place: Place,
    /// How many links deep.
    pub levels: usize,
    /// Entities that the client has met already.
    pub met: HashSet<EntityId>,
}

impl Join {
    /// Takes `join`, `joinLevel` and `containedBy` out of a query in a body.
    pub fn take(query: &mut Json) -> Result<Option<Self>, Problem> {
        let Some(members) = query.as_object_mut() else { return Ok(None) };
        let mut take = |name: &str| members.remove(name).filter(|value| !value.is_null());
        let (join, level, met) = (take("join"), take("joinLevel"), take("containedBy"));
        let level = match level {
            None => None,
            Some(level) => match level.as_u64().and_then(|level| usize::try_from(level).ok()) {
                Some(level) if level <= MOST_LEVELS => Some(level),
                _ => return Err(wrong_level(&level.to_string())),
            },
        };
        let met: Vec<&str> = match &met {
            None => Vec::new(),
            Some(Json::String(ids)) => ids.split(',').map(str::trim).collect(),
            Some(ids) => ids.as_array().into_iter().flatten().filter_map(Json::as_str).collect(),
        };
        match &join {
            None => Self::of(None, level, &met),
            Some(Json::String(join)) => Self::of(Some(join), level, &met),
            Some(other) => Err(wrong_kind(&other.to_string())),
        }
    }

    /// How linked entities are wanted, in the words of `join`, `joinLevel` and `containedBy`.
    pub fn of(join: Option<&str>, level: Option<usize>, met: &[&str]) -> Result<Option<Self>, Problem> {
        let place = match join {
            None | Some("@none") => None,
            Some("inline") => Some(Place::Inline),
            Some("flat") => Some(Place::Flat),
            Some(other) => return Err(wrong_kind(other)),
        };
        if level == Some(0) {
            return Err(wrong_level("0"));
        }
        let met = met.iter().map(|id| read::entity_id("containedBy", id)).collect::<Result<_, _>>()?;
        Ok(place.map(|place| Self { place, levels: level.unwrap_or(1), met }))
    }
}

fn wrong_kind(given: &str) -> Problem {
    Problem::bad_data(format!("join is {given:?}; it may be flat, inline or @none."))
}

fn wrong_level(given: &str) -> Problem {
    Problem::bad_data(format!("joinLevel is {given}; it may be a whole number from 1 to {MOST_LEVELS}."))
}

/// Which members of an entity are shown: those of the answer itself, or those told for the entities behind a
/// relationship (clause 4.21).
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown<'p> {
    /// These alone.
    pub pick: Option<&'p Projection>,
    /// All but these.
    pub omit: Option<&'p Projection>,
}

impl<'p> Shown<'p> {
    /// True if a member is shown.
    pub fn has(self, member: &str) -> bool {
        self.pick.is_none_or(|pick| pick.has(member))
            && self.omit.is_none_or(|omit| !omit.has(member) || omit.inside(member).is_some())
    }

    /// What is shown of the entities behind a relationship.
    #[must_use]
    pub fn behind(self, relationship: &Term) -> Self {
        let inside =
            |projection: Option<&'p Projection>| projection.and_then(|p| p.inside(relationship.as_str()));
        Self { pick: inside(self.pick), omit: inside(self.omit) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn joins_are_read_from_bodies_and_bounded() {
        let mut query =
            json!({"type": "Query", "join": "inline", "joinLevel": 2, "containedBy": ["urn:a:1"]});
        let join = Join::take(&mut query).unwrap().unwrap();
        assert_eq!((join.place, join.levels, join.met.len()), (Place::Inline, 2, 1));
        assert_eq!(query, json!({"type": "Query"}));
        assert_eq!(Join::take(&mut json!({"join": "@none"})), Ok(None));
        for bad in
            [json!({"join": "deep"}), json!({"join": 7}), json!({"joinLevel": 0}), json!({"joinLevel": 6})]
        {
            assert!(Join::take(&mut bad.clone()).is_err(), "{bad}");
        }
    }
}
