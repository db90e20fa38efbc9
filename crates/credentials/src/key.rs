//! Keys of ES256: ECDSA over P-256 with SHA-256.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SecureRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Refused;

/// Bytes of a point that is written whole: 4, x, y (SEC 1, section 2.3.3).
const POINT: usize = 65;

/// The public half of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; POINT]);

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", self.thumbprint())
    }
}

/// A public key as JSON (RFC 7517, RFC 7518 section 6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `EC`.
    pub kty: String,
    /// `P-256`.
    pub crv: String,
    /// First coordinate, base64url.
    pub x: String,
    /// Second coordinate, base64url.
    pub y: String,
    /// Name of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// What it is for: `sig`.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "use")]
    pub usage: Option<String>,
    /// `ES256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
}

impl PublicKey {
    /// The key of a point that is written whole. That it lies on the curve is found when something is verified with it.
    ///
    /// # Errors
    /// [`Refused::Key`] for anything else.
    pub fn from_point(point: &[u8]) -> Result<Self, Refused> {
        let point: [u8; POINT] = point.try_into().map_err(|_error| Refused::Key("a point has 65 bytes"))?;
        if point[0] == 4 { Ok(Self(point)) } else { Err(Refused::Key("the point is not written whole")) }
    }

    /// The key of its JSON.
    ///
    /// # Errors
    /// [`Refused::Key`] for keys of another kind or curve, and coordinates that are none.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, Refused> {
        if jwk.kty != "EC" || jwk.crv != "P-256" {
            return Err(Refused::Key("only keys of P-256 are used"));
        }
        let coordinate = |text: &str| URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32);
        let both = coordinate(&jwk.x).zip(coordinate(&jwk.y));
        let (x, y) = both.ok_or(Refused::Key("a coordinate has 32 bytes, base64url"))?;
        Self::from_point(&[&[4], x.as_slice(), y.as_slice()].concat())
    }

    /// The key as JSON, without a name.
    pub fn to_jwk(&self) -> Jwk {
        let (x, y) = self.coordinates();
        Jwk {
            kty: "EC".to_owned(),
            crv: "P-256".to_owned(),
            x: URL_SAFE_NO_PAD.encode(x),
            y: URL_SAFE_NO_PAD.encode(y),
            kid: None,
            usage: None,
            alg: None,
        }
    }

    fn coordinates(&self) -> (&[u8], &[u8]) {
        self.0[1..].split_at(32)
    }

    /// SHA-256 over the key as RFC 7638 writes it, in base64url: the name by which everybody finds the same key.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.digest())
    }

    /// The first bytes of the thumbprint, as a short name inside a QR.
    pub fn short_name(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.digest();
        [a, b, c, d]
    }

    fn digest(&self) -> [u8; 32] {
        let Jwk { x, y, .. } = self.to_jwk();
        Sha256::digest(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)).into()
    }

    /// Checks a signature: r and s, 32 bytes each.
    ///
    /// # Errors
    /// [`Refused::BadSignature`] if it is not this key's over this message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Refused> {
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.0);
        key.verify(message, signature).map_err(|_error| Refused::BadSignature)
    }
}

/// A key that signs.
pub struct Signer {
    pair: EcdsaKeyPair,
    public: PublicKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.public.thumbprint())
    }
}

impl Signer {
    /// A fresh key as PKCS #8, to be kept in secret.
    ///
    /// # Errors
    /// [`Refused::Key`] if there is no randomness.
    pub fn fresh(random: &dyn SecureRandom) -> Result<Vec<u8>, Refused> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, random);
        Ok(made.map_err(|_error| Refused::Key("there is no randomness"))?.as_ref().to_vec())
    }

    /// The key of its PKCS #8.
    ///
    /// # Errors
    /// [`Refused::Key`] for anything else.
    pub fn from_pkcs8(der: &[u8], random: &dyn SecureRandom) -> Result<Self, Refused> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, random);
        let pair = pair.map_err(|_error| Refused::Key("this is no PKCS #8 of a key of P-256"))?;
        let public = PublicKey::from_point(pair.public_key().as_ref())?;
        Ok(Self { pair, public })
    }

    /// The public half.
    pub const fn public(&self) -> PublicKey {
        self.public
    }

    /// The signature over a message: r and s, 32 bytes each.
    ///
    /// # Errors
    /// [`Refused::Key`] if there is no randomness.
    pub fn sign(&self, message: &[u8], random: &dyn SecureRandom) -> Result<Vec<u8>, Refused> {
        let made = self.pair.sign(random, message);
        Ok(made.map_err(|_error| Refused::Key("there is no randomness"))?.as_ref().to_vec())
    }
}

/// A key of an issuer, and when it signs. Keys overlap: a new one is published before it signs, and an old one is kept
/// until the last of what it signed is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerKey {
    /// The key.
    pub public: PublicKey,
    /// Seconds since 1970 from which it signs.
    pub from: i64,
    /// Seconds since 1970 until which it signed; none while it does.
    pub until: Option<i64>,
}

impl IssuerKey {
    /// True for a moment at which it signed.
    pub const fn signed_at(&self, seconds: i64) -> bool {
        self.from <= seconds
            && match self.until {
                Some(until) => seconds <= until,
                None => true,
            }
    }
}

/// The key that is named so in full (a thumbprint), and signed at this moment.
///
/// # Errors
/// [`Refused::UnknownIssuer`], [`Refused::KeyNotValid`].
pub fn named<'k>(keys: &'k [IssuerKey], kid: &str, at: i64) -> Result<&'k IssuerKey, Refused> {
    let found = keys.iter().find(|key| key.public.thumbprint() == kid);
    let key = found.ok_or_else(|| Refused::UnknownIssuer(kid.to_owned()))?;
    if key.signed_at(at) { Ok(key) } else { Err(Refused::KeyNotValid(kid.to_owned())) }
}
