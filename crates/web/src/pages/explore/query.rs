//! `GET /{tenant}/explore/query`: a question is put together of fields, asked, and shown with its answer and its command.

use axum::response::Response;
use serde::Serialize;

use super::answer::{Laid, laid};
use super::desk::{Desk, Place, desk, show};
use super::query_form::{Form, Group, What};
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    groups: Vec<Group>,
    whats: Vec<Choosable>,
    accepts: Vec<Choosable>,
    representations: Vec<Choosable>,
    system: bool,
    count: bool,
    context: String,
    temporal: bool,
    answer: Option<Laid>,
}

/// One of several to choose from.
#[derive(Serialize)]
struct Choosable {
    value: &'static str,
    title: String,
    chosen: bool,
}

/// The page; with `run=1` the question is asked.
pub(in crate::pages) async fn query(visitor: Visitor) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let form = Form::of(&asked);
    let question = form.question();
    let answer = if asked.is_set("run") { Some(laid(&visitor, &question.ask(&visitor).await)) } else { None };
    let lang = visitor.lang();
    let whats = [
        (What::Entities, lang.say("explore-what-entities")),
        (What::Temporal, lang.say("explore-what-temporal")),
    ];
    let representations = [
        ("", lang.say("explore-as-normalized")),
        ("concise", lang.say("explore-as-concise")),
        ("keyValues", lang.say("explore-as-simplified")),
        ("temporalValues", lang.say("explore-as-temporal")),
        ("aggregatedValues", lang.say("explore-as-aggregated")),
    ];
    let values = Values {
        desk: desk(&visitor, lang.say("explore-query"), Place::Query, Some(&question)),
        groups: form.groups(lang),
        whats: whats
            .map(|(what, title)| Choosable { value: what.name(), title, chosen: what == form.what })
            .into(),
        accepts: super::query_form::ACCEPTS
            .map(|value| Choosable { value, title: value.to_owned(), chosen: value == form.accept })
            .into(),
        representations: representations
            .map(|(value, title)| Choosable { value, title, chosen: value == form.representation })
            .into(),
        system: form.system,
        count: form.count,
        temporal: form.what == What::Temporal,
        context: form.context.unwrap_or_default(),
        answer,
    };
    show(&visitor, "explore_query.html", values)
}
