//! A visit to the tenant that the path names.

use axum::extract::{FromRequestParts, RawPathParams};
use dinh_feeds::definition::FeedName;
use dinh_feeds::sink::FeedKey;
use dinh_model::Tenant;
use dinh_ngsild::problem::{Problem, ProblemKind};
use http::request::Parts;

use crate::api::reply::{Refusal, sentence};
use crate::api::request::Visit;
use crate::app::App;
use crate::feeding::{may_mend, may_put};
use crate::router::Guest;

/// Somebody in the tenant `{tenant}` of the path.
pub(super) struct Hall(pub(super) Visit);

impl FromRequestParts<App> for Hall {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let name = segment(parts, app, "tenant").await?;
        let tenant = Tenant::parse(&name).map_err(|error| Problem::bad_data(sentence(&error.to_string())))?;
        let guest = Guest::from_request_parts(parts, app).await?;
        let visit = Visit::new(app, &guest, tenant, parts.headers.clone())?;
        if app.tenants.exists(&visit.session).await? {
            return Ok(Self(visit));
        }
        let detail = format!("There is no tenant named {name}.");
        Err(Problem::new(ProblemKind::NonexistentTenant, detail).about(name).into())
    }
}

/// Somebody at the feed `{pack}/{feed}` of the path.
pub(super) struct AtFeed {
    /// Who.
    pub(super) visit: Visit,
    /// Which feed.
    pub(super) feed: FeedKey,
}

impl FromRequestParts<App> for AtFeed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let Hall(visit) = Hall::from_request_parts(parts, app).await?;
        let (pack, feed) = (segment(parts, app, "pack").await?, segment(parts, app, "feed").await?);
        let feed = FeedKey::new(visit.session.tenant().clone(), FeedName::new(pack, feed));
        Ok(Self { visit, feed })
    }
}

/// Somebody who may put records into a feed. Others are sent away before their body is read.
pub(super) struct Feeder(pub(super) AtFeed);

impl FromRequestParts<App> for Feeder {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let at = AtFeed::from_request_parts(parts, app).await?;
        may_put(app, &at.visit.session, &at.feed)?;
        Ok(Self(at))
    }
}

/// Somebody who may see and mend what a feed has rejected.
pub(super) struct Mender(pub(super) AtFeed);

impl FromRequestParts<App> for Mender {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let at = AtFeed::from_request_parts(parts, app).await?;
        may_mend(app, &at.visit.session, &at.feed)?;
        Ok(Self(at))
    }
}

async fn segment(parts: &mut Parts, app: &App, name: &str) -> Result<String, Refusal> {
    let all = RawPathParams::from_request_parts(parts, app).await;
    let all = all.map_err(|error| Problem::bad_data(error.body_text()))?;
    let found = all.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    Ok(found.ok_or_else(|| Problem::bad_data(format!("The path has no {name}.")))?)
}
