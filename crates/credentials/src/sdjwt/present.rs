//! A credential as it travels, and its presentation by whoever holds it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SecureRandom;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Disclosure;
use crate::Refused;
use crate::jwt::{self, Jwt};
use crate::key::Signer;

const WHAT: &str = "SD-JWT";
/// Type of the holder's signature.
pub const BINDING_TYPE: &str = "kb+jwt";
/// Longest that is read, in bytes.
const LONGEST: usize = 64 << 10;
/// Most disclosures that are read.
const MOST: usize = 100;

/// For whom and when somebody presents a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// To whom it is shown.
    pub audience: String,
    /// What they asked it to be shown with.
    pub nonce: String,
    /// Seconds since 1970.
    pub at: i64,
}

/// A credential that was taken apart, and is not yet believed.
#[derive(Clone, Debug)]
pub struct SdJwt {
    /// What the issuer signed.
    pub issued: Jwt,
    issued_text: String,
    /// The claims beside it.
    pub disclosures: Vec<Disclosure>,
    /// What the holder signed.
    pub binding: Option<Jwt>,
}

impl SdJwt {
    /// Takes a text apart. Nothing is verified yet.
    ///
    /// # Errors
    /// [`Refused::Malformed`], [`Refused::TooLong`].
    pub fn read(text: &str) -> Result<Self, Refused> {
        if text.len() > LONGEST {
            return Err(Refused::TooLong { what: WHAT, most: LONGEST });
        }
        let mut parts: Vec<&str> = text.split('~').collect();
        let binding = match parts.pop() {
            Some("") => None,
            Some(binding) if !parts.is_empty() => Some(Jwt::read(binding)?),
            _ => return Err(Refused::malformed(WHAT, "it has no ~")),
        };
        let mut parts = parts.into_iter();
        let issued = parts.next().unwrap_or_default();
        let disclosures: Vec<_> = parts.map(Disclosure::read).collect::<Result<_, _>>()?;
        if disclosures.len() > MOST {
            return Err(Refused::malformed(WHAT, "more disclosures than are read"));
        }
        Ok(Self { issued: Jwt::read(issued)?, issued_text: issued.to_owned(), disclosures, binding })
    }

    /// The same credential with the claims of these names alone.
    #[must_use]
    pub fn showing(mut self, names: &[&str]) -> Self {
        self.disclosures.retain(|disclosure| disclosure.name().is_some_and(|name| names.contains(&name)));
        self.binding = None;
        self
    }

    /// What the holder signs over: everything before their own signature.
    fn presented(&self) -> String {
        let mut text = self.issued_text.clone();
        text.push('~');
        for disclosure in &self.disclosures {
            text.push_str(disclosure.text());
            text.push('~');
        }
        text
    }

    /// The hash over what is presented, as the holder's signature names it.
    pub(super) fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.presented()))
    }

    /// As text, without a signature of the holder.
    pub fn unbound(&self) -> String {
        self.presented()
    }

    /// As text, signed by the holder for one verifier.
    ///
    /// # Errors
    /// [`Refused::Key`] if there is no randomness.
    pub fn bound(
        &self,
        binding: &Binding,
        holder: &Signer,
        random: &dyn SecureRandom,
    ) -> Result<String, Refused> {
        let header = json!({"alg": "ES256", "typ": BINDING_TYPE});
        let claims = json!({
            "iat": binding.at, "aud": binding.audience, "nonce": binding.nonce, "sd_hash": self.hash(),
        });
        Ok(format!("{}{}", self.presented(), jwt::sign_with(&header, &claims, holder, random)?))
    }
}
