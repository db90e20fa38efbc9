//! Verifying what somebody presents.

use serde_json::{Map, Value as Json};

use super::{BINDING_TYPE, SdJwt, TYPE, resolve};
use crate::Refused;
use crate::jwt::{Jwt, LEEWAY};
use crate::key::{IssuerKey, Jwk, PublicKey, named};

const WHAT: &str = "SD-JWT";

/// What a verifier asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The verifier's name.
    pub audience: String,
    /// The nonce of this question, which is answered once.
    pub nonce: String,
    /// Most seconds since the holder signed.
    pub within: i64,
}

/// What was presented, and is believed. Whether the credential was revoked is told by its status list.
#[derive(Clone, Debug, PartialEq)]
pub struct Presented {
    /// The claims that were shown.
    pub claims: Map<String, Json>,
    /// The key that the holder signed with; none if no signature of the holder was asked for.
    pub holder: Option<PublicKey>,
}

impl Presented {
    /// Which list tells how the credential stands, and the place in it; none if it has no status.
    pub fn status(&self) -> Option<(&str, u64)> {
        let list = self.claims.get("status")?.get("status_list")?;
        list.get("uri")?.as_str().zip(list.get("idx")?.as_u64())
    }
}

/// Verifies a presentation: signature and time of the issuer, and what the holder signed for this question. Without a
/// question the holder's signature is not looked at.
///
/// # Errors
/// Every [`Refused`]; [`Refused::Other`] for the answer to another question.
pub fn verify(text: &str, keys: &[IssuerKey], now: i64, asked: Option<&Asked>) -> Result<Presented, Refused> {
    let shown = SdJwt::read(text)?;
    shown.issued.of_type(TYPE)?;
    let key = named(keys, shown.issued.kid(), shown.issued.issued_at()?)?;
    shown.issued.verify(&key.public)?;
    shown.issued.holds_at(now)?;
    let claims = resolve::resolve(&shown.issued.claims, &shown.disclosures)?;
    let Some(asked) = asked else { return Ok(Presented { claims, holder: None }) };
    let jwk = claims.get("cnf").and_then(|cnf| cnf.get("jwk")).cloned();
    let jwk: Option<Jwk> = jwk.and_then(|jwk| serde_json::from_value(jwk).ok());
    let jwk = jwk.ok_or_else(|| Refused::malformed(WHAT, "it is tied to no key of a holder"))?;
    let holder = PublicKey::from_jwk(&jwk)?;
    let binding = shown.binding.as_ref();
    let binding =
        binding.ok_or_else(|| Refused::malformed(WHAT, "the holder has not signed the presentation"))?;
    bound(binding, &holder, &shown.hash(), (asked, now))?;
    Ok(Presented { claims, holder: Some(holder) })
}

fn bound(binding: &Jwt, holder: &PublicKey, hash: &str, (asked, now): (&Asked, i64)) -> Result<(), Refused> {
    binding.of_type(BINDING_TYPE)?;
    binding.verify(holder)?;
    for (claim, expected) in [("aud", &*asked.audience), ("nonce", &*asked.nonce), ("sd_hash", hash)] {
        let found = binding.claims[claim].as_str().unwrap_or_default();
        if found != expected {
            return Err(Refused::Other { claim, found: found.to_owned(), expected: expected.to_owned() });
        }
    }
    let told = |seconds: i64| jiff::Timestamp::from_second(seconds).unwrap_or_default();
    match binding.issued_at()? {
        at if at > now.saturating_add(LEEWAY) => Err(Refused::NotYet(told(at))),
        at if at < now.saturating_sub(asked.within) => Err(Refused::Expired(told(at))),
        _ => Ok(()),
    }
}
