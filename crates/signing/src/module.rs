//! Security modules: keys that never leave them.

use dinh_signatures::Algorithm;

/// Why a security module does not do what it should. Says nothing of its PIN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the security module: {0}")]
pub struct ModuleFault(pub String);

/// A security module with keys that have labels.
pub trait Module: Send + Sync {
    /// The public key with this label: its bits as certificates have them, and the usual way to sign with it.
    ///
    /// # Errors
    /// No such key, or one of a kind that is not taken, or the module is away.
    fn public_key(&self, label: &str) -> Result<(Vec<u8>, Algorithm), ModuleFault>;

    /// Signs a message with the key of this label.
    ///
    /// # Errors
    /// The module refuses or is away.
    fn sign(&self, label: &str, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, ModuleFault>;
}
