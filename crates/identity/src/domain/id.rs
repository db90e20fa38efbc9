//! Identifiers of accounts.

use std::fmt;
use std::sync::Arc;

use dinh_model::Ids;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Identifier of an account: random, so that it says nothing of its holder and can stand in records for ever.
/// 32 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(Arc<str>);

impl AccountId {
    /// A fresh one.
    pub fn fresh(ids: &dyn Ids) -> Self {
        Self::of(ids.uuid())
    }

    pub(crate) fn of(uuid: Uuid) -> Self {
        Self(uuid.simple().to_string().into())
    }

    /// Reads what [`AccountId`] writes, from a path or a form; nothing else is one.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.into()))
    }

    pub(crate) fn to_uuid(&self) -> Uuid {
        Uuid::try_parse(&self.0).unwrap_or_default()
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
