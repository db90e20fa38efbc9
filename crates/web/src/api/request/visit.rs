//! A visit: who asks, in which tenant, with which `@context` and under which conditions.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use dinh_access::{Principal, Purpose};
use dinh_context::Session;
use dinh_context::ldcontext::LdContexts;
use dinh_model::Tenant;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::read::Reader;
use http::HeaderMap;
use http::header::HeaderName;
use http::request::Parts;
use serde_json::Value as Json;

use super::{context_url, tenant};
use crate::api::reply::Refusal;
use crate::app::App;
use crate::router::Guest;

/// Says for what purpose something is asked; the policy decides by it, and the audit keeps it.
const PURPOSE: HeaderName = HeaderName::from_static("dinh-purpose");
/// Asks for personal data unmasked, and says why, percent-encoded. Every time is kept in the audit.
const REVEAL: HeaderName = HeaderName::from_static("dinh-reveal");

/// Says within which snapshot something is done (CIM 009 clause 6.3.22).
pub(crate) const SNAPSHOT: HeaderName = HeaderName::from_static("ngsild-snapshot");
/// What may be done within a snapshot: everything about entities, their evolution, and subscriptions to them.
const WITHIN_SNAPSHOTS: [&str; 7] =
    ["entities", "entityOperations", "entityMaps", "temporal", "types", "attributes", "subscriptions"];

/// The purpose stated, or the usual one of whoever asks.
fn purpose(principal: &Principal, headers: &HeaderMap) -> Result<Purpose, Refusal> {
    let Some(stated) = headers.get(PURPOSE) else {
        return Ok(match principal {
            Principal::Anonymous => Purpose::PublicInformation,
            _ => Purpose::Operations,
        });
    };
    let known = stated.to_str().ok().and_then(Purpose::from_name);
    Ok(known.ok_or_else(|| {
        let names: Vec<&str> = Purpose::ALL.iter().map(|purpose| purpose.name()).collect();
        Problem::bad_data(format!("Dinh-Purpose must be one of {}.", names.join(", ")))
    })?)
}

/// Somebody at the door of a tenant that exists.
#[derive(Clone)]
pub(crate) struct Visit {
    /// What the web stands on.
    pub(crate) app: App,
    /// What they may do.
    pub(crate) session: Session,
    /// The headers of their request.
    pub(crate) headers: HeaderMap,
}

/// Somebody at the door of a tenant that begins to exist with what they write.
#[derive(Clone)]
pub(crate) struct FirstVisit(pub(crate) Visit);

impl FromRequestParts<App> for FirstVisit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let tenant = tenant(&parts.headers)?;
        let guest = Guest::from_request_parts(parts, app).await?;
        let visit = Visit::new(app, &guest, tenant, parts.headers.clone())?;
        match parts.headers.get(SNAPSHOT) {
            None => Ok(Self(visit)),
            Some(id) => visit.within(id.to_str().unwrap_or_default(), parts.uri.path()).map(Self),
        }
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let FirstVisit(visit) = FirstVisit::from_request_parts(parts, app).await?;
        if visit.session.tenant().is_frozen() || visit.app.tenants.exists(&visit.session).await? {
            Ok(visit)
        } else {
            let tenant = visit.session.tenant().as_str();
            let detail =
                format!("There is no tenant named {tenant}. It begins to exist with its first entity.");
            Err(Problem::new(ProblemKind::NonexistentTenant, detail).about(tenant).into())
        }
    }
}

/// Somebody who may write where they are. Others are sent away before their body is read.
pub(crate) struct Author<V>(pub(crate) V);

impl<V> FromRequestParts<App> for Author<V>
where
    V: FromRequestParts<App, Rejection = Refusal> + AsRef<Visit>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let visit = V::from_request_parts(parts, app).await?;
        visit.as_ref().session.may_write()?;
        Ok(Self(visit))
    }
}

impl AsRef<Visit> for Visit {
    fn as_ref(&self) -> &Visit {
        self
    }
}

impl AsRef<Visit> for FirstVisit {
    fn as_ref(&self) -> &Visit {
        &self.0
    }
}

impl Visit {
    /// A visit of `guest` to `tenant`, for the purpose that they state, and revealing what they give a reason for.
    pub(crate) fn new(app: &App, guest: &Guest, tenant: Tenant, headers: HeaderMap) -> Result<Self, Refusal> {
        let purpose = purpose(&guest.principal, &headers)?;
        let session = app.context.session(guest.principal.clone(), tenant, purpose);
        let session = session.from_origin(guest.origin());
        let session = match headers.get(REVEAL) {
            Some(reason) => {
                let reason = percent_encoding::percent_decode(reason.as_bytes()).decode_utf8();
                let not_text =
                    |_| Problem::bad_data("Dinh-Reveal: write the reason as percent-encoded UTF-8.");
                session.revealing(&reason.map_err(not_text)?)?
            }
            None => session,
        };
        Ok(Self { app: app.clone(), session, headers })
    }

    /// The same visit within a snapshot, for what may be done there.
    fn within(self, id: &str, path: &str) -> Result<Self, Refusal> {
        let resource = path.strip_prefix("/ngsi-ld/v1/").and_then(|rest| rest.split('/').next());
        if !resource.is_some_and(|resource| WITHIN_SNAPSHOTS.contains(&resource)) {
            return Err(Problem::bad_data("NGSILD-Snapshot: this is not done within a snapshot.").into());
        }
        if self.headers.contains_key(REVEAL) {
            return Err(Problem::bad_data("Dinh-Reveal: nothing is revealed within a snapshot.").into());
        }
        let session = self.app.context.snapshots().enter(&self.session, id)?;
        Ok(Self { session, ..self })
    }

    /// `@context` documents.
    pub(crate) fn contexts(&self) -> &LdContexts {
        self.app.context.ld_contexts()
    }

    /// The context of a request without a body: the one that its `Link` header names, or the core context.
    pub(crate) async fn ld_context(&self) -> Result<Arc<LdContext>, Refusal> {
        match context_url(&self.headers)? {
            Some(url) => Ok(self.contexts().resolve(&Json::String(url)).await.map_err(Problem::from)?),
            None => Ok(self.contexts().core()),
        }
    }

    /// Reads what is written in `context`.
    pub(crate) fn reader<'a>(&self, context: &'a LdContext) -> Reader<'a> {
        Reader::new(context, self.app.context.clock().now())
    }
}
