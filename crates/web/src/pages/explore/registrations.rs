//! `GET /{tenant}/explore/registrations`: which other sources are asked, for what, and how that goes.

use axum::response::Response;
use dinh_context::registrations::Registered;
use dinh_model::Term;
use dinh_ngsild::registration::{Information, Mode};
use serde::Serialize;

use super::ask::Question;
use super::desk::{Desk, Place, counted, desk, entity_href, short, show};
use super::pager::{Pager, Pages, ROWS};
use super::paint::paint;
use crate::look;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::present::age;
use crate::pages::view::{Age, State};
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    rows: Vec<Row>,
    pages: Option<Pages>,
    watching: Vec<Watcher>,
    docs_href: &'static str,
}

/// A registration.
#[derive(Serialize)]
struct Row {
    id: String,
    endpoint: String,
    mode: String,
    covers: Vec<String>,
    state: State,
    sent: String,
    failed: String,
    success: Age,
    failure: Age,
    /// The registration as the API tells it.
    record: String,
}

/// A subscription to registrations.
#[derive(Serialize)]
struct Watcher {
    id: String,
    endpoint: String,
    sent: String,
    failed: String,
    last: String,
}

/// The page.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let pager = Pager::of(&asked);
    let registrations = visitor.app.context.registrations();
    let fault = |error| Fault::of(visitor.taste, error);
    let all = registrations.all(&visitor.session).map_err(fault)?;
    let rows: Vec<Row> = all.iter().skip(pager.offset()).take(ROWS).map(|one| row(&visitor, one)).collect();
    let watching = registrations.subscriptions(&visitor.session).map_err(fault)?;
    let lang = visitor.lang();
    let watching = watching.iter().take(ROWS).map(|one| Watcher {
        id: one.subscription.id.to_string(),
        endpoint: one.subscription.notification.endpoint.uri.clone(),
        sent: counted(&visitor, one.deliveries.times_sent),
        failed: counted(&visitor, one.deliveries.times_failed),
        last: one
            .deliveries
            .last_success
            .map_or_else(|| lang.say("explore-never"), |at| look::date_time(at, lang)),
    });
    let question = Question::get(format!("/api/v1/{}/registrations", visitor.province.tenant))
        .with("limit", ROWS.to_string());
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let values = Values {
        watching: watching.collect(),
        pages: pager.pages(&visitor, &asked, rows.len(), total),
        rows,
        desk: desk(&visitor, lang.say("explore-registrations"), Place::Registrations, Some(&question)),
        docs_href: "/docs#registrations",
    };
    show(&visitor, "explore_registrations.html", values)
}

fn row(visitor: &Visitor, registered: &Registered) -> Row {
    let (registration, calls) = (&registered.registration, registered.calls());
    let lang = visitor.lang();
    let (tone, icon, word) = if registered.rests(visitor.now) {
        ("watch", "clock", lang.say("explore-source-rests"))
    } else if calls.is_failing() {
        ("danger", "danger", lang.say("explore-source-fails"))
    } else if calls.times_sent == 0 {
        ("off", "clock", lang.say("explore-source-new"))
    } else {
        ("ok", "ok", lang.say("explore-source-ok"))
    };
    let when = |at: Option<dinh_model::Timestamp>| match at {
        Some(at) => age(Some(at), visitor.now, lang),
        None => Age { iso: None, text: lang.say("explore-never"), exact: String::new() },
    };
    let core = visitor.app.context.ld_contexts().core();
    let mut record = registration.to_json(&core, &calls, None);
    if !visitor.app.context.registrations().shows_all(&visitor.session, registration)
        && let Some(members) = record.as_object_mut()
    {
        members.remove("contextSourceInfo");
    }
    let (own, own_page) = (registration.id.to_string(), visitor.uri.path().to_owned());
    let way = |named: &str| if named == own { own_page.clone() } else { entity_href(visitor, named) };
    Row {
        id: registration.id.to_string(),
        endpoint: registration.endpoint.clone(),
        mode: mode(visitor, registration.mode),
        covers: registration.information.iter().map(|part| covers(visitor, part)).collect(),
        state: State { tone, icon, word },
        sent: counted(visitor, calls.times_sent),
        failed: counted(visitor, calls.times_failed),
        success: when(calls.last_success),
        failure: when(calls.last_failure),
        record: paint(&record, &way).html,
    }
}

fn mode(visitor: &Visitor, mode: Mode) -> String {
    let lang = visitor.lang();
    match mode {
        Mode::Inclusive => lang.say("explore-mode-inclusive"),
        Mode::Exclusive => lang.say("explore-mode-exclusive"),
        Mode::Redirect => lang.say("explore-mode-redirect"),
        Mode::Auxiliary => lang.say("explore-mode-auxiliary"),
    }
}

/// What a part of a registration is about, in short names.
fn covers(visitor: &Visitor, part: &Information) -> String {
    let name = |term: &Term| short(&super::types::name_of(visitor, term)).to_owned();
    let entities: Vec<String> = part
        .entities
        .iter()
        .map(|one| {
            let types: Vec<String> = one.types.iter().map(name).collect();
            let which = one.id.as_ref().map(ToString::to_string);
            let which = which.or_else(|| one.id_pattern.as_ref().map(|pattern| pattern.as_str().to_owned()));
            [Some(types.join(" + ")), which].into_iter().flatten().collect::<Vec<_>>().join(" ")
        })
        .collect();
    let entities =
        if entities.is_empty() { visitor.lang().say("explore-any-entity") } else { entities.join(", ") };
    let attributes: Vec<String> = part.attributes().map(name).collect();
    if attributes.is_empty() { entities } else { format!("{entities}: {}", attributes.join(", ")) }
}
