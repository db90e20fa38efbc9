//! Making maps, and answering by them.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;
use dinh_federation::{EntityMap, EntityMaps, HERE, LinkedMaps, MOST_ENTITIES, SourceMaps};
use dinh_model::EntityId;
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::write::instant_text;
use http::HeaderMap;
use http::header::HeaderName;
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use crate::api::ngsild::federated::{self, Beyond};
use crate::api::ngsild::form::Form;
use crate::api::reply::{Refusal, put};
use crate::api::request::{Given, Visit, Window};

/// Where a map is, in questions and answers (clause 6.4.3.2).
pub(in crate::api::ngsild) const MAP: HeaderName = HeaderName::from_static("ngsild-entitymap");
/// Path of the collection of maps.
const MAPS: &str = "/ngsi-ld/v1/entityMaps";

/// What somebody wants of maps.
#[derive(Debug, Default)]
pub(in crate::api::ngsild) struct Wish {
    /// The map that the question is to be answered by.
    named: Option<String>,
    /// Whether a map is wanted.
    wanted: bool,
    /// How long it should live, in microseconds.
    lifetime: Option<i64>,
}

impl Wish {
    /// What a request says.
    pub(in crate::api::ngsild) fn read(given: &Given, headers: &HeaderMap) -> Result<Self, Problem> {
        let named = headers.get(&MAP).and_then(|value| value.to_str().ok());
        let named = named.and_then(|place| place.rsplit('/').next()).map(str::to_owned);
        let wanted = given.flag("entityMap")? || named.is_some();
        let lifetime = given.text("entityMapLifetime").map(lifetime).transpose()?;
        Ok(Self { named, wanted, lifetime })
    }

    /// A new map, as a body asks for it.
    pub(in crate::api::ngsild) fn of_body(body: &Json) -> Result<Self, Problem> {
        let text = body.get("entityMapLifetime").and_then(Json::as_str);
        Ok(Self { named: None, wanted: true, lifetime: text.map(lifetime).transpose()? })
    }

    /// The same for a map that is new in any case.
    pub(in crate::api::ngsild) fn anew(self) -> Self {
        Self { named: None, wanted: true, ..self }
    }

    /// True if a map plays a part.
    pub(in crate::api::ngsild) fn is_wanted(&self) -> bool {
        self.wanted
    }
}

fn lifetime(text: &str) -> Result<i64, Problem> {
    let wrong = || Problem::bad_data("entityMapLifetime must be a duration of ISO 8601, as in PT5M.");
    let span: jiff::Span = Some(text)
        .filter(|text| text.starts_with('P'))
        .and_then(|text| text.parse().ok())
        .ok_or_else(wrong)?;
    let reference = jiff::civil::date(2026, 1, 1);
    let micros = span.total((jiff::Unit::Microsecond, reference)).map_err(|_unusable| wrong())?;
    if micros < 0.0 {
        return Err(wrong());
    }
    // More than a day is a day anyway.
    #[expect(clippy::cast_possible_truncation, reason = "cut to what a number of microseconds holds")]
    Ok(micros.min(1e15) as i64)
}

/// An answer by a map, whether the map is new, and where it is.
pub(in crate::api::ngsild) struct Mapped {
    pub(in crate::api::ngsild) page: federated::Page,
    pub(in crate::api::ngsild) map: Trace,
}

/// A map that an answer was made by.
pub(in crate::api::ngsild) struct Trace {
    /// Whether it is new.
    pub(in crate::api::ngsild) new: bool,
    place: String,
}

impl Mapped {
    /// What was found, and by which map.
    pub(in crate::api::ngsild) fn split(self) -> (federated::Page, Trace) {
        (self.page, self.map)
    }
}

/// Answers a query by the map that it names, or by a new one.
pub(in crate::api::ngsild) async fn mapped(
    visit: &Visit,
    query: &EntityQuery,
    window: Window,
    form: &Form,
    (beyond, wish): (&Beyond, &Wish),
) -> Result<Mapped, Refusal> {
    let now = visit.app.context.clock().now();
    let known = wish
        .named
        .as_deref()
        .and_then(|id| visit.app.maps.get(visit.session.tenant(), &owner(visit), id, now));
    let wanted = |id: &&EntityId| query.ids.is_empty() || query.ids.contains(*id);
    let ids: Vec<EntityId> =
        known.iter().flat_map(|map| map.entities.keys().filter(wanted).cloned()).collect();
    let mut elsewhere = SourceMaps::default();
    let all = if let Some(map) = &known {
        let beyond = Beyond { maps: map.linked.clone(), ..beyond.clone() };
        by_ids(visit, query, &ids, form, &beyond).await?
    } else {
        elsewhere = federated::mapped_elsewhere(visit, query, form, beyond).await;
        let beyond = Beyond { maps: elsewhere.linked.clone(), ..beyond.clone() };
        found(visit, query, form, &beyond).await?
    };
    let new = known.is_none();
    let place = if let Some(map) = known {
        let still: BTreeSet<&EntityId> = all.entities.iter().map(|entity| &entity.id).collect();
        let gone: BTreeSet<EntityId> = ids.iter().filter(|id| !still.contains(id)).cloned().collect();
        visit.app.maps.prune(&map.id, &gone);
        format!("{MAPS}/{}", map.id)
    } else {
        let entities = all.entities.iter().map(|entity| (entity.id.clone(), all.sources_of(&entity.id)));
        let entities = with_theirs(entities.collect(), elsewhere.entities);
        keep(visit, entities, elsewhere.linked, wish.lifetime)
    };
    let total = all.entities.len();
    let end = window.offset.saturating_add(window.limit);
    let entities = all.entities.into_iter().skip(window.offset).take(window.limit).collect();
    let counted = window.count.then(|| u64::try_from(total).unwrap_or(u64::MAX));
    let page = federated::Page {
        entities,
        more: total > end,
        total: counted,
        warnings: all.warnings,
        told: BTreeMap::new(),
    };
    Ok(Mapped { page, map: Trace { new, place } })
}

/// What was found, with what is in the maps of sources.
fn with_theirs(
    mut entities: IndexMap<EntityId, Vec<String>>,
    theirs: Vec<(EntityId, EntityId)>,
) -> IndexMap<EntityId, Vec<String>> {
    for (id, registration) in theirs {
        let (sources, registration) = (entities.entry(id).or_default(), registration.to_string());
        if !sources.contains(&registration) {
            sources.push(registration);
        }
    }
    entities.truncate(MOST_ENTITIES);
    entities
}

/// Keeps a map of what was found; says where it is.
fn keep(
    visit: &Visit,
    entities: IndexMap<EntityId, Vec<String>>,
    linked: LinkedMaps,
    lifetime: Option<i64>,
) -> String {
    let now = visit.app.context.clock().now();
    let id = format!("urn:ngsi-ld:EntityMap:{}", visit.app.ids.uuid());
    let place = format!("{MAPS}/{id}");
    let expires_at = EntityMaps::end(now, lifetime);
    let tenant = visit.session.tenant().clone();
    visit.app.maps.put(EntityMap { id, tenant, owner: owner(visit), expires_at, entities, linked });
    place
}

/// Everything that a query finds, as far as a map reaches.
pub(in crate::api::ngsild) async fn found(
    visit: &Visit,
    query: &EntityQuery,
    form: &Form,
    beyond: &Beyond,
) -> Result<federated::Page, Refusal> {
    let whole = Window { limit: MOST_ENTITIES, offset: 0, count: false, after: None };
    if let Some(page) = federated::page(visit, query, whole, form, beyond).await? {
        return page.within(MOST_ENTITIES);
    }
    let mut page = federated::Page::default();
    let mut after = None;
    loop {
        let found = visit
            .session
            .query(EntityQuery { limit: PAGE, offset: 0, count: false, after, ..query.clone() })
            .await?;
        let full = found.entities.len() == PAGE;
        after = found.entities.last().map(|stored| stored.place);
        page.entities.extend(found.entities.into_iter().map(|stored| stored.entity));
        if page.entities.len() > MOST_ENTITIES {
            return page.within(MOST_ENTITIES);
        }
        if !full {
            return Ok(page);
        }
    }
}

/// What a query still finds of the entities of a map, in their order.
async fn by_ids(
    visit: &Visit,
    query: &EntityQuery,
    ids: &[EntityId],
    form: &Form,
    beyond: &Beyond,
) -> Result<federated::Page, Refusal> {
    let mut all = federated::Page::default();
    for chunk in ids.chunks(PAGE) {
        let query = EntityQuery { ids: chunk.to_vec(), order: Vec::new(), ..query.clone() };
        let page = found(visit, &query, form, beyond).await?;
        all.entities.extend(page.entities);
        all.warnings.extend(page.warnings);
        all.told.extend(page.told);
    }
    let places: BTreeMap<&EntityId, usize> = ids.iter().enumerate().map(|(at, id)| (id, at)).collect();
    all.entities.sort_by_key(|entity| places.get(&entity.id).copied());
    Ok(all)
}

impl federated::Page {
    /// The page, unless it is more than a map holds.
    fn within(self, most: usize) -> Result<Self, Refusal> {
        if self.entities.len() > most || self.more {
            let detail = format!("The query finds more than {most} entities, the most that a map holds.");
            return Err(Problem::new(ProblemKind::TooManyResults, detail).into());
        }
        Ok(self)
    }

    fn sources_of(&self, id: &EntityId) -> Vec<String> {
        self.told.get(id).cloned().unwrap_or_else(|| vec![HERE.to_owned()])
    }
}

/// The same answer, saying by which map it is.
pub(in crate::api::ngsild) fn with_map(mut response: Response, map: &Trace) -> Response {
    put(&mut response, MAP, &map.place);
    response
}

/// One entity by a map: the one that is named if it is still good, otherwise a new one.
pub(in crate::api::ngsild) fn of_one(
    visit: &Visit,
    wish: &Wish,
    id: &EntityId,
    sources: Vec<String>,
) -> String {
    let now = visit.app.context.clock().now();
    let known = wish
        .named
        .as_deref()
        .and_then(|id| visit.app.maps.get(visit.session.tenant(), &owner(visit), id, now));
    if let Some(map) = known {
        return format!("{MAPS}/{}", map.id);
    }
    keep(visit, IndexMap::from([(id.clone(), sources)]), LinkedMaps::new(), wish.lifetime)
}

/// The entities of the map that is named, if it is still good, and the maps that sources answer by.
pub(in crate::api::ngsild) fn known(
    visit: &Visit,
    wish: &Wish,
) -> Option<(Vec<EntityId>, LinkedMaps, Trace)> {
    let now = visit.app.context.clock().now();
    let id = wish.named.as_deref()?;
    let map = visit.app.maps.get(visit.session.tenant(), &owner(visit), id, now)?;
    let place = format!("{MAPS}/{}", map.id);
    Some((map.entities.into_keys().collect(), map.linked, Trace { new: false, place }))
}

/// Keeps a new map of entities, each with who told of it, and of what sources have mapped.
pub(in crate::api::ngsild) fn keep_found(
    visit: &Visit,
    wish: &Wish,
    entities: IndexMap<EntityId, Vec<String>>,
    elsewhere: SourceMaps,
) -> Trace {
    let entities = with_theirs(entities, elsewhere.entities);
    Trace { new: true, place: keep(visit, entities, elsewhere.linked, wish.lifetime) }
}

/// A map as a client sees it (clause 5.2.39).
pub(in crate::api::ngsild) fn shown(map: &EntityMap) -> Json {
    let entities: serde_json::Map<String, Json> =
        map.entities.iter().map(|(id, sources)| (id.to_string(), json!(sources))).collect();
    let mut shown = json!({
        "id": map.id, "type": "EntityMap", "expiresAt": instant_text(map.expires_at), "entityMap": entities,
    });
    if !map.linked.is_empty() {
        let linked =
            map.linked.iter().map(|(registration, map)| (registration.to_string(), json!(map.as_str())));
        shown["linkedMaps"] = linked.collect();
    }
    shown
}

/// The map that an answer was made by.
pub(in crate::api::ngsild) fn of(visit: &Visit, map: &Trace) -> Option<EntityMap> {
    let id = map.place.rsplit('/').next()?;
    visit.app.maps.get(visit.session.tenant(), &owner(visit), id, visit.app.context.clock().now())
}

/// Whose a map is.
pub(super) fn owner(visit: &Visit) -> String {
    visit.session.principal().to_string()
}
