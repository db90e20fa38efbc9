//! What the agent answers: who it is, which certificates the token holds, and signatures.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use dinh_signing::ModuleFault;
use dinh_tokens::{Held, Token};
use http::{HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::guard::{self, CODE, Guard, Refused};
use super::pairing::{Judged, Pairing};
use crate::outcome::remark;

/// Most documents of one request.
const MOST: usize = 100;
/// Longest body of a request, in bytes.
const LONGEST: usize = 64 << 10;
/// Most letters of a document's name that are told.
const TITLE: usize = 120;

/// The agent.
pub(super) struct Agent {
    guard: Guard,
    pairing: Pairing,
    token: Arc<Token>,
    name: String,
    /// One request after another: who reads along is not confused.
    signing: Mutex<()>,
}

impl Agent {
    pub(super) fn new(guard: Guard, pairing: Pairing, token: Token, name: &str) -> Self {
        Self { guard, pairing, token: Arc::new(token), name: name.to_owned(), signing: Mutex::default() }
    }
}

/// A certificate of the token.
#[derive(Serialize)]
struct Shown {
    certificate: String,
    name: String,
    issuer: String,
    until: String,
    algorithm: &'static str,
}

/// What is to be signed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    certificate: String,
    algorithm: String,
    documents: Vec<Document>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    title: String,
    digest: String,
}

/// A refusal: problem details with the rule by which it is refused.
struct Refusal(StatusCode, &'static str, String);

impl axum::response::IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, rule, detail) = self;
        let body = json!({"title": status.canonical_reason(), "status": status.as_u16(), "rule": rule, "detail": detail});
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        (status, [kind], body.to_string()).into_response()
    }
}

impl From<ModuleFault> for Refusal {
    fn from(fault: ModuleFault) -> Self {
        remark([format!("token: {fault}")]);
        Self(StatusCode::SERVICE_UNAVAILABLE, "token", fault.to_string())
    }
}

/// All that the agent answers.
pub(super) fn router(agent: Arc<Agent>) -> Router {
    let paired = Router::new()
        .route("/v1/certificates", get(certificates))
        .route("/v1/signatures", post(signatures))
        .layer(from_fn_with_state(Arc::clone(&agent), with_the_code));
    Router::new()
        .route("/v1/agent", get(who))
        .merge(paired)
        .layer(DefaultBodyLimit::max(LONGEST))
        .layer(from_fn_with_state(Arc::clone(&agent), from_the_site))
        .with_state(agent)
}

/// Only pages of the sites named are answered, and only they may read the answer.
async fn from_the_site(State(agent): State<Arc<Agent>>, request: Request, next: Next) -> Response {
    let origin = match agent.guard.judge(request.headers()) {
        Ok(origin) => origin,
        Err(Refused::Host) => {
            return Refusal(StatusCode::FORBIDDEN, "host", "this is not my name".to_owned()).into_response();
        }
        Err(Refused::Origin) => {
            return Refusal(StatusCode::FORBIDDEN, "origin", "this site was not named".to_owned())
                .into_response();
        }
    };
    let mut response = if request.method() == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        guard::allowed(request.headers(), response.headers_mut());
        response
    } else {
        next.run(request).await
    };
    guard::answered(response.headers_mut(), origin);
    response
}

/// Only who has the code.
async fn with_the_code(State(agent): State<Arc<Agent>>, request: Request, next: Next) -> Response {
    let typed = request.headers().get(CODE).and_then(|code| code.to_str().ok()).unwrap_or_default();
    match agent.pairing.judge(typed) {
        Judged::Right => return next.run(request).await,
        Judged::Wrong => {}
        Judged::Anew(code) => {
            remark([format!("Nhập sai nhiều lần; mã ghép mới · wrong too often; new pairing code: {code}")]);
        }
    }
    Refusal(StatusCode::UNAUTHORIZED, "code", "the pairing code is wrong".to_owned()).into_response()
}

async fn who(State(agent): State<Arc<Agent>>) -> Response {
    Json(json!({"agent": "dinh-token-agent", "version": env!("CARGO_PKG_VERSION"), "token": agent.name}))
        .into_response()
}

async fn certificates(State(agent): State<Arc<Agent>>) -> Result<Json<serde_json::Value>, Refusal> {
    let held = beside(move || agent.token.certificates().map_err(Refusal::from)).await?;
    let shown: Vec<Shown> = held.iter().map(shown).collect();
    Ok(Json(json!({ "certificates": shown })))
}

fn shown(held: &Held) -> Shown {
    let certificate = held.certificate();
    Shown {
        certificate: certificate.fingerprint(),
        name: certificate.name().unwrap_or_else(|| certificate.subject()),
        issuer: certificate.issuer(),
        until: certificate.until().to_string(),
        algorithm: held.algorithm().name(),
    }
}

async fn signatures(
    State(agent): State<Arc<Agent>>,
    wanted: Result<Json<Wanted>, axum::extract::rejection::JsonRejection>,
) -> Result<Json<serde_json::Value>, Refusal> {
    let Json(wanted) = wanted.map_err(|fault| Refusal(fault.status(), "body", fault.body_text()))?;
    if wanted.documents.is_empty() || wanted.documents.len() > MOST {
        let told = format!("documents: name 1 to {MOST} of them");
        return Err(Refusal(StatusCode::UNPROCESSABLE_ENTITY, "too-many", told));
    }
    let digests: Option<Vec<Vec<u8>>> = wanted.documents.iter().map(|one| unhex(&one.digest)).collect();
    let not_hex = || {
        let told = "digest: must be a hash in hexadecimal digits".to_owned();
        Refusal(StatusCode::UNPROCESSABLE_ENTITY, "digest", told)
    };
    let digests = digests.ok_or_else(not_hex)?;
    let signed = beside(move || sign(&agent, &wanted, &digests)).await?;
    Ok(Json(json!({ "signatures": signed })))
}

/// Signs all of them, and says so at the terminal.
fn sign(agent: &Agent, wanted: &Wanted, digests: &[Vec<u8>]) -> Result<Vec<String>, Refusal> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let _one = agent.signing.lock().unwrap_or_else(PoisonError::into_inner);
    let held = agent.token.certificates()?;
    let held = held.iter().find(|held| held.certificate().fingerprint() == wanted.certificate);
    let held = held.ok_or_else(|| {
        Refusal(StatusCode::NOT_FOUND, "certificate", "the token holds no such certificate".to_owned())
    })?;
    if held.algorithm().name() != wanted.algorithm {
        let told = format!("algorithm: this key signs by {}", held.algorithm().name());
        return Err(Refusal(StatusCode::CONFLICT, "algorithm", told));
    }
    let name = shown(held).name;
    remark([format!("Ký bằng · signing as {}: {} văn bản · documents", plain(&name), digests.len())]);
    let mut signed = Vec::with_capacity(digests.len());
    for (at, (document, digest)) in wanted.documents.iter().zip(digests).enumerate() {
        signed.push(STANDARD.encode(agent.token.sign_digest(held, digest)?));
        remark([format!(
            "  {}. {} ({}…)",
            at + 1,
            plain(&document.title),
            plain(&document.digest).chars().take(16).collect::<String>()
        )]);
    }
    Ok(signed)
}

/// A name as it may stand on a terminal: one line, without commands to the terminal.
fn plain(text: &str) -> String {
    let shown = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.chars().take(TITLE).map(shown).collect()
}

/// A SHA-256 or SHA-384 hash in hexadecimal digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    let bytes: Vec<u8> = pairs.iter().map(byte).collect::<Option<_>>()?;
    matches!(bytes.len(), 32 | 48).then_some(bytes)
}

/// Tokens take their time.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let broken = |_| Refusal(StatusCode::INTERNAL_SERVER_ERROR, "broken", "something broke".to_owned());
    tokio::task::spawn_blocking(work).await.map_err(broken)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_of_their_length_and_names_say_nothing_to_the_terminal() {
        assert_eq!(unhex(&"0aF".repeat(22)), None, "33 bytes");
        assert_eq!(unhex(&"0a".repeat(32)), Some(vec![10; 32]));
        assert_eq!(unhex(&"ff".repeat(48)), Some(vec![255; 48]));
        for wrong in ["", "0a", &"zz".repeat(32), &"é".repeat(32)] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
        assert_eq!(plain("\u{1b}[2J12/GPXD\n"), " [2J12/GPXD ");
    }
}
