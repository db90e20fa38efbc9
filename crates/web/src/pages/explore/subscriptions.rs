//! `GET /{tenant}/explore/subscriptions`: who is told of what, and how that goes.

use axum::response::Response;
use dinh_access::Action;
use dinh_context::subscriptions::{Standing, Waiting};
use dinh_model::Term;
use dinh_ngsild::subscription::{Status, Subscription};
use serde::Serialize;

use super::ask::Question;
use super::desk::{Desk, Place, counted, desk, href, short, show};
use super::pager::{Pager, Pages, ROWS};
use crate::pages::admin;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::present::age;
use crate::pages::view::{Age, Choice, State};
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    filters: Vec<Choice>,
    rows: Vec<Row>,
    pages: Option<Pages>,
    troubled: bool,
    /// Shows those of everybody after a second factor.
    step_up_href: Option<String>,
    docs_href: &'static str,
}

/// A subscription.
#[derive(Serialize)]
struct Row {
    id: String,
    href: String,
    name: String,
    watches: String,
    endpoint: String,
    state: State,
    sent: String,
    failed: String,
    last: Age,
    waiting: String,
}

/// The page.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    let (asked, lang) = (Asked::of(&visitor.uri), visitor.lang());
    let troubled = asked.is_set("troubled");
    let pager = Pager::of(&asked);
    let subscriptions = visitor.app.context.subscriptions();
    let found = subscriptions.standings(&visitor.session, troubled, (pager.offset(), ROWS)).await;
    let (found, total) = found.map_err(|error| Fault::of(visitor.taste, error))?;
    let rows: Vec<Row> = found.iter().map(|one| row(&visitor, one)).collect();
    let question = Question::get(format!("/api/v1/{}/subscriptions", visitor.province.tenant))
        .with("troubled", if troubled { "true" } else { "" })
        .with("limit", ROWS.to_string());
    let path = href(&visitor, "subscriptions");
    let filter = |id: &str, title: String, current: bool| Choice {
        id: id.to_owned(),
        href: if id.is_empty() { path.clone() } else { format!("{path}?{id}=1") },
        title,
        current,
    };
    let waits = visitor.session.may(Action::Administer).is_err() && admin::could_administer(&visitor);
    let values = Values {
        filters: vec![
            filter("", lang.say("explore-all"), !troubled),
            filter("troubled", lang.say("explore-troubled"), troubled),
        ],
        pages: pager.pages(&visitor, &asked, rows.len(), u64::try_from(total).unwrap_or(u64::MAX)),
        rows,
        troubled,
        step_up_href: waits.then(|| format!("{}?next={}#step-up", visitor.href("account"), encode(&path))),
        desk: desk(&visitor, lang.say("explore-subscriptions"), Place::Subscriptions, Some(&question)),
        docs_href: "/docs#subscriptions",
    };
    show(&visitor, "explore_subscriptions.html", values)
}

fn row(visitor: &Visitor, standing: &Standing) -> Row {
    let (subscription, deliveries) = (&standing.subscription, &standing.counters.deliveries);
    Row {
        href: href(visitor, &format!("subscriptions/{}", encode(subscription.id.as_str()))),
        name: subscription.name.clone().or_else(|| subscription.description.clone()).unwrap_or_default(),
        watches: watches(visitor, subscription),
        endpoint: subscription.notification.endpoint.uri.clone(),
        state: state(visitor, standing),
        sent: counted(visitor, deliveries.times_sent),
        failed: counted(visitor, deliveries.times_failed),
        last: last(visitor, standing),
        waiting: waiting(visitor, standing),
        id: subscription.id.to_string(),
    }
}

/// When it last told something that was taken.
fn last(visitor: &Visitor, standing: &Standing) -> Age {
    match standing.counters.deliveries.last_success {
        Some(at) => age(Some(at), visitor.now, visitor.lang()),
        None => Age { iso: None, text: visitor.lang().say("explore-never"), exact: String::new() },
    }
}

/// Which entities and attributes it watches, in short names.
pub(super) fn watches(visitor: &Visitor, subscription: &Subscription) -> String {
    let name = |term: &Term| short(&super::types::name_of(visitor, term)).to_owned();
    let mut parts: Vec<String> = Vec::new();
    for selector in &subscription.entities {
        parts.extend(selector.types.iter().flat_map(|types| types.terms().into_iter().map(name)));
        parts.extend(selector.ids.iter().map(ToString::to_string));
        parts.extend(selector.id_pattern.iter().map(|pattern| pattern.as_str().to_owned()));
    }
    let attributes: Vec<String> = subscription.watched.iter().map(name).collect();
    let entities = if parts.is_empty() { visitor.lang().say("explore-any-entity") } else { parts.join(", ") };
    if attributes.is_empty() { entities } else { format!("{entities}: {}", attributes.join(", ")) }
}

/// How it goes, with an icon and a word.
pub(super) fn state(visitor: &Visitor, standing: &Standing) -> State {
    let lang = visitor.lang();
    let (tone, icon, word) = match standing.subscription.status(visitor.now) {
        _ if standing.halted.is_some() => ("danger", "danger", lang.say("explore-state-halted")),
        Status::Paused => ("off", "silent", lang.say("explore-state-paused")),
        Status::Expired => ("off", "silent", lang.say("explore-state-expired")),
        _ if standing.counters.deliveries.is_failing() => {
            ("danger", "danger", lang.say("explore-state-failing"))
        }
        _ if standing.again.is_some() => ("watch", "replay", lang.say("explore-state-again")),
        _ if standing.waiting != Waiting::Nothing => ("watch", "clock", lang.say("explore-state-waiting")),
        _ if standing.counters.deliveries.times_sent == 0 => ("off", "clock", lang.say("explore-state-new")),
        Status::Active => ("ok", "ok", lang.say("explore-state-ok")),
    };
    State { tone, icon, word }
}

/// What waits, in words.
pub(super) fn waiting(visitor: &Visitor, standing: &Standing) -> String {
    let lang = visitor.lang();
    let number = |count: u64| args([("n", counted(visitor, count))]);
    match standing.waiting {
        Waiting::Nothing => lang.say("explore-nothing-waits"),
        Waiting::Changes(count) => {
            lang.say_with("explore-waits", &number(u64::try_from(count).unwrap_or(u64::MAX)))
        }
        Waiting::ToRead(count) => lang.say_with("explore-to-read", &number(count)),
    }
}
