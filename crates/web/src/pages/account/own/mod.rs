//! `GET` and `POST /{tenant}/account`: who one is here, how one signs in, sessions, what is kept.

mod by_card;
mod factors;
mod show;
mod wish;

use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_identity::{Error, Present, SignedIn};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::enter::Next;
use super::{private, said};
use crate::pages::fault::Fault;
use crate::pages::settings::is_own_path;
use crate::pages::view::Outcome;
use crate::pages::visitor::{Visitor, encode};
use crate::router::end_session;
use show::show;
use wish::Wish;

/// Tells the browser to forget what it has kept of this site (W3C Clear Site Data), which it does where it came by HTTPS.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
/// Pages and what scripts have stored; the cookies of language and appearance stay, the session's is taken back.
const CLEARED: &str = "\"cache\", \"storage\"";

/// What came of a wish, for the page.
#[derive(Default)]
struct Came {
    outcome: Option<Outcome>,
    /// A one-time code program that is being set up.
    offer: Option<dinh_identity::TotpOffer>,
    /// Recovery codes, said this once.
    recovery: Vec<String>,
    signed_in: Option<SignedIn>,
    /// True if it failed for want of a factor shown lately.
    asks_again: bool,
    /// Where to go on.
    next: String,
}

/// The page.
pub(in crate::pages) async fn account(visitor: Visitor, Query(next): Query<Next>) -> Result<Response, Fault> {
    match visitor.guest.present.clone() {
        Some(present) => {
            let next = own_place(next.next.as_deref());
            let came = Came { next, ..Came::default() };
            show(&visitor, &present, came, StatusCode::OK).await
        }
        None => Ok(to_sign_in(&visitor)),
    }
}

/// Does one thing, and shows the page again.
pub(in crate::pages) async fn change(
    visitor: Visitor,
    Query(next): Query<Next>,
    headers: HeaderMap,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    let Some(present) = visitor.guest.present.clone() else { return Ok(to_sign_in(&visitor)) };
    let (identity, from) = (&visitor.app.identity, &visitor.guest.from);
    let next = own_place(next.next.as_deref());
    let came = match wish.what() {
        "sign-out" => {
            let ended = identity.sign_out(&present, from).await;
            return Ok(signed_out(&visitor, ended.err()));
        }
        "close" => match wish::close(&visitor, &present, &wish).await {
            Ok(()) => return Ok(signed_out(&visitor, None)),
            Err(error) => Err(error),
        },
        "export" => match identity.export(&present, from).await {
            Ok(kept) => return Ok(download(&kept)),
            Err(error) => Err(error),
        },
        "card-ask" => return by_card::ask(&visitor, &present, (&headers, wish.password()), next).await,
        "card-step-up" => return by_card::finish(&visitor, &present, wish.state(), next).await,
        _ => wish.grant(&visitor, &present).await,
    };
    match came {
        Ok(Came { signed_in: Some(signed_in), .. }) if wish.steps_up() && !next.is_empty() => {
            Ok(super::go_on(&visitor, &signed_in, &next))
        }
        Ok(came) => show(&visitor, &present, Came { next, ..came }, StatusCode::OK).await,
        Err(error) => show_refused(&visitor, &present, &error, next).await,
    }
}

/// The page, with why something was not done.
pub(super) async fn refused(visitor: &Visitor, present: &Present, error: &Error) -> Result<Response, Fault> {
    show_refused(visitor, present, error, String::new()).await
}

async fn show_refused(
    visitor: &Visitor,
    present: &Present,
    error: &Error,
    next: String,
) -> Result<Response, Fault> {
    let asks_again = matches!(error, Error::StepUp { .. } | Error::Confirm { .. });
    let outcome = Some(said::told(error, visitor.lang()));
    let came = Came { outcome, asks_again, next, ..Came::default() };
    show(visitor, present, came, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// A page of this house, or nothing.
fn own_place(next: Option<&str>) -> String {
    next.filter(|next| is_own_path(next)).unwrap_or_default().to_owned()
}

pub(super) fn to_sign_in(visitor: &Visitor) -> Response {
    let next = encode(visitor.uri.path_and_query().map_or("/", |place| place.as_str()));
    private(Redirect::to(&format!("{}?next={next}", visitor.href("sign-in"))).into_response())
}

fn signed_out(visitor: &Visitor, error: Option<Error>) -> Response {
    if let Some(error) = error {
        tracing::error!(%error, "a session could not be ended");
    }
    let mut response = Redirect::to(&visitor.href("")).into_response();
    response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static(CLEARED));
    response.headers_mut().insert(SET_COOKIE, end_session(visitor.app.settings.for_https()));
    private(response)
}

/// What is kept, as a file to take along.
fn download(kept: &serde_json::Value) -> Response {
    let mut response = private(format!("{kept:#}").into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"dinh-tai-khoan.json\""),
    );
    response
}
