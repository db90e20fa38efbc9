//! Time stamps of another authority (RFC 3161), so that not even whoever has the key can seal afterwards.
//!
//! Asked for over HTTP through the allow-list, with a nonce; what comes back is taken only if it is over the hash that
//! was sent and repeats the nonce. Whether the authority is to be trusted is for those who know its certificate:
//! `openssl ts -verify -digest HASH -token_in -in TOKEN -CAfile AUTHORITY`.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode as _, Encode as _, Reader as _, SliceReader, Tag, Tagged as _};
use dinh_store::Digest;

use super::Error;
use crate::Context;

/// Largest answer taken, in bytes.
const LARGEST: usize = 64 << 10;
/// id-sha256.
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// id-signedData (RFC 5652).
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// id-ct-TSTInfo (RFC 3161).
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// A request up to the hash: version 1, SHA-256.
const BEFORE_HASH: &[u8] =
    &[0x30, 67, 2, 1, 1, 0x30, 49, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32];
/// The certificate of the authority is asked for, so that the token can be checked by itself.
const WITH_CERTIFICATE: &[u8] = &[1, 1, 0xff];

/// Asks the server at `url` for a time stamp over a hash; the token, DER.
pub(super) async fn ask(context: &Context, url: &str, hash: &Digest) -> Result<Vec<u8>, crate::Error> {
    let nonce = nonce(context.ids().uuid().as_bytes());
    let outbound = context.outbound();
    let asked = outbound
        .request(reqwest::Method::POST, url)?
        .header("content-type", "application/timestamp-query")
        .body(request(hash, nonce));
    let answer = outbound.send(asked, LARGEST).await?;
    if answer.status != 200 {
        return Err(crate::outbound::Error::Status(answer.status).into());
    }
    Ok(token_of(&answer.body, hash, nonce)?)
}

/// Eight bytes that are a positive integer in the shortest form.
fn nonce(random: &[u8; 16]) -> [u8; 8] {
    let [first, second, third, fourth, .., fifth, sixth, seventh, eighth] = *random;
    [(first & 0x3f) | 0x40, second, third, fourth, fifth, sixth, seventh, eighth]
}

/// `TimeStampReq`.
fn request(hash: &Digest, nonce: [u8; 8]) -> Vec<u8> {
    [BEFORE_HASH, hash, &[2, 8], &nonce, WITH_CERTIFICATE].concat()
}

/// The token of a `TimeStampResp`, if it is what was asked for.
fn token_of(answer: &[u8], hash: &Digest, nonce: [u8; 8]) -> Result<Vec<u8>, Error> {
    let broken = || Error::Stamp("answered with something that is not a time stamp (RFC 3161)".into());
    let answer = AnyRef::from_der(answer).ok().and_then(parts).ok_or_else(broken)?;
    let status = answer.first().copied().and_then(parts).ok_or_else(broken)?;
    let status = status.first().ok_or_else(broken)?.value();
    // granted, grantedWithMods
    if !matches!(status, [0 | 1]) {
        return Err(Error::Stamp(format!("refused (status {})", dinh_store::hex(status))));
    }
    let token = answer.get(1).and_then(|token| token.to_der().ok()).ok_or_else(broken)?;
    let info = Info::read(&token).ok_or_else(broken)?;
    if info.hash != hash || info.nonce.as_deref() != Some(&nonce[..]) {
        return Err(Error::Stamp("answered with a time stamp over something else".into()));
    }
    Ok(token)
}

/// True if a token is over a hash.
pub(super) fn is_over(token: &[u8], hash: &Digest) -> bool {
    Info::read(token).is_some_and(|info| info.hash == hash)
}

/// What of a `TSTInfo` matters here.
struct Info {
    /// What the time stamp is over, if that is SHA-256; empty otherwise.
    hash: Vec<u8>,
    nonce: Option<Vec<u8>>,
}

impl Info {
    /// From a token: `ContentInfo` of `SignedData` of `TSTInfo`.
    fn read(token: &[u8]) -> Option<Self> {
        let signed = parts(content(AnyRef::from_der(token).ok()?, SIGNED_DATA)?)?;
        // version, digestAlgorithms, encapContentInfo
        let octets = content(*signed.get(2)?, TST_INFO)?;
        if octets.tag() != Tag::OctetString {
            return None;
        }
        let info = parts(AnyRef::from_der(octets.value()).ok()?)?;
        // version, policy, messageImprint, serialNumber, genTime, and then what is optional
        let imprint = parts(*info.get(2)?)?;
        let algorithm = parts(*imprint.first()?)?;
        let is_sha_256 = algorithm.first()?.decode_as::<ObjectIdentifier>().ok()? == SHA_256;
        let hash = if is_sha_256 { imprint.get(1)?.value().to_vec() } else { Vec::new() };
        let nonce = info.iter().skip(5).find(|part| part.tag() == Tag::Integer);
        Some(Self { hash, nonce: nonce.map(|nonce| nonce.value().to_vec()) })
    }
}

/// What stands in a `ContentInfo` or an `EncapsulatedContentInfo` of this type: behind its type, within `[0]`.
fn content(info: AnyRef<'_>, of: ObjectIdentifier) -> Option<AnyRef<'_>> {
    let parts = parts(info)?;
    if parts.first()?.decode_as::<ObjectIdentifier>().ok()? != of {
        return None;
    }
    AnyRef::from_der(parts.get(1)?.value()).ok()
}

/// The parts of a sequence.
fn parts(sequence: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    if sequence.tag() != Tag::Sequence {
        return None;
    }
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        parts.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_time_stamp_is_refused_without_a_panic() {
        let hash = [7; 32];
        let nonce = nonce(&[0xff; 16]);
        assert_eq!(nonce[0], 0x7f);
        for junk in [&b""[..], b"junk", &[0x30, 0], &[0x30, 0x80], &request(&hash, nonce)] {
            assert!(token_of(junk, &hash, nonce).is_err());
            assert!(!is_over(junk, &hash));
        }
        let refused = [0x30, 5, 0x30, 3, 2, 1, 2];
        let error = token_of(&refused, &hash, nonce).unwrap_err();
        assert_eq!(error.to_string(), "the time-stamp server refused (status 02)");
    }
}
