//! The two ceremonies: a passkey is made, and it answers (Web Authentication Level 3, sections 7.1 and 7.2).

use ring::digest;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::cbor::{Item, read};
use super::data::Data;
use super::{PublicKey, client};
use crate::text::{base64, unbase64};

/// Largest part of an answer, in characters of base64url.
const LARGEST: usize = 64 * 1024;

/// The site that passkeys are for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The domain, as in `dinh.hue.gov.vn`: it cannot change without all passkeys being lost.
    pub domain: String,
    /// The origins of the pages, as in `https://dinh.hue.gov.vn`.
    pub origins: Vec<String>,
}

/// Why the answer of a passkey is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// A part of it cannot be read.
    #[error("{0} is malformed")]
    Malformed(&'static str),
    /// It answers another question.
    #[error("it belongs to another ceremony")]
    Challenge,
    /// It was given on a page that is not ours.
    #[error("it was given on another page")]
    Origin,
    /// It is for another site.
    #[error("it is for another site")]
    Site,
    /// The device did not make sure who holds it.
    #[error("the device did not verify its holder")]
    Person,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// The counter went back: the passkey was copied where it cannot be.
    #[error("the counter went back: there may be a copy of the passkey")]
    Copied,
}

/// A passkey that was made.
pub(crate) struct Registered {
    /// Identifier, in base64url.
    pub(crate) id: String,
    pub(crate) key: PublicKey,
    pub(crate) count: u32,
    pub(crate) may_be_copied: bool,
}

/// A passkey that has answered.
pub(crate) struct Asserted {
    pub(crate) count: u32,
}

/// Checks the answer to `navigator.credentials.create`, as `toJSON()` writes it.
pub(crate) fn registration(answer: &Json, challenge: &str, site: &Site) -> Result<Registered, Doubt> {
    client::check(&part(answer, "clientDataJSON")?, "webauthn.create", challenge, site)?;
    let object = part(answer, "attestationObject")?;
    let malformed = Doubt::Malformed("attestationObject");
    let (object, _) = read(&object).filter(|(_, rest)| rest.is_empty()).ok_or(malformed)?;
    let data = object.named("authData").and_then(Item::bytes).ok_or(malformed)?;
    let data = Data::read(data, &site.domain)?;
    let may_be_copied = data.may_be_copied();
    let made = data.made.ok_or(Doubt::Malformed("authenticatorData"))?;
    Ok(Registered { id: base64(made.id), key: made.key, count: data.count, may_be_copied })
}

/// Checks the answer to `navigator.credentials.get`, as `toJSON()` writes it, of a passkey with this key and counter.
pub(crate) fn assertion(
    answer: &Json,
    challenge: &str,
    site: &Site,
    (key, count, may_be_copied): (&PublicKey, u32, bool),
) -> Result<Asserted, Doubt> {
    let client = part(answer, "clientDataJSON")?;
    client::check(&client, "webauthn.get", challenge, site)?;
    let said = part(answer, "authenticatorData")?;
    let data = Data::read(&said, &site.domain)?;
    let message = [&said[..], digest::digest(&digest::SHA256, &client).as_ref()].concat();
    if !key.has_signed(&message, &part(answer, "signature")?) || data.may_be_copied() != may_be_copied {
        return Err(Doubt::Signature);
    }
    // Passkeys that are copied between devices do not count: both stay zero.
    if (data.count, count) != (0, 0) && data.count <= count {
        return Err(Doubt::Copied);
    }
    Ok(Asserted { count: data.count })
}

/// A part of the answer, which is in base64url.
fn part(answer: &Json, name: &'static str) -> Result<Vec<u8>, Doubt> {
    let text = answer.get("response").and_then(|response| response.get(name)).and_then(Json::as_str);
    let text = text.filter(|text| text.len() <= LARGEST).ok_or(Doubt::Malformed(name))?;
    unbase64(text.trim_end_matches('=')).ok_or(Doubt::Malformed(name))
}
