//! The tenant that a request is for (CIM 009 clauses 4.14, 5.5.10 and 6.3.14).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use dinh_context::{Error, Session};
use dinh_model::Tenant;
use dinh_ngsild::problem::Problem;
use http::HeaderMap;
use http::header::HeaderName;

/// The header that names the tenant.
pub(crate) const TENANT: HeaderName = HeaderName::from_static("ngsild-tenant");

/// Most tenants remembered; beyond that they are looked up again.
const MAX_REMEMBERED: usize = 10_000;

/// The tenant in the header; without one the default tenant.
pub(crate) fn tenant(headers: &HeaderMap) -> Result<Tenant, Problem> {
    let Some(value) = headers.get(TENANT) else { return Ok(Tenant::default_tenant()) };
    let name = value.to_str().unwrap_or("?");
    Tenant::parse(name)
        .map_err(|error| Problem::bad_data(format!("The header NGSILD-Tenant is not right: {error}.")))
}

/// The tenants that are known to exist. A tenant never ceases to exist while the program runs.
#[derive(Debug, Default)]
pub(crate) struct Tenants(Mutex<HashSet<Tenant>>);

impl Tenants {
    /// True for the default tenant, those of the packs, and those that hold entities, subscriptions or registrations.
    pub(crate) async fn exists(&self, session: &Session) -> Result<bool, Error> {
        let (tenant, context) = (session.tenant(), session.context());
        if tenant.is_default()
            || context.packs().province(tenant.as_str()).is_some()
            || self.remembers(tenant)
        {
            return Ok(true);
        }
        let exists = context.registrations().has_any(tenant)
            || !session.type_counts().await?.is_empty()
            || !context.subscriptions().list(session)?.is_empty();
        if exists {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() < MAX_REMEMBERED {
                known.insert(tenant.clone());
            }
        }
        Ok(exists)
    }

    fn remembers(&self, tenant: &Tenant) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(tenant)
    }
}
