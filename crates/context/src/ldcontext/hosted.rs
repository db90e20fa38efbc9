//! `@context` documents kept here (CIM 009 clause 5.13): for those who have nowhere to put theirs.

use std::sync::Arc;

use dinh_access::{Principal, Purpose};
use dinh_model::{Tenant, Timestamp};
use dinh_ngsild::context::{Context as LdContext, ContextError, NoLoader, remote_urls};
use dinh_store::{Op, Store};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Kind of record.
const KIND: &str = "jsonld-context";
/// Most documents kept.
pub(crate) const MAX_HOSTED: u64 = 10_000;
/// Path under which documents are served.
pub const PATH: &str = "/ngsi-ld/v1/jsonldContexts/";

/// Why a hosted context cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum HostedError {
    /// It is not a context.
    #[error(transparent)]
    Invalid(#[from] ContextError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] dinh_store::Error),
    /// Too many.
    #[error("there are already {MAX_HOSTED} hosted contexts, the most that are kept")]
    Full,
    /// Not for this principal.
    #[error(transparent)]
    Denied(#[from] dinh_access::Denied),
}

/// One document kept here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HostedContext {
    /// Identifier, the last part of its URL.
    pub id: String,
    /// When it came.
    pub created_at: Timestamp,
    /// The document.
    pub body: Arc<Json>,
}

/// The documents kept here.
#[derive(Clone, Debug)]
pub struct Hosted {
    store: Store,
    policy: dinh_access::Policy,
    /// Addresses under which this server is reached, for recognising its own URLs.
    own: Vec<String>,
}

impl Hosted {
    pub(crate) fn new(store: Store, policy: dinh_access::Policy, own: Vec<String>) -> Self {
        Self { store, policy, own }
    }

    /// Keeps a document under `id`.
    pub(super) async fn add(
        &self,
        who: &Principal,
        id: String,
        body: Json,
        at: Timestamp,
    ) -> Result<(), HostedError> {
        let member = body.get("@context").ok_or_else(|| {
            ContextError::Invalid("the document is not an object with an \"@context\" member".to_owned())
        })?;
        if remote_urls(member).is_empty() {
            LdContext::parse(member, &NoLoader).map(drop).or_else(|error| match error {
                ContextError::NotAvailable { .. } => Ok(()),
                other => Err(other),
            })?;
        }
        let grant = self.policy.write(who, &Tenant::default_tenant(), Purpose::Operations)?;
        if self.store.record_count(&self.reading()?, KIND).await? >= MAX_HOSTED {
            return Err(HostedError::Full);
        }
        let context = HostedContext { id: id.clone(), created_at: at, body: Arc::new(body) };
        let body = serde_json::to_value(&context).map_err(|e| ContextError::Invalid(e.to_string()))?;
        self.store.commit(&grant, Op::PutRecord { kind: KIND.to_owned(), key: id, body }.into()).await?;
        Ok(())
    }

    /// All documents.
    pub async fn list(&self) -> Result<Vec<HostedContext>, HostedError> {
        let records = self.store.records(&self.reading()?, KIND, "", 10_000).await?;
        Ok(records.into_iter().filter_map(|r| serde_json::from_value(r.body).ok()).collect())
    }

    /// One document.
    pub async fn get(&self, id: &str) -> Result<Option<HostedContext>, HostedError> {
        let record = self.store.record(&self.reading()?, KIND, id).await?;
        Ok(record.and_then(|r| serde_json::from_value(r.body).ok()))
    }

    /// Forgets a document; true if it was there.
    pub(super) async fn remove(&self, who: &Principal, id: &str) -> Result<bool, HostedError> {
        let grant = self.policy.write(who, &Tenant::default_tenant(), Purpose::Operations)?;
        let there = self.get(id).await?.is_some();
        if there {
            let op = Op::DeleteRecord { kind: KIND.to_owned(), key: id.to_owned() };
            self.store.commit(&grant, op.into()).await?;
        }
        Ok(there)
    }

    /// The document that a URL names, if it is one of ours.
    pub(super) async fn document(&self, url: &str) -> Result<Option<Arc<Json>>, ContextError> {
        let Some(id) = self.own.iter().find_map(|own| url.strip_prefix(own.as_str())?.strip_prefix(PATH))
        else {
            return Ok(None);
        };
        let missing = |reason: String| ContextError::NotAvailable { url: url.to_owned(), reason };
        match self.get(id).await {
            Ok(Some(context)) => Ok(Some(context.body)),
            Ok(None) => Err(missing("no such context is hosted here".to_owned())),
            Err(error) => Err(missing(error.to_string())),
        }
    }

    fn reading(&self) -> Result<dinh_access::Grant<dinh_access::Read>, HostedError> {
        let system = Principal::System("contexts".into());
        Ok(self.policy.read(&system, &Tenant::default_tenant(), Purpose::Operations)?)
    }
}
