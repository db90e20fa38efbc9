//! The exchange with a provider: where the browser goes, and what comes of the code that it brings back.

use dinh_context::outbound::Outbound;
use dinh_model::Timestamp;
use reqwest::Method;
use ring::digest;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use url::Url;

use super::claims::read;
use super::definition::ClientAuth;
use super::jws::Signed;
use super::metadata::LARGEST;
use super::verify::verify;
use super::{Fault, Identified, Known, Provider};
use crate::entropy::{Entropy, NoEntropy, fresh};
use crate::text::base64;

/// A sign-in that was begun: what must come back, and what nobody else knows.
#[derive(Clone)]
pub(crate) struct Begun {
    nonce: String,
    verifier: String,
    redirect: String,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
    access_token: Option<String>,
}

impl Begun {
    pub(crate) fn fresh(redirect: &str, entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        let text = || Ok(base64(&fresh::<32>(entropy)?));
        Ok(Self { nonce: text()?, verifier: text()?, redirect: redirect.to_owned() })
    }

    /// Where the browser goes.
    pub(crate) async fn address(
        &self,
        provider: &Provider,
        state: &str,
        known: &Known,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<String, Fault> {
        let metadata = known.metadata(provider, outbound, now).await?;
        let broken = |error: url::ParseError| Fault::Unreachable(error.to_string());
        let mut url = Url::parse(&metadata.authorization_endpoint).map_err(broken)?;
        let definition = &provider.definition;
        let mut scope = "openid".to_owned();
        for extra in definition.scopes.iter().filter(|scope| *scope != "openid") {
            scope = format!("{scope} {extra}");
        }
        let challenge = base64(digest::digest(&digest::SHA256, self.verifier.as_bytes()).as_ref());
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &definition.client_id)
            .append_pair("redirect_uri", &self.redirect)
            .append_pair("scope", &scope)
            .append_pair("state", state)
            .append_pair("nonce", &self.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if let Some(values) = &definition.acr_values {
            url.query_pairs_mut().append_pair("acr_values", values);
        }
        Ok(url.into())
    }

    /// Who it is, by the code that the browser has brought back.
    pub(crate) async fn finish(
        &self,
        provider: &Provider,
        (code, issuer): (&str, Option<&str>),
        known: &Known,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<Identified, Fault> {
        let definition = &provider.definition;
        let metadata = known.metadata(provider, outbound, now).await?;
        let named = issuer.is_some() || metadata.authorization_response_iss_parameter_supported;
        if named && issuer != Some(&definition.issuer) {
            return Err(Fault::Issuer);
        }
        let tokens = self.exchange(provider, &metadata.token_endpoint, code, outbound).await?;
        let id_token = tokens.id_token.ok_or(Fault::Malformed("there is none"))?;
        let signed = Signed::parse(&id_token)?;
        let keys = known.keys(provider, signed.kid(), outbound, now).await?;
        let mut claims = signed.signed_by(&keys)?;
        verify(&claims, &definition.issuer, &definition.client_id, &self.nonce, now)?;
        if definition.userinfo
            && let (Some(endpoint), Some(token)) = (&metadata.userinfo_endpoint, &tokens.access_token)
        {
            let more = userinfo(endpoint, token, outbound).await?;
            if more.get("sub") != claims.get("sub") {
                return Err(Fault::Claim("the same person twice (sub)"));
            }
            // What is signed counts before what is only said.
            for (name, value) in more {
                claims.entry(name).or_insert(value);
            }
        }
        read(&claims, &definition.claims)
    }

    /// What is asked for with a code. Made apart from the waiting: the serializer cannot be taken to another thread.
    fn form(&self, provider: &Provider, code: &str) -> String {
        let definition = &provider.definition;
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect)
            .append_pair("code_verifier", &self.verifier);
        if definition.client_auth != ClientAuth::Basic {
            form.append_pair("client_id", &definition.client_id);
        }
        if definition.client_auth == ClientAuth::Post {
            form.append_pair("client_secret", provider.secret.as_deref().unwrap_or_default());
        }
        form.finish()
    }

    async fn exchange(
        &self,
        provider: &Provider,
        endpoint: &str,
        code: &str,
        outbound: &Outbound,
    ) -> Result<Tokens, Fault> {
        let unreachable = |error: &dyn std::fmt::Display| Fault::Unreachable(format!("{endpoint}: {error}"));
        let definition = &provider.definition;
        let secret = provider.secret.as_deref().unwrap_or_default();
        let mut request = outbound
            .request(Method::POST, endpoint)
            .map_err(|e| unreachable(&e))?
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(self.form(provider, code));
        if definition.client_auth == ClientAuth::Basic {
            // Both parts are encoded as in a form first (RFC 6749, section 2.3.1).
            let part = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            request = request.basic_auth(part(&definition.client_id), Some(part(secret)));
        }
        let answer = outbound.send(request, LARGEST).await.map_err(|e| unreachable(&e))?;
        if answer.status != 200 {
            let said: Option<Json> = serde_json::from_slice(&answer.body).ok();
            let error = said.as_ref().and_then(|json| json.get("error")).and_then(Json::as_str);
            return Err(Fault::Refused(error.unwrap_or("error").chars().take(100).collect()));
        }
        serde_json::from_slice(&answer.body).map_err(|e| unreachable(&e))
    }
}

async fn userinfo(endpoint: &str, token: &str, outbound: &Outbound) -> Result<Map<String, Json>, Fault> {
    let unreachable = |error: &dyn std::fmt::Display| Fault::Unreachable(format!("{endpoint}: {error}"));
    let request = outbound.request(Method::GET, endpoint).map_err(|e| unreachable(&e))?.bearer_auth(token);
    let answer = outbound.send(request, LARGEST).await.map_err(|e| unreachable(&e))?;
    if answer.status != 200 {
        return Err(unreachable(&format!("status {}", answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(|e| unreachable(&e))
}
