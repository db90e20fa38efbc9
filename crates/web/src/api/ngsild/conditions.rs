//! The conditions of a query in URL parameters (CIM 009 clauses 4.9, 4.10, 4.17, 4.19, 4.23 and 5.7.2).

use dinh_model::{EntityId, Geometry, Term};
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::{EntityQuery, GeoQuery, IdPattern, OrderKey, Q, ScopeExpr, TypeExpr};
use dinh_ngsild::read;
use dinh_ngsild::vocabulary;

use super::form::Form;
use super::linked::reaches;
use crate::api::request::Given;

/// Reads the conditions, but not the part of the answer that is wanted.
pub(super) fn entity_query(given: &Given, form: &Form) -> Result<EntityQuery, Problem> {
    let context = form.context.as_ref();
    let mut query = EntityQuery { ids: ids(given)?, ..EntityQuery::default() };
    query.id_pattern = given.text("idPattern").map(IdPattern::parse).transpose()?;
    if let Some(text) = given.text("type") {
        query.types = TypeExpr::parse(text, context)?;
        if query.types.is_none() && given.text("local") == Some("false") {
            return Err(Problem::bad_data("type=* asks this server alone; local=false contradicts it."));
        }
    }
    query.attrs = form.needed_attributes();
    if let Some(text) = given.text("q") {
        query.q = Some(q(text, given, context)?);
    }
    if let Some(text) = given.text("csf") {
        // There are no context sources to choose from, but a filter that cannot be read is wrong all the same.
        q(text, given, context)
            .map_err(|problem| Problem { detail: format!("csf: {}", problem.detail), ..problem })?;
    }
    query.scopes = given.text("scopeQ").map(ScopeExpr::parse).transpose()?;
    query.geo = geo_query(given, context)?;
    query.dataset_ids.clone_from(&form.dataset_ids);
    query.order = order(given, context)?;
    let local = given.flag("local")? || given.text("type") == Some("*");
    refuse_too_wide(&query, local)?;
    reaches(&query, form.join.as_ref())?;
    Ok(query)
}

/// The types and the pattern of identifiers that are asked for.
pub(super) fn types_and_pattern(
    given: &Given,
    context: &LdContext,
) -> Result<(Option<TypeExpr>, Option<IdPattern>), Problem> {
    let types = given.text("type").map(|text| TypeExpr::parse(text, context)).transpose()?.flatten();
    Ok((types, given.text("idPattern").map(IdPattern::parse).transpose()?))
}

pub(super) fn ids(given: &Given) -> Result<Vec<EntityId>, Problem> {
    let ids = given.list("id")?;
    if ids.len() > PAGE {
        let detail = format!("The URL parameter id holds {} identifiers; the most is {PAGE}.", ids.len());
        return Err(Problem::bad_data(detail));
    }
    Ok(ids.into_iter().map(|id| read::entity_id("id", id)).collect::<Result<_, _>>()?)
}

pub(super) fn q(text: &str, given: &Given, context: &LdContext) -> Result<Q, Problem> {
    let expand = given.list("expandValues")?;
    Ok(Q::parse_expanding(text, context, &expand)?)
}

/// Something must narrow the query down (clause 5.7.2.4): types, attributes or a place, not identifiers alone, nor what
/// every entity has.
pub(super) fn refuse_too_wide(query: &EntityQuery, local: bool) -> Result<(), Problem> {
    let of_all = |name: &Term| [vocabulary::CREATED_AT, vocabulary::MODIFIED_AT].contains(&name.as_str());
    let mut q_narrows = false;
    if let Some(q) = &query.q {
        q.each_path(&mut |path| q_narrows |= !of_all(&path.attribute));
    }
    let narrows = query.types.is_some()
        || !query.selectors.is_empty()
        || query.attrs.iter().any(|name| !of_all(name))
        || q_narrows
        || query.geo.is_some();
    if narrows || local {
        return Ok(());
    }
    Err(Problem::bad_data(
        "The query is too wide: give at least one of type, attrs, pick, q and georel, or local=true.",
    ))
}

pub(super) fn geo_query(given: &Given, context: &LdContext) -> Result<Option<GeoQuery>, Problem> {
    let part = |name: &'static str| given.text(name);
    match (part("georel"), part("geometry"), part("coordinates")) {
        (None, None, None) => Ok(None),
        (Some(georel), Some(geometry), Some(coordinates)) => {
            Ok(Some(GeoQuery::parse(georel, geometry, coordinates, part("geoproperty"), context)?))
        }
        _ => {
            Err(Problem::bad_data("A geographic query needs all three of georel, geometry and coordinates."))
        }
    }
}

fn order(given: &Given, context: &LdContext) -> Result<Vec<OrderKey>, Problem> {
    if let Some(tag) = given.text("collation") {
        collation(tag)?;
    }
    let from: Option<Geometry> = match given.text("orderFrom") {
        Some(coordinates) => Some(OrderKey::parse_from(coordinates, given.text("orderGeometry"))?),
        None => None,
    };
    match given.text("orderBy") {
        Some(text) => Ok(OrderKey::parse_list(text, from.as_ref(), context)?),
        None => Ok(Vec::new()),
    }
}

/// A language whose alphabet should decide the order of texts (RFC 6067). Only its form is checked: texts are ordered by
/// their letters alone.
pub(super) fn collation(tag: &str) -> Result<(), Problem> {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let is_language = matches!(language.len(), 2..=4) && language.bytes().all(|b| b.is_ascii_alphabetic());
    if is_language && parts.all(part) {
        return Ok(());
    }
    Err(Problem::bad_data(format!("collation is {tag:?}; it must be a language tag such as vi.")))
}
