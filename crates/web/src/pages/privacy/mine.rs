//! `GET` and `POST /{tenant}/my-data`: what is kept of oneself, who looked, consents, requests.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_context::AboutOneself;
use dinh_identity::Present;
use dinh_model::EntityId;
use dinh_privacy::{Error, How, Look, Standing, Who};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::parts::{Lead, LookRow, RequestRow, lead, look_row, request_row};
use super::said;
use super::whose::{Subject, Whose};
use crate::look;
use crate::pages::account::private;
use crate::pages::entity::attribute_rows;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, AttributeRow, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// Requests and looks that the page begins with.
const FIRST: usize = 5;
/// Looks that are read for them: one's own are left out.
const LOOKED: usize = 50;

/// What somebody wants.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Wish {
    r#do: String,
    whose: String,
    purpose: String,
    version: u32,
    consent: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    account_href: String,
    addresses: Vec<String>,
    since: String,
    whose: Vec<Subject>,
    chosen: Option<String>,
    unsure: bool,
    about: Option<About>,
    requests: Vec<RequestRow>,
    requests_total: u64,
    new_href: String,
    /// The officers' desk, for officers.
    desk_href: Option<String>,
}

/// What is kept of somebody.
#[derive(Serialize)]
struct About {
    attributes: Vec<AttributeRow>,
    groups: Vec<Group>,
    more: bool,
    looks: Vec<LookRow>,
    looks_href: String,
    changes_href: String,
    consents: Vec<Consent>,
}

#[derive(Serialize)]
struct Group {
    title: String,
    total: u64,
    first: Vec<Lead>,
    /// All of them, if there are more.
    href: Option<String>,
}

#[derive(Serialize)]
struct Consent {
    code: String,
    version: u32,
    title: String,
    text: String,
    controller: String,
    data: String,
    recipients: String,
    legal: String,
    /// The consent that stands.
    id: Option<String>,
    state: Option<String>,
    receipt_href: Option<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    match super::present(&visitor) {
        Ok(present) => show(&visitor, &present, None, StatusCode::OK).await,
        Err(other) => Ok(*other),
    }
}

/// Gives or takes back a consent, or hands out everything.
pub(super) async fn change(visitor: Visitor, Form(wish): Form<Wish>) -> Result<Response, Fault> {
    let present = match super::present(&visitor) {
        Ok(present) => present,
        Err(other) => return Ok(*other),
    };
    let done = match wish.r#do.as_str() {
        "export" => match export(&visitor, &present, &wish).await {
            Ok(response) => return Ok(response),
            Err(error) => Err(error),
        },
        "give" => give(&visitor, &wish).await,
        "take-back" => take_back(&visitor, &wish).await,
        _ => Err(Error::NoSuch("wish")),
    };
    match done {
        Ok(text) => show(&visitor, &present, Some(Outcome { tone: "ok", text }), StatusCode::OK).await,
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, &present, Some(outcome), status).await
        }
    }
}

fn id_of(text: &str, what: &'static str) -> Result<EntityId, Error> {
    EntityId::parse(text).map_err(|_unreadable| Error::NoSuch(what))
}

async fn give(visitor: &Visitor, wish: &Wish) -> Result<String, Error> {
    let subject = id_of(&wish.whose, "subject")?;
    let purpose = (wish.purpose.as_str(), wish.version);
    visitor.app.privacy.give(&visitor.session, &subject, purpose, How::Page).await?;
    Ok(visitor.lang().say("privacy-consent-done"))
}

async fn take_back(visitor: &Visitor, wish: &Wish) -> Result<String, Error> {
    let id = id_of(&wish.consent, "consent")?;
    visitor.app.privacy.take_back(&visitor.session, &id).await?;
    Ok(visitor.lang().say("privacy-consent-taken-back"))
}

/// Everything as a JSON file, the account included.
async fn export(visitor: &Visitor, present: &Present, wish: &Wish) -> Result<Response, Error> {
    let subject = id_of(&wish.whose, "subject")?;
    let mut json = visitor.app.privacy.export(&visitor.session, &subject).await?.json;
    let record = present.account();
    json["account"] = json!({
        "name": record.name,
        "email": record.email.as_ref().map(|address| address.text.as_str()),
        "telephone": record.phone.as_ref().map(|address| address.text.as_str()),
        "createdAt": record.created.to_string(),
    });
    let text = serde_json::to_string_pretty(&json).unwrap_or_default();
    let mut response = private(text.into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"my-data.json\""));
    Ok(response)
}

async fn show(
    visitor: &Visitor,
    present: &Present,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (lang, privacy) = (visitor.lang(), &visitor.app.privacy);
    let failed = |error| said::fault(visitor, error);
    let whose = Whose::of(visitor, present, "my-data").await;
    let chosen = whose.chosen.as_ref().filter(|id| visitor.session.speaks_for(id));
    let about = match chosen {
        Some(subject) => Some(about(visitor, subject).await.map_err(failed)?),
        None => None,
    };
    let (requests, requests_total) =
        privacy.own_requests(&visitor.session, 0, FIRST * 4).await.map_err(failed)?;
    let record = present.account();
    let values = Values {
        page: frame(visitor, lang.say("privacy-my-data"), Here::Account, ""),
        outcome,
        account_href: visitor.href("account"),
        addresses: record.email.iter().chain(&record.phone).map(|address| address.text.clone()).collect(),
        since: look::date(record.created, lang),
        chosen: chosen.map(ToString::to_string),
        new_href: match chosen {
            Some(id) => format!("{}?whose={}", visitor.href("my-data/requests/new"), encode(id.as_str())),
            None => visitor.href("my-data/requests/new"),
        },
        whose: whose.all,
        unsure: whose.unsure,
        about,
        requests: requests.iter().map(|one| request_row(visitor, one, "my-data/requests")).collect(),
        requests_total,
        desk_href: privacy.is_officer(&visitor.session).then(|| visitor.href("privacy")),
    };
    let response = private(rendered(visitor, "my_data.html", values)?.into_response());
    Ok(said::with_status(response, status))
}

async fn about(visitor: &Visitor, subject: &EntityId) -> Result<About, Error> {
    let (privacy, session) = (&visitor.app.privacy, &visitor.session);
    let held = privacy.holdings(session, subject).await?;
    let below = |path: &str| format!("{}?whose={}", visitor.href(path), encode(subject.as_str()));
    let groups = held.groups.iter().map(|group| Group {
        title: visitor.title(&group.title).to_owned(),
        total: group.total,
        first: group.first.iter().map(|stored| lead(visitor, stored)).collect(),
        href: (group.total > group.first.len() as u64)
            .then(|| format!("{}&type={}", below("my-data/kept"), encode(group.entity_type.as_str()))),
    });
    let looks = privacy.looks(session, subject, AboutOneself::Noted, None, LOOKED).await?.looks;
    let mut rows = Vec::new();
    let others = looks.iter().filter(|look| look.who != Who::Oneself);
    for look in
        others.collect::<Vec<_>>().chunk_by(|a, b| same(a, b)).filter_map(|run| run.first()).take(FIRST)
    {
        rows.push(look_row(visitor, look).await);
    }
    let standings = privacy.standings(session, subject).await?;
    Ok(About {
        attributes: held.itself.map(|stored| attribute_rows(visitor, &stored.entity)).unwrap_or_default(),
        groups: groups.collect(),
        more: held.more,
        looks: rows,
        looks_href: below("my-data/looks"),
        changes_href: format!("{}&which=written", below("my-data/looks")),
        consents: standings.iter().map(|standing| consent(visitor, standing)).collect(),
    })
}

/// True for two looks that differ by their time at most: a page told of once is enough for the beginning.
fn same(a: &Look, b: &Look) -> bool {
    (&a.who, &a.purpose, &a.reason, &a.actions) == (&b.who, &b.purpose, &b.reason, &b.actions)
}

fn consent(visitor: &Visitor, standing: &Standing) -> Consent {
    let (lang, purpose) = (visitor.lang(), &standing.purpose);
    let given = standing.consent.as_ref();
    let when = |at| args([("when", look::date_time(at, lang))]);
    let state = match (given, &standing.earlier) {
        (Some(given), _) => Some(lang.say_with("privacy-consent-since", &when(given.given))),
        (None, Some(earlier)) => Some(match earlier.withdrawn {
            Some(at) => lang.say_with("privacy-consent-withdrawn", &when(at)),
            None => lang.say("privacy-consent-old-text"),
        }),
        (None, None) => None,
    };
    let shown = given.or(standing.earlier.as_ref());
    let receipt = shown.map(|one| visitor.href(&format!("my-data/consents/{}", encode(one.id.as_str()))));
    Consent {
        code: purpose.code.clone(),
        version: purpose.version,
        title: visitor.title(&purpose.title).to_owned(),
        text: visitor.title(&purpose.text).to_owned(),
        controller: visitor.title(&purpose.controller).to_owned(),
        data: visitor.title(&purpose.data).to_owned(),
        recipients: visitor.title(&purpose.recipients).to_owned(),
        legal: purpose.legal.clone(),
        id: given.map(|given| given.id.to_string()),
        state,
        receipt_href: receipt,
    }
}
