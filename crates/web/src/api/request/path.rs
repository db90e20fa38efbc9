//! Variable parts of a path.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use dinh_model::EntityId;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::api::reply::Refusal;

/// The variable parts of a path, decoded.
pub(crate) struct Segments<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(segments)) => Ok(Self(segments)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => {
                Err(Problem::bad_data(format!("The path cannot be read: {}.", error.body_text())).into())
            }
            Err(other) => Err(Problem::bad_data(other.body_text()).into()),
        }
    }
}

/// The identifier of an entity in a path.
pub(crate) fn entity_id(text: &str) -> Result<EntityId, Refusal> {
    Ok(read::entity_id("the entity identifier in the path", text)?)
}

/// The identifier of a registration in a path.
pub(crate) fn registration_id(text: &str) -> Result<EntityId, Refusal> {
    Ok(read::entity_id("the registration identifier in the path", text)?)
}

/// The identifier of a subscription in a path.
pub(crate) fn subscription_id(text: &str) -> Result<EntityId, Refusal> {
    Ok(read::entity_id("the subscription identifier in the path", text)?)
}
