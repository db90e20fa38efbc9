//! Certificates that a token holds, and signing hashes by one of them: what a person's USB token is for.

use cryptoki::error::Error as TokenError;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use dinh_signatures::{Algorithm, Certificate};
use dinh_signing::ModuleFault;

use super::{Token, key_of};

/// Most certificates of a token that are looked at.
const MOST: usize = 64;
/// What stands before a SHA-256 hash that is signed with RSA PKCS #1 v1.5 (RFC 8017, 9.2, note 1).
const SHA256_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];
/// What tells the bits of a public key.
const PUBLIC: [AttributeType; 6] = [
    AttributeType::Id,
    AttributeType::KeyType,
    AttributeType::Modulus,
    AttributeType::PublicExponent,
    AttributeType::EcParams,
    AttributeType::EcPoint,
];

/// A certificate of a token that has its private key too.
#[derive(Debug, Clone)]
pub struct Held {
    certificate: Certificate,
    algorithm: Algorithm,
    key: Vec<u8>,
}

impl Held {
    /// The certificate.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The way its key signs.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Token {
    /// The certificates for signing documents whose private keys it has.
    ///
    /// # Errors
    /// The token is away or refuses.
    pub fn certificates(&self) -> Result<Vec<Held>, ModuleFault> {
        self.with(|session| {
            let publics = publics(session)?;
            let mut all = Vec::new();
            for object in found(session, &[Attribute::Class(ObjectClass::CERTIFICATE)])? {
                let attributes =
                    session.get_attributes(object, &[AttributeType::Value, AttributeType::Id])?;
                let Some(certificate) = certificate(&attributes) else { continue };
                let Some(algorithm) = certificate.algorithm() else { continue };
                // By the key itself: not every software that fills tokens gives both the same identifier.
                let by_key = publics.iter().find(|(bits, _)| bits == certificate.key_bits());
                let Some(key) = by_key.map(|(_, id)| id.clone()).or_else(|| id(&attributes)) else {
                    continue;
                };
                if private(session, &key)?.is_some() {
                    all.push(Held { certificate, algorithm, key });
                }
            }
            Ok(all)
        })
    }

    /// Signs a hash by a certificate.
    ///
    /// # Errors
    /// The hash is not as long as the algorithm's, or the token is away or refuses.
    pub fn sign_digest(&self, held: &Held, digest: &[u8]) -> Result<Vec<u8>, ModuleFault> {
        if digest.len() != held.algorithm.hash().digest(&[]).len() {
            return Err(ModuleFault("the hash has another length than its algorithm says".to_owned()));
        }
        let (mechanism, data) = match held.algorithm {
            Algorithm::RsaSha256 => (Mechanism::RsaPkcs, [SHA256_INFO.as_slice(), digest].concat()),
            Algorithm::EcdsaP256 | Algorithm::EcdsaP384 => (Mechanism::Ecdsa, digest.to_vec()),
            Algorithm::RsaPssSha256 => {
                return Err(ModuleFault("RSA PSS is not signed from a hash".to_owned()));
            }
        };
        let signature = self.with(|session| match private(session, &held.key)? {
            Some(key) => session.sign(&mechanism, key, &data).map(Some),
            None => Ok(None),
        })?;
        signature.ok_or_else(|| ModuleFault("the private key is gone".to_owned()))
    }
}

fn found(session: &Session, wanted: &[Attribute]) -> Result<Vec<ObjectHandle>, TokenError> {
    let mut all = session.find_objects(wanted)?;
    all.truncate(MOST);
    Ok(all)
}

/// A public key: its bits as certificates have them, and what it is called by.
type PublicKey = (Vec<u8>, Vec<u8>);

/// The public keys.
fn publics(session: &Session) -> Result<Vec<PublicKey>, TokenError> {
    let mut all = Vec::new();
    for object in found(session, &[Attribute::Class(ObjectClass::PUBLIC_KEY)])? {
        let attributes = session.get_attributes(object, &PUBLIC)?;
        if let (Some((bits, _)), Some(id)) = (key_of(&attributes), id(&attributes)) {
            all.push((bits, id));
        }
    }
    Ok(all)
}

fn private(session: &Session, id: &[u8]) -> Result<Option<ObjectHandle>, TokenError> {
    let wanted = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Id(id.to_vec())];
    Ok(session.find_objects(&wanted)?.into_iter().next())
}

fn certificate(attributes: &[Attribute]) -> Option<Certificate> {
    let value = attributes.iter().find_map(|attribute| match attribute {
        Attribute::Value(value) => Some(value),
        _ => None,
    })?;
    Certificate::from_der(value).ok().filter(Certificate::signs_documents)
}

fn id(attributes: &[Attribute]) -> Option<Vec<u8>> {
    attributes.iter().find_map(|attribute| match attribute {
        Attribute::Id(id) if !id.is_empty() => Some(id.clone()),
        _ => None,
    })
}
