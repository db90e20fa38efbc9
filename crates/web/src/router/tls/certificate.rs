//! The certificate and its key: read from PEM files, and read again when they change.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{InconsistentKeys, ServerConfig};
use tokio_util::sync::CancellationToken;

use super::Acme;

/// How often the files are looked at. Who renews a certificate needs to tell nobody.
const LOOK: Duration = Duration::from_secs(2);
/// What an authority that looks for a proof speaks, and nothing else (RFC 8737, section 4).
pub(super) const PROOF: &[u8] = b"acme-tls/1";
/// Largest file that is read, in bytes: a chain is a few thousand.
const MOST: u64 = 1 << 20;

/// A certificate with its key, to be shown to everybody who connects.
#[derive(Clone, Debug)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    shown: Arc<Shown>,
    acme: Option<Arc<Acme>>,
}

/// Why files cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    /// One of them cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// There is no certificate in it.
    #[error("{} holds no certificate in PEM (BEGIN CERTIFICATE)", .0.display())]
    NoCertificate(PathBuf),
    /// There is no key in it.
    #[error("{} holds no private key in PEM (BEGIN PRIVATE KEY)", .0.display())]
    NoKey(PathBuf),
    /// They do not belong together.
    #[error("the key in {} does not belong to the certificate in {}", key.display(), certificate.display())]
    Strangers {
        /// File of the certificate.
        certificate: PathBuf,
        /// File of the key.
        key: PathBuf,
    },
    /// What they hold is not understood.
    #[error("the certificate or its key cannot be used: {0}")]
    Unusable(String),
}

/// What connections are shown at the moment.
#[derive(Debug)]
struct Shown {
    certificate: RwLock<Arc<CertifiedKey>>,
    /// What is shown to an authority that looks for the proof of a name.
    proofs: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asks_for_proof = hello.alpn().is_some_and(|mut all| all.any(|protocol| protocol == PROOF));
        if asks_for_proof {
            let proofs = self.proofs.read().unwrap_or_else(PoisonError::into_inner);
            return proofs.get(hello.server_name()?).cloned();
        }
        Some(Arc::clone(&self.certificate.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Tls {
    /// Reads a certificate, with those that vouch for it behind, and its key.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let pair = RwLock::new(Arc::new(read(certificate, key)?));
        let shown = Arc::new(Shown { certificate: pair, proofs: RwLock::default() });
        Ok(Self { certificate: certificate.to_owned(), key: key.to_owned(), shown, acme: None })
    }

    /// The same, kept from running out by orders.
    pub(super) fn with_acme(certificate: &Path, key: &Path, acme: Acme) -> Result<Self, TlsError> {
        Ok(Self { acme: Some(Arc::new(acme)), ..Self::read(certificate, key)? })
    }

    /// What keeps it from running out.
    pub(in crate::router) fn acme(&self) -> Option<Arc<Acme>> {
        self.acme.clone()
    }

    /// Shows this to an authority that looks for the proof of a name.
    pub(super) fn prove(&self, name: &str, proof: CertifiedKey) {
        let mut proofs = self.shown.proofs.write().unwrap_or_else(PoisonError::into_inner);
        proofs.insert(name.to_owned(), Arc::new(proof));
    }

    /// Nobody needs a proof any more.
    pub(super) fn prove_nothing(&self) {
        self.shown.proofs.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How hands are shaken: TLS 1.2 or 1.3, HTTP/1.1.
    pub(super) fn config(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(|error| TlsError::Unusable(error.to_string()))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&self.shown) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        if self.acme.is_some() {
            config.alpn_protocols.push(PROOF.to_vec());
        }
        Ok(Arc::new(config))
    }

    /// Shows what the files hold, as it changes, until `stop`. What cannot be used is logged, and the last good
    /// certificate stays: one of the two files is written before the other.
    pub(in crate::router) async fn follow(self, stop: CancellationToken) {
        let mut known = Ok(());
        while stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
            let tls = self.clone();
            let looked = tokio::task::spawn_blocking(move || tls.look_again()).await;
            let Ok(found) = looked else { continue };
            match &found {
                Ok(true) => tracing::info!(file = %self.certificate.display(), "a new certificate is shown"),
                Ok(false) => {}
                Err(error) if known.as_ref().err() != Some(error) => {
                    tracing::error!(%error, "the new certificate is not used; the last good one stays");
                }
                Err(_told_already) => {}
            }
            known = found.map(|_changed| ());
        }
    }

    /// Reads the files once more; true if they hold something else.
    fn look_again(&self) -> Result<bool, TlsError> {
        let found = read(&self.certificate, &self.key)?;
        let mut shown = self.shown.certificate.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = shown.cert != found.cert;
        if is_new {
            *shown = Arc::new(found);
        }
        Ok(is_new)
    }
}

pub(super) fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

fn read(certificate: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&bytes(certificate)?)
        .collect::<Result<_, _>>()
        .map_err(|_not_pem| TlsError::NoCertificate(certificate.to_owned()))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(certificate.to_owned()));
    }
    let secret = PrivateKeyDer::from_pem_slice(&bytes(key)?)
        .map_err(|_quoting_nothing| TlsError::NoKey(key.to_owned()))?;
    CertifiedKey::from_der(chain, secret, &provider()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            TlsError::Strangers { certificate: certificate.to_owned(), key: key.to_owned() }
        }
        other => TlsError::Unusable(other.to_string()),
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsError> {
    let unreadable =
        |error: std::io::Error| TlsError::Read { path: path.to_owned(), reason: error.to_string() };
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(MOST).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Files(tempfile::TempDir);

    impl Files {
        fn write(&self, name: &str, text: &str) -> PathBuf {
            let path = self.0.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        }
    }

    fn made() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let files = Files(tempfile::tempdir().unwrap());
        let ((cert, key), (_other, stranger)) = (made(), made());
        let (cert_path, key_path) = (files.write("c.pem", &cert), files.write("k.pem", &key));
        assert!(Tls::read(&cert_path, &key_path).is_ok());
        let absent = files.0.path().join("absent.pem");
        assert!(matches!(Tls::read(&absent, &key_path), Err(TlsError::Read { .. })));
        let no_certificate = Tls::read(&key_path, &key_path).err();
        assert_eq!(no_certificate, Some(TlsError::NoCertificate(key_path.clone())));
        assert_eq!(Tls::read(&cert_path, &cert_path).err(), Some(TlsError::NoKey(cert_path.clone())));
        let stranger = files.write("s.pem", &stranger);
        let error = Tls::read(&cert_path, &stranger).err().unwrap();
        assert!(
            matches!(error, TlsError::Strangers { .. }) && error.to_string().contains("s.pem"),
            "{error}"
        );
    }

    #[test]
    fn a_new_pair_is_shown_and_half_of_one_is_not() {
        let files = Files(tempfile::tempdir().unwrap());
        let ((cert, key), (new_cert, new_key)) = (made(), made());
        let (cert_path, key_path) = (files.write("c.pem", &cert), files.write("k.pem", &key));
        let tls = Tls::read(&cert_path, &key_path).unwrap();
        let shown = || tls.shown.certificate.read().unwrap().cert.clone();
        let first = shown();
        assert_eq!(tls.look_again(), Ok(false));
        files.write("c.pem", &new_cert);
        assert!(matches!(tls.look_again(), Err(TlsError::Strangers { .. })));
        assert_eq!(shown(), first);
        files.write("k.pem", &new_key);
        assert_eq!(tls.look_again(), Ok(true));
        assert_ne!(shown(), first);
    }
}
