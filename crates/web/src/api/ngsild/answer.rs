//! The answer to a query for entities: a page, its neighbours, the number of all.

use axum::response::Response;
use dinh_model::Entity;
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::linked::{Join, Linked, Place, Shown};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::write::earlier;
use http::header::{HeaderName, LINK};
use http::{HeaderValue, StatusCode};

use super::federated::{self, Beyond};
use super::form::{Form, Item};
use super::linked::{inline, linked};
use super::maps::{Mapped, with_map};
use super::write::ENTITIES;
use crate::api::reply::Refusal;
use crate::api::request::{Given, Visit, Window};

/// The header that tells how many items match in all (clause 6.3.13).
pub(super) const RESULTS_COUNT: HeaderName = HeaderName::from_static("ngsild-results-count");

/// Asks for the part of the answer that is wanted, and writes it. `given` are the URL parameters, if the query came
/// in them: they lead to the pages around.
pub(super) async fn page(
    visit: &Visit,
    mut query: EntityQuery,
    window: Window,
    form: &Form,
    (given, beyond): (Option<&Given>, &Beyond),
) -> Result<Response, Refusal> {
    if let Some(page) = federated::page(visit, &query, window, form, beyond).await? {
        return Box::pin(of_several(visit, page, window, form, given)).await;
    }
    if window.limit == 0 {
        let total = visit.session.count(query).await?;
        return Ok(counted(form.list(&[]), total));
    }
    query.after = window.after;
    // One entity more than is wanted tells whether there is a page after this one.
    query.limit = (window.limit + 1).min(PAGE);
    query.offset = window.offset;
    query.count = window.count || (window.limit == PAGE && window.after.is_none());
    let found = visit.session.query(query).await?;
    let reached = window.offset + found.entities.len().min(window.limit);
    let is_full = window.after.is_some() && found.entities.len() == PAGE;
    let more = is_full
        || found.entities.len() > window.limit
        || found.total.is_some_and(|total| usize::try_from(total).is_ok_and(|total| total > reached));
    let page = found.entities.get(..window.limit).unwrap_or(&found.entities);
    let shown: Vec<Item<'_>> =
        page.iter().filter(|stored| form.shows(&stored.entity)).map(Item::from).collect();
    let mut response = list(visit, &shown, form).await?;
    if let Some(given) = given {
        let links = match (window.after, page.last()) {
            (None, _) => window.links(ENTITIES, given, form.media.name(), more),
            (Some(_), Some(last)) if more => {
                vec![window.link_after(ENTITIES, given, form.media.name(), last.place)]
            }
            (Some(_), _) => Vec::new(),
        };
        for link in links {
            if let Ok(link) = HeaderValue::from_str(&link) {
                response.headers_mut().append(LINK, link);
            }
        }
    }
    match found.total {
        Some(total) if window.count => Ok(counted(response, total)),
        _ => Ok(response),
    }
}

/// Writes a part of an answer that hangs together by a map: 201 if the map is new (clause 6.4.3.2).
pub(super) async fn mapped(
    visit: &Visit,
    mapped: Mapped,
    window: Window,
    form: &Form,
    given: &Given,
) -> Result<Response, Refusal> {
    let (page, trace) = mapped.split();
    let mut response = with_map(of_several(visit, page, window, form, Some(given)).await?, &trace);
    if trace.new && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
}

/// Writes a part of an answer that others have a part in.
async fn of_several(
    visit: &Visit,
    page: federated::Page,
    window: Window,
    form: &Form,
    given: Option<&Given>,
) -> Result<Response, Refusal> {
    let shown: Vec<Item<'_>> =
        page.entities.iter().filter(|entity| form.shows(entity)).map(|entity| (&**entity).into()).collect();
    let mut response = list(visit, &shown, form).await?;
    for link in
        given.map(|given| window.links(ENTITIES, given, form.media.name(), page.more)).into_iter().flatten()
    {
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().append(LINK, link);
        }
    }
    let response = federated::warned(response, &page.warnings);
    Ok(match page.total {
        Some(total) => counted(response, total),
        None => response,
    })
}

/// The answer with one entity, and with those that it links to if they are wanted.
pub(super) async fn one(visit: &Visit, item: Item<'_>, form: &Form) -> Result<Response, Refusal> {
    let old = form.version.and_then(|minor| earlier(item.entity, minor, &form.context));
    let response = written(visit, old.as_ref().map_or(item, Item::from), form).await?;
    Ok(altered(response, old.is_some()))
}

async fn written(visit: &Visit, item: Item<'_>, form: &Form) -> Result<Response, Refusal> {
    let Some(join) = &form.join else { return Ok(form.one(item)) };
    Box::pin(written_linked(visit, item, join, form)).await
}

async fn written_linked(
    visit: &Visit,
    item: Item<'_>,
    join: &Join,
    form: &Form,
) -> Result<Response, Refusal> {
    let entity = item.entity;
    let linked = linked(visit, &[entity], join, form).await?;
    Ok(match join.place {
        Place::Inline => form.body(inline(&linked, entity, form, join.levels).to_string().into_bytes()),
        Place::Flat if linked.in_order.is_empty() => form.one(item),
        Place::Flat => form.flat(&in_one_list(&[entity], &linked, form), 1),
    })
}

/// The answer with a list of entities, and with those that they link to if they are wanted.
async fn list(visit: &Visit, items: &[Item<'_>], form: &Form) -> Result<Response, Refusal> {
    let Some(minor) = form.version else { return listed(visit, items, form).await };
    let old: Vec<Option<Entity>> =
        items.iter().map(|item| earlier(item.entity, minor, &form.context)).collect();
    let shown: Vec<Item<'_>> =
        items.iter().zip(&old).map(|(item, old)| old.as_ref().map_or(*item, Item::from)).collect();
    let response = listed(visit, &shown, form).await?;
    Ok(altered(response, old.iter().any(Option::is_some)))
}

/// Tells that an answer is not what is kept, but what an earlier version of the standard knows of it (clause 6.3.20).
fn altered(mut response: Response, is_altered: bool) -> Response {
    if is_altered && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NON_AUTHORITATIVE_INFORMATION;
    }
    response
}

async fn listed(visit: &Visit, items: &[Item<'_>], form: &Form) -> Result<Response, Refusal> {
    let Some(join) = &form.join else { return Ok(form.list(items)) };
    Box::pin(listed_linked(visit, items, join, form)).await
}

async fn listed_linked(
    visit: &Visit,
    items: &[Item<'_>],
    join: &Join,
    form: &Form,
) -> Result<Response, Refusal> {
    let entities: &Vec<&Entity> = &items.iter().map(|item| item.entity).collect();
    let linked = linked(visit, entities, join, form).await?;
    Ok(match join.place {
        Place::Inline => {
            let all = entities.iter().map(|entity| inline(&linked, entity, form, join.levels)).collect();
            form.body(form.collection(all).to_string().into_bytes())
        }
        Place::Flat => form.flat(&in_one_list(entities, &linked, form), entities.len()),
    })
}

fn in_one_list<'e>(
    entities: &[&'e Entity],
    linked: &'e Linked<'e>,
    form: &'e Form,
) -> Vec<(&'e Entity, Shown<'e>)> {
    let roots = entities.iter().map(|entity| (*entity, form.shown()));
    roots.chain(linked.in_order.iter().map(|(entity, shown)| (entity.as_ref(), *shown))).collect()
}

/// The same answer with the number of all items.
pub(super) fn counted(mut response: Response, total: u64) -> Response {
    response.headers_mut().insert(RESULTS_COUNT, HeaderValue::from(total));
    response
}
