//! Building a context from documents that the caller has at hand.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::core::{CORE, is_core_url};
use super::error::ContextError;
use super::iri::join;
use super::terms::{Coercion, Context, Definition, Inner, by_iri, coercion, prefixes_of};
use crate::bounds::{CONTEXT_DEPTH, CONTEXT_DOCUMENTS, CONTEXT_TERMS};
use crate::vocabulary::DEFAULT_VOCABULARY;

/// Longest chain of terms defined by one another.
const CHAIN: usize = 32;

/// Hands out remote documents that have been fetched already. This crate does no I/O: a loader that does not have a
/// document answers [`ContextError::NotAvailable`], and its owner may fetch the document and parse again.
pub trait ContextLoader {
    /// The document at `url`, as parsed JSON.
    fn load(&self, url: &str) -> Result<Arc<Json>, ContextError>;
}

/// Has no documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLoader;

impl ContextLoader for NoLoader {
    fn load(&self, url: &str) -> Result<Arc<Json>, ContextError> {
        Err(ContextError::NotAvailable {
            url: url.to_owned(),
            reason: "no documents are fetched here".to_owned(),
        })
    }
}

impl<S: BuildHasher> ContextLoader for HashMap<String, Arc<Json>, S> {
    fn load(&self, url: &str) -> Result<Arc<Json>, ContextError> {
        self.get(url).cloned().ok_or_else(|| ContextError::NotAvailable {
            url: url.to_owned(),
            reason: "it has not been fetched".to_owned(),
        })
    }
}

/// The URLs that an `@context` value names itself, core contexts left out: what to fetch first.
pub fn remote_urls(context: &Json) -> Vec<&str> {
    let items = match context {
        Json::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    items.iter().filter_map(Json::as_str).filter(|url| !is_core_url(url)).collect()
}

impl Context {
    /// Builds the context that the value of an `@context` member describes. The core context is added and wins.
    pub fn parse(context: &Json, loader: &dyn ContextLoader) -> Result<Self, ContextError> {
        let mut builder = Builder::new(loader);
        builder.add(context, None)?;
        Ok(builder.finish(context))
    }

    /// Builds the context of a whole document: an object with an `@context` member.
    pub fn parse_document(document: &Json, loader: &dyn ContextLoader) -> Result<Self, ContextError> {
        Self::parse(member(document)?, loader)
    }
}

fn member(document: &Json) -> Result<&Json, ContextError> {
    document
        .as_object()
        .and_then(|object| object.get("@context"))
        .ok_or_else(|| invalid("the document is not an object with an \"@context\" member"))
}

fn invalid(reason: impl Into<String>) -> ContextError {
    ContextError::Invalid(reason.into())
}

struct Builder<'a> {
    loader: &'a dyn ContextLoader,
    terms: HashMap<Box<str>, Definition>,
    vocabulary: Option<String>,
    /// Documents being read, outermost first.
    open: Vec<String>,
    documents: usize,
}

impl<'a> Builder<'a> {
    fn new(loader: &'a dyn ContextLoader) -> Self {
        Self { loader, terms: HashMap::new(), vocabulary: None, open: Vec::new(), documents: 0 }
    }

    /// `base` is the URL of the document that `context` stands in.
    fn add(&mut self, context: &Json, base: Option<&str>) -> Result<(), ContextError> {
        match context {
            Json::Null => {
                self.terms.clear();
                self.vocabulary = None;
                Ok(())
            }
            Json::String(url) => self.add_remote(url, base),
            Json::Array(items) => {
                if items.len() > CONTEXT_DOCUMENTS {
                    return Err(ContextError::TooManyDocuments);
                }
                items.iter().try_for_each(|item| match item {
                    Json::Array(_) => Err(invalid("an array stands inside an array")),
                    item => self.add(item, base),
                })
            }
            Json::Object(entries) => self.add_object(entries, base),
            other => Err(invalid(format!("{other} is neither a URL nor an object nor an array"))),
        }
    }

    fn add_remote(&mut self, url: &str, base: Option<&str>) -> Result<(), ContextError> {
        let url = resolve(url, base)?;
        if is_core_url(&url) {
            return Ok(());
        }
        if self.open.contains(&url) {
            return Err(ContextError::Cycle(url));
        }
        if self.open.len() >= CONTEXT_DEPTH {
            return Err(ContextError::TooDeep);
        }
        self.documents += 1;
        if self.documents > CONTEXT_DOCUMENTS {
            return Err(ContextError::TooManyDocuments);
        }
        let document = self.loader.load(&url)?;
        let context = member(&document).map_err(|reason| invalid(format!("{url}: {reason}")))?;
        self.open.push(url.clone());
        self.add(context, Some(&url))?;
        self.open.pop();
        Ok(())
    }

    fn add_object(&mut self, entries: &Map<String, Json>, base: Option<&str>) -> Result<(), ContextError> {
        if let Some(import) = entries.get("@import") {
            let url = import.as_str().ok_or_else(|| invalid("the value of @import is not a URL"))?;
            self.add_remote(url, base)?;
        }
        if let Some(vocabulary) = entries.get("@vocab") {
            self.vocabulary = match vocabulary {
                Json::Null => None,
                Json::String(iri) => Some(Definer::new(self, entries).iri(iri, 0)?),
                _ => return Err(invalid("the value of @vocab is not text")),
            };
        }
        if let Some(keyword) = entries.keys().find(|key| {
            key.starts_with('@')
                && !matches!(
                    key.as_str(),
                    "@vocab"
                        | "@base"
                        | "@language"
                        | "@direction"
                        | "@version"
                        | "@import"
                        | "@propagate"
                        | "@protected"
                )
        }) {
            return Err(invalid(format!("{keyword} does not belong in an @context")));
        }
        if self.terms.len() + entries.len() > CONTEXT_TERMS {
            return Err(ContextError::TooManyTerms);
        }
        let defined = Definer::new(self, entries).all()?;
        for (name, definition) in defined {
            match definition {
                Some(definition) => self.terms.insert(name.into(), definition),
                None => self.terms.remove(name),
            };
        }
        Ok(())
    }

    fn finish(mut self, source: &Json) -> Context {
        self.terms.retain(|name, _| !CORE.contains_key(name));
        let mut with_core = prefixes_of(&self.terms);
        with_core.extend(prefixes_of(&CORE));
        with_core.sort_by_key(|(_, iri)| std::cmp::Reverse(iri.len()));
        Context::from_inner(Inner {
            shorts: by_iri(&self.terms),
            prefixes: with_core,
            terms: self.terms,
            source: Some(source.clone()),
        })
    }
}

fn resolve(url: &str, base: Option<&str>) -> Result<String, ContextError> {
    let broken = || invalid(format!("{url:?} is not the URL of an @context"));
    if url.contains("://") {
        return Ok(url.to_owned());
    }
    let base = url::Url::parse(base.ok_or_else(broken)?).map_err(|_relative| broken())?;
    base.join(url).map(String::from).map_err(|_reason| broken())
}

/// Works out the terms of one object, which may be built on one another in any order.
struct Definer<'b, 'e> {
    before: &'b Builder<'b>,
    entries: &'e Map<String, Json>,
}

type Defined<'e> = Vec<(&'e str, Option<Definition>)>;

impl<'b, 'e> Definer<'b, 'e> {
    fn new(before: &'b Builder<'b>, entries: &'e Map<String, Json>) -> Self {
        Self { before, entries }
    }

    fn all(&self) -> Result<Defined<'e>, ContextError> {
        let names: HashSet<&str> =
            self.entries.keys().map(String::as_str).filter(|name| !name.starts_with('@')).collect();
        names.into_iter().map(|name| Ok((name, self.definition(name)?))).collect()
    }

    fn definition(&self, name: &str) -> Result<Option<Definition>, ContextError> {
        let object = self.entries.get(name).and_then(Json::as_object);
        if let Some(object) = object {
            refuse_scoped(name, object)?;
        }
        let Some(iri) = self.iri_of(name, 0)? else { return Ok(None) };
        let coercion = object.map_or(Ok(None), |object| self.coercion(name, object))?;
        let flagged = object.and_then(|object| object.get("@prefix")).and_then(Json::as_bool);
        let simple = object.is_none() && iri.ends_with([':', '/', '?', '#', '[', ']', '@']);
        let prefix = flagged.unwrap_or(simple) && !name.contains([':', '/']);
        Ok(Some(Definition { iri: iri.into(), coercion, prefix }))
    }

    /// What a term of this object stands for; `None` if it is taken out of use, or is another spelling of a keyword:
    /// the members of NGSI-LD have fixed names, so that has nothing to act on.
    fn iri_of(&self, name: &str, depth: usize) -> Result<Option<String>, ContextError> {
        if name.is_empty() {
            return Err(invalid("a term has an empty name"));
        }
        let id = match self.entries.get(name).unwrap_or(&Json::Null) {
            Json::Null => return Ok(None),
            Json::String(id) => Some(id.as_str()),
            Json::Object(object) => match object.get("@id") {
                Some(Json::Null) => return Ok(None),
                Some(Json::String(id)) => Some(id.as_str()),
                None => None,
                Some(_) => return Err(invalid(format!("the @id of term {name} is not text"))),
            },
            _ => return Err(invalid(format!("term {name} is neither text nor an object"))),
        };
        let iri = match id {
            Some(id) if id != name => self.iri(id, depth + 1)?,
            _ => self.iri_of_itself(name, depth + 1)?,
        };
        Ok((!iri.starts_with('@')).then_some(iri))
    }

    fn coercion(&self, name: &str, object: &Map<String, Json>) -> Result<Option<Coercion>, ContextError> {
        match object.get("@type") {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(kind)) => {
                let iri = if kind.starts_with('@') { kind.clone() } else { self.iri(kind, 0)? };
                Ok(Some(coercion(kind, |_| iri.clone())))
            }
            Some(_) => Err(invalid(format!("the @type of term {name} is not text"))),
        }
    }

    fn iri_of_itself(&self, name: &str, depth: usize) -> Result<String, ContextError> {
        match name.split_once(':') {
            Some((prefix, local)) if !local.starts_with("//") => self.prefixed(name, prefix, local, depth),
            Some(_) => Ok(name.to_owned()),
            None => Ok(join(self.vocabulary(), name)),
        }
    }

    /// The IRI that `text` stands for: a term, `prefix:name`, a full IRI, a keyword, or a name of the vocabulary.
    fn iri(&self, text: &str, depth: usize) -> Result<String, ContextError> {
        if depth > CHAIN {
            return Err(invalid(format!(
                "the terms around {text} are defined by one another in a ring or a long chain"
            )));
        }
        if text.starts_with('@') {
            return Ok(text.to_owned());
        }
        if let Some(iri) = self.term(text, depth)? {
            return Ok(iri);
        }
        match text.split_once(':') {
            Some((prefix, local)) if !local.starts_with("//") => self.prefixed(text, prefix, local, depth),
            Some(_) => Ok(text.to_owned()),
            None => Ok(join(self.vocabulary(), text)),
        }
    }

    fn prefixed(&self, whole: &str, prefix: &str, local: &str, depth: usize) -> Result<String, ContextError> {
        if depth > CHAIN {
            return Err(invalid(format!(
                "the terms around {whole} are defined by one another in a ring or a long chain"
            )));
        }
        Ok(match self.term(prefix, depth)? {
            Some(iri) => join(&iri, local),
            None => whole.to_owned(),
        })
    }

    fn term(&self, name: &str, depth: usize) -> Result<Option<String>, ContextError> {
        if let Some(core) = CORE.get(name) {
            return Ok(Some(core.iri.as_str().to_owned()));
        }
        if self.entries.contains_key(name) && !name.starts_with('@') {
            return self.iri_of(name, depth + 1);
        }
        Ok(self.before.terms.get(name).map(|d| d.iri.as_str().to_owned()))
    }

    fn vocabulary(&self) -> &str {
        self.before.vocabulary.as_deref().unwrap_or(DEFAULT_VOCABULARY)
    }
}

fn refuse_scoped(name: &str, object: &Map<String, Json>) -> Result<(), ContextError> {
    if object.contains_key("@context") {
        return Err(invalid(format!(
            "term {name} carries an @context of its own, which CIM 009 clause 5.5.7 does not allow"
        )));
    }
    if object.contains_key("@reverse") {
        return Err(invalid(format!("term {name} uses @reverse, which has no meaning in NGSI-LD")));
    }
    Ok(())
}
