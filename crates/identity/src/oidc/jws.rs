//! Signed tokens as text (RFC 7515, compact serialisation).

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Fault;
use super::keys::KeySet;
use crate::text::unbase64;

/// Longest token, in characters.
const LONGEST: usize = 32 * 1024;

/// A token that was cut into its parts; nothing of it is believed yet.
pub(super) struct Signed<'a> {
    message: &'a str,
    header: Header,
    claims: Map<String, Json>,
    sign: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    crit: Option<Json>,
}

impl<'a> Signed<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, Fault> {
        let malformed = || Fault::Malformed("it is not a signed token");
        if token.len() > LONGEST {
            return Err(Fault::Malformed("it is longer than 32,768 characters"));
        }
        let (message, sign) = token.rsplit_once('.').ok_or_else(malformed)?;
        let (header, claims) = message.split_once('.').ok_or_else(malformed)?;
        let part = |text: &str| unbase64(text).ok_or_else(malformed);
        let header: Header = serde_json::from_slice(&part(header)?).map_err(|_reason| malformed())?;
        if header.crit.is_some() {
            return Err(Fault::Malformed("it asks for extensions that are not known here"));
        }
        // Tokens of other kinds say so (`at+jwt`, `logout+jwt`; RFC 8725, section 3.11); those of identity may say nothing.
        if header.typ.as_ref().is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT")) {
            return Err(Fault::Malformed("it is a token of another kind"));
        }
        let claims: Map<String, Json> =
            serde_json::from_slice(&part(claims)?).map_err(|_reason| malformed())?;
        // Keycloak says it among the claims.
        if claims.get("typ").is_some_and(|kind| kind != "ID") {
            return Err(Fault::Malformed("it is a token of another kind"));
        }
        Ok(Self { message, header, claims, sign: part(sign)? })
    }

    /// The name of the key that it says has signed it.
    pub(super) fn kid(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// The claims, if a key of the provider has signed them.
    pub(super) fn signed_by(self, keys: &KeySet) -> Result<Map<String, Json>, Fault> {
        let message = self.message.as_bytes();
        let signed = keys.have_signed(self.kid(), &self.header.alg, message, &self.sign);
        if signed { Ok(self.claims) } else { Err(Fault::Signature) }
    }
}
