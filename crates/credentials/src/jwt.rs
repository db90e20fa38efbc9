//! Signed JSON (RFC 7515, compact form; RFC 7519), by ES256 alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SecureRandom;
use serde_json::{Value as Json, json};

use crate::Refused;
use crate::key::{PublicKey, Signer};

const WHAT: &str = "JWT";
/// Longest that is read, in bytes: a status list of a few million cards.
const LONGEST: usize = 8 << 20;
/// How far clocks may be apart, in seconds.
pub const LEEWAY: i64 = 60;

/// A signed text that was taken apart, and is not yet believed.
#[derive(Clone, Debug)]
pub struct Jwt {
    /// The header.
    pub header: Json,
    /// The claims.
    pub claims: Json,
    signed: String,
    signature: Vec<u8>,
}

/// Signs claims. The header names algorithm, type and key.
///
/// # Errors
/// [`Refused::Key`] if there is no randomness.
pub fn sign(typ: &str, claims: &Json, signer: &Signer, random: &dyn SecureRandom) -> Result<String, Refused> {
    let header = json!({"alg": "ES256", "typ": typ, "kid": signer.public().thumbprint()});
    sign_with(&header, claims, signer, random)
}

/// Signs claims under a header of one's own.
///
/// # Errors
/// [`Refused::Key`] if there is no randomness.
pub fn sign_with(
    header: &Json,
    claims: &Json,
    key: &Signer,
    random: &dyn SecureRandom,
) -> Result<String, Refused> {
    let part = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = key.sign(signed.as_bytes(), random)?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

impl Jwt {
    /// Takes a compact text apart. Nothing is verified yet.
    ///
    /// # Errors
    /// [`Refused::Malformed`], [`Refused::TooLong`].
    pub fn read(text: &str) -> Result<Self, Refused> {
        if text.len() > LONGEST {
            return Err(Refused::TooLong { what: WHAT, most: LONGEST });
        }
        let wrong = |why: &str| Refused::malformed(WHAT, why);
        let (signed, signature) = text.rsplit_once('.').ok_or_else(|| wrong("three parts are needed"))?;
        let (header, claims) = signed.split_once('.').ok_or_else(|| wrong("three parts are needed"))?;
        let bytes =
            |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_error| wrong("a part is not base64url"));
        let object = |part: &str| {
            let read: Option<Json> = serde_json::from_slice(&bytes(part)?).ok();
            read.filter(Json::is_object).ok_or_else(|| wrong("a part is not a JSON object"))
        };
        let (header, claims) = (object(header)?, object(claims)?);
        if header["alg"] != "ES256" {
            return Err(wrong("alg is not ES256"));
        }
        if header.get("crit").is_some() {
            return Err(wrong("crit asks for what is not known here"));
        }
        Ok(Self { header, claims, signed: signed.to_owned(), signature: bytes(signature)? })
    }

    /// Refuses another `typ`: what was signed for one use is not taken for another.
    ///
    /// # Errors
    /// [`Refused::Other`].
    pub fn of_type(&self, typ: &str) -> Result<(), Refused> {
        let found = self.header["typ"].as_str().unwrap_or_default();
        if found == typ {
            return Ok(());
        }
        Err(Refused::Other { claim: "typ", found: found.to_owned(), expected: typ.to_owned() })
    }

    /// Name of the key; empty if it says none.
    pub fn kid(&self) -> &str {
        self.header["kid"].as_str().unwrap_or_default()
    }

    /// When it was signed, in seconds since 1970.
    ///
    /// # Errors
    /// [`Refused::Malformed`] if it does not say.
    pub fn issued_at(&self) -> Result<i64, Refused> {
        self.claims["iat"].as_i64().ok_or_else(|| Refused::malformed(WHAT, "iat is not a whole number"))
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// [`Refused::BadSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), Refused> {
        key.verify(self.signed.as_bytes(), &self.signature)
    }

    /// Checks `nbf` and `exp`, where they are said.
    ///
    /// # Errors
    /// [`Refused::Expired`], [`Refused::NotYet`], [`Refused::Malformed`].
    pub fn holds_at(&self, now: i64) -> Result<(), Refused> {
        let moment = |name: &str| match self.claims.get(name) {
            None => Ok(None),
            Some(found) => match found.as_i64() {
                Some(seconds) => Ok(Some(seconds)),
                None => Err(Refused::malformed(WHAT, format!("{name} is not a whole number"))),
            },
        };
        period(now, moment("nbf")?, moment("exp")?)
    }
}

/// Refuses what has not begun or is over.
pub(crate) fn period(now: i64, from: Option<i64>, until: Option<i64>) -> Result<(), Refused> {
    let told = |seconds: i64| jiff::Timestamp::from_second(seconds).unwrap_or_default();
    match (from, until) {
        (Some(from), _) if now.saturating_add(LEEWAY) < from => Err(Refused::NotYet(told(from))),
        (_, Some(until)) if until <= now => Err(Refused::Expired(told(until))),
        _ => Ok(()),
    }
}
