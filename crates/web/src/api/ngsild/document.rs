//! Answers that are not entities but speak of types and attributes: JSON in the `@context` of the request, without a
//! GeoJSON form.

use std::sync::Arc;

use axum::response::Response;
use dinh_model::Term;
use dinh_ngsild::context::Context as LdContext;
use serde_json::Value as Json;

use super::form::Form;
use crate::api::reply::Refusal;
use crate::api::request::{JSON, Media, Visit};

/// Where the `@context` goes in JSON-LD.
const CONTEXT: &str = "@context";

/// An answer about to be written.
pub(super) struct Answer {
    /// Names are written in it.
    pub(super) context: Arc<LdContext>,
    form: Form,
}

impl Answer {
    /// The answer that the request wants.
    pub(super) async fn wanted(visit: &Visit) -> Result<Self, Refusal> {
        let media = Media::wanted(&visit.headers, JSON)?;
        let context = visit.ld_context().await?;
        let form = Form::plain(media, Arc::clone(&context), &visit.headers);
        Ok(Self { context, form })
    }

    /// The media type of the answer.
    pub(super) fn media(&self) -> Media {
        self.form.media
    }

    /// A name as the context shortens it.
    pub(super) fn name(&self, term: &Term) -> String {
        self.context.compact(term).into_owned()
    }

    /// Names in the order of the alphabet.
    pub(super) fn names<'t>(&self, terms: impl IntoIterator<Item = &'t Term>) -> Vec<String> {
        let mut names: Vec<String> = terms.into_iter().map(|term| self.name(term)).collect();
        names.sort_unstable();
        names
    }

    /// The answer with one object.
    pub(super) fn one(&self, mut object: Json) -> Response {
        self.embed(&mut object);
        self.form.body(object.to_string().into_bytes())
    }

    /// The answer with a list of objects.
    pub(super) fn list(&self, mut objects: Vec<Json>) -> Response {
        for object in &mut *objects {
            self.embed(object);
        }
        self.form.body(Json::Array(objects).to_string().into_bytes())
    }

    fn embed(&self, object: &mut Json) {
        if let (Some(members), Some(context)) = (object.as_object_mut(), self.form.embedded_context())
            && let Ok(context) = serde_json::from_str(&context)
        {
            members.insert(CONTEXT.to_owned(), context);
        }
    }
}
