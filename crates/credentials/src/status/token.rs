//! The signed list, as JWT (section 5.1) and as CWT (section 5.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SecureRandom;
use serde_json::json;

use super::{Bits, List};
use crate::Refused;
use crate::cbor::{self, Item};
use crate::cose::{self, Sign1};
use crate::jwt::{self, Jwt};
use crate::key::{IssuerKey, Signer, named};

const WHAT: &str = "status list token";
/// Type of a list as JWT.
pub const JWT_TYPE: &str = "statuslist+jwt";
/// Type of a list as CWT.
pub const CWT_TYPE: &str = "application/statuslist+cwt";
/// Claims of a CWT: registered ones, and those of status lists (section 14).
const SUB: Item = Item::Int(2);
const EXP: Item = Item::Int(4);
const IAT: Item = Item::Int(6);
const STATUS_LIST: Item = Item::Int(65_533);
const TTL: Item = Item::Int(65_534);

/// When a list was made, how long it may be kept, and how long it may be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Seconds since 1970.
    pub issued: i64,
    /// Seconds since 1970.
    pub expires: i64,
    /// Seconds after which a newer one should be fetched.
    pub ttl: i64,
}

/// How old a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fresh {
    /// It may be believed as it is.
    Fresh,
    /// A newer one should be fetched; until then it may be believed with a warning.
    Stale,
    /// It says nothing any more.
    Over,
}

/// A list that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it is published: what credentials refer to.
    pub uri: String,
    /// When it was made.
    pub times: Times,
    /// The list.
    pub list: List,
}

/// Signs a list as JWT.
///
/// # Errors
/// [`Refused::Key`] if there is no randomness.
pub fn sign_jwt(
    list: &List,
    uri: &str,
    times: Times,
    signer: &Signer,
    random: &dyn SecureRandom,
) -> Result<String, Refused> {
    let packed = URL_SAFE_NO_PAD.encode(list.pack()?);
    let claims = json!({
        "sub": uri,
        "iat": times.issued,
        "exp": times.expires,
        "ttl": times.ttl,
        "status_list": {"bits": list.bits().number(), "lst": packed},
    });
    jwt::sign(JWT_TYPE, &claims, signer, random)
}

/// Signs a list as CWT.
///
/// # Errors
/// [`Refused::Key`] if there is no randomness.
pub fn sign_cwt(
    list: &List,
    uri: &str,
    times: Times,
    signer: &Signer,
    random: &dyn SecureRandom,
) -> Result<Vec<u8>, Refused> {
    let inner = vec![
        (Item::text("bits"), Item::Int(i64::from(list.bits().number()))),
        (Item::text("lst"), Item::Bytes(list.pack()?)),
    ];
    let claims = vec![
        (SUB, Item::text(uri)),
        (EXP, Item::Int(times.expires)),
        (IAT, Item::Int(times.issued)),
        (STATUS_LIST, Item::Map(inner)),
        (TTL, Item::Int(times.ttl)),
    ];
    let kid = signer.public().thumbprint();
    cose::sign(Some(CWT_TYPE), kid.as_bytes(), &Item::Map(claims).encode(), signer, random)
}

impl Token {
    /// The list of a JWT, once it is sure that a key of the issuer signed it and that it is the one at `uri`. How old it is
    /// is told by [`Token::fresh_at`].
    ///
    /// # Errors
    /// Every [`Refused`] that a signature can meet with; [`Refused::Other`] for the list of another place.
    pub fn verify_jwt(text: &str, uri: &str, keys: &[IssuerKey]) -> Result<Self, Refused> {
        let jwt = Jwt::read(text)?;
        jwt.of_type(JWT_TYPE)?;
        jwt.verify(&named(keys, jwt.kid(), jwt.issued_at()?)?.public)?;
        let wrong =
            |field: &str| Refused::malformed(WHAT, format!("{field} is missing or not as it should be"));
        let number = |name: &str| jwt.claims[name].as_i64().ok_or_else(|| wrong(name));
        let inner = &jwt.claims["status_list"];
        let bits = Bits::from_number(inner["bits"].as_i64().unwrap_or_default())?;
        let packed = inner["lst"].as_str().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let times = Times { issued: number("iat")?, expires: number("exp")?, ttl: number("ttl")? };
        let list = List::unpack(bits, &packed.ok_or_else(|| wrong("lst"))?)?;
        Self { uri: jwt.claims["sub"].as_str().unwrap_or_default().to_owned(), times, list }.at(uri)
    }

    /// The same of a CWT.
    ///
    /// # Errors
    /// As [`Token::verify_jwt`].
    pub fn verify_cwt(bytes: &[u8], uri: &str, keys: &[IssuerKey]) -> Result<Self, Refused> {
        let wrong =
            |field: &str| Refused::malformed(WHAT, format!("{field} is missing or not as it should be"));
        let signed = Sign1::read(bytes)?;
        if signed.typ() != CWT_TYPE {
            let (found, expected) = (signed.typ().to_owned(), CWT_TYPE.to_owned());
            return Err(Refused::Other { claim: "typ", found, expected });
        }
        let unverified = cbor::decode(signed.unverified())?;
        let issued = unverified.get(&IAT).and_then(Item::as_int).ok_or_else(|| wrong("iat"))?;
        let kid = String::from_utf8_lossy(signed.kid()).into_owned();
        let claims = cbor::decode(signed.payload(&named(keys, &kid, issued)?.public)?)?;
        let number = |key: &Item, name| claims.get(key).and_then(Item::as_int).ok_or_else(|| wrong(name));
        let inner = claims.get(&STATUS_LIST).ok_or_else(|| wrong("status_list"))?;
        let bits = inner.get(&Item::text("bits")).and_then(Item::as_int).unwrap_or_default();
        let packed = inner.get(&Item::text("lst")).and_then(Item::as_bytes).ok_or_else(|| wrong("lst"))?;
        let times = Times { issued, expires: number(&EXP, "exp")?, ttl: number(&TTL, "ttl")? };
        let list = List::unpack(Bits::from_number(bits)?, packed)?;
        let found = claims.get(&SUB).and_then(Item::as_text).unwrap_or_default();
        Self { uri: found.to_owned(), times, list }.at(uri)
    }

    fn at(self, uri: &str) -> Result<Self, Refused> {
        if self.uri == uri {
            return Ok(self);
        }
        Err(Refused::Other { claim: "sub", found: self.uri, expected: uri.to_owned() })
    }

    /// How old the list is at a moment, in seconds since 1970.
    pub const fn fresh_at(&self, now: i64) -> Fresh {
        if now >= self.times.expires {
            Fresh::Over
        } else if now >= self.times.issued.saturating_add(self.times.ttl) {
            Fresh::Stale
        } else {
            Fresh::Fresh
        }
    }
}
