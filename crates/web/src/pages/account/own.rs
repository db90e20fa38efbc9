//! `GET` and `POST /{tenant}/account`: who one is here, second factor, password, sessions.

use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_identity::{Error, Means, Present, SessionRecord, SignedIn};
use http::StatusCode;
use http::header::SET_COOKIE;
use serde::{Deserialize, Serialize};

use super::enter::Next;
use super::{go_on, private, said, with_session};
use crate::look;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::settings::is_own_path;
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::router::end_session;
use crate::words::Lang;

/// What somebody wants to change.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wish {
    r#do: String,
    session: String,
    password: String,
    new: String,
    code: String,
    ticket: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    name: String,
    addresses: Vec<String>,
    roles: Vec<String>,
    stepped_up: bool,
    has_code: bool,
    sessions: Vec<Session>,
    /// A one-time code program that is being set up.
    offer: Option<Offer>,
    /// Recovery codes, said this once.
    recovery: Vec<String>,
    /// Where the visitor was on the way to, when it asked for a second factor.
    next: Option<String>,
}

#[derive(Serialize)]
struct Session {
    id: String,
    agent: String,
    address: String,
    signed_in: String,
    seen: String,
    means: String,
    current: bool,
}

#[derive(Serialize)]
struct Offer {
    uri: String,
    secret: String,
    ticket: String,
}

/// What came of a wish, for the page.
#[derive(Default)]
struct Came {
    outcome: Option<Outcome>,
    offer: Option<Offer>,
    recovery: Vec<String>,
    signed_in: Option<SignedIn>,
    next: Option<String>,
}

/// The page.
pub(in crate::pages) async fn account(visitor: Visitor, Query(next): Query<Next>) -> Result<Response, Fault> {
    match visitor.guest.present.clone() {
        Some(present) => {
            let came = Came { next: on_the_way(next), ..Came::default() };
            show(&visitor, &present, came, StatusCode::OK).await
        }
        None => Ok(to_sign_in(&visitor)),
    }
}

/// Does one thing, and shows the page again.
pub(in crate::pages) async fn change(
    visitor: Visitor,
    Query(next): Query<Next>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    let Some(present) = visitor.guest.present.clone() else { return Ok(to_sign_in(&visitor)) };
    if wish.r#do == "sign-out" {
        let ended = visitor.app.identity.sign_out(&present, &visitor.guest.from).await;
        return Ok(signed_out(&visitor, ended.err()));
    }
    let next = on_the_way(next);
    match wish_for(&visitor, &present, &wish).await {
        Ok(Came { signed_in: Some(signed_in), .. }) if wish.r#do == "step-up" && next.is_some() => {
            Ok(go_on(&visitor, &signed_in, next.as_deref().unwrap_or_default()))
        }
        Ok(came) => show(&visitor, &present, Came { next, ..came }, StatusCode::OK).await,
        Err(error) => {
            let outcome = Some(said::told(&error, visitor.lang()));
            let came = Came { outcome, next, ..Came::default() };
            show(&visitor, &present, came, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn wish_for(visitor: &Visitor, present: &Present, wish: &Wish) -> Result<Came, Error> {
    let (identity, from) = (&visitor.app.identity, &visitor.guest.from);
    let lang = visitor.lang();
    let done = |text: String| Came { outcome: Some(Outcome { tone: "ok", text }), ..Came::default() };
    match wish.r#do.as_str() {
        "end-session" => {
            identity.session_end(present, &wish.session, from).await?;
            Ok(done(lang.say("account-session-ended")))
        }
        "end-others" => {
            identity.sessions_end_others(present, from).await?;
            Ok(done(lang.say("account-others-ended")))
        }
        "password" => {
            let signed_in = identity.password_change(present, &wish.password, &wish.new, from).await?;
            Ok(Came { signed_in: Some(signed_in), ..done(lang.say("account-password-set")) })
        }
        "step-up" => {
            let code = Some(wish.code.trim()).filter(|code| !code.is_empty());
            let signed_in = identity.step_up(present, &wish.password, code, from).await?;
            Ok(Came { signed_in: Some(signed_in), ..done(lang.say("account-stepped-up")) })
        }
        "code-offer" => {
            let offer = identity.totp_offer(present).await?;
            let offer = Offer { uri: offer.uri, secret: offer.secret, ticket: offer.ticket };
            Ok(Came { offer: Some(offer), ..Came::default() })
        }
        "code-confirm" => {
            let enrolled = identity.totp_confirm(present, &wish.ticket, &wish.code, from).await?;
            let (recovery, signed_in) = (enrolled.recovery_codes, Some(enrolled.signed_in));
            Ok(Came { recovery, signed_in, ..done(lang.say("account-code-set")) })
        }
        _ => Err(Error::NoSuch("wish")),
    }
}

async fn show(
    visitor: &Visitor,
    present: &Present,
    came: Came,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    // After a change of token the one at hand is good no more; what it was allowed to see is seen with the new one.
    let token = came.signed_in.as_ref().map(|signed_in| signed_in.token.as_str());
    let identity = &visitor.app.identity;
    let renewed = match token {
        Some(token) => identity.session(token, &visitor.province.tenant).await.ok().flatten(),
        None => None,
    };
    let present = renewed.as_ref().unwrap_or(present);
    let record = present.account();
    let sessions = identity.sessions(present).await.unwrap_or_default();
    let values = Values {
        page: frame(visitor, lang.say("my-account"), Here::Account, ""),
        outcome: came.outcome,
        name: record.name.clone(),
        addresses: record.email.iter().chain(&record.phone).map(|a| a.text.as_str().to_owned()).collect(),
        roles: roles(visitor, present),
        stepped_up: present.stepped_up(),
        has_code: identity.has_code(present).await.unwrap_or(false),
        sessions: sessions.iter().rev().map(|one| session(one, present, lang)).collect(),
        offer: came.offer,
        recovery: came.recovery,
        next: came.next,
    };
    let mut response = private(page(visitor, "account.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(match &came.signed_in {
        Some(signed_in) => with_session(visitor, signed_in, response),
        None => response,
    })
}

fn session(record: &SessionRecord, present: &Present, lang: Lang) -> Session {
    let means = match record.means {
        Means::Password => lang.say("means-password"),
        Means::Totp | Means::RecoveryCode => lang.say("means-code"),
        Means::Passkey => lang.say("means-passkey"),
        Means::Provider => lang.say("means-provider"),
        Means::RecoveryLink | Means::SetUpCode => lang.say("means-link"),
    };
    Session {
        id: record.id.clone(),
        agent: record.from.agent.clone(),
        address: record.from.address.map(|address| address.to_string()).unwrap_or_default(),
        signed_in: look::date_time(record.signed_in, lang),
        seen: look::date_time(record.seen, lang),
        means,
        current: record.id == present.session().id,
    }
}

/// The roles that somebody has here, as people call them.
fn roles(visitor: &Visitor, present: &Present) -> Vec<String> {
    let dinh_access::Principal::Account(account) = present.principal() else { return Vec::new() };
    let english = visitor.lang() == Lang::En;
    let titles = visitor.app.identity.role_titles();
    let title = |code: &str| titles.get(code).map(|both| both.in_language(if english { "en" } else { "vi" }));
    account.roles.iter().map(|code| title(code).unwrap_or(code).to_owned()).collect()
}

/// Where the visitor was on the way to: a page of this house.
fn on_the_way(next: Next) -> Option<String> {
    next.next.filter(|next| is_own_path(next))
}

fn to_sign_in(visitor: &Visitor) -> Response {
    let next = encode(&visitor.href("account"));
    private(Redirect::to(&format!("{}?next={next}", visitor.href("sign-in"))).into_response())
}

fn signed_out(visitor: &Visitor, error: Option<Error>) -> Response {
    if let Some(error) = error {
        tracing::error!(%error, "a session could not be ended");
    }
    let mut response = Redirect::to(&visitor.href("")).into_response();
    response.headers_mut().insert(SET_COOKIE, end_session(visitor.app.settings.secure));
    private(response)
}
