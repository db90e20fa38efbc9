//! Which algorithms are taken, and the checking of one signature over one message. What is older than SHA-256, or
//! shorter than RSA with 2,048 bits, is not taken.

use der::asn1::{Any, BitString, ObjectIdentifier};
use der::{Decode as _, Encode as _};
use ring::{digest, signature};
use x509_cert::AlgorithmIdentifier;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::asn1::{PssParameters, oid, with_null};

/// A way of hashing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    pub(crate) fn of(algorithm: &AlgorithmIdentifier) -> Option<Self> {
        if algorithm.parameters.as_ref().is_some_and(|parameters| !parameters.is_null()) {
            return None;
        }
        match algorithm.oid {
            oid::SHA256 => Some(Self::Sha256),
            oid::SHA384 => Some(Self::Sha384),
            oid::SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(crate) fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    /// The hash of `parts`, one after the other.
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = digest::Context::new(match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        });
        for part in parts {
            context.update(part);
        }
        context.finish().as_ref().to_vec()
    }
}

/// A way of signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// RSA PKCS #1 v1.5 with SHA-256.
    RsaSha256,
    /// RSA PSS with SHA-256, MGF1 with SHA-256 and 32 bytes of salt.
    RsaPssSha256,
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384,
}

impl Algorithm {
    /// The usual way to sign with the key of `key`; `None` for kinds of key that are not taken.
    pub(crate) fn for_key(key: &SubjectPublicKeyInfoOwned) -> Option<Self> {
        match key.algorithm.oid {
            oid::RSA => Some(Self::RsaSha256),
            oid::EC => match curve(key)? {
                oid::P256 => Some(Self::EcdsaP256),
                oid::P384 => Some(Self::EcdsaP384),
                _ => None,
            },
            _ => None,
        }
    }

    /// What programs call it: `rsa-sha256`, `rsa-pss-sha256`, `ecdsa-p256-sha256` or `ecdsa-p384-sha384`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RsaSha256 => "rsa-sha256",
            Self::RsaPssSha256 => "rsa-pss-sha256",
            Self::EcdsaP256 => "ecdsa-p256-sha256",
            Self::EcdsaP384 => "ecdsa-p384-sha384",
        }
    }

    /// How it hashes.
    pub fn hash(self) -> Hash {
        match self {
            Self::EcdsaP384 => Hash::Sha384,
            _ => Hash::Sha256,
        }
    }

    /// The longest signature, in bytes.
    pub(crate) fn longest(self) -> usize {
        match self {
            Self::RsaSha256 | Self::RsaPssSha256 => 1_024,
            Self::EcdsaP256 | Self::EcdsaP384 => 112,
        }
    }

    pub(crate) fn identifier(self) -> der::Result<AlgorithmIdentifier> {
        Ok(match self {
            Self::RsaSha256 => with_null(oid::RSA_SHA256),
            Self::EcdsaP256 => AlgorithmIdentifier { oid: oid::ECDSA_SHA256, parameters: None },
            Self::EcdsaP384 => AlgorithmIdentifier { oid: oid::ECDSA_SHA384, parameters: None },
            Self::RsaPssSha256 => {
                let hash = with_null(oid::SHA256);
                let mask =
                    AlgorithmIdentifier { oid: oid::MGF1, parameters: Some(Any::from_der(&hash.to_der()?)?) };
                let parameters = PssParameters { hash: Some(hash), mask: Some(mask), salt: Some(32) };
                AlgorithmIdentifier {
                    oid: oid::RSA_PSS,
                    parameters: Some(Any::from_der(&parameters.to_der()?)?),
                }
            }
        })
    }
}

fn curve(key: &SubjectPublicKeyInfoOwned) -> Option<ObjectIdentifier> {
    key.algorithm.parameters.as_ref()?.decode_as().ok()
}

/// What came of checking a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    Fits,
    DoesNotFit,
    /// The algorithm is none that is taken.
    NotTaken,
}

/// Checks `signature` over `message`. `hash` is what the message says beside the algorithm, where that says only `RSA`.
pub(crate) fn check(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifier,
    hash: Option<Hash>,
    message: &[u8],
    signature: &[u8],
) -> Checked {
    let (Some(bytes), Some(method)) = (key.subject_public_key.as_bytes(), method(key, algorithm, hash))
    else {
        return Checked::NotTaken;
    };
    match signature::UnparsedPublicKey::new(method, bytes).verify(message, signature) {
        Ok(()) => Checked::Fits,
        Err(_) => Checked::DoesNotFit,
    }
}

/// Checks a signature that came as bits.
pub(crate) fn check_bits(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifier,
    message: &[u8],
    signature: &BitString,
) -> Checked {
    signature.as_bytes().map_or(Checked::DoesNotFit, |bytes| check(key, algorithm, None, message, bytes))
}

fn method(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifier,
    hash: Option<Hash>,
) -> Option<&'static dyn signature::VerificationAlgorithm> {
    let plain = algorithm.parameters.as_ref().is_none_or(Any::is_null);
    let rsa: fn(Hash) -> &'static dyn signature::VerificationAlgorithm = |hash| match hash {
        Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
    };
    match (key.algorithm.oid, algorithm.oid) {
        (oid::RSA, oid::RSA) if plain => Some(rsa(hash?)),
        (oid::RSA, oid::RSA_SHA256) if plain => Some(rsa(Hash::Sha256)),
        (oid::RSA, oid::RSA_SHA384) if plain => Some(rsa(Hash::Sha384)),
        (oid::RSA, oid::RSA_SHA512) if plain => Some(rsa(Hash::Sha512)),
        (oid::RSA | oid::RSA_PSS, oid::RSA_PSS) => pss(algorithm),
        (oid::EC, oid::ECDSA_SHA256) if plain => match curve(key)? {
            oid::P256 => Some(&signature::ECDSA_P256_SHA256_ASN1),
            oid::P384 => Some(&signature::ECDSA_P384_SHA256_ASN1),
            _ => None,
        },
        (oid::EC, oid::ECDSA_SHA384) if plain => match curve(key)? {
            oid::P256 => Some(&signature::ECDSA_P256_SHA384_ASN1),
            oid::P384 => Some(&signature::ECDSA_P384_SHA384_ASN1),
            _ => None,
        },
        _ => None,
    }
}

/// PSS as it is used in practice: one hash for message and mask, and a salt as long as the hash.
fn pss(algorithm: &AlgorithmIdentifier) -> Option<&'static dyn signature::VerificationAlgorithm> {
    let bytes = algorithm.parameters.as_ref()?.to_der().ok()?;
    let parameters = PssParameters::from_der(&bytes).ok()?;
    let hash = Hash::of(&parameters.hash?)?;
    let mask = parameters.mask?;
    let masked = AlgorithmIdentifier::from_der(&mask.parameters?.to_der().ok()?).ok()?;
    if mask.oid != oid::MGF1 || Hash::of(&masked) != Some(hash) {
        return None;
    }
    match (hash, parameters.salt?) {
        (Hash::Sha256, 32) => Some(&signature::RSA_PSS_2048_8192_SHA256),
        (Hash::Sha384, 48) => Some(&signature::RSA_PSS_2048_8192_SHA384),
        (Hash::Sha512, 64) => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}
