//! Claims in the place of their hashes (RFC 9901, section 7.1), every rule of it: a hash that stands twice, a disclosure that
//! fits nowhere, a name that is there already are refused.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json};

use super::Disclosure;
use crate::Refused;

const WHAT: &str = "SD-JWT";
/// Deepest nesting.
const DEEPEST: usize = 16;

/// The claims with what was disclosed in its place, and without what was not.
pub(super) fn resolve(claims: &Json, disclosures: &[Disclosure]) -> Result<Map<String, Json>, Refused> {
    let wrong = |why: &str| Refused::malformed(WHAT, why);
    match claims.get("_sd_alg").map(Json::as_str) {
        None | Some(Some("sha-256")) => {}
        _ => return Err(wrong("_sd_alg is not sha-256")),
    }
    let by_digest: HashMap<String, &Disclosure> =
        disclosures.iter().map(|disclosure| (disclosure.digest(), disclosure)).collect();
    if by_digest.len() != disclosures.len() {
        return Err(wrong("a disclosure stands twice"));
    }
    let mut work = Resolver { by_digest, seen: HashSet::new(), used: 0 };
    let Json::Object(mut resolved) = work.value(claims, 0)? else {
        return Err(wrong("the claims are no object"));
    };
    if work.used != disclosures.len() {
        return Err(wrong("a disclosure fits nowhere"));
    }
    resolved.remove("_sd_alg");
    Ok(resolved)
}

struct Resolver<'d> {
    by_digest: HashMap<String, &'d Disclosure>,
    seen: HashSet<String>,
    used: usize,
}

impl<'d> Resolver<'d> {
    /// What was disclosed under a hash; none if it was kept back.
    fn disclosed(&mut self, digest: &Json) -> Result<Option<&'d Disclosure>, Refused> {
        let digest = digest.as_str().ok_or_else(|| Refused::malformed(WHAT, "a hash is not a text"))?;
        if !self.seen.insert(digest.to_owned()) {
            return Err(Refused::malformed(WHAT, "a hash stands twice"));
        }
        let found = self.by_digest.get(digest).copied();
        self.used += usize::from(found.is_some());
        Ok(found)
    }

    fn value(&mut self, value: &Json, depth: usize) -> Result<Json, Refused> {
        if depth > DEEPEST {
            return Err(Refused::malformed(WHAT, "nested more deeply than is read"));
        }
        match value {
            Json::Object(object) => self.object(object, depth),
            Json::Array(list) => self.list(list, depth),
            other => Ok(other.clone()),
        }
    }

    fn object(&mut self, object: &Map<String, Json>, depth: usize) -> Result<Json, Refused> {
        let wrong = |why: &str| Refused::malformed(WHAT, why);
        let mut resolved = Map::new();
        for (name, value) in object.iter().filter(|(name, _)| *name != "_sd") {
            if name == "..." {
                return Err(wrong("... stands where no member of a list does"));
            }
            resolved.insert(name.clone(), self.value(value, depth + 1)?);
        }
        let digests = match object.get("_sd") {
            None => return Ok(Json::Object(resolved)),
            Some(digests) => digests.as_array().ok_or_else(|| wrong("_sd is not a list"))?,
        };
        for digest in digests {
            let Some(disclosure) = self.disclosed(digest)? else { continue };
            let name = disclosure.name().ok_or_else(|| wrong("a member of a list stands for a claim"))?;
            if resolved.contains_key(name) {
                return Err(wrong("a disclosed claim is there already"));
            }
            resolved.insert(name.to_owned(), self.value(disclosure.value(), depth + 1)?);
        }
        Ok(Json::Object(resolved))
    }

    fn list(&mut self, list: &[Json], depth: usize) -> Result<Json, Refused> {
        let mut resolved = Vec::with_capacity(list.len());
        for member in list {
            let digest =
                member.as_object().filter(|object| object.len() == 1).and_then(|object| object.get("..."));
            let Some(digest) = digest else {
                resolved.push(self.value(member, depth + 1)?);
                continue;
            };
            let Some(disclosure) = self.disclosed(digest)? else { continue };
            if disclosure.name().is_some() {
                return Err(Refused::malformed(WHAT, "a claim stands for a member of a list"));
            }
            resolved.push(self.value(disclosure.value(), depth + 1)?);
        }
        Ok(Json::Array(resolved))
    }
}
