//! The key of seals: Ed25519 (RFC 8032), in PEM, as common tools read and make it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::Error;

/// What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410, section 7).
const PRIVATE: &[u8] = &[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// What stands before the 32 bytes of a public key (RFC 8410, section 4).
const PUBLIC: &[u8] = &[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
/// Others than the owner.
const OTHERS: u32 = 0o077;

/// The key that signs seals.
pub struct SealKey(Ed25519KeyPair);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealKey({})", self.public())
    }
}

impl SealKey {
    /// The key of 32 secret bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Self)
    }

    /// The key in a file; if there is none, a new one of fresh bytes, readable by its owner only.
    ///
    /// # Errors
    /// [`Error::OpenKey`] if others may read it, [`Error::NotAKey`] if it is not a key.
    pub fn open_or_create(
        path: &Path,
        fresh: impl FnOnce() -> std::io::Result<[u8; 32]>,
    ) -> Result<Self, Error> {
        let unusable = |error: std::io::Error| Error::file(path, &error);
        if path.exists() {
            return Self::open(path);
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.map_err(|error| Error::file(folder, &error))?;
        }
        let seed = fresh().map_err(unusable)?;
        let text = pem("PRIVATE KEY", &[PRIVATE, &seed].concat());
        // It gets its name when it is complete, and never over another one: seals that were made with that could not be
        // checked any more.
        let mut part = path.as_os_str().to_owned();
        part.push(format!(".{}.part", std::process::id()));
        let part = Path::new(&part);
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(part);
        let written = file.and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        let named = written.and_then(|()| std::fs::hard_link(part, path));
        std::fs::remove_file(part).map_err(unusable)?;
        match named {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(unusable(error)),
            _ => Self::open(path),
        }
    }

    fn open(path: &Path) -> Result<Self, Error> {
        let unusable = |error: std::io::Error| Error::file(path, &error);
        if std::fs::metadata(path).map_err(unusable)?.permissions().mode() & OTHERS != 0 {
            return Err(Error::OpenKey(path.to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(unusable)?;
        let der = unpem("PRIVATE KEY", &text);
        let key = der.and_then(|der| Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok());
        key.map(Self).ok_or_else(|| Error::NotAKey(path.to_owned()))
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().try_into().unwrap_or_default())
    }

    /// The signature over a text.
    pub fn sign(&self, text: &str) -> Vec<u8> {
        self.0.sign(text.as_bytes()).as_ref().to_vec()
    }
}

/// The key that checks seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The public key in a file: PEM of it or of the private key, or its 64 hexadecimal digits.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|error| Error::file(path, &error))?;
        let public =
            unpem("PUBLIC KEY", &text).and_then(|der| Some(Self(der.strip_prefix(PUBLIC)?.try_into().ok()?)));
        let private = || {
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&unpem("PRIVATE KEY", &text)?).ok()?;
            Some(SealKey(pair).public())
        };
        let key = public.or_else(private).or_else(|| Self::from_hex(text.trim()));
        key.ok_or_else(|| Error::NotAKey(path.to_owned()))
    }

    fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        let (pairs, []) = digits.as_chunks::<2>() else { return None };
        let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Vec<u8> = pairs.iter().map(byte).collect::<Option<_>>()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// Its bytes.
    pub const fn bytes(&self) -> [u8; 32] {
        self.0
    }

    /// As PEM.
    pub fn pem(&self) -> String {
        pem("PUBLIC KEY", &[PUBLIC, &self.0].concat())
    }

    /// True if the signature over a text was made with this key.
    pub fn fits(&self, text: &str, signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(text.as_bytes(), signature).is_ok()
    }
}

impl std::fmt::Display for PublicKey {
    /// As hexadecimal digits, as statements name it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&dinh_store::hex(&self.0))
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn unpem(label: &str, text: &str) -> Option<Vec<u8>> {
    let (_before, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _after) = rest.split_once(&format!("-----END {label}-----"))?;
    let body: String = body.split_whitespace().collect();
    STANDARD.decode(body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept_from_others() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys/seal.pem");
        let made = SealKey::open_or_create(&path, || Ok([7; 32])).unwrap();
        let again = SealKey::open_or_create(&path, || Ok([8; 32])).unwrap();
        assert_eq!(made.public(), again.public());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(PublicKey::read(&path).unwrap(), made.public());
        let signature = made.sign("a text");
        assert!(made.public().fits("a text", &signature) && !made.public().fits("a test", &signature));
        for (name, text) in [("p.pem", made.public().pem()), ("p.hex", made.public().to_string())] {
            std::fs::write(dir.path().join(name), text).unwrap();
            assert_eq!(PublicKey::read(&dir.path().join(name)).unwrap(), made.public());
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(SealKey::open_or_create(&path, || Ok([8; 32])), Err(Error::OpenKey(_))));
        std::fs::write(dir.path().join("junk"), "junk").unwrap();
        assert!(matches!(PublicKey::read(&dir.path().join("junk")), Err(Error::NotAKey(_))));
    }
}
