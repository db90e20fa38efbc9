//! Accounts for the tests.

use std::sync::Arc;

use dinh_context::Context;
use dinh_identity::password::Cost;
use dinh_identity::{AuditTrail, Identity, InstallationKey, Settings, SystemEntropy};

/// Accounts of which the audit hears, quick to hash.
pub(crate) fn identity(context: &Context) -> Identity {
    let mut settings = Settings::new(InstallationKey::new([7; 32]).expect("a key"));
    settings.passwords = Cost { memory_kib: 64, passes: 1, ..Cost::default() };
    let entropy = Arc::new(SystemEntropy::new());
    Identity::open(context.clone(), settings, Arc::new(AuditTrail(context.clone())), entropy)
        .expect("accounts")
}
