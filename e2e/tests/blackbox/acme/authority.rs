//! A certificate authority that speaks ACME (RFC 8555) as far as one order needs it, and believes nothing: signatures of
//! requests are verified, nonces are good once, the proof of a name is fetched by openssl from the server under test,
//! and certificates are issued by openssl.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result, ensure};
use axum::extract::{Path as Place, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, head, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dinh_e2e::{PATIENCE, until};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};

const TOKEN: &str = "a-token-of-the-authority";

pub(crate) struct Authority {
    pub(crate) url: String,
    folder: PathBuf,
    state: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    nonces: HashSet<String>,
    made: u32,
    /// The key of the one account.
    key: Option<Value>,
    /// Where the name leads to: the port of the server under test.
    port: u16,
    proved: bool,
    certificate: Option<String>,
}

type Shared = State<Arc<Authority>>;

impl Authority {
    /// Starts it, with a key of its own in `folder`.
    pub(crate) async fn start(folder: &Path) -> Result<Arc<Self>> {
        let name = ["-subj", "/CN=Test authority", "-days", "30"];
        let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        openssl(folder, new.iter().chain(&["-keyout", "ca.key", "-out", "ca.pem"]).chain(&name), b"")?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let state = Mutex::default();
        let authority = Arc::new(Self { url, folder: folder.to_owned(), state });
        let routes = Router::new()
            .route("/directory", get(directory))
            .route("/nonce", head(nonce).get(nonce))
            .route("/account", post(account))
            .route("/order", post(order))
            .route("/order/1", post(order_state))
            .route("/authorization/1", post(authorization))
            .route("/challenge/1", post(challenge))
            .route("/finalize/1", post(finalize))
            .route("/certificate/{number}", post(certificate))
            .with_state(Arc::clone(&authority));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(authority)
    }

    /// The name leads to this port from now on.
    pub(crate) fn leads_to(&self, port: u16) {
        self.lock().port = port;
    }

    pub(crate) fn root(&self) -> Result<Vec<u8>> {
        Ok(std::fs::read(self.folder.join("ca.pem"))?)
    }

    /// How many certificates were issued.
    pub(crate) fn has_issued(&self) -> bool {
        self.lock().certificate.is_some()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn fresh(&self) -> String {
        let mut state = self.lock();
        state.made += 1;
        let nonce = format!("nonce-{}", state.made);
        state.nonces.insert(nonce.clone());
        nonce
    }

    /// The payload of a request, if its signature, nonce and address are right.
    fn open(&self, path: &str, body: &Value) -> Result<Vec<u8>> {
        let part = |name: &str| body[name].as_str().context("is missing");
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text);
        let protected: Value = serde_json::from_slice(&bytes(part("protected")?)?)?;
        ensure!(protected["alg"] == "ES256", "{protected}");
        ensure!(protected["url"] == format!("{}{path}", self.url), "{protected}");
        let nonce = protected["nonce"].as_str().unwrap_or_default().to_owned();
        let mut state = self.lock();
        ensure!(state.nonces.remove(&nonce), "the nonce is not one of ours, or was used");
        let key = match (&protected["jwk"], &state.key) {
            (Value::Object(_), None) => protected["jwk"].clone(),
            (Value::Null, Some(key)) if protected["kid"] == format!("{}/account/1", self.url) => key.clone(),
            (Value::Object(_), Some(key)) if *key == protected["jwk"] => key.clone(),
            _ => anyhow::bail!("a key that is not known: {protected}"),
        };
        let coordinate = |name: &str| bytes(key[name].as_str().unwrap_or_default());
        let point = [vec![4], coordinate("x")?, coordinate("y")?].concat();
        let message = format!("{}.{}", part("protected")?, part("payload")?);
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(message.as_bytes(), &bytes(part("signature")?)?)
            .map_err(|_wrong| anyhow::anyhow!("the signature is wrong"))?;
        state.key = Some(key);
        Ok(bytes(part("payload")?)?)
    }

    fn answer(&self, status: StatusCode, location: Option<&str>, body: Value) -> Response {
        let mut response = (status, Json(body)).into_response();
        let mut set = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        };
        set("replay-nonce", self.fresh());
        if let Some(path) = location {
            set("location", format!("{}{path}", self.url));
        }
        response
    }

    fn refused(&self, error: &anyhow::Error) -> Response {
        let problem = json!({"type": "urn:ietf:params:acme:error:malformed", "detail": format!("{error:#}")});
        self.answer(StatusCode::BAD_REQUEST, None, problem)
    }

    /// Looks for the proof, as RFC 8737 says.
    fn look(&self) -> Result<()> {
        let (port, key) = {
            let state = self.lock();
            (state.port, state.key.clone().context("there is an account")?)
        };
        let thumb = json!({"crv": key["crv"], "kty": key["kty"], "x": key["x"], "y": key["y"]}).to_string();
        let authorization = format!("{TOKEN}.{}", URL_SAFE_NO_PAD.encode(digest(&SHA256, thumb.as_bytes())));
        let to = format!("127.0.0.1:{port}");
        let shown = openssl(
            &self.folder,
            ["s_client", "-connect", &to, "-servername", "localhost", "-alpn", "acme-tls/1"].iter(),
            b"",
        )?;
        let shown = openssl(&self.folder, ["x509", "-outform", "DER"].iter(), &shown)?;
        // The extension pe-acmeIdentifier, critical, with the digest as an octet string.
        let mut sought = vec![6, 8, 0x2b, 6, 1, 5, 5, 7, 1, 31, 1, 1, 0xff, 4, 34, 4, 32];
        sought.extend(digest(&SHA256, authorization.as_bytes()).as_ref());
        ensure!(shown.windows(sought.len()).any(|part| part == sought), "another proof");
        Ok(())
    }

    fn issue(&self, request: &[u8]) -> Result<String> {
        std::fs::write(self.folder.join("request.der"), request)?;
        let seen = openssl(
            &self.folder,
            ["req", "-inform", "DER", "-in", "request.der", "-noout", "-verify", "-text"].iter(),
            b"",
        )?;
        ensure!(String::from_utf8_lossy(&seen).contains("DNS:localhost"), "the request names the host");
        let sign =
            ["x509", "-req", "-inform", "DER", "-in", "request.der", "-CA", "ca.pem", "-CAkey", "ca.key"];
        let how = ["-CAcreateserial", "-days", "90", "-copy_extensions", "copy"];
        let leaf = openssl(&self.folder, sign.iter().chain(&how), b"")?;
        Ok(format!("{}{}", String::from_utf8(leaf)?, String::from_utf8(self.root()?)?))
    }
}

/// Runs openssl and answers what it has written.
fn openssl<'a>(folder: &Path, arguments: impl Iterator<Item = &'a &'a str>, input: &[u8]) -> Result<Vec<u8>> {
    use std::io::Write as _;
    let arguments: Vec<&str> = arguments.copied().collect();
    let mut child = Command::new("openssl")
        .args(&arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("takes input")?.write_all(input)?;
    let done = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    // Who looks at a certificate and hangs up is not thanked: then what was seen says whether it went well.
    let looked = arguments.first() == Some(&"s_client") && !done.stdout.is_empty();
    ensure!(done.status.success() || looked, "openssl {arguments:?}: {said}");
    Ok(done.stdout)
}

async fn directory(State(it): Shared) -> Json<Value> {
    let at = |path: &str| format!("{}/{path}", it.url);
    Json(json!({"newNonce": at("nonce"), "newAccount": at("account"), "newOrder": at("order"),
        "revokeCert": at("revoke"), "keyChange": at("key")}))
}

async fn nonce(State(it): Shared) -> Response {
    it.answer(StatusCode::OK, None, json!({}))
}

async fn account(State(it): Shared, _: HeaderMap, Json(body): Json<Value>) -> Response {
    let agreed = it.open("/account", &body).and_then(|payload| {
        let asked: Value = serde_json::from_slice(&payload)?;
        ensure!(asked["termsOfServiceAgreed"] == true, "{asked}");
        Ok(())
    });
    match agreed {
        Ok(()) => it.answer(StatusCode::CREATED, Some("/account/1"), json!({"status": "valid"})),
        Err(error) => it.refused(&error),
    }
}

fn order_body(it: &Authority) -> Value {
    let state = it.lock();
    let status = match (&state.certificate, state.proved) {
        (Some(_), _) => "valid",
        (None, true) => "ready",
        (None, false) => "pending",
    };
    let mut body = json!({
        "status": status,
        "identifiers": [{"type": "dns", "value": "localhost"}],
        "authorizations": [format!("{}/authorization/1", it.url)],
        "finalize": format!("{}/finalize/1", it.url),
    });
    if state.certificate.is_some() {
        body["certificate"] = json!(format!("{}/certificate/1", it.url));
    }
    body
}

async fn order(State(it): Shared, Json(body): Json<Value>) -> Response {
    match it.open("/order", &body) {
        Ok(_) => it.answer(StatusCode::CREATED, Some("/order/1"), order_body(&it)),
        Err(error) => it.refused(&error),
    }
}

async fn order_state(State(it): Shared, Json(body): Json<Value>) -> Response {
    match it.open("/order/1", &body) {
        Ok(_) => it.answer(StatusCode::OK, Some("/order/1"), order_body(&it)),
        Err(error) => it.refused(&error),
    }
}

fn challenge_body(it: &Authority) -> Value {
    let status = if it.lock().proved { "valid" } else { "pending" };
    json!({"type": "tls-alpn-01", "url": format!("{}/challenge/1", it.url), "token": TOKEN, "status": status})
}

async fn authorization(State(it): Shared, Json(body): Json<Value>) -> Response {
    let status = if it.lock().proved { "valid" } else { "pending" };
    let found = json!({"identifier": {"type": "dns", "value": "localhost"}, "status": status,
        "challenges": [challenge_body(&it)]});
    match it.open("/authorization/1", &body) {
        Ok(_) => it.answer(StatusCode::OK, None, found),
        Err(error) => it.refused(&error),
    }
}

async fn challenge(State(it): Shared, Json(body): Json<Value>) -> Response {
    let opened = it.open("/challenge/1", &body);
    // The server asks as soon as it listens, and the test learns only then where that is.
    let known = || async { Ok((it.lock().port != 0).then_some(())) };
    drop(until("the name leads somewhere", PATIENCE, known).await);
    let looking = Arc::clone(&it);
    let looked = tokio::task::spawn_blocking(move || looking.look()).await;
    match opened.and_then(|_| looked?) {
        Ok(()) => {
            it.lock().proved = true;
            it.answer(StatusCode::OK, None, challenge_body(&it))
        }
        Err(error) => it.refused(&error),
    }
}

async fn finalize(State(it): Shared, Json(body): Json<Value>) -> Response {
    let issued = it.open("/finalize/1", &body).and_then(|payload| {
        ensure!(it.lock().proved, "nothing was proved");
        let asked: Value = serde_json::from_slice(&payload)?;
        it.issue(&URL_SAFE_NO_PAD.decode(asked["csr"].as_str().unwrap_or_default())?)
    });
    match issued {
        Ok(chain) => {
            it.lock().certificate = Some(chain);
            it.answer(StatusCode::OK, Some("/order/1"), order_body(&it))
        }
        Err(error) => it.refused(&error),
    }
}

async fn certificate(State(it): Shared, Place(_): Place<u32>, Json(body): Json<Value>) -> Response {
    match it.open("/certificate/1", &body) {
        Ok(_) => {
            let chain = it.lock().certificate.clone().unwrap_or_default();
            let nonce = it.fresh();
            ([("replay-nonce", nonce)], chain).into_response()
        }
        Err(error) => it.refused(&error),
    }
}
