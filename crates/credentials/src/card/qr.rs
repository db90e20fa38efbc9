//! The text of the QR, there and back.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use ring::rand::SecureRandom;

use super::CardClaims;
use crate::cose::Sign1;
use crate::key::{IssuerKey, Signer};
use crate::{Refused, base45, cose, jwt};

const WHAT: &str = "QR";
/// What the text begins with, so that readers know what it is. Within the characters that a QR packs best.
pub const PREFIX: &str = "DINH1:";
/// Longest text that is issued, in bytes: it fits a QR of 20 mm that any phone reads.
pub const LONGEST_TEXT: usize = 350;
/// Longest text that is read.
const LONGEST_READ: usize = 2_000;
/// Most bytes that a text is unpacked to.
const LONGEST_UNPACKED: u64 = 4_096;

/// A card that was taken from its QR, and is not yet believed.
#[derive(Clone, Debug)]
pub struct OpenedCard(Sign1);

/// Signs a card and writes its QR.
///
/// # Errors
/// [`Refused::TooLong`] if the text would be longer than [`LONGEST_TEXT`]: say the unit or the position shorter.
pub fn seal(claims: &CardClaims, signer: &Signer, random: &dyn SecureRandom) -> Result<String, Refused> {
    let message = cose::sign(None, &signer.public().short_name(), &claims.encode(), signer, random)?;
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    let done = zlib.write_all(&message).and_then(|()| zlib.finish());
    let packed = done.map_err(|error| Refused::malformed(WHAT, error.to_string()))?;
    let text = format!("{PREFIX}{}", base45::encode(&packed));
    if text.len() > LONGEST_TEXT {
        return Err(Refused::TooLong { what: WHAT, most: LONGEST_TEXT });
    }
    Ok(text)
}

/// Takes a text apart. Nothing is verified yet.
///
/// # Errors
/// [`Refused::Malformed`], [`Refused::TooLong`].
pub fn open(text: &str) -> Result<OpenedCard, Refused> {
    // A space is one of the 45, and may stand at the end; what people paste has line ends around it.
    let text = text.trim_matches(['\r', '\n', '\t']);
    if text.len() > LONGEST_READ {
        return Err(Refused::TooLong { what: WHAT, most: LONGEST_READ });
    }
    let body = text.trim_start().strip_prefix(PREFIX);
    let body = body.ok_or_else(|| Refused::malformed(WHAT, format!("it does not begin with {PREFIX}")))?;
    let packed = base45::decode(body)?;
    let mut unpacked = Vec::new();
    let read = ZlibDecoder::new(packed.as_slice()).take(LONGEST_UNPACKED).read_to_end(&mut unpacked);
    read.map_err(|_error| Refused::malformed(WHAT, "it cannot be unpacked"))?;
    Ok(OpenedCard(Sign1::read(&unpacked)?))
}

impl OpenedCard {
    /// What the card says, once it is sure that a key of the issuer signed it and that its time is not over. Whether it was
    /// revoked is told by the status list.
    ///
    /// # Errors
    /// [`Refused::UnknownIssuer`], [`Refused::BadSignature`], [`Refused::KeyNotValid`], [`Refused::Expired`],
    /// [`Refused::NotYet`], [`Refused::Malformed`].
    pub fn verify(&self, keys: &[IssuerKey], now: i64) -> Result<CardClaims, Refused> {
        let claims = self.signed_by(keys)?;
        jwt::period(now, Some(claims.issued), Some(claims.expires))?;
        Ok(claims)
    }

    /// What the card says, expired or not, once it is sure that a key of the issuer signed it.
    ///
    /// # Errors
    /// [`Refused::UnknownIssuer`], [`Refused::BadSignature`], [`Refused::KeyNotValid`], [`Refused::Malformed`].
    pub fn signed_by(&self, keys: &[IssuerKey]) -> Result<CardClaims, Refused> {
        let kid = self.0.kid();
        // Two keys may share a short name: the signature tells which one it was.
        let mut named = keys.iter().filter(|key| key.public.short_name() == kid).peekable();
        named.peek().ok_or_else(|| Refused::UnknownIssuer(hex(kid)))?;
        let found = named.find_map(|key| Some((key, self.0.payload(&key.public).ok()?)));
        let (key, payload) = found.ok_or(Refused::BadSignature)?;
        let claims = CardClaims::decode(payload)?;
        if key.signed_at(claims.issued) { Ok(claims) } else { Err(Refused::KeyNotValid(hex(kid))) }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(32).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
