//! In which words a source is spoken to.

use std::sync::Arc;

use dinh_ngsild::context::{Context as LdContext, is_core_url};
use dinh_ngsild::registration::{Information, Registration};
use http::HeaderMap;
use serde_json::Value as Json;

use crate::Asker;

/// What a value of `contextSourceInfo` says that is taken from the request (clause 4.3.6.5).
const OF_REQUEST: &str = "urn:ngsi-ld:request";

/// An `@context` and how a source is told of it.
#[derive(Clone, Debug)]
pub struct Tongue {
    /// Shortens names.
    pub context: Arc<LdContext>,
    /// Its URL, for a `Link` header; none for the core context.
    pub link: Option<String>,
    /// Whether what is sent is written anew in it, without an `@context` (clause 4.3.6.6).
    pub(crate) rewrites: bool,
    /// The media type of what is sent, where the source wants a certain one.
    pub(crate) content: Option<String>,
}

impl Tongue {
    /// The words of the request, or those that the source wants.
    pub(crate) async fn of(asker: &Asker, registration: &Registration) -> Self {
        let content = named(registration, "contentType").map(str::to_owned);
        if let Some(url) = registration.spoken_context() {
            let contexts = asker.session.context().ld_contexts();
            match contexts.resolve(&Json::from(url)).await {
                Ok(spoken) => {
                    return Self { context: spoken, link: Some(url.to_owned()), rewrites: true, content };
                }
                Err(error) => {
                    tracing::warn!(%error, url, "the @context that a source wants cannot be had; it is told full names");
                }
            }
            let core = Arc::new(LdContext::core());
            return Self { context: core, link: None, rewrites: true, content };
        }
        if is_hidden_by(&asker.context, registration) {
            // What the source is registered for has plain names, which mean something else in the words of the request.
            return Self { context: Arc::new(LdContext::core()), link: None, rewrites: true, content };
        }
        match link(&asker.context) {
            Some(link) => {
                Self { context: Arc::clone(&asker.context), link: Some(link), rewrites: false, content }
            }
            // Full names are understood without any context.
            None => Self { context: Arc::new(LdContext::core()), link: None, rewrites: false, content },
        }
    }
}

/// True if a registration is about plain names of the core context, and one of them is taken in `context`.
fn is_hidden_by(context: &LdContext, registration: &Registration) -> bool {
    if context.source().is_none() {
        return false;
    }
    let core = LdContext::core();
    let parts = || registration.information.iter();
    let types = parts().flat_map(|part| &part.entities).flat_map(|info| &info.types);
    let mut names = types.chain(parts().flat_map(Information::attributes));
    names.any(|name| {
        let plain = core.compact(name);
        !plain.contains(':') && context.compact(name).ends_with(&format!("/{plain}"))
    })
}

/// The URL that stands for all of a context.
fn link(context: &LdContext) -> Option<String> {
    match context.source()? {
        Json::String(url) => Some(url.clone()),
        Json::Array(parts) => {
            let mut own = parts.iter().filter(|part| !part.as_str().is_some_and(is_core_url));
            match (own.next(), own.next()) {
                (Some(Json::String(url)), None) => Some(url.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A value of `contextSourceInfo` by its key.
pub(crate) fn named<'r>(registration: &'r Registration, key: &str) -> Option<&'r str> {
    let pair = registration.source_info.iter().find(|pair| pair.key.eq_ignore_ascii_case(key));
    pair.map(|pair| pair.value.as_str())
}

/// Headers that a registration may not set: they belong to the connection, to the registration itself, or to what is sent.
const OWN: [&str; 14] = [
    "accept",
    "contenttype",
    "content-type",
    "content-length",
    "jsonldcontext",
    "ngsildconformance",
    "ngsild-tenant",
    "via",
    "host",
    "connection",
    "transfer-encoding",
    "link",
    "upgrade",
    "te",
];

/// The headers that a source is told with every call (clauses 4.3.6.5 and 6.3.19).
pub(crate) fn headers(registration: &Registration, request: &HeaderMap) -> Vec<(String, String)> {
    let told = registration.source_info.iter().filter(|pair| {
        let key = pair.key.to_ascii_lowercase();
        !OWN.contains(&key.as_str())
    });
    told.filter_map(|pair| {
        let value = if pair.value == OF_REQUEST {
            request.get(pair.key.as_str())?.to_str().ok()?.to_owned()
        } else {
            pair.value.clone()
        };
        Some((pair.key.clone(), value))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use dinh_model::{Iri, Timestamp};
    use dinh_ngsild::context::NoLoader;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_plain_name_that_is_taken_elsewhere_is_hidden() {
        let registration = |entity_type: &str| {
            let json = json!({"type": "ContextSourceRegistration", "endpoint": "http://a",
                "information": [{"entities": [{"type": entity_type}]}]});
            let id = Iri::trusted("urn:x:1");
            Registration::read(&json, &LdContext::core(), &id, Timestamp::from_micros(0))
                .expect("a registration")
        };
        let taken = LdContext::parse(&json!({"Vehicle": "https://a.vn/Car"}), &NoLoader).expect("a context");
        assert!(is_hidden_by(&taken, &registration("Vehicle")));
        assert!(!is_hidden_by(&taken, &registration("Building")));
        assert!(!is_hidden_by(&taken, &registration("https://a.vn/Car")));
        assert!(!is_hidden_by(&LdContext::core(), &registration("Vehicle")));
    }
}
