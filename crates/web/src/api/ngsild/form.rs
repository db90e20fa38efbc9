//! The form in which entities are answered: media type, representation, members, languages, instances.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use dinh_context::graph::{Stored, Written};
use dinh_model::{Entity, Term};
use dinh_ngsild::context::{CORE_URL, Context as LdContext};
use dinh_ngsild::linked::{Join, Shown};
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::{DatasetId, Projection};
use dinh_ngsild::read;
use dinh_ngsild::vocabulary;
use dinh_ngsild::write::{Languages, Representation, Writer, feature, feature_collection};
use http::header::{CONTENT_TYPE, HeaderName, LINK, VARY};
use http::{HeaderMap, HeaderValue};
use serde_json::{Value as Json, json};

use super::linked::wanted;
use super::options::representation;
use crate::api::reply::put;
use crate::api::request::{Given, Media, context_link};

/// The header with which a client chooses where the `@context` of GeoJSON goes, and a version of the standard (clause
/// 6.3.6).
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The header that tells which preference was met (clause 4.3.6.8).
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// The minor version of the standard that answers conform to.
const VERSION: u8 = 9;

/// Bytes that an entity takes in an answer, more or less: to reserve room.
const USUAL_SIZE: usize = 512;

/// An entity to be answered, and the room beside it for what was written of it.
#[derive(Clone, Copy)]
pub(super) struct Item<'e> {
    pub(super) entity: &'e Entity,
    /// None for what is not kept here as it is.
    pub(super) written: Option<&'e Written>,
}

impl<'e> From<&'e Entity> for Item<'e> {
    fn from(entity: &'e Entity) -> Self {
        Self { entity, written: None }
    }
}

impl<'e> From<&'e Stored> for Item<'e> {
    fn from(stored: &'e Stored) -> Self {
        Self { entity: &stored.entity, written: Some(&stored.written) }
    }
}

/// The form of an answer.
pub(super) struct Form {
    /// Media type.
    pub(super) media: Media,
    /// Names are written in it.
    pub(super) context: Arc<LdContext>,
    /// Normalized, concise or simplified.
    pub(super) representation: Representation,
    /// With `createdAt` and `modifiedAt`.
    pub(super) sys_attrs: bool,
    /// These members only.
    pub(super) pick: Option<Projection>,
    /// Not these members.
    pub(super) omit: Option<Projection>,
    /// These attributes only.
    pub(super) attrs: Option<Projection>,
    /// Language properties in one language.
    pub(super) languages: Option<Languages>,
    /// These instances only.
    pub(super) dataset_ids: Vec<DatasetId>,
    /// What becomes the geometry of features.
    pub(super) geometry_property: Term,
    /// With the entities that relationships lead to.
    pub(super) join: Option<Join>,
    /// Entities that are kept elsewhere are not looked for behind relationships.
    pub(super) links_stay_here: bool,
    /// Whether the `@context` of GeoJSON stands in a header instead of the body.
    pub(super) context_in_header: bool,
    /// The minor version of the standard that the answer conforms to, if the client prefers one.
    pub(super) version: Option<u8>,
}

impl Form {
    /// The plain form: everything, normalized.
    pub(super) fn plain(media: Media, context: Arc<LdContext>, headers: &HeaderMap) -> Self {
        Self {
            media,
            context,
            representation: Representation::Normalized,
            sys_attrs: false,
            pick: None,
            omit: None,
            attrs: None,
            languages: None,
            dataset_ids: Vec::new(),
            geometry_property: vocabulary::location(),
            join: None,
            links_stay_here: false,
            context_in_header: prefers(headers, "body").is_some_and(|body| body.eq_ignore_ascii_case("json")),
            version: preferred_version(headers),
        }
    }

    /// Reads the parameters that say in which form entities are wanted.
    pub(super) fn read(
        given: &Given,
        media: Media,
        context: Arc<LdContext>,
        headers: &HeaderMap,
    ) -> Result<Self, Problem> {
        let representation = representation(given)?;
        let mut form = Self::members(given, media, context, headers)?;
        (form.representation, form.sys_attrs) = representation;
        if let Some(name) = given.text("geometryProperty") {
            if media != Media::GeoJson {
                return Err(Problem::bad_data(
                    "The URL parameter geometryProperty is for answers in application/geo+json only.",
                ));
            }
            form.geometry_property = form.context.expand(name);
        }
        Ok(form)
    }

    /// Reads the parameters that say which members are wanted.
    pub(super) fn members(
        given: &Given,
        media: Media,
        context: Arc<LdContext>,
        headers: &HeaderMap,
    ) -> Result<Self, Problem> {
        let mut form = Self::plain(media, context, headers);
        form.join = wanted(given)?;
        form.links_stay_here = given.flag("local")?;
        let context = Arc::clone(&form.context);
        let projection = |name: &'static str| {
            given.text(name).map(|text| Projection::parse(name, text, &context)).transpose()
        };
        form.pick = projection("pick")?;
        form.omit = projection("omit")?;
        form.attrs = given.text("attrs").map(|text| Projection::parse_attrs(text, &context)).transpose()?;
        form.languages = given.text("lang").map(Languages::parse).transpose()?;
        if let Some(text) = given.text("datasetId") {
            form.dataset_ids = read::dataset_ids(text)?;
        }
        form.check()?;
        Ok(form)
    }

    /// Refuses projections that contradict one another (clause 4.21), or that reach deeper than links are followed.
    pub(super) fn check(&self) -> Result<(), Problem> {
        let refuse = |detail: &str| Err(Problem::bad_data(detail));
        if self.attrs.is_some() && (self.pick.is_some() || self.omit.is_some()) {
            return refuse("attrs goes neither with pick nor with omit.");
        }
        if let (Some(pick), Some(omit)) = (&self.pick, &self.omit)
            && pick.terms().any(|member| omit.has(member.as_str()) && omit.inside(member.as_str()).is_none())
        {
            return refuse("pick and omit name the same member.");
        }
        let levels = self.join.as_ref().map_or(0, |join| join.levels);
        let deep = |projection: &Option<Projection>| projection.as_ref().is_some_and(|p| p.depth() > levels);
        if deep(&self.pick) || deep(&self.omit) {
            return refuse(
                "pick or omit names members of linked entities that join and joinLevel do not reach.",
            );
        }
        Ok(())
    }

    /// Attributes of which an entity needs one for anything of it to be shown; none if more than attributes is shown.
    pub(super) fn needed_attributes(&self) -> Vec<Term> {
        let members = [vocabulary::ID, vocabulary::TYPE, vocabulary::SCOPE];
        match (&self.attrs, &self.pick) {
            (Some(attrs), _) => attrs.attributes().cloned().collect(),
            (None, Some(pick)) if members.iter().all(|member| !pick.has(member)) => {
                pick.attributes().cloned().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Which members of the entities asked for are shown.
    pub(super) fn shown(&self) -> Shown<'_> {
        Shown { pick: self.pick.as_ref(), omit: self.omit.as_ref() }
    }

    /// True if something of the entity is shown.
    pub(super) fn shows(&self, entity: &Entity) -> bool {
        let shown = self.shown();
        shown.has(vocabulary::ID)
            || shown.has(vocabulary::TYPE)
            || (!entity.scopes.is_empty() && shown.has(vocabulary::SCOPE))
            || entity.attributes.keys().any(|name| shown.has(name.as_str()))
    }

    /// True if answers are GeoJSON.
    pub(super) fn is_geojson(&self) -> bool {
        self.media == Media::GeoJson
    }

    /// True if the entity has something of what `attrs` asks for.
    pub(super) fn finds_attributes(&self, entity: &Entity) -> bool {
        self.attrs
            .as_ref()
            .is_none_or(|attrs| attrs.attributes().any(|name| entity.attributes.contains_key(name)))
    }

    /// The answer with one entity.
    pub(super) fn one(&self, entity: Item<'_>) -> Response {
        let known = self.number();
        self.respond(USUAL_SIZE, |writer, out| self.push_known(writer, out, entity, known))
    }

    /// The number of this form among those that are the same for every entity; none if what is shown depends on what was
    /// asked for beyond that, or if nobody else will name the same context.
    fn number(&self) -> Option<u64> {
        let named = matches!(self.context.source(), None | Some(Json::String(_)));
        let whole = self.pick.is_none()
            && self.omit.is_none()
            && self.attrs.is_none()
            && self.languages.is_none()
            && self.dataset_ids.is_empty();
        if !named || !whole || self.is_geojson() {
            return None;
        }
        let representation = match self.representation {
            Representation::Normalized => 0,
            Representation::Concise => 1,
            Representation::Simplified => 2,
        };
        Some(
            self.context.serial() << 4
                | representation << 2
                | u64::from(self.sys_attrs) << 1
                | u64::from(self.embeds()),
        )
    }

    /// Appends an entity: as it was written before, if it is kept so.
    fn push_known(&self, writer: &Writer<'_>, out: &mut Vec<u8>, item: Item<'_>, known: Option<u64>) {
        let (Some(form), Some(written)) = (known, item.written) else {
            return self.push(writer, out, item.entity);
        };
        if let Some(bytes) = written.get(form) {
            out.extend_from_slice(&bytes);
            return;
        }
        let start = out.len();
        self.push(writer, out, item.entity);
        written.keep(form, out.get(start..).unwrap_or_default());
    }

    fn push(&self, writer: &Writer<'_>, out: &mut Vec<u8>, entity: &Entity) {
        match self.media {
            Media::GeoJson => feature(writer, out, entity, &self.geometry_property),
            _ => writer.entity(out, entity),
        }
    }

    /// One entity by itself, with other members than the answer has: a linked one, unless it `is_root`.
    pub(super) fn bytes_of(
        &self,
        entity: &Entity,
        shown: Shown<'_>,
        is_root: bool,
        embed_context: Option<&str>,
    ) -> Vec<u8> {
        let attrs = self.attrs.as_ref().filter(|_| is_root);
        let writer = Writer { pick: shown.pick, omit: shown.omit, attrs, embed_context, ..self.writer() };
        let mut out = Vec::with_capacity(USUAL_SIZE);
        if is_root {
            self.push(&writer, &mut out, entity);
        } else {
            writer.entity(&mut out, entity);
        }
        out
    }

    /// The answer with entities and those that they link to, in one list, each with the members told for it.
    pub(super) fn flat(&self, entities: &[(&Entity, Shown<'_>)], roots: usize) -> Response {
        let embedded = self.embedded_context();
        let embed = embedded.as_deref().filter(|_| !self.is_geojson());
        let mut out = Vec::with_capacity(entities.len() * USUAL_SIZE);
        out.extend_from_slice(if self.is_geojson() {
            b"{\"type\":\"FeatureCollection\",\"features\":["
        } else {
            b"["
        });
        for (at, (entity, shown)) in entities.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            let attrs = self.attrs.as_ref().filter(|_| at < roots);
            let writer =
                Writer { pick: shown.pick, omit: shown.omit, attrs, embed_context: embed, ..self.writer() };
            self.push(&writer, &mut out, entity);
        }
        out.push(b']');
        if self.is_geojson() {
            if let Some(context) = &embedded {
                out.extend_from_slice(b",\"@context\":");
                out.extend_from_slice(context.as_bytes());
            }
            out.push(b'}');
        }
        self.body(out)
    }

    /// Entities in JSON as one document: a list, or a feature collection.
    pub(super) fn collection(&self, mut entities: Vec<Json>) -> Json {
        if !self.is_geojson() {
            return Json::Array(entities);
        }
        // The @context stands once, beside the features.
        let contexts = entities.iter_mut().filter_map(|feature| feature.as_object_mut()?.remove("@context"));
        let context = contexts.last();
        let mut collection = json!({ "type": "FeatureCollection", "features": entities });
        if let (Some(context), Some(members)) = (context, collection.as_object_mut()) {
            members.insert("@context".to_owned(), context);
        }
        collection
    }

    /// The answer with a list of entities.
    pub(super) fn list(&self, entities: &[Item<'_>]) -> Response {
        let known = self.number();
        self.respond(entities.len() * USUAL_SIZE, |writer, out| {
            if self.is_geojson() {
                let entities = entities.iter().map(|item| item.entity);
                return feature_collection(writer, out, entities, &self.geometry_property);
            }
            out.push(b'[');
            for (at, item) in entities.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                self.push_known(writer, out, *item, known);
            }
            out.push(b']');
        })
    }

    /// The answer that `write` writes in this form.
    pub(super) fn written(&self, write: impl FnOnce(&Writer<'_>, &mut Vec<u8>)) -> Response {
        self.respond(USUAL_SIZE, write)
    }

    fn respond(&self, size: usize, write: impl FnOnce(&Writer<'_>, &mut Vec<u8>)) -> Response {
        let embedded = self.embedded_context();
        let writer = Writer { embed_context: embedded.as_deref(), ..self.writer() };
        let mut out = Vec::with_capacity(size);
        write(&writer, &mut out);
        self.body(out)
    }

    fn writer(&self) -> Writer<'_> {
        Writer {
            context: &self.context,
            representation: self.representation,
            sys_attrs: self.sys_attrs,
            pick: self.pick.as_ref(),
            omit: self.omit.as_ref(),
            attrs: self.attrs.as_ref(),
            languages: self.languages.as_ref(),
            dataset_ids: &self.dataset_ids,
            embed_context: None,
        }
    }

    /// A body of this form's media type that is written already.
    pub(super) fn body(&self, bytes: Vec<u8>) -> Response {
        let mut response = Response::new(Body::from(bytes));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media.name()));
        headers.insert(VARY, HeaderValue::from_static("accept, link, ngsild-tenant"));
        if !self.embeds() {
            put(&mut response, LINK, &context_link(&link_target(&self.context)));
        }
        if let Some(version) = &self.version {
            put(&mut response, PREFERENCE_APPLIED, &format!("ngsi-ld=1.{version}"));
        }
        response
    }

    /// Whether the `@context` stands in the body.
    pub(super) fn embeds(&self) -> bool {
        match self.media {
            Media::Json => false,
            Media::LdJson => true,
            Media::GeoJson => !self.context_in_header,
        }
    }

    /// The content of the `@context` member, if there is one.
    pub(super) fn embedded_context(&self) -> Option<String> {
        self.embeds().then(|| match self.context.source() {
            Some(source) => source.to_string(),
            None => Json::from(CORE_URL).to_string(),
        })
    }
}

/// The URL under which a context can be had, for a `Link` header: its own, the only one it consists of, or the core
/// context's if it was given in a body.
pub(super) fn link_target(context: &LdContext) -> String {
    let url = match context.source() {
        Some(Json::String(url)) => Some(url.as_str()),
        Some(Json::Array(parts)) => parts.iter().find_map(Json::as_str),
        _ => None,
    };
    url.unwrap_or(CORE_URL).to_owned()
}

/// The minor version that a client prefers answers to conform to, or ours if it asks for a later one (clause 4.3.6.8).
fn preferred_version(headers: &HeaderMap) -> Option<u8> {
    let preferred = prefers(headers, "ngsi-ld")?;
    let minor = preferred.strip_prefix("1.").and_then(|minor| minor.parse::<u8>().ok());
    Some(minor.unwrap_or(VERSION).min(VERSION))
}

/// The value of a preference (RFC 7240), without its quotes.
fn prefers<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let values = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).find_map(|preference| {
        let (key, value) = preference.split(';').next()?.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}
