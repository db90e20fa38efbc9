//! The form of a blob: a head with the number of its key, and chunks that are sealed one by one.
//!
//! `DINHBLB1 ‖ key (8 bytes) ‖ chunk …`; a chunk is a nonce of 12 bytes, the length of what follows in 4, and the sealed
//! bytes of at most 64 KiB. Each is bound to the tenant, the entity, the name of the blob, its place, and whether it is
//! the last, so that nothing can be moved, left out or cut off. Numbers are little-endian.

use dinh_model::{EntityId, Tenant};

use crate::Error;
use crate::vault::{Cipher, NONCE, Randomness};

const MAGIC: &[u8; 8] = b"DINHBLB1";
/// Bytes of content in one chunk.
const CHUNK: usize = 64 << 10;
/// Bytes before the chunks.
pub(super) const HEAD: usize = MAGIC.len() + 8;

/// Whose a blob is, and which.
pub(super) struct Spot<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) entity: &'a EntityId,
    pub(super) name: &'a str,
}

impl Spot<'_> {
    fn bound(&self, place: usize, last: bool) -> Vec<u8> {
        let mut bound = b"dinh blob 1".to_vec();
        for text in [self.tenant.as_str(), self.entity.as_str(), self.name] {
            bound.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bound.extend_from_slice(text.as_bytes());
        }
        bound.extend_from_slice(&(place as u64).to_le_bytes());
        bound.push(u8::from(last));
        bound
    }

    fn damaged(&self) -> Error {
        Error::Damaged(format!("the file {} of {} is not what was put there", self.name, self.entity))
    }
}

/// Content in its sealed form.
pub(super) fn seal(
    spot: &Spot<'_>,
    (number, cipher): (u64, &Cipher),
    random: &dyn Randomness,
    content: &[u8],
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(HEAD + content.len() + (content.len() / CHUNK + 1) * 32);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&number.to_le_bytes());
    // What is empty has one empty chunk.
    let count = content.len().div_ceil(CHUNK).max(1);
    for place in 0..count {
        let chunk = content.chunks(CHUNK).nth(place).unwrap_or_default();
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce).map_err(|none| Error::Engine(none.to_string()))?;
        let sealed = cipher.seal(nonce, &spot.bound(place, place + 1 == count), chunk.to_vec());
        let sealed = sealed.ok_or_else(|| spot.damaged())?;
        let length = u32::try_from(sealed.len()).map_err(|_too_long| spot.damaged())?;
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&sealed);
    }
    Ok(bytes)
}

/// The number of the key that the head names; none if it is no head.
pub(super) fn key(head: &[u8]) -> Option<u64> {
    let number = head.get(..HEAD)?.strip_prefix(MAGIC)?;
    Some(u64::from_le_bytes(number.try_into().ok()?))
}

/// Content from its sealed form.
pub(super) fn open(spot: &Spot<'_>, cipher: &Cipher, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let damaged = || spot.damaged();
    let mut left = bytes.get(HEAD..).ok_or_else(damaged)?;
    let mut content = Vec::with_capacity(left.len());
    let mut place = 0;
    loop {
        let (nonce, rest) = left.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_never| damaged())?;
        let (sealed, rest) = rest.split_at_checked(length).ok_or_else(damaged)?;
        let last = rest.is_empty();
        let chunk = cipher.open(*nonce, &spot.bound(place, last), sealed).ok_or_else(damaged)?;
        content.extend_from_slice(&chunk);
        if last {
            return Ok(content);
        }
        left = rest;
        place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::NoRandomness;

    #[derive(Debug)]
    struct Fixed;

    impl Randomness for Fixed {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
            bytes.fill(7);
            Ok(())
        }
    }

    fn with_spot<T>(name: &str, work: impl FnOnce(&Spot<'_>) -> T) -> T {
        let (tenant, entity) = (Tenant::parse("hue").unwrap(), EntityId::trusted("urn:x:1"));
        work(&Spot { tenant: &tenant, entity: &entity, name })
    }

    #[test]
    fn content_comes_back_and_no_part_of_it_may_be_moved_or_missing() {
        let cipher = Cipher::new(&[1; 32]).unwrap();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let content: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let sealed = with_spot("a", |spot| seal(spot, (9, &cipher), &Fixed, &content)).unwrap();
            assert_eq!(key(&sealed), Some(9));
            assert_eq!(with_spot("a", |spot| open(spot, &cipher, &sealed)).unwrap(), content);
            assert!(with_spot("b", |spot| open(spot, &cipher, &sealed)).is_err(), "another name");
            let whole = CHUNK + 16 + NONCE + 4;
            for cut in [HEAD, HEAD + whole, sealed.len() - 1] {
                if let Some(short) = sealed.get(..cut.min(sealed.len() - 1)) {
                    assert!(with_spot("a", |spot| open(spot, &cipher, short)).is_err(), "{length} {cut}");
                }
            }
            if length == 3 * CHUNK {
                let (first, second) = (HEAD..HEAD + whole, HEAD + whole..HEAD + 2 * whole);
                let swapped = [&sealed[..HEAD], &sealed[second], &sealed[first], &sealed[HEAD + 2 * whole..]];
                assert!(with_spot("a", |spot| open(spot, &cipher, &swapped.concat())).is_err());
            }
        }
        assert_eq!(key(b"something else"), None);
    }
}
