//! Bodies: read within bounds, parsed once, paired with the `@context` that their names are written in (CIM 009
//! clauses 5.5.4, 6.3.4 and 6.3.5).

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use dinh_context::ldcontext::LdContexts;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, Method};
use http_body_util::BodyExt as _;
use serde_json::Value as Json;

use super::{Media, context_url};
use crate::api::reply::Refusal;
use crate::app::App;

/// Name of the member that carries an `@context`.
const CONTEXT: &str = "@context";

/// Most items in one batch.
pub(crate) const MAX_BATCH: usize = 1_000;

/// Most bytes of a refused body that are still taken off the wire.
const MAX_DRAINED: usize = 256 << 20;
/// Longest time for that.
const LONGEST_DRAIN: Duration = Duration::from_secs(10);

/// A body in JSON, not yet paired with its `@context`.
pub(crate) struct Written {
    json: Json,
    media: Media,
    link: Option<String>,
}

/// A JSON document with the context that its names are written in.
#[derive(Debug)]
pub(crate) struct Document {
    /// The document without its `@context` member.
    pub(crate) json: Json,
    /// The context.
    pub(crate) context: Arc<LdContext>,
}

impl FromRequest<App> for Written {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let headers = request.headers();
        let media = Media::of_body(headers, request.method() == Method::PATCH);
        let nameless = !headers.contains_key(CONTENT_TYPE);
        let (media, link) = match media {
            Ok(media) => (media, context_url(headers)?),
            // Of a body that says nothing of itself, that it cannot be read is told before that it does not say what it is.
            Err(refusal) if nameless => {
                let bytes = read_bytes(request, app.settings.max_body).await?;
                read::json(&bytes).map_err(Problem::from)?;
                return Err(refusal);
            }
            Err(refusal) => return Err(refusal),
        };
        let bytes = read_bytes(request, app.settings.max_body).await?;
        Ok(Self { json: read::json(&bytes).map_err(Problem::from)?, media, link })
    }
}

/// Reads a whole body of at most `limit` bytes.
pub(crate) async fn read_bytes(request: Request, limit: usize) -> Result<Bytes, Refusal> {
    let too_large = announced(request.headers()).is_some_and(|length| length > limit);
    let mut body = request.into_body();
    if too_large {
        drain(body);
        return Err(Refusal::too_large(limit));
    }
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let broken = |_reason| Problem::invalid("The connection ended before the body was complete.");
        let Ok(part) = frame.map_err(broken)?.into_data() else { continue };
        if bytes.len() + part.len() > limit {
            drain(body);
            return Err(Refusal::too_large(limit));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes.freeze())
}

/// Takes the rest of a refused body off the wire while the refusal is already on its way. A connection closed with
/// bytes unread resets, and the sender would see a broken pipe instead of the reason.
fn drain(mut body: Body) {
    tokio::spawn(async move {
        let mut left = MAX_DRAINED;
        let rest = async {
            while let Some(Ok(frame)) = body.frame().await {
                left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
                if left == 0 {
                    break;
                }
            }
        };
        // Whoever is slower or larger than that may see a broken pipe.
        drop(tokio::time::timeout(LONGEST_DRAIN, rest).await);
    });
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl Written {
    /// The body as one document with its context.
    pub(crate) async fn document(self, contexts: &LdContexts) -> Result<Document, Refusal> {
        let Self { mut json, media, link } = self;
        if !json.is_object() {
            return Err(Problem::invalid("The body must be a JSON object.").into());
        }
        let mut resolver = Resolver::new(contexts, media, link)?;
        let context = resolver.context_of(&mut json).await?;
        Ok(Document { json, context })
    }

    /// The body as a batch: an array of documents, each with its own context or its own fault.
    pub(crate) async fn batch(self, contexts: &LdContexts) -> Result<Vec<Item>, Refusal> {
        let Self { json, media, link } = self;
        let mut resolver = Resolver::new(contexts, media, link)?;
        let mut items = Vec::new();
        for mut json in read::batch(json, MAX_BATCH).map_err(Problem::from)? {
            let id = json.get("id").or_else(|| json.get("@id")).and_then(Json::as_str).map(str::to_owned);
            let document = match resolver.context_of(&mut json).await {
                Ok(context) => Ok(Document { json, context }),
                Err(problem) => Err(problem),
            };
            items.push(Item { id, document });
        }
        Ok(items)
    }

    /// The body as a batch of plain values, such as identifiers, which need no context.
    pub(crate) fn values(self) -> Result<Vec<Json>, Problem> {
        Ok(read::batch(self.json, MAX_BATCH)?)
    }

    /// The body as one document that is itself an `@context`.
    pub(crate) fn raw(self) -> Json {
        self.json
    }
}

/// One item of a batch.
#[derive(Debug)]
pub(crate) struct Item {
    /// Its identifier, as far as it says one.
    pub(crate) id: Option<String>,
    /// What it says, or why that cannot be known.
    pub(crate) document: Result<Document, Problem>,
}

/// Finds the context of documents. A batch often repeats one context, so the last one is remembered.
struct Resolver<'a> {
    contexts: &'a LdContexts,
    media: Media,
    link: Option<String>,
    last: Option<(Json, Arc<LdContext>)>,
}

impl<'a> Resolver<'a> {
    fn new(contexts: &'a LdContexts, media: Media, link: Option<String>) -> Result<Self, Problem> {
        if media == Media::LdJson && link.is_some() {
            return Err(Problem::bad_data(
                "A body of type application/ld+json carries its own @context; a Link header must not name another.",
            ));
        }
        Ok(Self { contexts, media, link, last: None })
    }

    /// Takes the `@context` out of a document and resolves it, or else the one of the `Link` header.
    async fn context_of(&mut self, json: &mut Json) -> Result<Arc<LdContext>, Problem> {
        let own = json.as_object_mut().and_then(|members| members.remove(CONTEXT));
        let source = match (self.media, own) {
            (Media::LdJson, Some(own)) => own,
            (Media::LdJson, None) => {
                return Err(Problem::bad_data(
                    "A body of type application/ld+json must have an \"@context\" member.",
                ));
            }
            (_, Some(_)) => {
                return Err(Problem::bad_data(
                    "A body of type application/json must not have an \"@context\" member; name it in a Link header.",
                ));
            }
            (_, None) => match &self.link {
                Some(url) => Json::String(url.clone()),
                None => return Ok(self.contexts.core()),
            },
        };
        if let Some((last, context)) = &self.last
            && *last == source
        {
            return Ok(Arc::clone(context));
        }
        let context = self.contexts.resolve(&source).await?;
        self.last = Some((source, Arc::clone(&context)));
        Ok(context)
    }
}
