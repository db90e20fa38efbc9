//! Public keys of passkeys (RFC 9052, RFC 9053), and what they have signed.

use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::cbor::Item;
use crate::text::{base64, unbase64};

/// Numbers of algorithms (IANA COSE Algorithms), the best first.
pub(crate) const ALGORITHMS: [i64; 3] = [-8, -7, -257];

/// A public key, in base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alg")]
pub(crate) enum PublicKey {
    #[serde(rename = "ES256")]
    Es256 { point: String },
    #[serde(rename = "EdDSA")]
    EdDsa { x: String },
    #[serde(rename = "RS256")]
    Rs256 { n: String, e: String },
}

impl PublicKey {
    /// Reads a COSE key of an algorithm that was asked for.
    pub(super) fn read(key: &Item<'_>) -> Option<Self> {
        let part = |name| key.at(name)?.bytes();
        match (key.at(1)?.int()?, key.at(3)?.int()?) {
            (2, -7) if key.at(-1)?.int()? == 1 => {
                let (x, y) = (part(-2)?, part(-3)?);
                let fits = x.len() == 32 && y.len() == 32;
                fits.then(|| Self::Es256 { point: base64(&[&[4][..], x, y].concat()) })
            }
            (1, -8) if key.at(-1)?.int()? == 6 => {
                let x = part(-2)?;
                (x.len() == 32).then(|| Self::EdDsa { x: base64(x) })
            }
            (3, -257) => Some(Self::Rs256 { n: base64(part(-1)?), e: base64(part(-2)?) }),
            _ => None,
        }
    }

    /// Whether it has signed `message`.
    pub(super) fn has_signed(&self, message: &[u8], sign: &[u8]) -> bool {
        let plain = |way: &'static dyn signature::VerificationAlgorithm, key: &str| {
            unbase64(key).is_some_and(|key| UnparsedPublicKey::new(way, key).verify(message, sign).is_ok())
        };
        match self {
            Self::Es256 { point } => plain(&signature::ECDSA_P256_SHA256_ASN1, point),
            Self::EdDsa { x } => plain(&signature::ED25519, x),
            Self::Rs256 { n, e } => match (unbase64(n), unbase64(e)) {
                (Some(n), Some(e)) => RsaPublicKeyComponents { n, e }
                    .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, sign)
                    .is_ok(),
                _ => false,
            },
        }
    }
}
