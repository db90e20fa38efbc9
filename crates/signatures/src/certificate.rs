//! Certificates (RFC 5280): the bytes as they came, and what is read from them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::asn1::ObjectIdentifier;
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use x509_cert::ext::pkix::name::{DirectoryString, DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage,
    SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::algorithm::{Algorithm, Checked, Hash, check_bits};
use crate::asn1::{Signed, moment, oid};
use crate::pdf::hex;

/// The longest certificate that is read, in bytes.
const LONGEST: usize = 64 << 10;

/// Why something is no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// It cannot be read.
    #[error("this is no X.509 certificate: {0}")]
    Unreadable(String),
    /// More bytes than are read.
    #[error("a certificate has {0} bytes; at most {LONGEST} are read")]
    Long(usize),
    /// Neither PEM nor DER.
    #[error("no certificate was found: expected one in DER, or PEM with -----BEGIN CERTIFICATE-----")]
    None,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    bytes: Vec<u8>,
    pub(crate) read: x509_cert::Certificate,
}

impl Certificate {
    /// Reads one from its bytes (DER).
    pub fn from_der(bytes: &[u8]) -> Result<Self, CertificateFault> {
        if bytes.len() > LONGEST {
            return Err(CertificateFault::Long(bytes.len()));
        }
        let read = x509_cert::Certificate::from_der(bytes)
            .map_err(|error| CertificateFault::Unreadable(error.to_string()))?;
        Ok(Self { bytes: bytes.to_vec(), read })
    }

    /// Reads all that stand in a file: PEM with any number of them, or one in DER.
    pub fn all_from(file: &[u8]) -> Result<Vec<Self>, CertificateFault> {
        let all = crate::pem::blocks(file, "CERTIFICATE");
        if !all.is_empty() {
            return all.iter().map(|bytes| Self::from_der(bytes)).collect();
        }
        if file.first() == Some(&0x30) {
            return Ok(vec![Self::from_der(file)?]);
        }
        Err(CertificateFault::None)
    }

    /// Its bytes (DER).
    pub fn der(&self) -> &[u8] {
        &self.bytes
    }

    /// It as PEM.
    pub fn pem(&self) -> String {
        crate::pem::write("CERTIFICATE", &self.bytes)
    }

    /// SHA-256 over its bytes, in hexadecimal digits: names it for good.
    pub fn fingerprint(&self) -> String {
        hex(&Hash::Sha256.digest(&[&self.bytes])).to_lowercase()
    }

    /// Its number, in hexadecimal digits.
    pub fn serial(&self) -> String {
        hex(self.read.tbs_certificate().serial_number().as_bytes())
    }

    /// When it begins to be valid.
    pub fn from(&self) -> Timestamp {
        moment(self.read.tbs_certificate().validity().not_before.to_unix_duration())
    }

    /// Until when it is valid, this moment included.
    pub fn until(&self) -> Timestamp {
        moment(self.read.tbs_certificate().validity().not_after.to_unix_duration())
    }

    /// Whose it is, in the words of the certificate (RFC 4514).
    pub fn subject(&self) -> String {
        self.read.tbs_certificate().subject().to_string()
    }

    /// Who gave it, in the words of the certificate (RFC 4514).
    pub fn issuer(&self) -> String {
        self.read.tbs_certificate().issuer().to_string()
    }

    /// The name of whose it is: a person or an agency.
    pub fn name(&self) -> Option<String> {
        self.part(oid::COMMON_NAME)
    }

    /// The organisation of whose it is.
    pub fn organisation(&self) -> Option<String> {
        self.part(oid::ORGANISATION)
    }

    /// The unit within the organisation.
    pub fn unit(&self) -> Option<String> {
        self.part(oid::UNIT)
    }

    fn part(&self, part: ObjectIdentifier) -> Option<String> {
        named(self.read.tbs_certificate().subject(), part)
    }

    pub(crate) fn key(&self) -> &SubjectPublicKeyInfoOwned {
        self.read.tbs_certificate().subject_public_key_info()
    }

    /// The bits of its key: what a private key must belong to.
    pub fn key_bits(&self) -> &[u8] {
        self.key().subject_public_key.raw_bytes()
    }

    /// The usual way to sign with its key.
    pub fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::for_key(self.key())
    }

    pub(crate) fn key_id(&self) -> Option<Vec<u8>> {
        let (_, id) = self.read.tbs_certificate().get_extension::<SubjectKeyIdentifier>().ok()??;
        Some(id.0.as_bytes().to_vec())
    }

    /// Whether its key may sign documents.
    pub fn signs_documents(&self) -> bool {
        match self.read.tbs_certificate().get_extension::<KeyUsage>() {
            Ok(Some((_, usage))) => usage.digital_signature() || usage.non_repudiation(),
            Ok(None) => true,
            Err(_) => false,
        }
    }

    /// Whether its key may sign certificates that `below` further ones may come under.
    pub(crate) fn is_authority(&self, below: usize) -> bool {
        let tbs = self.read.tbs_certificate();
        let constraints = tbs.get_extension::<BasicConstraints>();
        let usage = tbs.get_extension::<KeyUsage>();
        matches!(constraints, Ok(Some((_, constraints))) if constraints.ca
            && constraints.path_len_constraint.is_none_or(|most| below <= usize::from(most)))
            && match usage {
                Ok(Some((_, usage))) => usage.key_cert_sign(),
                Ok(None) => true,
                Err(_) => false,
            }
    }

    pub(crate) fn signs_revocations(&self) -> bool {
        match self.read.tbs_certificate().get_extension::<KeyUsage>() {
            Ok(Some((_, usage))) => usage.crl_sign(),
            Ok(None) => true,
            Err(_) => false,
        }
    }

    /// Whether it is for `purpose`; one that names purposes is for no other.
    pub(crate) fn is_for(&self, purpose: ObjectIdentifier) -> bool {
        matches!(self.read.tbs_certificate().get_extension::<ExtendedKeyUsage>(),
            Ok(Some((_, usage))) if usage.0.contains(&purpose))
    }

    /// Whether it asks for something that must be understood and is not.
    pub(crate) fn asks_too_much(&self) -> bool {
        const UNDERSTOOD: [ObjectIdentifier; 7] = [
            oid::BASIC_CONSTRAINTS,
            oid::KEY_USAGE,
            oid::EXTENDED_KEY_USAGE,
            oid::ALTERNATIVE_NAME,
            oid::POLICIES,
            oid::INHIBIT_ANY,
            oid::POLICY_CONSTRAINTS,
        ];
        let extensions = self.read.tbs_certificate().extensions();
        extensions.is_some_and(|all| all.iter().any(|one| one.critical && !UNDERSTOOD.contains(&one.extn_id)))
    }

    /// Whether `issuer` signed it.
    pub(crate) fn is_signed_by(&self, issuer: &Self) -> Checked {
        if self.read.tbs_certificate().issuer() != issuer.read.tbs_certificate().subject() {
            return Checked::DoesNotFit;
        }
        let Ok(signed) = Signed::from_der(&self.bytes) else { return Checked::DoesNotFit };
        let Ok(content) = signed.content.to_der() else { return Checked::DoesNotFit };
        if signed.algorithm != *self.read.tbs_certificate().signature() {
            return Checked::DoesNotFit;
        }
        check_bits(issuer.key(), &signed.algorithm, &content, &signed.signature)
    }

    /// Whether it signed itself: a root.
    pub fn is_root(&self) -> bool {
        self.is_signed_by(self) == Checked::Fits
    }

    /// Where it says that a responder answers whether it is revoked (OCSP).
    pub fn ocsp_addresses(&self) -> Vec<String> {
        self.access(oid::OCSP)
    }

    fn access(&self, method: ObjectIdentifier) -> Vec<String> {
        let Ok(Some((_, access))) = self.read.tbs_certificate().get_extension::<AuthorityInfoAccessSyntax>()
        else {
            return Vec::new();
        };
        let places = access.0.into_iter().filter(|one| one.access_method == method);
        places.filter_map(|one| web(&one.access_location)).collect()
    }

    /// Where it says that the list of revoked certificates lies.
    pub fn crl_addresses(&self) -> Vec<String> {
        let Ok(Some((_, points))) = self.read.tbs_certificate().get_extension::<CrlDistributionPoints>()
        else {
            return Vec::new();
        };
        let names = points.0.into_iter().filter_map(|point| match point.distribution_point {
            Some(DistributionPointName::FullName(names)) => Some(names),
            _ => None,
        });
        names.flatten().filter_map(|name| web(&name)).collect()
    }
}

/// The value of a part of a name, whichever kind of string it is.
pub(crate) fn named(name: &Name, part: ObjectIdentifier) -> Option<String> {
    let value = name.iter().find(|one| one.oid == part)?;
    DirectoryString::try_from(&value.value).ok().map(|text| text.value().into_owned())
}

fn web(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(address) if address.as_str().starts_with("http://") => {
            Some(address.as_str().to_owned())
        }
        _ => None,
    }
}

impl serde::Serialize for Certificate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.bytes))
    }
}
