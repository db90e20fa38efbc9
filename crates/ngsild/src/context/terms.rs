//! A parsed context: expansion and compaction by table lookup.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use dinh_model::Term;
use serde_json::Value as Json;

use super::core::{CORE, CORE_SHORT};
use super::iri;
use crate::names;
use crate::vocabulary::DEFAULT_VOCABULARY;

/// What a context says the values of a term are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coercion {
    /// `"@type": "@id"`: URIs.
    Id,
    /// `"@type": "@vocab"`: terms of the vocabulary.
    Vocab,
    /// Literals of a data type, or something else that means nothing here.
    Other(Term),
}

pub(super) fn coercion(name: &str, expand: impl Fn(&str) -> String) -> Coercion {
    match name {
        "@id" => Coercion::Id,
        "@vocab" => Coercion::Vocab,
        other => Coercion::Other(expand(other).into()),
    }
}

/// One term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) iri: Term,
    pub(super) coercion: Option<Coercion>,
    /// May stand before a colon when IRIs are shortened.
    pub(super) prefix: bool,
}

/// A context with everything it draws in, the core context included and winning (clause 4.4). Cheap to clone.
///
/// The core context counts as the last one, so its `@vocab` is what unknown names fall back on. An `@vocab` of the
/// author's serves the terms that the author defines, and no others: a JSON-LD processor that reads our answers with the
/// core context at the end sees the same IRIs.
#[derive(Clone)]
pub struct Context(Arc<Inner>, u64);

pub(super) struct Inner {
    pub(super) terms: HashMap<Box<str>, Definition>,
    pub(super) shorts: HashMap<Arc<str>, Arc<str>>,
    /// Prefixes with what they stand for, longest first.
    pub(super) prefixes: Vec<(Arc<str>, Arc<str>)>,
    pub(super) source: Option<Json>,
}

/// Tells contexts apart while the program runs.
static SERIAL: AtomicU64 = AtomicU64::new(0);

static CORE_CONTEXT: LazyLock<Context> = LazyLock::new(|| {
    Context::from_inner(Inner {
        terms: HashMap::new(),
        shorts: HashMap::new(),
        prefixes: core_prefixes(),
        source: None,
    })
});

impl Context {
    /// The core context alone.
    pub fn core() -> Self {
        CORE_CONTEXT.clone()
    }

    pub(super) fn from_inner(inner: Inner) -> Self {
        Self(Arc::new(inner), SERIAL.fetch_add(1, Ordering::Relaxed))
    }

    /// The number of this context while the program runs: no other has it, clones share it.
    pub fn serial(&self) -> u64 {
        self.1
    }

    /// What the author wrote as `@context`: `None` for the core context alone.
    pub fn source(&self) -> Option<&Json> {
        self.0.source.as_ref()
    }

    /// The full IRI of a short name, a `prefix:name` or a full IRI.
    pub fn expand(&self, short: &str) -> Term {
        if let Some(definition) = self.definition(short) {
            return definition.iri.clone();
        }
        if let Some((prefix, local)) = short.split_once(':') {
            if !local.starts_with("//")
                && let Some(definition) = self.definition(prefix)
            {
                return iri::join(definition.iri.as_str(), local).into();
            }
            return short.into();
        }
        if short.starts_with('@') {
            return short.into();
        }
        iri::join(DEFAULT_VOCABULARY, short).into()
    }

    /// True if the context has a term of this name, or is able to expand it without falling back on the vocabulary.
    pub fn knows(&self, short: &str) -> bool {
        self.definition(short).is_some()
    }

    /// What the context says about the values of a term.
    pub fn coercion(&self, short: &str) -> Option<&Coercion> {
        self.definition(short)?.coercion.as_ref()
    }

    /// The shortest way to write `term` that [`Context::expand`] turns back into it: a short name, `prefix:name`, or
    /// the full IRI.
    pub fn compact<'a>(&'a self, term: &'a Term) -> Cow<'a, str> {
        self.compact_str(term.as_str())
    }

    /// [`Context::compact`] of an IRI that is at hand as text.
    pub fn compact_str<'a>(&'a self, iri: &'a str) -> Cow<'a, str> {
        if let Some(short) = CORE_SHORT.get(iri).or_else(|| self.0.shorts.get(iri)) {
            return Cow::Borrowed(short);
        }
        if let Some(short) = iri.strip_prefix(DEFAULT_VOCABULARY) {
            // A name that another term has taken, or that would be read as something else, must stay long.
            let plain = !short.is_empty() && !short.contains(':') && !short.starts_with('@');
            if plain && self.definition(short).is_none() {
                return Cow::Borrowed(short);
            }
        }
        for (prefix, stands_for) in &self.0.prefixes {
            if let Some(local) = iri.strip_prefix(&**stands_for)
                && is_local(local)
            {
                let short = format!("{prefix}:{local}");
                if self.definition(&short).is_none() {
                    return Cow::Owned(short);
                }
            }
        }
        Cow::Borrowed(iri)
    }

    fn definition(&self, short: &str) -> Option<&Definition> {
        CORE.get(short).or_else(|| self.0.terms.get(short))
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.source {
            Some(source) => write!(f, "Context({source})"),
            None => f.write_str("Context(core)"),
        }
    }
}

impl PartialEq for Context {
    /// Two contexts are equal if they turn the same names into the same IRIs.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.terms == other.0.terms
    }
}

/// True for what may stand behind a prefix and its colon: names, perhaps with the path that leads to them.
fn is_local(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| names::is_name_char(c) || matches!(c, '/' | '-'))
}

/// Terms by IRI: of several terms for one IRI the shortest, then the first in the alphabet (JSON-LD 1.1 API 4.3).
pub(super) fn by_iri(terms: &HashMap<Box<str>, Definition>) -> HashMap<Arc<str>, Arc<str>> {
    let mut shorts: HashMap<Arc<str>, Arc<str>> = HashMap::with_capacity(terms.len());
    for (name, definition) in terms {
        let better =
            shorts.get(definition.iri.as_str()).is_none_or(|old| (name.len(), &**name) < (old.len(), &**old));
        if better {
            shorts.insert(definition.iri.as_str().into(), (&**name).into());
        }
    }
    shorts
}

/// The prefixes among `terms` and the core terms, longest first.
pub(super) fn prefixes_of(terms: &HashMap<Box<str>, Definition>) -> Vec<(Arc<str>, Arc<str>)> {
    let mut prefixes: Vec<(Arc<str>, Arc<str>)> = terms
        .iter()
        .filter(|(_, definition)| definition.prefix)
        .map(|(name, definition)| ((&**name).into(), definition.iri.as_str().into()))
        .collect();
    prefixes.sort_by(|a, b| (b.1.len(), &a.0).cmp(&(a.1.len(), &b.0)));
    prefixes
}

fn core_prefixes() -> Vec<(Arc<str>, Arc<str>)> {
    prefixes_of(&CORE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_context_expands_and_compacts() {
        let core = Context::core();
        for (short, iri) in [
            ("location", "https://uri.etsi.org/ngsi-ld/location"),
            ("type", "@type"),
            ("title", "http://purl.org/dc/terms/title"),
            ("Point", "https://purl.org/geojson/vocab#Point"),
            ("mựcNước", "https://uri.etsi.org/ngsi-ld/default-context/mựcNước"),
            ("ngsi-ld:foo", "https://uri.etsi.org/ngsi-ld/foo"),
            ("https://a.vn/x", "https://a.vn/x"),
        ] {
            let term = core.expand(short);
            assert_eq!(term.as_str(), iri);
            assert_eq!(core.compact(&term), short);
        }
        let colon = "https://uri.etsi.org/ngsi-ld/default-context/a:b".into();
        assert_eq!(core.expand(&core.compact(&colon)), colon);
    }

    #[test]
    fn known_terms_are_not_copied() {
        let core = Context::core();
        let (a, b) = (core.expand("location"), core.expand("location"));
        assert_eq!(a.as_str().as_ptr(), b.as_str().as_ptr());
    }
}
