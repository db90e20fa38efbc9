//! Linked entity retrieval (CIM 009 clause 4.5.23): the entities that relationships lead to, in the same answer.

use dinh_model::Entity;
use dinh_ngsild::linked::{Inline, Join, Linked, MOST_LEVELS, Shown};
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::write::Representation;
use serde_json::Value as Json;

use super::federated;
use super::form::Form;
use crate::api::reply::Refusal;
use crate::api::request::{Given, Visit};

/// Reads `join`, `joinLevel` and `containedBy` from URL parameters.
pub(super) fn wanted(given: &Given) -> Result<Option<Join>, Problem> {
    let level = given.number("joinLevel", MOST_LEVELS)?;
    Join::of(given.text("join"), level, &given.list("containedBy")?)
}

/// Follows the links of `roots` as far as `join` asks for.
pub(super) async fn linked<'f>(
    visit: &Visit,
    roots: &[&Entity],
    join: &Join,
    form: &'f Form,
) -> Result<Linked<'f>, Refusal> {
    let mut linked = Linked::begin(roots, join.met.clone(), form.shown(), &form.dataset_ids);
    for _level in 0..join.levels {
        let wanted = linked
            .wanted()
            .map_err(|too_many| Problem::new(ProblemKind::TooComplexQuery, too_many.to_string()))?;
        linked.take(federated::behind(visit, &wanted, form).await?);
    }
    Ok(linked)
}

/// An entity with those that it links to inside, `levels` deep.
pub(super) fn inline(linked: &Linked<'_>, entity: &Entity, form: &Form, levels: usize) -> Json {
    let embedded = form.embedded_context();
    let write = |entity: &Entity, shown: Shown<'_>, is_root: bool| {
        form.bytes_of(entity, shown, is_root, embedded.as_deref().filter(|_| is_root))
    };
    let replaces = form.representation == Representation::Simplified;
    let inline =
        Inline { linked, context: &form.context, replaces, features: form.is_geojson(), write: &write };
    inline.of(entity, form.shown(), levels)
}

/// Refuses conditions on linked entities where linked entities are not asked for as deep (clause 5.7.2.4).
pub(super) fn reaches(query: &EntityQuery, join: Option<&Join>) -> Result<(), Problem> {
    let (depth, levels) = (query.link_depth(), join.map_or(0, |join| join.levels));
    if depth <= levels {
        return Ok(());
    }
    Err(Problem::bad_data(format!(
        "q is too deep: it looks {depth} links deep, and join and joinLevel reach {levels}."
    )))
}
