//! `GET` and `POST /{tenant}/explore/subscriptions/{id}`: one subscription; sending again, pausing, going on.

use axum::extract::{Path, RawForm};
use axum::response::{IntoResponse as _, Response};
use dinh_context::Error;
use dinh_context::subscriptions::{Again, Standing, Waiting};
use dinh_model::Timestamp;
use dinh_ngsild::subscription::Status;
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::json;
use url::form_urlencoded;

use super::ask::Question;
use super::desk::{Asked, Desk, Place, counted, desk, entity_href, href, show};
use super::paint::paint;
use super::subscriptions::{state, waiting, watches};
use crate::look;
use crate::pages::fault::Fault;
use crate::pages::view::{Outcome, State};
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

const MINUTE: i64 = 60_000_000;
/// How far back one can choose to send again, in minutes.
const BACK: [i64; 4] = [15, 60, 360, 1_440];

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    id: String,
    name: String,
    description: String,
    state: State,
    /// Why it tells nothing although nobody has paused it.
    halted: Option<String>,
    own: bool,
    facts: Vec<(String, String)>,
    last_error: Option<String>,
    /// When the next attempt is made.
    next_try: Option<String>,
    again: Option<String>,
    /// Something waits that can be sent at once.
    waits: bool,
    by_time: bool,
    /// `active`, `paused`, or nothing of the kind.
    mode: &'static str,
    choices: Vec<(i64, String)>,
    outcome: Option<Outcome>,
    record: String,
    /// The command that sends again.
    again_asked: Asked,
    list_href: String,
}

/// The page.
pub(in crate::pages) async fn one(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    shown(&visitor, &id, None).await
}

/// Sends again, pauses, or goes on.
pub(in crate::pages) async fn change(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    RawForm(body): RawForm,
) -> Result<Response, Fault> {
    let field = |name: &str| {
        let found = form_urlencoded::parse(&body).find(|(field, _)| field == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    // Whoever may not know of it learns nothing, whatever they ask for.
    standing(&visitor, &id).await?;
    let outcome = match field("do").as_str() {
        "send" => sent(&visitor, &id, None).await?,
        "again" => {
            let minutes = field("minutes").parse().ok().filter(|minutes| BACK.contains(minutes));
            let minutes = minutes.ok_or_else(|| Fault::bad_request(visitor.taste, "minutes".to_owned()))?;
            sent(&visitor, &id, Some(visitor.now.plus_micros(-minutes * MINUTE))).await?
        }
        "pause" => switched(&visitor, &id, false).await,
        "resume" => switched(&visitor, &id, true).await,
        other => return Err(Fault::bad_request(visitor.taste, format!("do={other}"))),
    };
    let status = if outcome.tone == "ok" { StatusCode::OK } else { StatusCode::CONFLICT };
    let page = shown(&visitor, &id, Some(outcome)).await?;
    Ok((status, page).into_response())
}

async fn sent(visitor: &Visitor, id: &str, from: Option<Timestamp>) -> Result<Outcome, Fault> {
    let lang = visitor.lang();
    let subscriptions = visitor.app.context.subscriptions();
    let refused = |text: String| Ok(Outcome { tone: "danger", text });
    match subscriptions.send_again(&visitor.session, id, from).await {
        Ok(again) => Ok(Outcome { tone: "ok", text: said(visitor, again) }),
        Err(Error::SubscriptionRests(_)) => refused(lang.say("explore-rests")),
        Err(Error::SentAgainAlready(_)) => refused(lang.say("explore-again-already")),
        Err(Error::TooFarBack(most)) => {
            refused(lang.say_with("explore-too-far", &args([("n", counted(visitor, most))])))
        }
        Err(error) => Err(Fault::of(visitor.taste, error)),
    }
}

fn said(visitor: &Visitor, again: Again) -> String {
    let lang = visitor.lang();
    match again {
        Again::Nothing => lang.say("explore-sent-nothing"),
        Again::Waiting => lang.say("explore-sent-waiting"),
        Again::Now => lang.say("explore-sent-now"),
        Again::Changes(count) => {
            lang.say_with("explore-sent-changes", &args([("n", counted(visitor, count))]))
        }
    }
}

/// Pauses or goes on, by the API, as whoever looks at the page.
async fn switched(visitor: &Visitor, id: &str, active: bool) -> Outcome {
    let lang = visitor.lang();
    let question = Question::new(Method::PATCH, format!("/ngsi-ld/v1/subscriptions/{}", encode(id)))
        .saying(json!({"isActive": active}));
    match question.ask(visitor).await.taken() {
        Ok(_) if active => Outcome { tone: "ok", text: lang.say("explore-resumed") },
        Ok(_) => Outcome { tone: "ok", text: lang.say("explore-paused") },
        Err(reason) => {
            Outcome { tone: "danger", text: lang.say_with("explore-refused", &args([("reason", reason)])) }
        }
    }
}

async fn standing(visitor: &Visitor, id: &str) -> Result<Standing, Fault> {
    let found = visitor.app.context.subscriptions().standing(&visitor.session, id).await;
    found.map_err(|error| match error {
        Error::NoSubscription(_) => Fault::not_found(visitor.taste),
        error => Fault::of(visitor.taste, error),
    })
}

async fn shown(visitor: &Visitor, id: &str, outcome: Option<Outcome>) -> Result<Response, Fault> {
    let standing = standing(visitor, id).await?;
    let (subscription, lang) = (&standing.subscription, visitor.lang());
    let status = subscription.status(visitor.now);
    let by_time = subscription.interval_micros().is_some();
    let path = format!("/api/v1/{}/subscriptions/{}", visitor.province.tenant, encode(id));
    let question = Question::get(path.clone());
    let again = Question::new(Method::POST, format!("{path}/send-again"))
        .saying(json!({"from": dinh_ngsild::write::instant_text(visitor.now.plus_micros(-60 * MINUTE))}));
    let core = visitor.app.context.ld_contexts().core();
    let record = subscription.to_json(&core, &standing.counters.deliveries, visitor.now);
    let title = subscription.name.clone().unwrap_or_else(|| id.to_owned());
    let own_page = visitor.uri.path().to_owned();
    let way = |named: &str| if named == id { own_page.clone() } else { entity_href(visitor, named) };
    let values = Values {
        desk: desk(visitor, title, Place::Subscriptions, Some(&question)),
        id: id.to_owned(),
        name: subscription.name.clone().unwrap_or_default(),
        description: subscription.description.clone().unwrap_or_default(),
        state: state(visitor, &standing),
        halted: standing.halted.map(|_| lang.say("explore-halted")),
        own: standing.own,
        facts: facts(visitor, &standing),
        last_error: standing.counters.last_error.clone().filter(|said| !said.is_empty()),
        next_try: standing
            .next_try
            .map(|at| lang.say_with("explore-next-try", &args([("when", look::date_time(at, lang))]))),
        again: standing
            .again
            .map(|left| lang.say_with("explore-again-left", &args([("n", counted(visitor, left))]))),
        waits: standing.waiting != Waiting::Nothing,
        by_time,
        mode: match status {
            Status::Active if standing.halted.is_none() => "active",
            Status::Paused => "paused",
            _ => "",
        },
        choices: BACK.map(|minutes| (minutes, back(minutes, lang))).into(),
        outcome,
        record: paint(&record, &way).html,
        again_asked: Asked::new(visitor, &again),
        list_href: href(visitor, "subscriptions"),
    };
    show(visitor, "explore_subscription.html", values)
}

fn back(minutes: i64, lang: Lang) -> String {
    match minutes {
        ..60 => lang.say_with("explore-back-minutes", &args([("n", minutes)])),
        _ => lang.say_with("explore-back-hours", &args([("n", minutes / 60)])),
    }
}

fn facts(visitor: &Visitor, standing: &Standing) -> Vec<(String, String)> {
    let (subscription, lang) = (&standing.subscription, visitor.lang());
    let deliveries = &standing.counters.deliveries;
    let when =
        |at: Option<Timestamp>| at.map_or_else(|| lang.say("explore-never"), |at| look::date_time(at, lang));
    let endpoint = &subscription.notification.endpoint;
    let mut facts = vec![
        (lang.say("explore-watches"), watches(visitor, subscription)),
        (lang.say("explore-endpoint"), endpoint.uri.clone()),
        (lang.say("explore-waiting"), waiting(visitor, standing)),
        (lang.say("explore-sent"), counted(visitor, deliveries.times_sent)),
        (lang.say("explore-failed"), counted(visitor, deliveries.times_failed)),
        (lang.say("explore-last-success"), when(deliveries.last_success)),
        (lang.say("explore-last-failure"), when(deliveries.last_failure)),
    ];
    if standing.counters.failures_in_a_row > 0 {
        let count = counted(visitor, u64::from(standing.counters.failures_in_a_row));
        facts.push((lang.say("explore-in-a-row"), count));
    }
    if let Some(ends) = subscription.expires_at {
        facts.push((lang.say("explore-expires"), look::date_time(ends, lang)));
    }
    facts
}
