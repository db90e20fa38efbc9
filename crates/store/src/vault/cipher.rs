//! Sealing bytes with a key: AES-256-GCM, as RFC 5116 describes it.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::Error;

/// Bytes of a nonce. They are random: a key belongs to one entity, whose values would have to be written 2³² times
/// before two nonces are likely to meet.
pub(crate) const NONCE: usize = 12;

/// Bytes of a key.
pub(crate) const KEY: usize = 32;

/// A key, ready to seal and open.
pub(crate) struct Cipher(LessSafeKey);

impl Cipher {
    pub(crate) fn new(key: &[u8; KEY]) -> Result<Self, Error> {
        let key = UnboundKey::new(&AES_256_GCM, key);
        let key = key.map_err(|_unspecified| Error::Engine("a key has the wrong length".into()))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// What `plain` is sealed to; only with the same `bound` it can be opened. `None` if it is too long for the cipher.
    pub(crate) fn seal(&self, nonce: [u8; NONCE], bound: &[u8], mut plain: Vec<u8>) -> Option<Vec<u8>> {
        let nonce = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(nonce, Aad::from(bound), &mut plain).ok()?;
        Some(plain)
    }

    /// What was sealed; `None` if it was sealed with another key, bound to something else, or changed since.
    pub(crate) fn open(&self, nonce: [u8; NONCE], bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let length = self.0.open_in_place(nonce, Aad::from(bound), &mut bytes).ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }
}
