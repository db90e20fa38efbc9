//! Whether a certificate is revoked: lists (RFC 5280, 5) and answers of responders (RFC 6960).

use der::asn1::{Any, GeneralizedTime, OctetString};
use der::{Decode as _, Encode as _, Tag, TagNumber};
use jiff::{SignedDuration, Timestamp};
use ring::digest;
use x509_cert::crl::CertificateList;
use x509_cert::name::Name;

use crate::algorithm::{Checked, check_bits};
use crate::asn1::{
    OcspBasic, OcspCertificate, OcspData, OcspQuestion, OcspQuestions, OcspRequest, OcspResponse, OcspSingle,
    OcspStatus, Signed, moment, oid, with_null,
};
use crate::certificate::Certificate;

/// The longest list of revoked certificates that is read, in bytes.
pub const LONGEST_LIST: usize = 32 << 20;
/// The longest answer of a responder that is read, in bytes.
pub const LONGEST_ANSWER: usize = 64 << 10;
/// How far the clock of a responder may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Why something says nothing about revocation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevocationFault {
    /// It cannot be read.
    #[error("this cannot be read: {0}")]
    Unreadable(String),
    /// More bytes than are read.
    #[error("this has {0} bytes, more than are read")]
    Long(usize),
    /// The responder did not answer the question.
    #[error("the responder does not answer: {0}")]
    NoAnswer(String),
}

/// A list of revoked certificates.
#[derive(Debug, Clone)]
pub struct RevocationList {
    bytes: Vec<u8>,
    read: CertificateList,
}

/// An answer of a responder.
#[derive(Debug, Clone)]
pub struct OcspAnswer {
    bytes: Vec<u8>,
}

/// What is known about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Not revoked, as of something that was new until then.
    Good(Timestamp),
    /// Revoked since then.
    Revoked(Timestamp),
}

impl RevocationList {
    /// Reads one, in DER or PEM.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RevocationFault> {
        if bytes.len() > LONGEST_LIST {
            return Err(RevocationFault::Long(bytes.len()));
        }
        let bytes =
            crate::pem::blocks(bytes, "X509 CRL").into_iter().next().unwrap_or_else(|| bytes.to_vec());
        let read = CertificateList::from_der(&bytes)
            .map_err(|error| RevocationFault::Unreadable(error.to_string()))?;
        Ok(Self { bytes, read })
    }

    /// Its bytes (DER).
    pub fn der(&self) -> &[u8] {
        &self.bytes
    }

    /// Until when it is new; those that do not say it are so for a day.
    pub fn until(&self) -> Timestamp {
        let list = &self.read.tbs_cert_list;
        list.next_update.map_or_else(
            || later(moment(list.this_update.to_unix_duration()), SignedDuration::from_hours(24)),
            |next| moment(next.to_unix_duration()),
        )
    }

    /// What it says about `certificate` of `issuer`; `None` if it is not for it.
    pub(crate) fn status(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        now: Timestamp,
    ) -> Option<Status> {
        let list = &self.read.tbs_cert_list;
        // What covers only some certificates or only what is new says nothing for sure.
        let partial = list.crl_extensions.as_ref().is_some_and(|all| {
            all.iter().any(|one| {
                one.extn_id == oid::DELTA_CRL || (one.critical && one.extn_id != oid::ISSUING_POINT)
            })
        });
        if partial
            || self.is_narrow()
            || list.issuer != *issuer.read.tbs_certificate().subject()
            || moment(list.this_update.to_unix_duration()) > later(now, AHEAD)
            || !issuer.signs_revocations()
        {
            return None;
        }
        let signed = Signed::from_der(&self.bytes).ok()?;
        let content = signed.content.to_der().ok()?;
        if check_bits(issuer.key(), &signed.algorithm, &content, &signed.signature) != Checked::Fits {
            return None;
        }
        let serial = certificate.read.tbs_certificate().serial_number();
        let revoked = list.revoked_certificates.iter().flatten().find(|one| one.serial_number == *serial);
        Some(revoked.map_or(Status::Good(self.until()), |one| {
            Status::Revoked(moment(one.revocation_date.to_unix_duration()))
        }))
    }

    /// Whether it covers only some certificates or reasons, or those of others.
    fn is_narrow(&self) -> bool {
        use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;
        let all = self.read.tbs_cert_list.crl_extensions.as_deref().unwrap_or_default();
        let Some(point) = all.iter().find(|one| one.extn_id == oid::ISSUING_POINT) else { return false };
        IssuingDistributionPoint::from_der(point.extn_value.as_bytes()).map_or(true, |point| {
            point.indirect_crl
                || point.only_contains_ca_certs
                || point.only_contains_attribute_certs
                || point.only_some_reasons.is_some()
        })
    }
}

/// The question to a responder whether `certificate` of `issuer` is revoked (DER).
pub fn ocsp_request(certificate: &Certificate, issuer: &Certificate) -> Result<Vec<u8>, RevocationFault> {
    let broken = |error: der::Error| RevocationFault::Unreadable(error.to_string());
    let question = OcspQuestion { certificate: named(certificate, issuer).map_err(broken)? };
    OcspRequest { to_be_signed: OcspQuestions { questions: vec![question] } }.to_der().map_err(broken)
}

/// Responders know certificates by SHA-1, which here names and does not protect.
fn named(certificate: &Certificate, issuer: &Certificate) -> der::Result<OcspCertificate> {
    let sha1 =
        |bytes: &[u8]| OctetString::new(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    Ok(OcspCertificate {
        algorithm: with_null(oid::SHA1),
        issuer_name: sha1(&issuer.read.tbs_certificate().subject().to_der()?)?,
        issuer_key: sha1(issuer.key_bits())?,
        serial: certificate.read.tbs_certificate().serial_number().clone(),
    })
}

impl OcspAnswer {
    /// Reads one (DER). A responder that says that it cannot answer has given none.
    pub fn from_der(bytes: &[u8]) -> Result<Self, RevocationFault> {
        if bytes.len() > LONGEST_ANSWER {
            return Err(RevocationFault::Long(bytes.len()));
        }
        let unreadable = |error: der::Error| RevocationFault::Unreadable(error.to_string());
        let response = OcspResponse::from_der(bytes).map_err(unreadable)?;
        match (response.status, response.bytes) {
            (OcspStatus::Successful, Some(answer)) if answer.kind == oid::OCSP_BASIC => {
                OcspBasic::from_der(answer.response.as_bytes()).map_err(unreadable)?;
                Ok(Self { bytes: answer.response.as_bytes().to_vec() })
            }
            (status, _) => Err(RevocationFault::NoAnswer(format!("{status:?}"))),
        }
    }

    /// What it says about `certificate` of `issuer`; `None` if it is not about it, or by nobody who may say it.
    pub(crate) fn status(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        now: Timestamp,
    ) -> Option<Status> {
        let basic = OcspBasic::from_der(&self.bytes).ok()?;
        let content = basic.data.to_der().ok()?;
        let data = OcspData::from_der(&content).ok()?;
        let responder = responder(&basic, &data.responder, issuer)?;
        if check_bits(responder.key(), &basic.algorithm, &content, &basic.signature) != Checked::Fits {
            return None;
        }
        let wanted = named(certificate, issuer).ok()?;
        let single = data.answers.iter().find(|one| {
            one.certificate.issuer_name == wanted.issuer_name
                && one.certificate.issuer_key == wanted.issuer_key
                && one.certificate.serial == wanted.serial
                && one.certificate.algorithm.oid == oid::SHA1
        })?;
        // Whoever answered may have had to be replaced since; what they said then was said in time.
        let said_at = moment(single.this_update.to_unix_duration());
        if said_at < responder.from() || said_at > responder.until() {
            return None;
        }
        said(single, now)
    }

    /// Until when it is new; those that do not say it are so for a day.
    pub fn until(&self) -> Option<Timestamp> {
        let basic = OcspBasic::from_der(&self.bytes).ok()?;
        let content = basic.data.to_der().ok()?;
        let data = OcspData::from_der(&content).ok()?;
        data.answers.iter().map(fresh_until).min()
    }
}

fn fresh_until(single: &OcspSingle) -> Timestamp {
    let day = SignedDuration::from_hours(24);
    single.next_update.map_or_else(
        || later(moment(single.this_update.to_unix_duration()), day),
        |next| moment(next.to_unix_duration()),
    )
}

fn said(single: &OcspSingle, now: Timestamp) -> Option<Status> {
    if moment(single.this_update.to_unix_duration()) > later(now, AHEAD) {
        return None;
    }
    match single.status.header().tag() {
        Tag::ContextSpecific { number: TagNumber(0), .. } => Some(Status::Good(fresh_until(single))),
        Tag::ContextSpecific { number: TagNumber(1), .. } => {
            let at = GeneralizedTime::from_der(first_element(single.status.value())?).ok()?;
            Some(Status::Revoked(moment(at.to_unix_duration())))
        }
        _ => None,
    }
}

/// The bytes of the first element of a sequence.
fn first_element(bytes: &[u8]) -> Option<&[u8]> {
    let (any, rest) = der::asn1::AnyRef::from_der_partial(bytes).ok()?;
    let _: der::asn1::AnyRef<'_> = any;
    bytes.get(..bytes.len() - rest.len())
}

/// Who gave the answer: the issuer itself, or whom it named for that.
fn responder(basic: &OcspBasic, id: &Any, issuer: &Certificate) -> Option<Certificate> {
    let given =
        basic.certificates.iter().flatten().filter_map(|one| Certificate::from_der(&one.to_der().ok()?).ok());
    let mut all = vec![issuer.clone()];
    all.extend(given.take(4).filter(|one| {
        one.is_signed_by(issuer) == Checked::Fits && one.is_for(oid::OCSP_SIGNING) && !one.asks_too_much()
    }));
    all.into_iter().find(|one| match id.header().tag() {
        Tag::ContextSpecific { number: TagNumber(1), .. } => {
            Name::from_der(id.value()).is_ok_and(|name| name == *one.read.tbs_certificate().subject())
        }
        Tag::ContextSpecific { number: TagNumber(2), .. } => {
            OctetString::from_der(id.value()).is_ok_and(|key| {
                key.as_bytes() == digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, one.key_bits()).as_ref()
            })
        }
        _ => false,
    })
}

pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}
