//! Private keys in software, and what makes a certificate for them.

use der::asn1::{Any, BitString, ObjectIdentifier, SetOfVec};
use der::{Decode as _, Encode as _};
use ring::rand::SecureRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair as _, RsaKeyPair};
use x509_cert::AlgorithmIdentifier;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::request::{CertReq, CertReqInfo, Version};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::algorithm::Algorithm;
use crate::asn1::{oid, with_null};
use crate::prepare::SignFault;

/// Why a private key is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not a key that is taken.
    #[error(
        "this is no private key that is taken: RSA with 2,048 to 8,192 bits, ECDSA on P-256 or P-384, as PKCS #8"
    )]
    NotTaken,
    /// No randomness.
    #[error("the machine gives no randomness")]
    NoRandomness,
    /// A part of the name of whose it will be cannot be written.
    #[error("the name {0:?} cannot stand in a certificate")]
    Name(String),
}

/// A private key in memory. It is printed by nothing.
pub struct SoftwareKey {
    pair: Pair,
    algorithm: Algorithm,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
}

impl std::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SoftwareKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl SoftwareKey {
    /// A new key on P-256, as PKCS #8 bytes to be kept sealed.
    pub fn generate(random: &dyn SecureRandom) -> Result<Vec<u8>, KeyFault> {
        EcdsaKeyPair::generate_pkcs8(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, random)
            .map(|document| document.as_ref().to_vec())
            .map_err(|_unspecified| KeyFault::NoRandomness)
    }

    /// Reads one from PKCS #8, in DER or PEM.
    pub fn from_pkcs8(bytes: &[u8], random: &dyn SecureRandom) -> Result<Self, KeyFault> {
        let own = crate::pem::blocks(bytes, "PRIVATE KEY").into_iter().next();
        let bytes = own.as_deref().unwrap_or(bytes);
        if let Ok(pair) = RsaKeyPair::from_pkcs8(bytes) {
            return Ok(Self { pair: Pair::Rsa(pair), algorithm: Algorithm::RsaSha256 });
        }
        for (method, algorithm) in [
            (&signature::ECDSA_P256_SHA256_ASN1_SIGNING, Algorithm::EcdsaP256),
            (&signature::ECDSA_P384_SHA384_ASN1_SIGNING, Algorithm::EcdsaP384),
        ] {
            if let Ok(pair) = EcdsaKeyPair::from_pkcs8(method, bytes, random) {
                return Ok(Self { pair: Pair::Ecdsa(pair), algorithm });
            }
        }
        Err(KeyFault::NotTaken)
    }

    /// The usual way to sign with it.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The bits of its public key, as [`crate::Certificate::key_bits`] has them.
    pub fn key_bits(&self) -> &[u8] {
        match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::Ecdsa(pair) => pair.public_key().as_ref(),
        }
    }

    /// Signs a message in the way `algorithm` says.
    pub fn sign(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        random: &dyn SecureRandom,
    ) -> Result<Vec<u8>, SignFault> {
        match (&self.pair, algorithm) {
            (Pair::Rsa(pair), Algorithm::RsaSha256 | Algorithm::RsaPssSha256) => {
                let padding: &dyn signature::RsaEncoding = if algorithm == Algorithm::RsaSha256 {
                    &signature::RSA_PKCS1_SHA256
                } else {
                    &signature::RSA_PSS_SHA256
                };
                let mut out = vec![0; pair.public().modulus_len()];
                pair.sign(padding, random, message, &mut out)
                    .map_err(|_unspecified| SignFault::KeyRefuses)?;
                Ok(out)
            }
            (Pair::Ecdsa(pair), wanted) if wanted == self.algorithm => pair
                .sign(random, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_unspecified| SignFault::KeyRefuses),
            _ => Err(SignFault::OtherKey),
        }
    }
}

/// Whose certificate is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The person or the agency.
    pub name: String,
    /// The organisation.
    pub organisation: Option<String>,
    /// The unit within it.
    pub unit: Option<String>,
    /// The country, two letters.
    pub country: String,
}

/// A request for a certificate (PKCS #10) before it is signed: the bytes to sign.
pub fn request(subject: &Subject, key_bits: &[u8], algorithm: Algorithm) -> Result<Vec<u8>, KeyFault> {
    let info = CertReqInfo {
        version: Version::V1,
        subject: name(subject)?,
        public_key: public_key(key_bits, algorithm).map_err(|_error| KeyFault::NotTaken)?,
        attributes: SetOfVec::new(),
    };
    info.to_der().map_err(|_error| KeyFault::NotTaken)
}

/// The request with its signature, as PEM.
pub fn signed_request(request: &[u8], signature: &[u8], algorithm: Algorithm) -> Result<String, KeyFault> {
    let whole = || -> der::Result<Vec<u8>> {
        CertReq {
            info: CertReqInfo::from_der(request)?,
            algorithm: algorithm.identifier()?,
            signature: BitString::from_bytes(&crate::raw::as_der(signature, algorithm))?,
        }
        .to_der()
    };
    whole().map(|bytes| crate::pem::write("CERTIFICATE REQUEST", &bytes)).map_err(|_error| KeyFault::NotTaken)
}

fn public_key(bits: &[u8], algorithm: Algorithm) -> der::Result<SubjectPublicKeyInfoOwned> {
    let curve = |curve: ObjectIdentifier| -> der::Result<AlgorithmIdentifier> {
        Ok(AlgorithmIdentifier { oid: oid::EC, parameters: Some(Any::from_der(&curve.to_der()?)?) })
    };
    Ok(SubjectPublicKeyInfoOwned {
        algorithm: match algorithm {
            Algorithm::RsaSha256 | Algorithm::RsaPssSha256 => with_null(oid::RSA),
            Algorithm::EcdsaP256 => curve(oid::P256)?,
            Algorithm::EcdsaP384 => curve(oid::P384)?,
        },
        subject_public_key: BitString::from_bytes(bits)?,
    })
}

fn name(subject: &Subject) -> Result<Name, KeyFault> {
    const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
    let mut parts = RdnSequence::default();
    let given = [
        (COUNTRY, Some(&subject.country)),
        (oid::ORGANISATION, subject.organisation.as_ref()),
        (oid::UNIT, subject.unit.as_ref()),
        (oid::COMMON_NAME, Some(&subject.name)),
    ];
    for (part, value) in given {
        let Some(value) = value else { continue };
        let fault = || KeyFault::Name(value.clone());
        // The standard allows 64 letters; longer names of units are cut by no authority, but refused.
        if value.is_empty() || value.chars().count() > 64 || value.chars().any(char::is_control) {
            return Err(fault());
        }
        let tag = if part == COUNTRY { der::Tag::PrintableString } else { der::Tag::Utf8String };
        let value = Any::new(tag, value.as_bytes()).map_err(|_error| fault())?;
        let one = RelativeDistinguishedName::try_from(vec![AttributeTypeAndValue { oid: part, value }]);
        parts.push(one.map_err(|_error| fault())?);
    }
    let whole = parts.to_der().and_then(|bytes| Name::from_der(&bytes));
    whole.map_err(|_error| KeyFault::Name(subject.name.clone()))
}
