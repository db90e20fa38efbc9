//! What the pages of the explorer share: the frame, the ways to each other, and what was asked of the API.

use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use serde::Serialize;

use super::ask::Question;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::view::{self, Choice};
use crate::pages::visitor::{Visitor, encode};

/// The path of the first page.
pub(in crate::pages) const HOME: &str = "explore";

/// Which of the pages one is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Start,
    Types,
    Attributes,
    Entities,
    Query,
    Subscriptions,
    Registrations,
    Contexts,
}

/// What every page needs.
#[derive(Serialize)]
pub(super) struct Desk {
    page: view::Frame,
    places: Vec<Choice>,
    /// What the page has asked of the API.
    asked: Option<Asked>,
}

/// A question that the page has asked.
#[derive(Serialize)]
pub(super) struct Asked {
    /// `GET /ngsi-ld/v1/…`.
    pub(super) line: String,
    /// The command that asks the same.
    pub(super) curl: String,
}

impl Asked {
    pub(super) fn new(visitor: &Visitor, question: &Question) -> Self {
        Self { line: question.line(), curl: question.curl(visitor) }
    }
}

/// What a page at this place needs.
pub(super) fn desk(visitor: &Visitor, title: String, place: Place, question: Option<&Question>) -> Desk {
    let lang = visitor.lang();
    let all = [
        (Place::Start, "", lang.say("explore-overview")),
        (Place::Types, "types", lang.say("explore-types")),
        (Place::Attributes, "attributes", lang.say("explore-attributes")),
        (Place::Entities, "entities", lang.say("explore-entities")),
        (Place::Query, "query", lang.say("explore-query")),
        (Place::Subscriptions, "subscriptions", lang.say("explore-subscriptions")),
        (Place::Registrations, "registrations", lang.say("explore-registrations")),
        (Place::Contexts, "contexts", lang.say("explore-contexts")),
    ];
    let places = all.into_iter().map(|(at, path, title)| Choice {
        id: path.to_owned(),
        href: href(visitor, path),
        title,
        current: at == place,
    });
    Desk {
        places: places.collect(),
        page: frame(visitor, title, Here::Explore, ""),
        asked: question.map(|question| Asked::new(visitor, question)),
    }
}

/// An address below the explorer's.
pub(super) fn href(visitor: &Visitor, path: &str) -> String {
    if path.is_empty() { visitor.href(HOME) } else { visitor.href(&format!("{HOME}/{path}")) }
}

/// The page of an entity.
pub(super) fn entity_href(visitor: &Visitor, id: &str) -> String {
    href(visitor, &format!("entities/{}", encode(id)))
}

/// A rendered page, which nobody keeps.
pub(super) fn show(visitor: &Visitor, template: &str, values: impl Serialize) -> Result<Response, Fault> {
    let mut response = page(visitor, template, values)?.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// What comes after the last slash or hash of a full name.
pub(super) fn short(name: &str) -> &str {
    name.rsplit(['/', '#']).next().filter(|part| !part.is_empty()).unwrap_or(name)
}

/// A number with its thousands set apart.
pub(super) fn counted(visitor: &Visitor, number: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "nobody counts so far")]
    let number = number as f64;
    crate::look::number(number, Some(0), visitor.lang())
}
