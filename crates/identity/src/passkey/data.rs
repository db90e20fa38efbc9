//! What an authenticator says of itself and the ceremony (Web Authentication Level 3, section 6.1).

use ring::digest;

use super::cbor::read;
use super::ceremony::Doubt;
use super::key::PublicKey;

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const MAY_BE_COPIED: u8 = 1 << 3;
const IS_COPIED: u8 = 1 << 4;
const HAS_KEY: u8 = 1 << 6;
const HAS_MORE: u8 = 1 << 7;
/// Longest identifier of a credential, in bytes (section 5.8.3).
const LONGEST_ID: usize = 1023;

/// Authenticator data.
pub(super) struct Data<'a> {
    flags: u8,
    pub(super) count: u32,
    pub(super) made: Option<Made<'a>>,
}

/// A credential that was made.
pub(super) struct Made<'a> {
    pub(super) id: &'a [u8],
    pub(super) key: PublicKey,
}

impl<'a> Data<'a> {
    /// Reads it, and checks that it is for `site` and that a person was there and was verified.
    pub(super) fn read(bytes: &'a [u8], site: &str) -> Result<Self, Doubt> {
        let malformed = || Doubt::Malformed("authenticatorData");
        let (hash, rest) = bytes.split_first_chunk::<32>().ok_or_else(malformed)?;
        let (flags, rest) = rest.split_first().ok_or_else(malformed)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or_else(malformed)?;
        if digest::digest(&digest::SHA256, site.as_bytes()).as_ref() != hash {
            return Err(Doubt::Site);
        }
        if flags & PRESENT == 0 || flags & VERIFIED == 0 {
            return Err(Doubt::Person);
        }
        if flags & IS_COPIED != 0 && flags & MAY_BE_COPIED == 0 {
            return Err(malformed());
        }
        let (made, rest) =
            if flags & HAS_KEY == 0 { (None, rest) } else { made(rest).ok_or_else(malformed)? };
        let rest = if flags & HAS_MORE == 0 { rest } else { read(rest).ok_or_else(malformed)?.1 };
        if !rest.is_empty() {
            return Err(malformed());
        }
        Ok(Self { flags: *flags, count: u32::from_be_bytes(*count), made })
    }

    /// Whether the credential may be copied to other devices, which never changes.
    pub(super) fn may_be_copied(&self) -> bool {
        self.flags & MAY_BE_COPIED != 0
    }
}

fn made(bytes: &[u8]) -> Option<(Option<Made<'_>>, &[u8])> {
    let (_maker, rest) = bytes.split_first_chunk::<16>()?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (id, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let (key, rest) = read(rest)?;
    let fits = (1..=LONGEST_ID).contains(&id.len());
    let made = Made { id, key: PublicKey::read(&key)? };
    fits.then_some((Some(made), rest))
}
