//! What a provider says of itself (OpenID Connect Discovery 1.0), kept for an hour.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_context::outbound::Outbound;
use dinh_model::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::definition::is_safe;
use super::keys::KeySet;
use super::{Fault, Provider};

/// How long a document is used, in microseconds.
const FRESH: i64 = 3_600_000_000;
/// How soon keys are asked for again because a token names one that is not there, in microseconds.
const AGAIN: i64 = 60_000_000;
/// Largest document, in bytes.
pub(super) const LARGEST: usize = 256 * 1024;

/// What a provider says of itself.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    /// Whether it names itself in its answers (RFC 9207).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// What is known of providers, by name. There are as many as are configured.
#[derive(Default)]
pub(crate) struct Known(Mutex<HashMap<String, Entry>>);

#[derive(Clone)]
struct Entry {
    metadata: Arc<Metadata>,
    keys: Arc<KeySet>,
    at: Timestamp,
}

impl Known {
    /// What a provider says of itself.
    pub(super) async fn metadata(
        &self,
        provider: &Provider,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<Arc<Metadata>, Fault> {
        Ok(self.entry(provider, outbound, now, FRESH).await?.metadata)
    }

    /// Its keys; asked for again if `kid` is not among them, at most once a minute.
    pub(super) async fn keys(
        &self,
        provider: &Provider,
        kid: Option<&str>,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<Arc<KeySet>, Fault> {
        let keys = self.entry(provider, outbound, now, FRESH).await?.keys;
        if keys.has(kid) {
            return Ok(keys);
        }
        Ok(self.entry(provider, outbound, now, AGAIN).await?.keys)
    }

    async fn entry(
        &self,
        provider: &Provider,
        outbound: &Outbound,
        now: Timestamp,
        fresh: i64,
    ) -> Result<Entry, Fault> {
        let name = provider.name();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(entry) = known.filter(|entry| now.micros_since(entry.at) < fresh) {
            return Ok(entry);
        }
        let issuer = &provider.definition.issuer;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let metadata: Metadata = fetch(outbound, &address).await?;
        if metadata.issuer != *issuer {
            return Err(Fault::Issuer);
        }
        let endpoints = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        let without_query = |address: &str| address.split('?').next().is_some_and(is_safe);
        if !endpoints.into_iter().chain(&metadata.userinfo_endpoint).all(|address| without_query(address)) {
            return Err(Fault::Unreachable("it names an endpoint that is not encrypted".to_owned()));
        }
        let keys = Arc::new(fetch(outbound, &metadata.jwks_uri).await?);
        let entry = Entry { metadata: Arc::new(metadata), keys, at: now };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), entry.clone());
        Ok(entry)
    }
}

async fn fetch<T: DeserializeOwned>(outbound: &Outbound, address: &str) -> Result<T, Fault> {
    let unreachable = |error: &dyn std::fmt::Display| Fault::Unreachable(format!("{address}: {error}"));
    let request = outbound.request(Method::GET, address).map_err(|e| unreachable(&e))?;
    let answer = outbound.send(request, LARGEST).await.map_err(|e| unreachable(&e))?;
    if answer.status != 200 {
        return Err(unreachable(&format!("status {}", answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(|e| unreachable(&e))
}
