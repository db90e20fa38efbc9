//! Sealing of private keys, with a key that is kept outside the graph and outside its backups.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::SecureRandom;

/// What private keys are sealed with. Who has the graph alone, as from a stolen backup, has no private key.
#[derive(Clone)]
pub struct SealKey(LessSafeKey);

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(…)")
    }
}

impl SealKey {
    /// From 32 secret bytes.
    pub fn new(secret: &[u8; 32]) -> Option<Self> {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let derived = hmac::sign(&root, b"dinh signing seal 1");
        UnboundKey::new(&CHACHA20_POLY1305, derived.as_ref()).ok().map(|key| Self(LessSafeKey::new(key)))
    }

    /// Seals; only the same label opens.
    pub(crate) fn seal(&self, label: &str, plain: &[u8], random: &dyn SecureRandom) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce).ok()?;
        let mut sealed = plain.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(unique, Aad::from(label.as_bytes()), &mut sealed).ok()?;
        Some(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed with this label; `None` if it was not, or was altered.
    pub(crate) fn open(&self, label: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut plain = rest.to_vec();
        self.0
            .open_in_place(nonce, Aad::from(label.as_bytes()), &mut plain)
            .ok()
            .map(|opened| opened.to_vec())
    }
}
