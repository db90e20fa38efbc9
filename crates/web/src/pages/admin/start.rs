//! `GET /{tenant}/admin`: what there is, of what the visitor may use.

use axum::response::Response;
use serde::Serialize;

use super::guard::{Desk, Place, Stop, desk, enter_either, show};
use crate::pages::visitor::Visitor;
use crate::words::Lang;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    cards: Vec<Card>,
}

#[derive(Serialize)]
struct Card {
    href: String,
    title: String,
    about: String,
}

/// The page.
pub(in crate::pages) async fn start(visitor: Visitor) -> Result<Response, Stop> {
    enter_either(&visitor)?;
    let lang = visitor.lang();
    let desk = desk(&visitor, lang.say("admin"), Place::Start);
    let others = desk.places.iter().filter(|place| !place.current);
    let cards = others.map(|place| Card {
        href: place.href.clone(),
        title: place.title.clone(),
        about: about(&place.id, lang),
    });
    let cards = cards.collect();
    show(&visitor, "admin_start.html", Values { desk, cards })
}

fn about(place: &str, lang: Lang) -> String {
    match place {
        "people" => lang.say("admin-people-about"),
        "units" => lang.say("admin-units-about"),
        "roles" => lang.say("admin-roles-about"),
        "why" => lang.say("admin-why-about"),
        "keys" => lang.say("admin-keys-about"),
        "step-up" => lang.say("admin-step-up-about"),
        "signing" => lang.say("admin-signing-about"),
        _ => lang.say("admin-audit-about"),
    }
}
