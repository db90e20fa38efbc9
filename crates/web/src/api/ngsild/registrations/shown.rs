//! A registration as a client sees it.

use dinh_context::registrations::Registered;
use dinh_ngsild::registration::Information;
use serde_json::Value as Json;

use crate::api::ngsild::document::Answer;
use crate::api::request::Visit;

/// What was registered, in the names of the client's context; with `only`, these parts of it.
pub(super) fn shown(
    registered: &Registered,
    only: Option<&[&Information]>,
    answer: &Answer,
    visit: &Visit,
) -> Json {
    let registration = &registered.registration;
    let mut shown = registration.to_json(&answer.context, &registered.calls(), only);
    if !visit.app.context.registrations().shows_all(&visit.session, registration)
        && let Some(members) = shown.as_object_mut()
    {
        members.remove("contextSourceInfo");
    }
    shown
}
