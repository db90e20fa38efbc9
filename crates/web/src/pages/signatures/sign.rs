//! `GET` and `POST /{tenant}/signatures/sign`: signing a document with a key that one holds. With a key that is here, the
//! signed document comes back; with one that is elsewhere, the bytes to sign are shown, and the signature is awaited.
//! Documents are not kept.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_context::File;
use dinh_signing::{Begun, Error, Key, Place, Wanted};
use http::StatusCode;
use serde::Serialize;

use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::form::{Posted, PostedFile};
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// Longest signature that is sent, in letters of base64.
const LONGEST: usize = 4_096;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    keys: Vec<Choice>,
    reason: String,
    place: String,
    wrong: Option<String>,
    waiting: Option<Waits>,
    check_href: String,
    steps_up: bool,
    step_up_href: String,
}

#[derive(Serialize)]
struct Choice {
    id: String,
    title: String,
    chosen: bool,
}

/// A document that waits for its signature.
#[derive(Serialize)]
pub(in crate::pages) struct Waits {
    id: String,
    file: String,
    digest: String,
    to_sign: String,
    algorithm: &'static str,
    certificate: String,
    until: String,
}

/// The form.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    match leave(&visitor) {
        Some(elsewhere) => Ok(elsewhere),
        None => show(&visitor, &[], None, None).await,
    }
}

/// Whoever is not signed in is led there and back.
fn leave(visitor: &Visitor) -> Option<Response> {
    if visitor.guest.present.is_some() {
        return None;
    }
    let here = visitor.uri.path_and_query().map_or("/", |path| path.as_str());
    let to = format!("{}?next={}", visitor.href("sign-in"), encode(here));
    Some(private(Redirect::to(&to).into_response()))
}

/// Signs, or finishes what waits.
pub(super) async fn act(visitor: Visitor, request: Request) -> Result<Response, Fault> {
    if let Some(elsewhere) = leave(&visitor) {
        return Ok(elsewhere);
    }
    let posted = Posted::read(request).await;
    let mut posted = posted.map_err(|unreadable| Fault::bad_request(visitor.taste, unreadable.0))?;
    if let Some(id) = value(&posted.pairs, "waiting").map(str::to_owned) {
        return finish(&visitor, &id, &posted.pairs).await;
    }
    let file = posted.files.pop().filter(|file| !file.content.is_empty());
    let Some(file) = file else {
        let wrong = visitor.lang().say("signatures-no-file");
        return show(&visitor, &posted.pairs, Some(wrong), None).await;
    };
    begin(&visitor, file, &posted.pairs).await
}

async fn begin(visitor: &Visitor, file: PostedFile, pairs: &[(String, String)]) -> Result<Response, Fault> {
    let signing = &visitor.app.signing;
    let keys =
        signing.own_keys(&visitor.session).await.map_err(|error| Fault::broken(visitor.taste, &error))?;
    let wanted_key = value(pairs, "key").unwrap_or_default();
    let Some(key) = keys.into_iter().find(|key| key.id == wanted_key) else {
        return show(visitor, pairs, Some(visitor.lang().say("signatures-no-key")), None).await;
    };
    let some = |name: &str| value(pairs, name).filter(|text| !text.is_empty()).map(str::to_owned);
    let name = file.fact.name;
    let wanted = Wanted {
        pdf: file.content,
        field: format!("{} {}", key.title, look::date_time(visitor.now, visitor.lang())),
        reason: some("reason"),
        place: some("place"),
        unit: None,
        seen: None,
    };
    if key.place == Place::Elsewhere {
        return match signing.begin(&visitor.session, &key.id, wanted).await {
            Ok(begun) => show(visitor, pairs, None, Some(waits(visitor, begun, name))).await,
            Err(error) => show(visitor, pairs, Some(said(visitor, &error)), None).await,
        };
    }
    let signed = signing.sign(&visitor.session, &key.id, vec![wanted]).await;
    match signed.and_then(|mut all| all.pop().unwrap_or(Err(Error::CutShort))) {
        Ok(pdf) => Ok(download(pdf, &name)),
        Err(error) => show(visitor, pairs, Some(said(visitor, &error)), None).await,
    }
}

async fn finish(visitor: &Visitor, id: &str, pairs: &[(String, String)]) -> Result<Response, Fault> {
    let text: String = value(pairs, "signature").unwrap_or_default().split_whitespace().collect();
    let signature = if text.len() <= LONGEST { STANDARD.decode(&text).ok() } else { None };
    let Some(signature) = signature.filter(|bytes| !bytes.is_empty()) else {
        let wrong = visitor.lang().say("signatures-not-base64");
        return show(visitor, pairs, Some(wrong), None).await;
    };
    match visitor.app.signing.finish(&visitor.session, id, signature).await {
        Ok(pdf) => Ok(download(pdf, value(pairs, "file").unwrap_or_default())),
        Err(error) => show(visitor, pairs, Some(said(visitor, &error)), None).await,
    }
}

pub(in crate::pages) fn waits(visitor: &Visitor, begun: Begun, file: String) -> Waits {
    use dinh_signing::signatures::Algorithm;
    Waits {
        id: begun.id,
        file,
        digest: look::hex(&begun.digest),
        to_sign: STANDARD.encode(&begun.to_sign),
        algorithm: match begun.algorithm {
            Algorithm::RsaSha256 => "RSA PKCS #1 v1.5, SHA-256",
            Algorithm::RsaPssSha256 => "RSA-PSS, SHA-256",
            Algorithm::EcdsaP256 => "ECDSA P-256, SHA-256",
            Algorithm::EcdsaP384 => "ECDSA P-384, SHA-384",
        },
        certificate: begun.certificate.name().unwrap_or_else(|| begun.certificate.subject()),
        until: look::date_time(begun.ends.into(), visitor.lang()),
    }
}

/// The signed document, under its name with a word added.
fn download(pdf: Vec<u8>, name: &str) -> Response {
    let stem = name.strip_suffix(".pdf").unwrap_or(name);
    let name = format!("{}.signed.pdf", stem.chars().take(120).collect::<String>());
    let media_type = "application/pdf".to_owned();
    crate::pages::saved(File { name, media_type, sha256: String::new(), content: pdf })
}

/// Why something was not signed.
pub(in crate::pages) fn said(visitor: &Visitor, error: &Error) -> String {
    let lang = visitor.lang();
    match error {
        Error::StepUp => lang.say("signatures-step-up"),
        Error::NoKey => lang.say("signatures-no-key"),
        Error::NoCertificate => lang.say("signatures-key-waits"),
        Error::Withdrawn => lang.say("signatures-key-withdrawn"),
        Error::OtherUnit => lang.say("signatures-other-unit"),
        Error::NothingWaits => lang.say("signatures-nothing-waits"),
        Error::NotNow { from, until } => {
            let days = [("from", *from), ("until", *until)];
            let days = args(days.map(|(name, at)| (name, look::date(at.into(), lang))));
            lang.say_with("signatures-key-not-now", &days)
        }
        Error::Away(_) | Error::Stamp(_) => lang.say("signatures-stamp-away"),
        Error::Sign(dinh_signing::signatures::SignFault::OtherKey) => lang.say("signatures-by-other-key"),
        Error::Sign(dinh_signing::signatures::SignFault::Closed) => lang.say("signatures-closed"),
        Error::Sign(dinh_signing::signatures::SignFault::Pdf(fault)) => super::told::unread(fault, lang),
        Error::Sign(dinh_signing::signatures::SignFault::Words { .. }) => lang.say("signatures-words"),
        other => {
            tracing::warn!(reason = %other, "a document was not signed");
            lang.say("signatures-not-done")
        }
    }
}

async fn show(
    visitor: &Visitor,
    pairs: &[(String, String)],
    wrong: Option<String>,
    waiting: Option<Waits>,
) -> Result<Response, Fault> {
    let keys = visitor.app.signing.own_keys(&visitor.session).await;
    let keys = keys.map_err(|error| Fault::broken(visitor.taste, &error))?;
    let chosen = value(pairs, "key").unwrap_or_default();
    let choice = |key: Key| Choice { chosen: key.id == chosen, id: key.id, title: key.title };
    let text = |name: &str| value(pairs, name).unwrap_or_default().chars().take(200).collect();
    let here = encode(&visitor.href("signatures/sign"));
    let steps_up = matches!(visitor.session.principal(),
        dinh_access::Principal::Account(account) if !account.stepped_up);
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let values = Values {
        page: frame(visitor, visitor.lang().say("signatures-sign"), Here::Elsewhere, ""),
        keys: keys.into_iter().filter(|key| !key.chain.is_empty()).map(choice).collect(),
        reason: text("reason"),
        place: text("place"),
        wrong,
        waiting,
        check_href: visitor.href("signatures"),
        steps_up,
        step_up_href: format!("{}?next={here}#step-up", visitor.href("account")),
    };
    let mut response = private(rendered(visitor, "signatures_sign.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

fn value<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim())
}
