//! Whether an identity token is to be believed (OpenID Connect Core 1.0, section 3.1.3.7).

use dinh_model::Timestamp;
use serde_json::{Map, Value as Json};

use super::Fault;

/// Seconds by which the provider's clock may differ from ours.
const OFF: i64 = 60;
/// Oldest token, in seconds since it was issued: it was asked for just now.
const OLDEST: i64 = 600;

/// Checks claims that the provider has signed.
pub(super) fn verify(
    claims: &Map<String, Json>,
    issuer: &str,
    client: &str,
    nonce: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let text = |name: &str| claims.get(name).and_then(Json::as_str);
    if text("iss") != Some(issuer) {
        return Err(Fault::Issuer);
    }
    let (is_for_us, others) = match claims.get("aud") {
        Some(Json::String(one)) => (one == client, false),
        Some(Json::Array(many)) => (many.iter().any(|one| one == client), many.len() > 1),
        _ => (false, false),
    };
    let party = text("azp");
    if !is_for_us || party.is_some_and(|party| party != client) || (others && party.is_none()) {
        return Err(Fault::Audience);
    }
    let seconds =
        |name: &str| claims.get(name).and_then(|json| json.as_i64().or_else(|| whole(json.as_f64()?)));
    let now = now.as_micros() / 1_000_000;
    let expires = seconds("exp").ok_or(Fault::Expired)?;
    let made = seconds("iat").ok_or(Fault::Expired)?;
    let begins = seconds("nbf").unwrap_or(made);
    let old = now.saturating_sub(made) > OLDEST + OFF;
    if expires <= now - OFF || old || made.max(begins) > now + OFF {
        return Err(Fault::Expired);
    }
    if text("nonce").is_none_or(|said| !crate::secret::same(said, nonce)) {
        return Err(Fault::Nonce);
    }
    match text("sub") {
        Some(sub) if (1..=255).contains(&sub.len()) => Ok(()),
        _ => Err(Fault::Claim("who it is (sub)")),
    }
}

/// Seconds with a fraction, as some providers write them.
fn whole(seconds: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "within the bounds, and a fraction of a second means nothing"
    )]
    (seconds.abs() < 1e12).then_some(seconds as i64)
}
