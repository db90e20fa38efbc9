//! A key as it is handed out: `dinh_<id>_<secret>`. The front lets scanners find keys that were published by mistake.

use crate::entropy::{Entropy, NoEntropy, fresh};
use crate::secret::sha256;
use crate::text::base32;

const FRONT: &str = "dinh_";
/// Characters of an identifier: 80 bits in base 32.
const OF_ID: usize = 16;
/// Characters of a secret: 256 bits in base 32.
const OF_SECRET: usize = 52;

/// A key as it is handed out.
pub(crate) struct KeyText {
    pub(crate) id: String,
    secret: String,
}

impl KeyText {
    /// A fresh one, or a fresh secret for the key `id`.
    pub(crate) fn fresh(id: Option<&str>, entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        let id = match id {
            Some(id) => id.to_owned(),
            None => base32(&fresh::<10>(entropy)?).to_ascii_lowercase(),
        };
        Ok(Self { id, secret: base32(&fresh::<32>(entropy)?).to_ascii_lowercase() })
    }

    /// Reads what [`KeyText::text`] writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(FRONT)?.split_once('_')?;
        let plain =
            |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_alphanumeric());
        let fits = plain(id, OF_ID) && plain(secret, OF_SECRET);
        fits.then(|| Self { id: id.to_owned(), secret: secret.to_owned() })
    }

    /// True for what looks like a key of ours, good or not.
    pub(crate) fn is_one(text: &str) -> bool {
        text.starts_with(FRONT)
    }

    pub(crate) fn text(&self) -> String {
        format!("{FRONT}{}_{}", self.id, self.secret)
    }

    /// What is kept of the secret.
    pub(crate) fn hash(&self) -> String {
        sha256(self.secret.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn a_key_reads_as_itself_and_nothing_else_does() {
        let key = KeyText::fresh(None, &SystemEntropy::new()).unwrap();
        let read = KeyText::parse(&key.text()).unwrap();
        assert_eq!((&read.id, read.hash()), (&key.id, key.hash()));
        let again = KeyText::fresh(Some(&key.id), &SystemEntropy::new()).unwrap();
        assert!(again.id == key.id && again.hash() != key.hash());
        for bad in ["", "dinh_", "dinh__", "dinh_a_b", &key.text().split_off(1), &format!("{}x", key.text())]
        {
            assert!(KeyText::parse(bad).is_none(), "{bad}");
        }
    }
}
