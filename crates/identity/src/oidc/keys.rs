//! Keys of a provider (RFC 7517), and what they have signed.

use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

use crate::text::unbase64;

/// Most keys of a provider that are looked at.
const MOST: usize = 50;

/// The keys of a provider.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

#[derive(Clone, Debug, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// True if there is a key of this name, or the token names none.
    pub(super) fn has(&self, kid: Option<&str>) -> bool {
        kid.is_none() || self.keys.iter().any(|key| key.kid.as_deref() == kid)
    }

    /// Whether one of the keys has signed `message` so. The kind of key decides, not the token alone: a token cannot
    /// choose to be checked with a public key as a shared secret, or not at all.
    pub(super) fn have_signed(&self, kid: Option<&str>, alg: &str, message: &[u8], sign: &[u8]) -> bool {
        let fits = |key: &&Key| {
            key.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
                && key.alg.as_deref().is_none_or(|own| own == alg)
                && (kid.is_none() || key.kid.as_deref() == kid)
        };
        self.keys.iter().take(MOST).filter(fits).any(|key| key.has_signed(alg, message, sign).is_some())
    }
}

impl Key {
    fn has_signed(&self, alg: &str, message: &[u8], sign: &[u8]) -> Option<()> {
        let part = |text: &Option<String>| unbase64(text.as_deref()?);
        match (self.kty.as_str(), alg) {
            ("RSA", "RS256" | "PS256") => {
                let (n, e) = (part(&self.n)?, part(&self.e)?);
                let way = if alg == "RS256" {
                    &signature::RSA_PKCS1_2048_8192_SHA256
                } else {
                    &signature::RSA_PSS_2048_8192_SHA256
                };
                RsaPublicKeyComponents { n, e }.verify(way, message, sign).ok()
            }
            ("EC", "ES256") if self.crv.as_deref() == Some("P-256") => {
                let (x, y) = (part(&self.x)?, part(&self.y)?);
                let point = [&[4][..], &x, &y].concat();
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(message, sign).ok()
            }
            ("OKP", "EdDSA") if self.crv.as_deref() == Some("Ed25519") => {
                UnparsedPublicKey::new(&signature::ED25519, part(&self.x)?).verify(message, sign).ok()
            }
            _ => None,
        }
    }
}
