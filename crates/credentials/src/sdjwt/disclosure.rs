//! A claim beside a credential: salt, name, value.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SecureRandom;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::Refused;

const WHAT: &str = "disclosure";
/// Bytes of a salt: nobody finds a value by trying (RFC 9901, section 9.3).
const SALT: usize = 16;

/// A claim, or a member of a list, that may be shown or kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    text: String,
    name: Option<String>,
    value: Json,
}

impl Disclosure {
    /// A claim with a fresh salt.
    ///
    /// # Errors
    /// [`Refused::Key`] if there is no randomness.
    pub fn fresh(name: &str, value: &Json, random: &dyn SecureRandom) -> Result<Self, Refused> {
        let mut salt = [0; SALT];
        random.fill(&mut salt).map_err(|_error| Refused::Key("there is no randomness"))?;
        let text = json!([URL_SAFE_NO_PAD.encode(salt), name, value]).to_string();
        Self::read(&URL_SAFE_NO_PAD.encode(text))
    }

    /// From its text.
    ///
    /// # Errors
    /// [`Refused::Malformed`] for anything but a list of two or three with a salt, and for names that are kept for hashes.
    pub fn read(text: &str) -> Result<Self, Refused> {
        let wrong = |why: &str| Refused::malformed(WHAT, why);
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_error| wrong("it is not base64url"))?;
        let list: Vec<Json> =
            serde_json::from_slice(&bytes).map_err(|_error| wrong("it is not a JSON list"))?;
        let (name, value) = match <[Json; 3]>::try_from(list) {
            Ok([Json::String(_), Json::String(name), value]) => (Some(name), value),
            Ok(_) => return Err(wrong("salt and name are texts")),
            Err(list) => match <[Json; 2]>::try_from(list) {
                Ok([Json::String(_), value]) => (None, value),
                _ => return Err(wrong("it has two or three members, the first a text")),
            },
        };
        if name.as_deref().is_some_and(|name| name == "_sd" || name == "...") {
            return Err(wrong("_sd and ... are no names of claims"));
        }
        Ok(Self { text: text.to_owned(), name, value })
    }

    /// As it stands beside the credential.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Name of the claim; none for a member of a list.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The value.
    pub const fn value(&self) -> &Json {
        &self.value
    }

    /// What stands in its place in the credential: over the text as it is written, not over what it means (section 4.2.3).
    pub fn digest(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.text))
    }
}
