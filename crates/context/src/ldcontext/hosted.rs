//! `@context` documents kept here (CIM 009 clause 5.13): for those who have nowhere to put theirs.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_access::{Principal, Purpose};
use dinh_model::{Tenant, Timestamp};
use dinh_ngsild::context::{Context as LdContext, ContextError};
use dinh_store::{Op, Store};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

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
    /// Whose it is. Others can neither list nor read it here; who knows its URL can write in its names.
    #[serde(default = "Tenant::default_tenant")]
    pub tenant: Tenant,
    /// When it came.
    pub created_at: Timestamp,
    /// True if nobody asked for it: a subscription needs it at a URL.
    #[serde(default)]
    pub implicit: bool,
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

    /// The address under which others reach this server, if it knows its own: the public one, if there is one.
    pub fn address(&self) -> Option<&str> {
        self.own.last().map(String::as_str)
    }

    /// The URL under which a document is served, if this server knows its own address.
    pub fn url(&self, id: &str) -> Option<String> {
        self.own.first().map(|own| format!("{own}{PATH}{id}"))
    }

    /// Keeps a document.
    pub(super) async fn add(&self, who: &Principal, context: &HostedContext) -> Result<(), HostedError> {
        let member = context.body.get("@context").ok_or_else(|| {
            ContextError::Invalid("the document is not an object with an \"@context\" member".to_owned())
        })?;
        check(member)?;
        let grant = self.policy.write(who, &Tenant::default_tenant(), Purpose::Operations)?;
        if self.store.record_count(&self.reading()?, KIND).await? >= MAX_HOSTED {
            return Err(HostedError::Full);
        }
        let body = serde_json::to_value(context).map_err(|e| ContextError::Invalid(e.to_string()))?;
        let op = Op::PutRecord { kind: KIND.to_owned(), key: context.id.clone(), body };
        self.store.commit(&grant, op.into()).await?;
        Ok(())
    }

    /// The documents of a tenant.
    pub async fn list(&self, tenant: &Tenant) -> Result<Vec<HostedContext>, HostedError> {
        let records = self.store.records(&self.reading()?, KIND, "", 10_000).await?;
        let all = records.into_iter().filter_map(|r| serde_json::from_value::<HostedContext>(r.body).ok());
        Ok(all.filter(|context| context.tenant == *tenant).collect())
    }

    /// One document of a tenant.
    pub async fn get(&self, tenant: &Tenant, id: &str) -> Result<Option<HostedContext>, HostedError> {
        Ok(self.any(id).await?.filter(|context| context.tenant == *tenant))
    }

    async fn any(&self, id: &str) -> Result<Option<HostedContext>, HostedError> {
        let record = self.store.record(&self.reading()?, KIND, id).await?;
        Ok(record.and_then(|r| serde_json::from_value(r.body).ok()))
    }

    /// Forgets a document of a tenant; true if it was there.
    pub(super) async fn remove(
        &self,
        who: &Principal,
        tenant: &Tenant,
        id: &str,
    ) -> Result<bool, HostedError> {
        let grant = self.policy.write(who, &Tenant::default_tenant(), Purpose::Operations)?;
        let there = self.get(tenant, id).await?.is_some();
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
        match self.any(id).await {
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

/// Refuses what is no context. Remote documents are not fetched for that: they may be had or not when it is used.
fn check(member: &Json) -> Result<(), ContextError> {
    let mut documents: HashMap<String, Arc<Json>> = HashMap::new();
    loop {
        match LdContext::parse(member, &documents) {
            Err(ContextError::NotAvailable { url, .. }) if !documents.contains_key(&url) => {
                documents.insert(url, Arc::new(json!({ "@context": {} })));
            }
            outcome => return outcome.map(drop),
        }
    }
}
