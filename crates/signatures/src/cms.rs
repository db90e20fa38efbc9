//! Messages with a signature (CMS, RFC 5652) in the form that CAdES baseline asks for (ETSI EN 319 122-1): made and read.

use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode as _, Encode as _, EncodingRules, Reader as _, SliceReader};
use x509_cert::attr::Attribute;

use crate::algorithm::{Algorithm, Checked, Hash, check};
use crate::asn1::{
    AlgorithmProtection, CertificateId, ContentInfo, Encapsulated, IssuerAndSerial, SignedData,
    SignerIdentifier, SignerInfo, SigningCertificateV2, bare, oid,
};
use crate::certificate::Certificate;
use crate::report::Finding;

/// How many certificates a message may carry.
const MOST_CERTIFICATES: usize = 16;

fn attribute(kind: ObjectIdentifier, value: &impl der::Encode) -> der::Result<Attribute> {
    Ok(Attribute { oid: kind, values: SetOfVec::try_from(vec![Any::from_der(&value.to_der()?)?])? })
}

/// What is signed in place of the content: its hash, whose certificate, and how (DER, a set).
pub(crate) fn attributes(content: &[u8], signer: &Certificate, algorithm: Algorithm) -> der::Result<Vec<u8>> {
    let hash = algorithm.hash();
    let id = CertificateId {
        // SHA-256 is meant where nothing is said, and DER wants it unsaid.
        algorithm: (hash != Hash::Sha256).then(|| bare(hash.oid())),
        hash: OctetString::new(hash.digest(&[signer.der()]))?,
        issuer: None,
    };
    let protection =
        AlgorithmProtection { digest: bare(hash.oid()), signature: Some(algorithm.identifier()?) };
    SetOfVec::try_from(vec![
        attribute(oid::CONTENT_TYPE, &oid::DATA)?,
        attribute(oid::MESSAGE_DIGEST, &OctetString::new(content)?)?,
        attribute(
            oid::SIGNING_CERTIFICATE_V2,
            &SigningCertificateV2 { certificates: vec![id], policies: None },
        )?,
        attribute(oid::ALGORITHM_PROTECTION, &protection)?,
    ])?
    .to_der()
}

/// The message: `attributes` with their `signature`, the certificates, and the time stamp over the signature.
pub(crate) fn assemble(
    attributes: &[u8],
    signature: &[u8],
    chain: &[Certificate],
    algorithm: Algorithm,
    stamp: Option<&[u8]>,
) -> der::Result<Vec<u8>> {
    let signer = chain.first().ok_or(der::ErrorKind::Failed)?;
    let tbs = signer.read.tbs_certificate();
    let unsigned = match stamp {
        Some(token) => {
            let token = Attribute {
                oid: oid::TIME_STAMP_TOKEN,
                values: SetOfVec::try_from(vec![Any::from_der(token)?])?,
            };
            Some(SetOfVec::try_from(vec![token])?)
        }
        None => None,
    };
    let info = SignerInfo {
        version: 1,
        signer: SignerIdentifier::Issuer(IssuerAndSerial {
            issuer: tbs.issuer().clone(),
            serial: tbs.serial_number().clone(),
        }),
        digest_algorithm: bare(algorithm.hash().oid()),
        signed: Some(SetOfVec::from_der(attributes)?),
        signature_algorithm: algorithm.identifier()?,
        signature: OctetString::new(signature)?,
        unsigned,
    };
    let certificates: der::Result<Vec<Any>> = chain.iter().map(|one| Any::from_der(one.der())).collect();
    let data = SignedData {
        version: 1,
        digest_algorithms: SetOfVec::try_from(vec![bare(algorithm.hash().oid())])?,
        encapsulated: Encapsulated { content_type: oid::DATA, content: None },
        certificates: Some(SetOfVec::try_from(certificates?)?),
        revocations: None,
        signers: SetOfVec::try_from(vec![info])?,
    };
    ContentInfo { content_type: oid::SIGNED_DATA, content: Any::from_der(&data.to_der()?)? }.to_der()
}

/// A message with one signature.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) content_type: ObjectIdentifier,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) hash: Option<Hash>,
    pub(crate) signer: SignerInfo,
}

impl Message {
    /// Reads the message at the beginning of `bytes`, and says how long it is.
    pub(crate) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let (info, used) =
            content_info(bytes, EncodingRules::Der).or_else(|| content_info(bytes, EncodingRules::Ber))?;
        if info.content_type != oid::SIGNED_DATA {
            return None;
        }
        let content = info.content.to_der().ok()?;
        let data = SignedData::from_der(&content).or_else(|_der| SignedData::from_ber(&content)).ok()?;
        let certificates = data.certificates.as_ref().map(SetOfVec::as_slice).unwrap_or_default();
        let mut signers = data.signers.into_vec();
        let signer = signers.pop().filter(|_| signers.is_empty())?;
        // Which version belongs to which content is said in RFC 5652, 5.1; 4 and 5 are for what is not used here.
        let known_version = matches!(data.version, 1 | 3) && matches!(signer.version, 1 | 3);
        let named = data.digest_algorithms.iter().any(|one| one.oid == signer.digest_algorithm.oid);
        if !known_version || !named || certificates.len() > MOST_CERTIFICATES {
            return None;
        }
        let read = certificates.iter().filter_map(|one| Certificate::from_der(&one.to_der().ok()?).ok());
        let message = Self {
            content_type: data.encapsulated.content_type,
            content: data.encapsulated.content.map(|content| content.as_bytes().to_vec()),
            certificates: read.collect(),
            hash: Hash::of(&signer.digest_algorithm),
            signer,
        };
        Some((message, used))
    }

    /// The certificate of whoever signed.
    pub(crate) fn certificate(&self) -> Option<&Certificate> {
        self.certificates.iter().find(|one| match &self.signer.signer {
            SignerIdentifier::Issuer(id) => {
                let tbs = one.read.tbs_certificate();
                *tbs.issuer() == id.issuer && *tbs.serial_number() == id.serial
            }
            SignerIdentifier::Key(id) => one.key_id().is_some_and(|key| key == id.0.as_bytes()),
        })
    }

    /// The value of a signed attribute that stands there once with one value.
    fn signed(&self, kind: ObjectIdentifier) -> Option<&Any> {
        single(self.signer.signed.as_ref()?, kind)
    }

    /// The value of an attribute that nothing protects.
    pub(crate) fn unsigned(&self, kind: ObjectIdentifier) -> Option<&Any> {
        single(self.signer.unsigned.as_ref()?, kind)
    }

    /// Whether it has attributes that nothing protects, besides `known`.
    pub(crate) fn has_unsigned_besides(&self, known: ObjectIdentifier) -> bool {
        self.signer.unsigned.as_ref().is_some_and(|all| all.iter().any(|one| one.oid != known))
    }

    /// Checks everything but the path of the certificate. `digest` is the hash of what should have been signed.
    pub(crate) fn findings(&self, digest: &[u8], content_type: ObjectIdentifier) -> Vec<Finding> {
        let mut findings = Vec::new();
        let Some(attributes) = &self.signer.signed else { return vec![Finding::Unreadable] };
        let said_type =
            self.signed(oid::CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
        if said_type != Some(content_type) || self.content_type != content_type {
            findings.push(Finding::Unreadable);
        }
        let said = self.signed(oid::MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok());
        if said.is_none_or(|said| said.as_bytes() != digest) {
            findings.push(Finding::ContentDiffers);
        }
        let Some(certificate) = self.certificate() else {
            findings.push(Finding::CertificateMissing);
            return findings;
        };
        match self.names(certificate) {
            None => findings.push(Finding::CertificateNotNamed),
            Some(false) => findings.push(Finding::SignatureDoesNotFit),
            Some(true) => {}
        }
        if !self.is_protected() {
            findings.push(Finding::SignatureDoesNotFit);
        }
        let Ok(signed) = attributes.to_der() else { return vec![Finding::Unreadable] };
        let key = certificate.key();
        match check(
            key,
            &self.signer.signature_algorithm,
            self.hash,
            &signed,
            self.signer.signature.as_bytes(),
        ) {
            Checked::Fits => {}
            Checked::DoesNotFit => findings.push(Finding::SignatureDoesNotFit),
            Checked::NotTaken => findings.push(Finding::AlgorithmNotTaken),
        }
        findings
    }

    /// Whether it says that this certificate signed; `None` if it says of none.
    fn names(&self, certificate: &Certificate) -> Option<bool> {
        let value = self.signed(oid::SIGNING_CERTIFICATE_V2)?.to_der().ok()?;
        let Ok(said) = SigningCertificateV2::from_der(&value) else { return Some(false) };
        let Some(first) = said.certificates.first() else { return Some(false) };
        let hash = first.algorithm.as_ref().map_or(Some(Hash::Sha256), Hash::of);
        Some(hash.is_some_and(|hash| hash.digest(&[certificate.der()]) == first.hash.as_bytes()))
    }

    /// Whether the algorithms are those that the signed attributes name, if they do (RFC 6211).
    fn is_protected(&self) -> bool {
        let Some(value) = self.signed(oid::ALGORITHM_PROTECTION) else { return true };
        let Ok(bytes) = value.to_der() else { return false };
        AlgorithmProtection::from_der(&bytes).is_ok_and(|said| {
            said.digest.oid == self.signer.digest_algorithm.oid
                && said.signature.is_none_or(|said| said == self.signer.signature_algorithm)
        })
    }
}

fn single(attributes: &SetOfVec<Attribute>, kind: ObjectIdentifier) -> Option<&Any> {
    let mut found = attributes.iter().filter(|one| one.oid == kind);
    let values = &found.next().filter(|_| found.next().is_none())?.values;
    if values.len() == 1 { values.get(0) } else { None }
}

fn content_info(bytes: &[u8], rules: EncodingRules) -> Option<(ContentInfo, usize)> {
    let mut reader = SliceReader::new_with_encoding_rules(bytes, rules).ok()?;
    let info = ContentInfo::decode(&mut reader).ok()?;
    let rest = usize::try_from(u32::from(reader.remaining_len())).ok()?;
    Some((info, bytes.len().checked_sub(rest)?))
}
