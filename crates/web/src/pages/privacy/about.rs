//! The request that a page is about.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse as _, Response};
use dinh_model::EntityId;
use http::request::Parts;

use super::present;
use crate::app::App;
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;

/// Somebody who is signed in, and the request that the address names. Others are sent to sign in, and there is no page
/// where the name is none.
pub(in crate::pages) struct About {
    pub(super) visitor: Visitor,
    pub(super) id: EntityId,
}

impl FromRequestParts<App> for About {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, app).await.map_err(Fault::into_response)?;
        present(&visitor).map_err(|other| *other)?;
        let params = RawPathParams::from_request_parts(parts, app).await.ok();
        let named = params.as_ref().and_then(|params| params.iter().find(|(name, _)| *name == "id"));
        let id = named.and_then(|(_, id)| EntityId::parse(id).ok());
        match id {
            Some(id) => Ok(Self { visitor, id }),
            None => Err(Fault::not_found(visitor.taste).into_response()),
        }
    }
}
