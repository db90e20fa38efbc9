//! Time stamps (RFC 3161): asking for one, and checking one.

use der::asn1::{Int, OctetString};
use der::{Decode as _, Encode as _, Tag};
use jiff::Timestamp;

use crate::algorithm::Hash;
use crate::asn1::{Imprint, StampInfo, StampRequest, StampResponse, bare, oid};
use crate::certificate::Certificate;
use crate::cms::Message;
use crate::report::Finding;

/// The longest answer of an authority that is read, in bytes.
pub const LONGEST_STAMP: usize = 32 << 10;

/// Why an authority gave no time stamp that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StampFault {
    /// It cannot be read.
    #[error("the answer of the time-stamp authority cannot be read: {0}")]
    Unreadable(String),
    /// It refused.
    #[error("the time-stamp authority refuses: status {status} {words}")]
    Refused {
        /// Its status (RFC 3161, 2.4.2).
        status: u8,
        /// Its words.
        words: String,
    },
    /// It answers another question.
    #[error("the time stamp is of something else than what was asked")]
    OfSomethingElse,
}

/// A time stamp that was asked for.
#[derive(Debug, Clone)]
pub struct StampQuestion {
    /// The request to send (DER), as `application/timestamp-query`.
    pub bytes: Vec<u8>,
    imprint: Imprint,
    nonce: Int,
}

/// Asks for a time stamp over a signature. `nonce` are random bytes, so that no old answer passes for a new one.
pub fn stamp_question(signature: &[u8], nonce: [u8; 8]) -> Result<StampQuestion, StampFault> {
    let broken = |error: der::Error| StampFault::Unreadable(error.to_string());
    let imprint = Imprint {
        algorithm: bare(oid::SHA256),
        hash: OctetString::new(Hash::Sha256.digest(&[signature])).map_err(broken)?,
    };
    // A number in DER has no needless first byte and, as this one, no sign.
    let [first, rest @ ..] = nonce;
    let number: Vec<u8> = std::iter::once((first & 0x7F) | 0x40).chain(rest).collect();
    let nonce = Int::new(&number).map_err(broken)?;
    let request =
        StampRequest { version: 1, imprint: imprint.clone(), nonce: nonce.clone(), with_certificate: true };
    Ok(StampQuestion { bytes: request.to_der().map_err(broken)?, imprint, nonce })
}

impl StampQuestion {
    /// The token in the answer of the authority (DER), if it is of what was asked. Whom to believe is checked later.
    pub fn token(&self, answer: &[u8]) -> Result<Vec<u8>, StampFault> {
        let unreadable = |error: der::Error| StampFault::Unreadable(error.to_string());
        if answer.len() > LONGEST_STAMP {
            return Err(StampFault::Unreadable(format!("it has more than {LONGEST_STAMP} bytes")));
        }
        let response = StampResponse::from_der(answer).map_err(unreadable)?;
        let Some(token) = response.token.filter(|_| response.status.status <= 1) else {
            let words = response.status.words.unwrap_or_default().join(" ");
            return Err(StampFault::Refused { status: response.status.status, words });
        };
        let token = token.to_der().map_err(unreadable)?;
        let (_, info) =
            read(&token).ok_or_else(|| StampFault::Unreadable("the token makes no sense".to_owned()))?;
        if info.imprint.hash != self.imprint.hash
            || info.imprint.algorithm.oid != self.imprint.algorithm.oid
            || info.nonce.as_ref() != Some(&self.nonce)
        {
            return Err(StampFault::OfSomethingElse);
        }
        Ok(token)
    }
}

fn read(token: &[u8]) -> Option<(Message, StampInfo)> {
    let (message, used) = Message::read(token)?;
    if message.content_type != oid::TST_INFO || used != token.len() {
        return None;
    }
    let info = StampInfo::from_der(message.content.as_ref()?).ok()?;
    Some((message, info))
}

/// A time stamp, checked but for the path of its certificate.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) at: Timestamp,
    pub(crate) certificate: Certificate,
    pub(crate) pool: Vec<Certificate>,
}

/// Checks a token over `parts`, one after the other: a signature, or what a stamp of the document covers.
pub(crate) fn check(token: &[u8], parts: &[&[u8]]) -> Result<Read, Finding> {
    const BROKEN: Finding = Finding::StampDoesNotFit;
    let (message, info) = read(token).ok_or(BROKEN)?;
    let content = message.content.as_ref().ok_or(BROKEN)?;
    let digest = message.hash.ok_or(Finding::AlgorithmNotTaken)?.digest(&[content]);
    // Authorities may name their certificate in the older way, by SHA-1, which protects nothing: it is not asked for.
    if message.findings(&digest, oid::TST_INFO).iter().any(|one| *one != Finding::CertificateNotNamed) {
        return Err(BROKEN);
    }
    let imprint = Hash::of(&info.imprint.algorithm).ok_or(Finding::AlgorithmNotTaken)?;
    if info.version != 1 || imprint.digest(parts) != info.imprint.hash.as_bytes() {
        return Err(BROKEN);
    }
    let at = time(&info).ok_or(BROKEN)?;
    let certificate = message.certificate().cloned().ok_or(BROKEN)?;
    Ok(Read { at, certificate, pool: message.certificates })
}

/// The time of a stamp: `20261120140500.123Z`.
fn time(info: &StampInfo) -> Option<Timestamp> {
    if info.time.header().tag() != Tag::GeneralizedTime {
        return None;
    }
    let text = std::str::from_utf8(info.time.value()).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() != 14
        || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        || fraction.len() > 9
    {
        return None;
    }
    let part = |range: std::ops::Range<usize>| whole.get(range).unwrap_or_default();
    let written = format!(
        "{}-{}-{}T{}:{}:{}.{:0<1}Z",
        part(0..4),
        part(4..6),
        part(6..8),
        part(8..10),
        part(10..12),
        part(12..14),
        fraction
    );
    written.parse().ok()
}
