//! `GET` and `POST /{tenant}/issued/sign`: signing documents that wait to be issued, one or many with one confirmation. What is
//! going to be signed is shown first; each document says what came of it. With a key in a token at the desk, the page's script and
//! the agent beside it sign (`sign_token`); with any other key that is elsewhere one document is signed in two steps.

use axum::extract::RawForm;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_access::Principal;
use dinh_casework::{Issued, Signer};
use dinh_model::EntityId;
use dinh_signatory::{Done, Error, Signatory};
use dinh_signing::{Key, Place};
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use serde::Serialize;
use url::form_urlencoded;

use super::parts::{self, Sign, say};
use super::sign_token::{self, Token};
use super::{asks, issued, issues, only, present, said};
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::signatures::{self, Waits};
use crate::pages::view;
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

/// Most documents of one confirmation on a page. Programs may name more.
const MOST: usize = 50;
/// Longest body: identifiers of documents, and signatures from elsewhere.
const LONGEST: usize = 128 << 10;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    wrong: Option<String>,
    rows: Vec<Row>,
    keys: Vec<Choice>,
    /// Whether one of the keys is a seal, after which documents may be issued.
    seals: bool,
    issue: bool,
    steps_up: bool,
    step_up_href: String,
    waiting: Option<Waits>,
    token: Option<Token>,
    results: Vec<ResultRow>,
    back_href: String,
    action_href: String,
}

/// A document that is going to be signed.
#[derive(Serialize)]
struct Row {
    id: String,
    serial: String,
    title: String,
    href: String,
    by: String,
    state: Sign,
}

#[derive(Serialize)]
struct Choice {
    id: String,
    title: String,
    chosen: bool,
}

/// What came of a document.
#[derive(Serialize)]
struct ResultRow {
    serial: String,
    href: String,
    state: Sign,
    told: String,
}

/// What somebody wants.
#[derive(Default)]
pub(super) struct Wish {
    pub(super) ids: Vec<EntityId>,
    pub(super) key: String,
    pub(super) issue: bool,
    /// Where the agent of a token listens.
    pub(super) port: u16,
}

impl Wish {
    fn of(pairs: &[(String, String)]) -> Self {
        let mut ids: Vec<EntityId> = Vec::new();
        for (_, value) in pairs.iter().filter(|(name, _)| name == "id") {
            if let Ok(id) = EntityId::parse(value)
                && !ids.contains(&id)
            {
                ids.push(id);
            }
        }
        Self {
            ids,
            key: asks::value(pairs, "key").unwrap_or_default().to_owned(),
            issue: asks::value(pairs, "issue") == Some("1"),
            port: sign_token::port(asks::value(pairs, "port")),
        }
    }
}

/// What is going to be signed.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, issues(&visitor))?;
    let query = visitor.uri.query().unwrap_or_default().as_bytes();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query).into_owned().collect();
    show(&visitor, &Wish::of(&pairs), None, None, Vec::new()).await
}

/// Signs, or finishes what waits.
pub(super) async fn act(visitor: Visitor, RawForm(body): RawForm) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, issues(&visitor))?;
    if body.len() > LONGEST {
        return Err(Fault::bad_request(visitor.taste, format!("the form has more than {LONGEST} bytes")));
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let wish = Wish::of(&pairs);
    let lang = visitor.lang();
    if wish.ids.is_empty() || wish.ids.len() > MOST {
        let wrong = lang.say_with("signing-choose", &args([("most", f64::from(50_u8))]));
        return show(&visitor, &Wish::default(), Some(wrong), None, Vec::new()).await;
    }
    if asks::value(&pairs, "token") == Some("1") {
        return match sign_token::finish(&visitor, &wish, &pairs).await {
            Ok(done) => show(&visitor, &wish, None, None, done).await,
            Err(error) => show(&visitor, &wish, Some(words(&visitor, &error)), None, Vec::new()).await,
        };
    }
    if let Some(waiting) = asks::value(&pairs, "waiting") {
        return finish(&visitor, &wish, waiting, asks::value(&pairs, "signature").unwrap_or_default()).await;
    }
    let keys = visitor.app.signing.own_keys(&visitor.session).await;
    let keys = keys.map_err(|error| Fault::broken(visitor.taste, &error))?;
    let Some(key) = keys.into_iter().find(|key| key.id == wish.key) else {
        return show(&visitor, &wish, Some(lang.say("signatures-no-key")), None, Vec::new()).await;
    };
    if key.place == Place::Elsewhere {
        return begin(&visitor, &wish, &key).await;
    }
    let issue = wish.issue && Signatory::as_what(&key) == Signer::Seal;
    let within = crate::settings::most_of(visitor.app.settings.timeout);
    let what = (&wish.ids[..], issue);
    match visitor.app.signatory.sign_within(&visitor.session, &key.id, what, within).await {
        Ok(done) => show(&visitor, &wish, None, None, done).await,
        Err(error) => show(&visitor, &wish, Some(words(&visitor, &error)), None, Vec::new()).await,
    }
}

async fn begin(visitor: &Visitor, wish: &Wish, key: &Key) -> Result<Response, Fault> {
    let [id] = &wish.ids[..] else {
        let wrong = visitor.lang().say("signing-elsewhere-one");
        return show(visitor, wish, Some(wrong), None, Vec::new()).await;
    };
    match visitor.app.signatory.begin(&visitor.session, &key.id, id).await {
        Ok(begun) => {
            let waits = signatures::waits(visitor, begun, String::new());
            show(visitor, wish, None, Some(waits), Vec::new()).await
        }
        Err(error) => show(visitor, wish, Some(words(visitor, &error)), None, Vec::new()).await,
    }
}

async fn finish(visitor: &Visitor, wish: &Wish, waiting: &str, text: &str) -> Result<Response, Fault> {
    let text: String = text.split_whitespace().collect();
    let signature = STANDARD.decode(&text).ok().filter(|bytes| !bytes.is_empty());
    let (Some(signature), [id]) = (signature, &wish.ids[..]) else {
        let wrong = visitor.lang().say("signatures-not-base64");
        return show(visitor, wish, Some(wrong), None, Vec::new()).await;
    };
    let signed = visitor.app.signatory.finish(&visitor.session, (id, waiting), signature).await;
    match signed {
        Ok(digest) => {
            let done = Done { id: id.clone(), signed: Ok(digest), issued: None };
            show(visitor, wish, None, None, vec![done]).await
        }
        Err(error) => show(visitor, wish, Some(words(visitor, &error)), None, Vec::new()).await,
    }
}

async fn show(
    visitor: &Visitor,
    wish: &Wish,
    wrong: Option<String>,
    waiting: Option<Waits>,
    done: Vec<Done>,
) -> Result<Response, Fault> {
    let (lang, casework) = (visitor.lang(), &visitor.app.casework);
    let (mut rows, mut results) = (Vec::new(), Vec::new());
    let mut keys: Vec<Key> = Vec::new();
    for id in wish.ids.iter().take(MOST) {
        let one = match casework.issued_for(&visitor.session, id).await {
            Ok(one) => one,
            Err(error) => return Err(said::fault(visitor, error)),
        };
        for key in fitting(visitor, &one).await? {
            if keys.iter().all(|known| known.id != key.id) {
                keys.push(key);
            }
        }
        if let Some(done) = done.iter().find(|done| done.id == *id) {
            results.push(result(visitor, &one, done));
        }
        rows.push(Row {
            id: one.id.to_string(),
            serial: one.serial.clone(),
            title: say(&one.title, lang),
            href: issued::href(visitor, &one.id),
            by: parts::unit(visitor, one.issued_by.as_str()).await,
            state: so_far(&one, lang),
        });
    }
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let choice = |key: &Key| Choice {
        id: key.id.clone(),
        title: format!("{} – {}", key.title, as_what(Signatory::as_what(key), lang)),
        chosen: key.id == wish.key,
    };
    let token = sign_token::room(visitor, wish, &keys);
    let policy = token.as_ref().and_then(Token::policy);
    let values = Values {
        token,
        page: frame(visitor, lang.say("signing-title"), Here::Work, ""),
        wrong,
        seals: keys
            .iter()
            .any(|key| Signatory::as_what(key) == Signer::Seal && key.place != Place::Elsewhere),
        keys: keys.iter().map(choice).collect(),
        issue: wish.issue,
        steps_up: !stepped_up(visitor),
        step_up_href: step_up_href(visitor, &wish.ids),
        waiting,
        rows,
        results,
        back_href: visitor.href("issued?standing=numbered"),
        action_href: visitor.href("issued/sign"),
    };
    let mut response = private(rendered(visitor, "issued_sign.html", values)?.into_response());
    *response.status_mut() = status;
    if let Some(policy) = policy {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// The keys with which somebody may sign a document as it stands.
pub(super) async fn fitting(visitor: &Visitor, one: &Issued) -> Result<Vec<Key>, Fault> {
    let keys = visitor.app.signatory.keys_for(&visitor.session, one).await;
    keys.map_err(|error| Fault::broken(visitor.taste, &error))
}

fn stepped_up(visitor: &Visitor) -> bool {
    matches!(visitor.session.principal(), Principal::Account(account) if account.stepped_up)
}

/// Where the second factor is shown, and back to these documents.
fn step_up_href(visitor: &Visitor, ids: &[EntityId]) -> String {
    let mut here = visitor.href("issued/sign");
    for (at, id) in ids.iter().take(MOST).enumerate() {
        here = format!("{here}{}id={}", if at == 0 { '?' } else { '&' }, encode(id.as_str()));
    }
    format!("{}?next={}#step-up", visitor.href("account"), encode(&here))
}

fn result(visitor: &Visitor, one: &Issued, done: &Done) -> ResultRow {
    let lang = visitor.lang();
    let (tone, word, told) = match (&done.signed, &done.issued) {
        (_, Some(Ok(()))) => ("ok", lang.say("signing-issued"), lang.say("signing-issued-told")),
        (Ok(_), Some(Err(error))) => ("warn", lang.say("signing-signed"), words(visitor, error)),
        (Ok(_), None) => ("ok", lang.say("signing-signed"), lang.say("signing-signed-told")),
        (Err(_), Some(Err(error))) | (Err(error), None) => {
            ("danger", lang.say("signing-not-signed"), words(visitor, error))
        }
    };
    let state = Sign { tone, icon: tone, word };
    ResultRow { serial: one.serial.clone(), href: issued::href(visitor, &one.id), state, told }
}

/// How far a document is with its signatures.
pub(super) fn so_far(one: &Issued, lang: Lang) -> Sign {
    if one.by_hand.is_some() {
        return Sign { tone: "ok", icon: "ok", word: lang.say("signing-is-by-hand") };
    }
    let complete = !one.demands.is_empty() && one.lacks().is_none();
    let (tone, icon, word) = match (one.has(Signer::Person), one.has(Signer::Seal)) {
        (_, true) => ("ok", "ok", lang.say("signing-is-sealed")),
        (true, false) if complete => ("ok", "ok", lang.say("signing-is-complete")),
        (true, false) => ("watch", "clock", lang.say("signing-is-signed")),
        (false, false) if one.demands.is_empty() => ("warn", "warn", lang.say("signing-is-unsigned")),
        (false, false) => ("warn", "warn", lang.say("signing-waits-for-person")),
    };
    Sign { tone, icon, word }
}

pub(super) fn as_what(signer: Signer, lang: Lang) -> String {
    match signer {
        Signer::Person => lang.say("admin-signing-personal"),
        Signer::Seal => lang.say("admin-signing-seal"),
    }
}

/// Why a document was not signed, in words.
fn words(visitor: &Visitor, error: &Error) -> String {
    use dinh_signing::signatures::Verdict;
    let lang = visitor.lang();
    match error {
        Error::Casework(error) => said::words(error, None, lang),
        Error::Signing(error) => signatures::said(visitor, error),
        Error::NotBelieved(Verdict::Revoked) => lang.say("signing-would-be-revoked"),
        Error::NotBelieved(Verdict::Expired) => lang.say("signing-would-be-expired"),
        Error::NotBelieved(Verdict::NotTrusted) => lang.say("signing-would-not-be-trusted"),
        Error::NotBelieved(_) => lang.say("signing-would-be-altered"),
        Error::Late => lang.say("signing-late"),
        Error::NotSeal => lang.say("signing-not-seal"),
        Error::Unsigned => lang.say("signing-token-none"),
        Error::TooMany { .. } => lang.say_with("signing-choose", &args([("most", f64::from(50_u8))])),
    }
}

/// What is known of the signatures of a document, for its page and for whoever checks it.
pub(super) async fn of_document(
    visitor: &Visitor,
    document: Option<(&EntityId, &str)>,
) -> Vec<signatures::Signed> {
    let Some((id, digest)) = document else { return Vec::new() };
    let status = visitor.app.signatory.status(visitor.session.tenant(), (id, digest)).await;
    match status {
        Ok(Some(report)) => signatures::each(&report, visitor.lang()),
        Ok(None) => Vec::new(),
        Err(error) => {
            tracing::error!(%error, document = %id, "the signatures of a document could not be looked at");
            Vec::new()
        }
    }
}
