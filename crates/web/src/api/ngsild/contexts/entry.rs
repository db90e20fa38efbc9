//! What is known of the `@context` documents here: those that are hosted, and copies of remote ones.

use std::sync::Arc;
use std::time::Duration;

use dinh_context::ldcontext::HostedContext;
use dinh_model::Timestamp;
use dinh_ngsild::context::{CORE_URL, is_core_url};
use dinh_ngsild::write::instant_text;
use serde_json::{Value as Json, json};

use super::add::CONTEXTS;
use crate::api::reply::{Refusal, place};
use crate::api::request::Visit;

/// Kinds of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Kept because somebody asked for it.
    Hosted,
    /// A copy of a remote one.
    Cached,
    /// Kept because a subscription needs it at a URL.
    ImplicitlyCreated,
}

impl Kind {
    /// The kind of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Hosted, Self::Cached, Self::ImplicitlyCreated].into_iter().find(|kind| kind.name() == name)
    }

    /// As CIM 009 writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hosted => "Hosted",
            Self::Cached => "Cached",
            Self::ImplicitlyCreated => "ImplicitlyCreated",
        }
    }
}

/// One document.
pub(crate) struct Entry {
    /// Where it can be had.
    pub(crate) url: String,
    /// How it is called here.
    pub(crate) local_id: String,
    pub(crate) kind: Kind,
    /// Since when it is here.
    pub(crate) created_at: Timestamp,
    /// Its content, if it may be served from here.
    pub(crate) document: Option<Arc<Json>>,
}

impl Entry {
    /// What clause 5.13.3.5 tells of it.
    pub(crate) fn details(&self) -> Json {
        json!({
            "URL": self.url,
            "localId": self.local_id,
            "kind": self.kind.name(),
            "createdAt": instant_text(self.created_at),
        })
    }
}

/// All documents: the hosted ones first.
pub(crate) async fn all(visit: &Visit) -> Result<Vec<Entry>, Refusal> {
    let hosted = visit.contexts().hosted().list(visit.session.tenant()).await?;
    let mut entries: Vec<Entry> = hosted.into_iter().map(|context| of_hosted(visit, context)).collect();
    entries.push(of_core(visit, CORE_URL));
    entries.extend(visit.contexts().cached().into_iter().map(|(url, age)| of_cached(visit, url, age)));
    Ok(entries)
}

/// The document with that identifier, or the copy of the one at that URL.
pub(crate) async fn find(visit: &Visit, id: &str) -> Result<Option<Entry>, Refusal> {
    if let Some(context) = visit.contexts().hosted().get(visit.session.tenant(), id).await? {
        return Ok(Some(of_hosted(visit, context)));
    }
    if is_core_url(id) {
        return Ok(Some(of_core(visit, id)));
    }
    let cached = visit.contexts().cached().into_iter().find(|(url, _)| url == id);
    Ok(cached.map(|(url, age)| of_cached(visit, url, age)))
}

fn of_hosted(visit: &Visit, context: HostedContext) -> Entry {
    let url = visit.contexts().hosted().url(&context.id);
    Entry {
        url: url.unwrap_or_else(|| place(CONTEXTS, &context.id)),
        local_id: context.id,
        kind: if context.implicit { Kind::ImplicitlyCreated } else { Kind::Hosted },
        created_at: context.created_at,
        document: Some(context.body),
    }
}

/// The core context is built in: a copy that is always at hand.
fn of_core(visit: &Visit, url: &str) -> Entry {
    Entry {
        url: url.to_owned(),
        local_id: url.to_owned(),
        kind: Kind::Cached,
        created_at: visit.app.started,
        document: None,
    }
}

fn of_cached(visit: &Visit, url: String, age: Duration) -> Entry {
    let micros = i64::try_from(age.as_micros()).unwrap_or(i64::MAX);
    let created_at = visit.app.context.clock().now().plus_micros(-micros);
    Entry { local_id: url.clone(), url, kind: Kind::Cached, created_at, document: None }
}
