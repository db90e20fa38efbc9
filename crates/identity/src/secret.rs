//! The installation's own key, and what is done with it: recognising what must not be read, and sealing what must be
//! read again.

use std::fmt;
use std::fmt::Write as _;

use ring::aead::{self, Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::{digest, hmac};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::entropy::{Entropy, NoEntropy, fresh};

/// The key of an installation: 32 secret bytes that are kept outside the store, beside the configuration.
///
/// Who has the store alone, as from a stolen backup, can neither find out which addresses and numbers have accounts,
/// nor read the secrets of second factors. Who loses the key keeps all accounts but must make the sign-in names and
/// second factors anew, so it belongs into a backup of its own.
#[derive(Clone)]
pub struct InstallationKey {
    names: hmac::Key,
    seal: LessSafeKey,
}

/// HMAC-SHA-256 of something under the installation's key, as 64 hexadecimal digits: recognises it, does not tell it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

/// Something sealed with the installation's key (ChaCha20-Poly1305, RFC 8439), in base64url with its nonce in front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Sealed(String);

impl InstallationKey {
    /// From 32 secret bytes, or `None` if the system's cryptography refuses them, which it does not.
    pub fn new(key: [u8; 32]) -> Option<Self> {
        let root = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let derived = |label: &str| hmac::sign(&root, label.as_bytes());
        let names = hmac::Key::new(hmac::HMAC_SHA256, derived("dinh identity names 1").as_ref());
        let seal = UnboundKey::new(&CHACHA20_POLY1305, derived("dinh identity seal 1").as_ref()).ok()?;
        Some(Self { names, seal: LessSafeKey::new(seal) })
    }

    /// Recognises `text` as one of `scheme`.
    pub(crate) fn digest(&self, scheme: &str, text: &str) -> Digest {
        let mut context = hmac::Context::with_key(&self.names);
        context.update(scheme.as_bytes());
        context.update(&[0]);
        context.update(text.as_bytes());
        Digest(hex(context.sign().as_ref()))
    }

    /// Seals `plain`; only `unseal` with the same `label` opens it.
    pub(crate) fn seal(&self, label: &str, plain: &[u8], entropy: &dyn Entropy) -> Result<Sealed, NoEntropy> {
        let nonce: [u8; NONCE_LEN] = fresh(entropy)?;
        let mut sealed = plain.to_vec();
        let aad = Aad::from(label.as_bytes());
        let unique = Nonce::assume_unique_for_key(nonce);
        self.seal.seal_in_place_append_tag(unique, aad, &mut sealed).map_err(|_too_long| NoEntropy)?;
        Ok(Sealed(crate::text::base64(&[&nonce[..], &sealed].concat())))
    }

    /// Opens what was sealed, or `None` if it was sealed with another key or label, or altered.
    pub(crate) fn unseal(&self, label: &str, sealed: &Sealed) -> Option<Vec<u8>> {
        let bytes = crate::text::unbase64(&sealed.0)?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut plain = rest.to_vec();
        let opened = self.seal.open_in_place(nonce, Aad::from(label.as_bytes()), &mut plain).ok()?;
        Some(opened.to_vec())
    }
}

const _: () = assert!(aead::MAX_TAG_LEN == 16);

impl fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InstallationKey(…)")
    }
}

impl Digest {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// SHA-256 of a secret that is random itself: it needs neither key nor salt.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// Compares without telling by time how much was right.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        if write!(text, "{byte:02x}").is_err() {
            text.clear();
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_label_only() {
        let key = InstallationKey::new([7; 32]).unwrap();
        let entropy = SystemEntropy::new();
        let sealed = key.seal("totp an", b"bi mat", &entropy).unwrap();
        assert_eq!(key.unseal("totp an", &sealed).as_deref(), Some(&b"bi mat"[..]));
        assert_eq!(key.unseal("totp binh", &sealed), None);
        assert_eq!(InstallationKey::new([8; 32]).unwrap().unseal("totp an", &sealed), None);
        let mut altered = sealed.0.clone().into_bytes();
        altered[20] ^= 1;
        let altered = Sealed(String::from_utf8(altered).unwrap());
        assert_eq!(key.unseal("totp an", &altered), None);
        assert_ne!(key.seal("totp an", b"bi mat", &entropy).unwrap(), sealed);
    }

    #[test]
    fn digests_keep_schemes_and_installations_apart() {
        let (one, two) = (InstallationKey::new([7; 32]).unwrap(), InstallationKey::new([8; 32]).unwrap());
        assert_eq!(one.digest("email", "a@hue.vn"), one.digest("email", "a@hue.vn"));
        assert_ne!(one.digest("email", "a@hue.vn"), one.digest("phone", "a@hue.vn"));
        assert_ne!(one.digest("email", "a@hue.vn"), two.digest("email", "a@hue.vn"));
        assert_eq!(one.digest("x", "y").as_str().len(), 64);
    }
}
