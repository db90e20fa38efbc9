//! `GET /{tenant}/explore`: what there is, with its numbers.

use axum::response::Response;
use serde::Serialize;

use super::desk::{Desk, Place, counted, desk, href, show};
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Types named on the first page.
const LARGEST: usize = 8;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    doors: Vec<Door>,
    largest: Vec<super::types::Row>,
    types_href: String,
    docs_href: &'static str,
}

/// A way to another page.
#[derive(Serialize)]
struct Door {
    href: String,
    title: String,
    /// What stands there in numbers.
    figure: Option<String>,
    about: String,
}

/// The page.
pub(in crate::pages) async fn start(visitor: Visitor) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let fault = |error| Fault::of(visitor.taste, error);
    let counts = visitor.session.type_counts().await.map_err(fault)?;
    let entities: u64 = counts.iter().map(|one| one.count).sum();
    let context = &visitor.app.context;
    let (_, mine) =
        context.subscriptions().standings(&visitor.session, false, (0, 0)).await.map_err(fault)?;
    let (_, troubled) =
        context.subscriptions().standings(&visitor.session, true, (0, 0)).await.map_err(fault)?;
    let registered = context.registrations().all(&visitor.session).map_err(fault)?.len();
    let number = |count: usize| counted(&visitor, u64::try_from(count).unwrap_or(u64::MAX));
    let subscriptions = if troubled > 0 {
        let values = args([("n", number(mine)), ("bad", number(troubled))]);
        lang.say_with("explore-some-troubled", &values)
    } else {
        number(mine)
    };
    let door = |path: &str, title: String, figure: Option<String>, about: String| Door {
        href: href(&visitor, path),
        title,
        figure,
        about,
    };
    let doors = vec![
        door("types", lang.say("explore-types"), Some(number(counts.len())), lang.say("explore-types-about")),
        door("attributes", lang.say("explore-attributes"), None, lang.say("explore-attributes-about")),
        door(
            "entities",
            lang.say("explore-entities"),
            Some(counted(&visitor, entities)),
            lang.say("explore-entities-about"),
        ),
        door("query", lang.say("explore-query"), None, lang.say("explore-query-about")),
        door(
            "subscriptions",
            lang.say("explore-subscriptions"),
            Some(subscriptions),
            lang.say("explore-subscriptions-about"),
        ),
        door(
            "registrations",
            lang.say("explore-registrations"),
            Some(number(registered)),
            lang.say("explore-registrations-about"),
        ),
        door("contexts", lang.say("explore-contexts"), None, lang.say("explore-contexts-about")),
    ];
    let mut largest = counts;
    largest.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.entity_type.cmp(&b.entity_type)));
    let mut rows = Vec::new();
    for one in largest.iter().take(LARGEST) {
        let attributes = visitor.session.attributes_of_type(&one.entity_type).await.map_err(fault)?;
        rows.push(super::types::row(&visitor, one, Some(attributes.len())));
    }
    let values = Values {
        largest: rows,
        desk: desk(&visitor, lang.say("explore-title"), Place::Start, None),
        doors,
        types_href: href(&visitor, "types"),
        docs_href: "/docs",
    };
    show(&visitor, "explore_start.html", values)
}
