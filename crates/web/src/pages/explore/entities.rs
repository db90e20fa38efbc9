//! `GET /{tenant}/explore/entities`: entities by type, identifier, condition, place and scope.

use axum::response::Response;
use serde::Serialize;
use serde_json::Value as Json;

use super::ask::Question;
use super::desk::{Desk, Place, desk, entity_href, href, show};
use super::instances::{instant, one_text};
use super::pager::{Pager, Pages, ROWS};
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::present::age;
use crate::pages::view::Age;
use crate::pages::visitor::{Visitor, encode};

/// Widest circle, in metres.
const WIDEST: f64 = 20_000_000.0;
/// Types offered to choose from.
const OFFERED: usize = 200;
/// Members of an entity that are no attributes.
const NO_ATTRIBUTES: [&str; 7] = ["id", "type", "scope", "@context", "createdAt", "modifiedAt", "expiresAt"];
/// What can be typed into the form.
const FIELDS: [&str; 9] = ["type", "id", "idPattern", "q", "attrs", "scopeQ", "lon", "lat", "radius"];

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    typed: Typed,
    types: Vec<String>,
    /// Whether anything was asked for.
    wanted: bool,
    rows: Vec<Row>,
    pages: Option<Pages>,
    /// What the API said against the question.
    trouble: Option<String>,
    /// Whether the fields for experts are open.
    more_open: bool,
    query_href: String,
}

/// What was typed.
#[derive(Serialize)]
struct Typed {
    r#type: String,
    id: String,
    id_pattern: String,
    q: String,
    attrs: String,
    scope: String,
    lon: String,
    lat: String,
    radius: String,
}

/// An entity.
#[derive(Serialize)]
struct Row {
    id: String,
    href: String,
    name: String,
    types: String,
    attributes: usize,
    changed: Age,
}

/// The page.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let text = |name: &str| asked.get(name).unwrap_or_default().trim().to_owned();
    let wanted = FIELDS.iter().take(6).any(|name| !text(name).is_empty()) || circle(&asked).is_some();
    let place = Pager::of(&asked);
    let question = question(&asked, place);
    let (mut rows, mut pages, mut trouble) = (Vec::new(), None, None);
    if wanted {
        let answer = question.ask(&visitor).await;
        let total = answer.header("ngsild-results-count").and_then(|count| count.parse().ok());
        match answer.taken() {
            Ok(told) => {
                rows = told.as_array().into_iter().flatten().map(|one| row(&visitor, one)).collect();
                pages = place.pages(&visitor, &asked, rows.len(), total.unwrap_or_default());
            }
            Err(said) => trouble = Some(said),
        }
    }
    let counts = visitor.session.type_counts().await.map_err(|error| Fault::of(visitor.taste, error))?;
    let mut types: Vec<String> =
        counts.iter().map(|one| super::types::name_of(&visitor, &one.entity_type)).collect();
    types.sort_unstable();
    types.truncate(OFFERED);
    let more = ["idPattern", "attrs", "scopeQ", "lon", "lat", "radius"];
    let kept = asked.with_only(&["type", "id", "idPattern", "q", "attrs", "scopeQ"]).query();
    let title = visitor.lang().say("explore-entities");
    let values = Values {
        typed: Typed {
            r#type: text("type"),
            id: text("id"),
            id_pattern: text("idPattern"),
            q: text("q"),
            attrs: text("attrs"),
            scope: text("scopeQ"),
            lon: text("lon"),
            lat: text("lat"),
            radius: text("radius"),
        },
        more_open: more.iter().any(|name| asked.get(name).is_some()),
        query_href: format!("{}{kept}", href(&visitor, "query")),
        desk: desk(&visitor, title, Place::Entities, wanted.then_some(&question)),
        types,
        wanted,
        rows,
        pages,
        trouble,
    };
    show(&visitor, "explore_entities.html", values)
}

fn question(asked: &Asked, pager: Pager) -> Question {
    let text = |name: &str| asked.get(name).unwrap_or_default().trim().to_owned();
    let mut question = Question::get("/ngsi-ld/v1/entities");
    for name in ["type", "id", "idPattern", "q", "attrs", "scopeQ"] {
        question = question.with(name, text(name));
    }
    if let Some((lon, lat, radius)) = circle(asked) {
        question = question
            .with("georel", format!("near;maxDistance=={radius}"))
            .with("geometry", "Point")
            .with("coordinates", format!("[{lon},{lat}]"));
    }
    let offset = pager.offset();
    question
        .with("options", "sysAttrs")
        .with("count", "true")
        .with("limit", ROWS.to_string())
        .with("offset", if offset > 0 { offset.to_string() } else { String::new() })
}

/// The circle that is asked for: longitude, latitude, metres.
fn circle(asked: &Asked) -> Option<(f64, f64, f64)> {
    let (lon, lat) = asked.place()?;
    let radius: f64 = asked.number("radius")?;
    (radius > 0.0 && radius <= WIDEST).then_some((lon, lat, radius))
}

fn row(visitor: &Visitor, entity: &Json) -> Row {
    let id = entity["id"].as_str().unwrap_or_default().to_owned();
    let types: Vec<&str> = match &entity["type"] {
        Json::Array(all) => all.iter().filter_map(Json::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let label = types.first().and_then(|name| {
        let term = visitor.app.context.ld_contexts().core().expand(name);
        visitor.app.context.types().entity_type(term.as_str()).map(|described| described.label.clone())
    });
    let label = label.unwrap_or_else(|| "name".to_owned());
    let members = entity.as_object().into_iter().flatten();
    Row {
        href: entity_href(visitor, &id),
        name: one_text(&entity[&label], visitor.lang()).unwrap_or_default(),
        types: types.join(", "),
        attributes: members.filter(|(name, _)| !NO_ATTRIBUTES.contains(&name.as_str())).count(),
        changed: age(instant(&entity["modifiedAt"]), visitor.now, visitor.lang()),
        id,
    }
}

/// Where the entities of a type with an attribute are listed.
pub(super) fn of_type_href(visitor: &Visitor, entity_type: &str) -> String {
    format!("{}?type={}", href(visitor, "entities"), encode(entity_type))
}
