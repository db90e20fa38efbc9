//! Structures of messages, as their standards write them: CMS (RFC 5652), time stamps (RFC 3161), OCSP (RFC 6960).
//! Certificates stay the bytes they came as: what is written anew is not what was signed.

use der::asn1::{Any, AnyRef, BitString, GeneralizedTime, Int, ObjectIdentifier, OctetString, SetOfVec};
use der::{Choice, Encode as _, Enumerated, Sequence, ValueOrd};
use jiff::Timestamp;
use x509_cert::AlgorithmIdentifier;
use x509_cert::attr::Attribute;
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;

/// Names of things.
pub(crate) mod oid {
    use der::asn1::ObjectIdentifier as Oid;

    pub(crate) const DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
    pub(crate) const SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");
    pub(crate) const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
    pub(crate) const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");
    pub(crate) const ALGORITHM_PROTECTION: Oid = Oid::new_unwrap("1.2.840.113549.1.9.52");
    pub(crate) const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");
    pub(crate) const TIME_STAMP_TOKEN: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.14");
    pub(crate) const TST_INFO: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.1.4");
    pub(crate) const TIME_STAMPING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.8");
    pub(crate) const OCSP_SIGNING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.9");
    pub(crate) const OCSP: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1");
    pub(crate) const OCSP_BASIC: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.1");
    pub(crate) const SHA1: Oid = Oid::new_unwrap("1.3.14.3.2.26");
    pub(crate) const SHA256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.1");
    pub(crate) const SHA384: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.2");
    pub(crate) const SHA512: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.3");
    pub(crate) const RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.1");
    pub(crate) const RSA_PSS: Oid = Oid::new_unwrap("1.2.840.113549.1.1.10");
    pub(crate) const MGF1: Oid = Oid::new_unwrap("1.2.840.113549.1.1.8");
    pub(crate) const RSA_SHA256: Oid = Oid::new_unwrap("1.2.840.113549.1.1.11");
    pub(crate) const RSA_SHA384: Oid = Oid::new_unwrap("1.2.840.113549.1.1.12");
    pub(crate) const RSA_SHA512: Oid = Oid::new_unwrap("1.2.840.113549.1.1.13");
    pub(crate) const EC: Oid = Oid::new_unwrap("1.2.840.10045.2.1");
    pub(crate) const P256: Oid = Oid::new_unwrap("1.2.840.10045.3.1.7");
    pub(crate) const P384: Oid = Oid::new_unwrap("1.3.132.0.34");
    pub(crate) const ECDSA_SHA256: Oid = Oid::new_unwrap("1.2.840.10045.4.3.2");
    pub(crate) const ECDSA_SHA384: Oid = Oid::new_unwrap("1.2.840.10045.4.3.3");
    pub(crate) const BASIC_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.19");
    pub(crate) const KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.15");
    pub(crate) const EXTENDED_KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.37");
    pub(crate) const ALTERNATIVE_NAME: Oid = Oid::new_unwrap("2.5.29.17");
    pub(crate) const POLICIES: Oid = Oid::new_unwrap("2.5.29.32");
    pub(crate) const INHIBIT_ANY: Oid = Oid::new_unwrap("2.5.29.54");
    pub(crate) const POLICY_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.36");
    pub(crate) const ISSUING_POINT: Oid = Oid::new_unwrap("2.5.29.28");
    pub(crate) const DELTA_CRL: Oid = Oid::new_unwrap("2.5.29.27");
    pub(crate) const COMMON_NAME: Oid = Oid::new_unwrap("2.5.4.3");
    pub(crate) const ORGANISATION: Oid = Oid::new_unwrap("2.5.4.10");
    pub(crate) const UNIT: Oid = Oid::new_unwrap("2.5.4.11");
}

/// What was signed, by what, and the signature: certificates, lists of revoked ones and answers of OCSP all begin so.
#[derive(Debug, Sequence)]
pub(crate) struct Signed<'a> {
    pub(crate) content: AnyRef<'a>,
    pub(crate) algorithm: AlgorithmIdentifier,
    pub(crate) signature: BitString,
}

#[derive(Debug, Sequence)]
pub(crate) struct ContentInfo {
    pub(crate) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(crate) content: Any,
}

#[derive(Debug, Sequence)]
pub(crate) struct SignedData {
    pub(crate) version: u8,
    pub(crate) digest_algorithms: SetOfVec<AlgorithmIdentifier>,
    pub(crate) encapsulated: Encapsulated,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(crate) certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(crate) revocations: Option<SetOfVec<Any>>,
    pub(crate) signers: SetOfVec<SignerInfo>,
}

#[derive(Debug, Sequence)]
pub(crate) struct Encapsulated {
    pub(crate) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) content: Option<OctetString>,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence, ValueOrd)]
pub(crate) struct SignerInfo {
    pub(crate) version: u8,
    pub(crate) signer: SignerIdentifier,
    pub(crate) digest_algorithm: AlgorithmIdentifier,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(crate) signed: Option<SetOfVec<Attribute>>,
    pub(crate) signature_algorithm: AlgorithmIdentifier,
    pub(crate) signature: OctetString,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(crate) unsigned: Option<SetOfVec<Attribute>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Choice)]
pub(crate) enum SignerIdentifier {
    Issuer(IssuerAndSerial),
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    Key(SubjectKeyIdentifier),
}

impl ValueOrd for SignerIdentifier {
    fn value_cmp(&self, other: &Self) -> der::Result<std::cmp::Ordering> {
        Ok(self.to_der()?.cmp(&other.to_der()?))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct IssuerAndSerial {
    pub(crate) issuer: Name,
    pub(crate) serial: SerialNumber,
}

/// RFC 5035; the hash is SHA-256 unless it is said to be another.
#[derive(Debug, Sequence)]
pub(crate) struct SigningCertificateV2 {
    pub(crate) certificates: Vec<CertificateId>,
    #[asn1(optional = "true")]
    pub(crate) policies: Option<Vec<Any>>,
}

#[derive(Debug, Sequence)]
pub(crate) struct CertificateId {
    #[asn1(optional = "true")]
    pub(crate) algorithm: Option<AlgorithmIdentifier>,
    pub(crate) hash: OctetString,
    #[asn1(optional = "true")]
    pub(crate) issuer: Option<IssuerSerial>,
}

/// The issuer and number of a certificate, which its hash names well enough.
#[derive(Debug, Sequence)]
pub(crate) struct IssuerSerial {
    pub(crate) issuer: Any,
    pub(crate) serial: SerialNumber,
}

/// RFC 6211.
#[derive(Debug, Sequence)]
pub(crate) struct AlgorithmProtection {
    pub(crate) digest: AlgorithmIdentifier,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(crate) signature: Option<AlgorithmIdentifier>,
}

#[derive(Debug, Sequence)]
pub(crate) struct PssParameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) hash: Option<AlgorithmIdentifier>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) mask: Option<AlgorithmIdentifier>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) salt: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Imprint {
    pub(crate) algorithm: AlgorithmIdentifier,
    pub(crate) hash: OctetString,
}

#[derive(Debug, Sequence)]
pub(crate) struct StampRequest {
    pub(crate) version: u8,
    pub(crate) imprint: Imprint,
    pub(crate) nonce: Int,
    pub(crate) with_certificate: bool,
}

#[derive(Debug, Sequence)]
pub(crate) struct StampResponse {
    pub(crate) status: StampStatus,
    #[asn1(optional = "true")]
    pub(crate) token: Option<ContentInfo>,
}

#[derive(Debug, Sequence)]
pub(crate) struct StampStatus {
    pub(crate) status: u8,
    #[asn1(optional = "true")]
    pub(crate) words: Option<Vec<String>>,
    #[asn1(optional = "true")]
    pub(crate) failure: Option<BitString>,
}

/// What a time stamp says. The time is kept as it came: it may have fractions of a second.
#[derive(Debug, Sequence)]
pub(crate) struct StampInfo {
    pub(crate) version: u8,
    pub(crate) policy: ObjectIdentifier,
    pub(crate) imprint: Imprint,
    pub(crate) serial: Int,
    pub(crate) time: Any,
    #[asn1(optional = "true")]
    pub(crate) accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    pub(crate) ordering: bool,
    #[asn1(optional = "true")]
    pub(crate) nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(crate) extensions: Option<Extensions>,
}

#[derive(Debug, Sequence)]
pub(crate) struct Accuracy {
    #[asn1(optional = "true")]
    pub(crate) seconds: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(crate) millis: Option<Int>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(crate) micros: Option<Int>,
}

#[derive(Debug, Sequence)]
pub(crate) struct OcspRequest {
    pub(crate) to_be_signed: OcspQuestions,
}

#[derive(Debug, Sequence)]
pub(crate) struct OcspQuestions {
    pub(crate) questions: Vec<OcspQuestion>,
}

#[derive(Debug, Sequence)]
pub(crate) struct OcspQuestion {
    pub(crate) certificate: OcspCertificate,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct OcspCertificate {
    pub(crate) algorithm: AlgorithmIdentifier,
    pub(crate) issuer_name: OctetString,
    pub(crate) issuer_key: OctetString,
    pub(crate) serial: SerialNumber,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enumerated)]
#[repr(u32)]
pub(crate) enum OcspStatus {
    Successful = 0,
    MalformedRequest = 1,
    InternalError = 2,
    TryLater = 3,
    SignatureRequired = 5,
    Unauthorized = 6,
}

#[derive(Debug, Sequence)]
pub(crate) struct OcspResponse {
    pub(crate) status: OcspStatus,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) bytes: Option<OcspBytes>,
}

#[derive(Debug, Sequence)]
pub(crate) struct OcspBytes {
    pub(crate) kind: ObjectIdentifier,
    pub(crate) response: OctetString,
}

#[derive(Debug, Sequence)]
pub(crate) struct OcspBasic {
    pub(crate) data: Any,
    pub(crate) algorithm: AlgorithmIdentifier,
    pub(crate) signature: BitString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) certificates: Option<Vec<Any>>,
}

#[derive(Debug, Sequence)]
pub(crate) struct OcspData {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) version: Option<u8>,
    pub(crate) responder: Any,
    pub(crate) produced_at: GeneralizedTime,
    pub(crate) answers: Vec<OcspSingle>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) extensions: Option<Extensions>,
}

#[derive(Debug, Sequence)]
pub(crate) struct OcspSingle {
    pub(crate) certificate: OcspCertificate,
    pub(crate) status: Any,
    pub(crate) this_update: GeneralizedTime,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) next_update: Option<GeneralizedTime>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) extensions: Option<Extensions>,
}

/// A moment from the seconds since 1970.
pub(crate) fn moment(since_1970: std::time::Duration) -> Timestamp {
    i64::try_from(since_1970.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}

/// An algorithm without parameters.
pub(crate) fn bare(oid: ObjectIdentifier) -> AlgorithmIdentifier {
    AlgorithmIdentifier { oid, parameters: None }
}

/// An algorithm whose parameters are the empty value, as RSA has them.
pub(crate) fn with_null(oid: ObjectIdentifier) -> AlgorithmIdentifier {
    AlgorithmIdentifier { oid, parameters: Some(Any::null()) }
}
