//! Reading registrations (clauses 5.2.9, 5.2.10, 5.2.34, 5.9.2 and 5.9.3).

use dinh_model::geometry::shape;
use dinh_model::{EntityId, Geometry, Iri, Scope, Term, Timestamp};
use serde_json::{Map, Value as Json};

use super::operation::{is_auxiliary, named, usual};
use super::{EntityInfo, Information, Interval, Management, Mode, Places, Registration};
use crate::bounds::QUERY_BYTES;
use crate::context::Context;
use crate::names;
use crate::query::{DatasetId, IdPattern};
use crate::read::{ReadError, entity_id, instant};
use crate::subscription::KeyValue;
use crate::vocabulary::{NONE, NULL};

/// Most parts of what a source can tell, entities in a part, names in a list.
const MOST: usize = 1_000;
/// Most headers that a source needs.
const HEADERS: usize = 64;
/// Most further properties of a source.
const PROPERTIES: usize = 200;
/// Longest time to wait for a source or leave it in peace, in milliseconds: a day.
const LONGEST: f64 = 86_400_000.0;
/// Members that are given back as they came.
const KEPT: [&str; 18] = [
    "endpoint",
    "contextSourceInfo",
    "contextSourceAlias",
    "registrationName",
    "description",
    "mode",
    "operations",
    "tenant",
    "datasetId",
    "expiresAt",
    "location",
    "observationSpace",
    "operationSpace",
    "observationInterval",
    "managementInterval",
    "refreshRate",
    "management",
    "localOnly",
];
/// Members that only answers carry; given ones are passed over.
const COUNTED: [&str; 7] =
    ["status", "timesSent", "timesFailed", "lastSuccess", "lastFailure", "createdAt", "modifiedAt"];

impl Registration {
    /// Reads a registration to make. `fresh` becomes its identifier if it names none; one that has ended by `now` is refused.
    pub fn read(json: &Json, context: &Context, fresh: &EntityId, now: Timestamp) -> Result<Self, ReadError> {
        let object =
            json.as_object().ok_or_else(|| ReadError::Syntax("an object was expected".to_owned()))?;
        let registration = Self::from_object(object, context, fresh)?;
        if !registration.holds(now) {
            return Err(ReadError::at("expiresAt", "it lies in the past"));
        }
        Ok(registration)
    }

    /// The registration with the members of `fragment` in the place of its own; null or `urn:ngsi-ld:null` takes a member away
    /// (clause 5.5.8). The identifier stays.
    pub fn patched(&self, fragment: &Json, context: &Context, now: Timestamp) -> Result<Self, ReadError> {
        let fragment =
            fragment.as_object().ok_or_else(|| ReadError::Syntax("an object was expected".to_owned()))?;
        if fragment.keys().all(|name| name == "@context") {
            return Err(ReadError::at("", "it says nothing"));
        }
        let mut object = self.asked(context);
        for (name, member) in fragment {
            match name.as_str() {
                "@context" => {}
                "id" | "@id" if member.as_str() != Some(self.id.as_str()) => {
                    return Err(ReadError::at("id", "the identifier of a registration does not change"));
                }
                _ if member.is_null() || member.as_str() == Some(NULL) => drop(object.remove(name)),
                _ => drop(object.insert(name.clone(), member.clone())),
            }
        }
        let mut patched = Self::from_object(&object, context, &self.id)?;
        if fragment.contains_key("expiresAt") && !patched.holds(now) {
            return Err(ReadError::at("expiresAt", "it lies in the past"));
        }
        patched.context.clone_from(&self.context);
        Ok(patched)
    }

    pub(super) fn from_object(
        object: &Map<String, Json>,
        context: &Context,
        fresh: &EntityId,
    ) -> Result<Self, ReadError> {
        let kind = object.get("type").or_else(|| object.get("@type")).and_then(Json::as_str);
        if kind != Some("ContextSourceRegistration") {
            return Err(ReadError::at("type", "it must be ContextSourceRegistration"));
        }
        let id = match object.get("id").or_else(|| object.get("@id")) {
            None => fresh.clone(),
            Some(json) => {
                entity_id("id", json.as_str().ok_or_else(|| ReadError::at("id", "it must be a URI"))?)?
            }
        };
        let mode = mode(object)?;
        let operations = operations(object, mode)?;
        let information =
            object.get("information").ok_or_else(|| ReadError::at("information", "it is needed"))?;
        let registration = Self {
            id,
            information: informations(information, context)?,
            endpoint: endpoint(object)?,
            mode,
            operations,
            source_info: source_info(object)?,
            alias: text(object, "contextSourceAlias")?,
            tenant: text(object, "tenant")?,
            dataset_ids: dataset_ids(object)?,
            expires_at: text(object, "expiresAt")?.map(|text| instant("expiresAt", &text)).transpose()?,
            places: Places {
                location: place(object, "location")?,
                observation: place(object, "observationSpace")?,
                operation: place(object, "operationSpace")?,
            },
            observed: interval(object, "observationInterval")?,
            managed: interval(object, "managementInterval")?,
            scopes: scopes(object)?,
            management: management(object)?,
            properties: properties(object, context)?,
            members: kept(object)?,
            context: context.source().cloned(),
        };
        registration.check()?;
        Ok(registration)
    }

    /// What a registration in this mode must say (clause 4.3.6.3).
    fn check(&self) -> Result<(), ReadError> {
        if self.mode != Mode::Exclusive {
            return Ok(());
        }
        let at = |reason: &str| Err(ReadError::at("information", reason));
        for part in &self.information {
            if !part.names_attributes() {
                return at("an exclusive registration names the attributes that it is about");
            }
            if part.entities.is_empty() || part.entities.iter().any(|entity| entity.id.is_none()) {
                return at("an exclusive registration names the entity that it is about by its id");
            }
        }
        Ok(())
    }
}

fn mode(object: &Map<String, Json>) -> Result<Mode, ReadError> {
    let Some(json) = object.get("mode") else { return Ok(Mode::default()) };
    let known = Mode::ALL.into_iter().find(|mode| json.as_str() == Some(mode.as_str()));
    known.ok_or_else(|| ReadError::at("mode", "it is inclusive, exclusive, redirect or auxiliary"))
}

fn operations(object: &Map<String, Json>, mode: Mode) -> Result<Vec<super::Operation>, ReadError> {
    let at = "operations";
    let Some(json) = object.get(at) else {
        return match mode {
            // Nothing is said of it: what only adds is read from and never written to.
            Mode::Auxiliary => Ok(named("retrieveOps").unwrap_or_default()),
            _ => Ok(usual()),
        };
    };
    let mut all = Vec::new();
    for name in texts(json, at)? {
        let some = named(name).ok_or_else(|| ReadError::at(at, format!("{name:?} is no operation")))?;
        if mode == Mode::Auxiliary && !is_auxiliary(name) {
            return Err(ReadError::at(
                at,
                "an auxiliary source may only be read: retrieveEntity, queryEntity",
            ));
        }
        all.extend(some);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn endpoint(object: &Map<String, Json>) -> Result<String, ReadError> {
    let at = "endpoint";
    let text = object.get(at).and_then(Json::as_str).ok_or_else(|| ReadError::at(at, "it must be a URL"))?;
    let url = url::Url::parse(text)
        .map_err(|reason| ReadError::at(at, format!("{text:?} is not a URL: {reason}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(ReadError::at(at, "it must begin with http or https and name a host"));
    }
    Ok(text.to_owned())
}

fn informations(json: &Json, context: &Context) -> Result<Vec<Information>, ReadError> {
    let at = "information";
    items(json, at)?.iter().map(|item| information(item, context)).collect()
}

fn information(json: &Json, context: &Context) -> Result<Information, ReadError> {
    let at = "information";
    let object = json.as_object().ok_or_else(|| ReadError::at(at, "its items are objects"))?;
    let names = |name: &str| match object.get(name) {
        None => Ok(Vec::new()),
        Some(json) => terms(json, &format!("{at}.{name}"), context),
    };
    let entities = match object.get("entities") {
        None => Vec::new(),
        Some(json) => items(json, "information.entities")?
            .iter()
            .map(|item| entity_info(item, context))
            .collect::<Result<_, _>>()?,
    };
    let information = Information {
        entities,
        properties: names("propertyNames")?,
        relationships: names("relationshipNames")?,
    };
    if information.entities.is_empty() && !information.names_attributes() {
        return Err(ReadError::at(at, "an item names entities, propertyNames or relationshipNames"));
    }
    Ok(information)
}

fn entity_info(json: &Json, context: &Context) -> Result<EntityInfo, ReadError> {
    let at = "information.entities";
    let object = json.as_object().ok_or_else(|| ReadError::at(at, "its items are objects"))?;
    let kind = object.get("type").or_else(|| object.get("@type"));
    let types = match kind {
        Some(Json::String(one)) => {
            terms(&Json::from(vec![one.as_str()]), "information.entities.type", context)?
        }
        Some(json) => terms(json, "information.entities.type", context)?,
        None => {
            return Err(ReadError::at(
                "information.entities.type",
                "an entity that is registered has a type",
            ));
        }
    };
    let id = match object.get("id").or_else(|| object.get("@id")) {
        None => None,
        Some(Json::String(text)) => Some(entity_id("information.entities.id", text)?),
        Some(_) => return Err(ReadError::at("information.entities.id", "it must be a URI")),
    };
    let id_pattern = text(object, "idPattern")?
        .map(|text| IdPattern::parse(&text))
        .transpose()
        .map_err(|reason| ReadError::at("information.entities.idPattern", reason.to_string()))?;
    Ok(EntityInfo { id, id_pattern, types })
}

fn source_info(object: &Map<String, Json>) -> Result<Vec<KeyValue>, ReadError> {
    let at = "contextSourceInfo";
    let Some(json) = object.get(at) else { return Ok(Vec::new()) };
    let pairs = json.as_array().filter(|pairs| pairs.len() <= HEADERS);
    let pairs =
        pairs.ok_or_else(|| ReadError::at(at, format!("it is an array of at most {HEADERS} pairs")))?;
    pairs.iter().map(pair).collect()
}

fn pair(json: &Json) -> Result<KeyValue, ReadError> {
    let at = "contextSourceInfo";
    let text = |name: &str| {
        let text = json.get(name).and_then(Json::as_str).filter(|text| text.len() <= QUERY_BYTES);
        text.map(str::to_owned).ok_or_else(|| ReadError::at(at, "a pair has the texts key and value"))
    };
    let pair = KeyValue { key: text("key")?, value: text("value")? };
    let fits = match pair.key.to_ascii_lowercase().as_str() {
        "accept" | "contenttype" | "content-type" => {
            ["application/json", "application/ld+json"].contains(&pair.value.as_str())
        }
        "jsonldcontext" => Iri::parse(&pair.value).is_ok(),
        "ngsildconformance" => pair
            .value
            .split_once('.')
            .is_some_and(|(major, minor)| [major, minor].iter().all(|part| part.parse::<u8>().is_ok())),
        _ => is_header(&pair.key) && !pair.value.contains(['\r', '\n', '\0']),
    };
    if fits { Ok(pair) } else { Err(ReadError::at(at, format!("{} cannot have this value", pair.key))) }
}

/// A name of a header (RFC 9110, clause 5.1).
fn is_header(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn dataset_ids(object: &Map<String, Json>) -> Result<Vec<DatasetId>, ReadError> {
    let at = "datasetId";
    let Some(json) = object.get(at) else { return Ok(Vec::new()) };
    texts(json, at)?
        .into_iter()
        .map(|text| match text {
            NONE => Ok(None),
            text => Iri::parse(text).map(Some).map_err(|reason| ReadError::at(at, reason.to_string())),
        })
        .collect()
}

fn place(object: &Map<String, Json>, at: &str) -> Result<Option<Geometry>, ReadError> {
    let Some(json) = object.get(at) else { return Ok(None) };
    // Some write it as the GeoProperty of an entity.
    let bare = json.get("value").filter(|value| value.is_object()).unwrap_or(json);
    shape(bare).map(Some).map_err(|reason| ReadError::at(at, reason.to_string()))
}

fn interval(object: &Map<String, Json>, at: &str) -> Result<Option<Interval>, ReadError> {
    let Some(json) = object.get(at) else { return Ok(None) };
    let members =
        json.as_object().ok_or_else(|| ReadError::at(at, "it is an object with startAt and endAt"))?;
    let read =
        |name: &str| text(members, name)?.map(|text| instant(&format!("{at}.{name}"), &text)).transpose();
    let start = read("startAt")?.ok_or_else(|| ReadError::at(at, "it needs startAt"))?;
    let end = read("endAt")?;
    if end.is_some_and(|end| end < start) {
        return Err(ReadError::at(at, "endAt lies before startAt"));
    }
    Ok(Some(Interval { start, end }))
}

fn scopes(object: &Map<String, Json>) -> Result<Vec<Scope>, ReadError> {
    let at = "scope";
    let Some(json) = object.get(at) else { return Ok(Vec::new()) };
    let all = match json {
        Json::String(one) => vec![one.as_str()],
        other => texts(other, at)?,
    };
    all.into_iter()
        .map(|text| Scope::parse(text).map_err(|reason| ReadError::at(at, reason.to_string())))
        .collect()
}

fn management(object: &Map<String, Json>) -> Result<Management, ReadError> {
    // Some say it of the registration itself.
    let local_only = flag(object, "localOnly")?;
    let Some(json) = object.get("management") else {
        return Ok(Management { local_only, ..Management::default() });
    };
    let members = json.as_object().ok_or_else(|| ReadError::at("management", "it is an object"))?;
    let milliseconds = |name: &str| match members.get(name) {
        None => Ok(None),
        Some(json) => {
            let number = json.as_f64().filter(|number| *number > 0.0 && *number <= LONGEST);
            let rule = "it is a number of milliseconds above 0 and up to a day";
            number.map(Some).ok_or_else(|| ReadError::at(&format!("management.{name}"), rule))
        }
    };
    if let Some(json) = members.get("cacheDuration") {
        duration(json, "management.cacheDuration")?;
    }
    let local_only = flag(members, "localOnly")? || local_only;
    Ok(Management { local_only, timeout: milliseconds("timeout")?, cooldown: milliseconds("cooldown")? })
}

fn flag(object: &Map<String, Json>, name: &str) -> Result<bool, ReadError> {
    match object.get(name) {
        None => Ok(false),
        Some(Json::Bool(flag)) => Ok(*flag),
        Some(_) => Err(ReadError::at(name, "it is true or false")),
    }
}

fn duration(json: &Json, at: &str) -> Result<(), ReadError> {
    let text = json.as_str().filter(|text| text.starts_with('P'));
    let span = text.and_then(|text| text.parse::<jiff::Span>().ok());
    span.map(drop).ok_or_else(|| ReadError::at(at, "it is a duration of ISO 8601, as in PT5M"))
}

/// Members that no clause describes: properties of the source (clause 4.9, `csf`).
fn properties(object: &Map<String, Json>, context: &Context) -> Result<Vec<(Term, Json)>, ReadError> {
    let known = ["id", "@id", "type", "@type", "@context", "information", "scope"];
    let mut all = Vec::new();
    for (name, json) in object {
        let name = name.as_str();
        if known.contains(&name) || KEPT.contains(&name) || COUNTED.contains(&name) {
            continue;
        }
        names::check(name).map_err(|reason| ReadError::at(name, reason.to_string()))?;
        if json.is_null() {
            return Err(ReadError::at(name, "it is null"));
        }
        all.push((context.expand(name), json.clone()));
    }
    if all.len() > PROPERTIES {
        return Err(ReadError::at("", format!("a source has at most {PROPERTIES} further properties")));
    }
    Ok(all)
}

/// Checks what nothing else reads, and keeps everything that is given back as it came.
fn kept(object: &Map<String, Json>) -> Result<Map<String, Json>, ReadError> {
    for name in ["registrationName", "description"] {
        text(object, name)?;
    }
    if let Some(json) = object.get("refreshRate") {
        duration(json, "refreshRate")?;
    }
    let members = object.iter().filter(|(name, _)| KEPT.contains(&name.as_str()) || *name == "scope");
    Ok(members.map(|(name, json)| (name.clone(), json.clone())).collect())
}

/// A text that is not empty.
fn text(object: &Map<String, Json>, name: &str) -> Result<Option<String>, ReadError> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::String(text)) if (1..=QUERY_BYTES).contains(&text.len()) => Ok(Some(text.clone())),
        Some(_) => Err(ReadError::at(name, format!("it is a text of 1 to {QUERY_BYTES} bytes"))),
    }
}

fn items<'j>(json: &'j Json, at: &str) -> Result<&'j [Json], ReadError> {
    let items = json.as_array().filter(|items| (1..=MOST).contains(&items.len()));
    let rule = || ReadError::at(at, format!("it must be an array of 1 to {MOST} items"));
    items.map(Vec::as_slice).ok_or_else(rule)
}

fn texts<'j>(json: &'j Json, at: &str) -> Result<Vec<&'j str>, ReadError> {
    let all: Option<Vec<&str>> = items(json, at)?.iter().map(Json::as_str).collect();
    all.ok_or_else(|| ReadError::at(at, "its items are texts"))
}

fn terms(json: &Json, at: &str, context: &Context) -> Result<Vec<Term>, ReadError> {
    let expanded = |name: &str| {
        names::check(name).map_err(|reason| ReadError::at(at, reason.to_string()))?;
        Ok(context.expand(name))
    };
    texts(json, at)?.into_iter().map(expanded).collect()
}
