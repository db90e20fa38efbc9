//! The conditions of a query in URL parameters (CIM 009 clauses 4.9, 4.10, 4.17, 4.19, 4.23 and 5.7.2).

use dinh_model::Geometry;
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::{EntityQuery, GeoQuery, IdPattern, OrderKey, Q, ScopeExpr, TypeExpr};
use dinh_ngsild::read;

use super::form::Form;
use crate::api::request::Given;

/// Reads the conditions, but not the part of the answer that is wanted.
pub(super) fn entity_query(given: &Given, form: &Form) -> Result<EntityQuery, Problem> {
    refuse_too_wide(given)?;
    let context = form.context.as_ref();
    let mut query = EntityQuery::default();
    let ids = given.list("id")?;
    if ids.len() > PAGE {
        return Err(Problem::bad_data(format!("The URL parameter id holds {} identifiers; the most is {PAGE}.", ids.len())));
    }
    query.ids = ids.into_iter().map(|id| read::entity_id("id", id)).collect::<Result<_, _>>()?;
    query.id_pattern = given.text("idPattern").map(IdPattern::parse).transpose()?;
    if let Some(text) = given.text("type") {
        query.types = TypeExpr::parse(text, context)?;
    }
    if let Some(attrs) = &form.attrs {
        query.attrs = attrs.attributes().cloned().collect();
    }
    if let Some(text) = given.text("q") {
        query.q = Some(Q::parse_expanding(text, context, &given.list("expandValues")?)?);
    }
    query.scopes = given.text("scopeQ").map(ScopeExpr::parse).transpose()?;
    query.geo = geo_query(given, context)?;
    query.dataset_ids.clone_from(&form.dataset_ids);
    query.order = order(given, context)?;
    Ok(query)
}

/// Something must narrow the query down (clause 5.7.2.4). One by identifier alone is narrow enough for us.
fn refuse_too_wide(given: &Given) -> Result<(), Problem> {
    let narrows = ["type", "attrs", "q", "georel", "geometry", "id", "pick"].iter().any(|name| given.has(name));
    if narrows || given.flag("local")? {
        return Ok(());
    }
    Err(Problem::bad_data(
        "The query is too wide: give at least one of type, attrs, pick, q, georel and id, or local=true.",
    ))
}

fn geo_query(given: &Given, context: &LdContext) -> Result<Option<GeoQuery>, Problem> {
    let part = |name: &'static str| given.text(name);
    match (part("georel"), part("geometry"), part("coordinates")) {
        (None, None, None) => Ok(None),
        (Some(georel), Some(geometry), Some(coordinates)) => {
            Ok(Some(GeoQuery::parse(georel, geometry, coordinates, part("geoproperty"), context)?))
        }
        _ => Err(Problem::bad_data("A geographic query needs all three of georel, geometry and coordinates.")),
    }
}

fn order(given: &Given, context: &LdContext) -> Result<Vec<OrderKey>, Problem> {
    let from: Option<Geometry> = match given.text("orderFrom") {
        Some(coordinates) => Some(OrderKey::parse_from(coordinates, given.text("orderGeometry"))?),
        None => None,
    };
    match given.text("orderBy") {
        Some(text) => Ok(OrderKey::parse_list(text, from.as_ref(), context)?),
        None => Ok(Vec::new()),
    }
}
