//! A query in a body, where it is a part of something else than a question: of a snapshot, or of a map (CIM 009 clause 5.2.23).

use std::sync::Arc;

use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::linked::Join;
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::read;
use dinh_ngsild::temporal::TemporalQuery;
use http::HeaderMap;
use serde_json::Value as Json;

use super::conditions::refuse_too_wide;
use super::federated::Beyond;
use super::form::Form;
use super::linked::reaches;
use crate::api::reply::Refusal;
use crate::api::request::Media;

/// What a query in a body asks.
pub(super) struct BodyQuery {
    /// Which entities.
    pub(super) query: EntityQuery,
    /// What of them.
    pub(super) form: Form,
    /// How far it goes.
    pub(super) beyond: Beyond,
    /// Which time, if it is for evolutions.
    pub(super) time: Option<TemporalQuery>,
}

impl BodyQuery {
    /// Reads it; nothing but entities that are kept here is looked at if it is `local`.
    pub(super) fn read(
        mut json: Json,
        context: &Arc<LdContext>,
        headers: &HeaderMap,
        local: bool,
    ) -> Result<Self, Refusal> {
        let join = Join::take(&mut json)?;
        let beyond = Beyond { batch: false, ..Beyond::of_body(&json, context, local)? };
        let request = read::query(json, context)?;
        let mut form = Form::plain(Media::Json, Arc::clone(context), headers);
        (form.pick, form.omit, form.attrs, form.join) = (request.pick, request.omit, request.attrs, join);
        form.dataset_ids.clone_from(&request.query.dataset_ids);
        form.links_stay_here = local;
        form.check()?;
        let query = EntityQuery { attrs: form.needed_attributes(), ..request.query };
        refuse_too_wide(&query, local)?;
        // Evolutions are not asked for with what they link to.
        reaches(&query, form.join.as_ref().filter(|_| request.temporal.is_none()))?;
        Ok(Self { query, form, beyond, time: request.temporal })
    }
}
