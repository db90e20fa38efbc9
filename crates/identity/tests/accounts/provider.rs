//! An identity provider on this machine: discovery, keys, authorisation, tokens with PKCE, userinfo, as OpenID Connect
//! Core 1.0 and RFC 7636 say, with faults that can be switched on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use dinh_model::{Clock as _, ManualClock};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair as _, RsaKeyPair};
use serde_json::{Value, json};

pub(crate) const CLIENT: &str = "dinh hue";
/// What opens the provider's doors.
pub(crate) const ACCESS: &str = "ve-vao-cua-khong-ai-duoc-thay";
pub(crate) const SECRET: &str = "bí mật: %&";

/// What the provider does wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wrong {
    #[default]
    Nothing,
    Nonce,
    Issuer,
    Audience,
    Party,
    Expired,
    Future,
    Signature,
    /// `alg: none` without a signature.
    Unsigned,
    /// HMAC with the public key as the secret.
    Confused,
    /// Signed by a key that is not published.
    Stranger,
    /// Another person at the userinfo endpoint.
    Userinfo,
    /// Another issuer in the browser's answer.
    Mixed,
    /// Another issuer in what it says of itself.
    Metadata,
    /// A signed token that says in its header that it is for access.
    Access,
    /// A signed token that says so among its claims.
    Bearer,
}

pub(crate) struct Provider {
    pub(crate) issuer: String,
    clock: Arc<ManualClock>,
    state: Mutex<Inside>,
    rsa: RsaKeyPair,
}

struct Inside {
    wrong: Wrong,
    person: Value,
    ec: EcdsaKeyPair,
    kid: u32,
    use_ec: bool,
    codes: HashMap<String, HashMap<String, String>>,
    asked_for_keys: u32,
    /// The identity token that was handed out last.
    handed_out: String,
}

type Shared = State<Arc<Provider>>;

fn ec() -> EcdsaKeyPair {
    let (way, random) = (&signature::ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(way, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(way, pkcs8.as_ref(), &random).unwrap()
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Provider {
    pub(crate) async fn start(clock: Arc<ManualClock>) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/realms/tinh", listener.local_addr().unwrap());
        let inside = Inside {
            wrong: Wrong::Nothing,
            person: json!({}),
            ec: ec(),
            kid: 1,
            use_ec: false,
            codes: HashMap::new(),
            asked_for_keys: 0,
            handed_out: String::new(),
        };
        let rsa = RsaKeyPair::from_der(include_bytes!("provider-key.der")).unwrap();
        let provider = Arc::new(Self { issuer, clock, state: Mutex::new(inside), rsa });
        let routes = Router::new()
            .route("/realms/tinh/.well-known/openid-configuration", get(discovery))
            .route("/realms/tinh/keys", get(keys))
            .route("/realms/tinh/authorize", get(authorize))
            .route("/realms/tinh/token", post(token))
            .route("/realms/tinh/userinfo", get(userinfo))
            .with_state(Arc::clone(&provider));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        provider
    }

    /// Who sits at the browser.
    pub(crate) fn person(&self, person: Value) {
        self.state.lock().unwrap().person = person;
    }

    pub(crate) fn wrong(&self, wrong: Wrong) {
        self.state.lock().unwrap().wrong = wrong;
    }

    /// Signs with a new elliptic key from now on.
    pub(crate) fn rotate(&self) {
        let mut inside = self.state.lock().unwrap();
        inside.ec = ec();
        inside.kid += 1;
        inside.use_ec = true;
    }

    pub(crate) fn asked_for_keys(&self) -> u32 {
        self.state.lock().unwrap().asked_for_keys
    }

    /// The identity token that was handed out last.
    pub(crate) fn handed_out(&self) -> String {
        self.state.lock().unwrap().handed_out.clone()
    }

    fn sign(&self, claims: &Value, inside: &Inside) -> String {
        let alg = match inside.wrong {
            Wrong::Unsigned => "none",
            Wrong::Confused => "HS256",
            _ if inside.use_ec => "ES256",
            _ => "RS256",
        };
        let kid = if inside.use_ec { format!("ec{}", inside.kid) } else { "rsa".to_owned() };
        let typ = if inside.wrong == Wrong::Access { "at+jwt" } else { "JWT" };
        let header = json!({"alg": alg, "typ": typ, "kid": kid});
        let message =
            format!("{}.{}", text(header.to_string().as_bytes()), text(claims.to_string().as_bytes()));
        let random = SystemRandom::new();
        let mut sign = match (inside.wrong, inside.use_ec) {
            (Wrong::Unsigned, _) => Vec::new(),
            (Wrong::Confused, _) => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, self.rsa.public_key().as_ref());
                ring::hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
            (Wrong::Stranger, _) => ec().sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            (_, true) => inside.ec.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            (_, false) => {
                let mut sign = vec![0; self.rsa.public().modulus_len()];
                self.rsa.sign(&signature::RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut sign).unwrap();
                sign
            }
        };
        if inside.wrong == Wrong::Signature {
            sign[10] ^= 1;
        }
        format!("{message}.{}", text(&sign))
    }

    fn claims(&self, inside: &Inside, nonce: &str) -> Value {
        let wrong = inside.wrong;
        let now = self.clock.now().as_micros() / 1_000_000;
        let mut claims = inside.person.clone();
        let or = |fault, bad: Value, good: Value| if wrong == fault { bad } else { good };
        claims["iss"] = or(Wrong::Issuer, json!("http://127.0.0.1:1/realms/tinh"), json!(self.issuer));
        claims["aud"] = or(Wrong::Audience, json!(["other"]), json!([CLIENT]));
        claims["exp"] = or(Wrong::Expired, json!(now - 61), json!(now + 300));
        claims["iat"] = or(Wrong::Future, json!(now + 120), json!(now));
        claims["nonce"] = or(Wrong::Nonce, json!("khác"), json!(nonce));
        if wrong == Wrong::Bearer {
            claims["typ"] = json!("Bearer");
        }
        if wrong == Wrong::Party {
            claims["azp"] = json!("other");
        }
        claims
    }
}

async fn discovery(State(provider): Shared) -> Json<Value> {
    let at = |path: &str| format!("{}/{path}", provider.issuer);
    let lies = provider.state.lock().unwrap().wrong == Wrong::Metadata;
    let issuer = if lies { "http://127.0.0.1:1/realms/tinh" } else { &provider.issuer };
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "jwks_uri": at("keys"),
        "userinfo_endpoint": at("userinfo"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys(State(provider): Shared) -> Json<Value> {
    let mut inside = provider.state.lock().unwrap();
    inside.asked_for_keys += 1;
    let rsa = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(provider.rsa.public());
    let point = inside.ec.public_key().as_ref();
    let (x, y) = (text(&point[1..33]), text(&point[33..]));
    Json(json!({"keys": [
        {"kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": text(&rsa.n), "e": text(&rsa.e)},
        {"kty": "EC", "kid": format!("ec{}", inside.kid), "use": "sig", "crv": "P-256", "x": x, "y": y},
    ]}))
}

/// The person is signed in already and agrees: back with a code.
async fn authorize(State(provider): Shared, Query(asked): Query<HashMap<String, String>>) -> Response {
    let mut inside = provider.state.lock().unwrap();
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["client_id"], CLIENT);
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
    let code = format!("code-{}", inside.codes.len());
    let mut back = url::Url::parse(&asked["redirect_uri"]).unwrap();
    let issuer = if inside.wrong == Wrong::Mixed { "http://127.0.0.1:1/other" } else { &provider.issuer };
    back.query_pairs_mut()
        .append_pair("state", &asked["state"])
        .append_pair("code", &code)
        .append_pair("iss", issuer);
    inside.codes.insert(code, asked);
    Redirect::to(back.as_str()).into_response()
}

async fn token(
    State(provider): Shared,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let expected = format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET))));
    if headers.get("authorization").and_then(|value| value.to_str().ok()) != Some(&expected) {
        return refuse("invalid_client");
    }
    let mut inside = provider.state.lock().unwrap();
    // A code is good once.
    let Some(asked) = inside.codes.remove(&form["code"]) else { return refuse("invalid_grant") };
    let challenge = text(digest::digest(&digest::SHA256, form["code_verifier"].as_bytes()).as_ref());
    if asked["code_challenge"] != challenge || asked["redirect_uri"] != form["redirect_uri"] {
        return refuse("invalid_grant");
    }
    let claims = provider.claims(&inside, &asked["nonce"]);
    let id_token = provider.sign(&claims, &inside);
    inside.handed_out.clone_from(&id_token);
    Json(json!({"access_token": ACCESS, "token_type": "Bearer", "expires_in": 300, "id_token": id_token}))
        .into_response()
}

async fn userinfo(State(provider): Shared, headers: HeaderMap) -> Response {
    if headers.get("authorization").is_none_or(|value| value != format!("Bearer {ACCESS}").as_str()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let inside = provider.state.lock().unwrap();
    let sub = if inside.wrong == Wrong::Userinfo { json!("other") } else { inside.person["sub"].clone() };
    // What is signed says otherwise of the number: it counts.
    Json(json!({"sub": sub, "mst": "3301234567", "cccd": "000000000000"})).into_response()
}
