//! Reading subscriptions (clauses 5.2.12 and 5.8.1).

use dinh_model::{EntityId, Iri, Term, Timestamp};
use serde_json::{Map, Number, Value as Json};

use super::params::flag;
use super::{GeoCondition, NotificationParams, Subscription, Trigger, selector};
use crate::context::Context;
use crate::names;
use crate::query::{DatasetId, GeoQuery, Q, ScopeExpr};
use crate::read::{ReadError, dataset_ids, entity_id, instant};
use crate::temporal::TemporalQuery;
use crate::write::Languages;

/// Longest interval and throttling: a year, in seconds.
const LONGEST: f64 = 31_622_400.0;
/// Most names in a list.
const NAMES: usize = 1_000;

impl Subscription {
    /// Reads a subscription to create. `fresh` becomes its identifier if it names none; one that has expired by `now`
    /// is refused. Members that only answers carry, and unknown ones, are passed over.
    pub fn read(json: &Json, context: &Context, fresh: &EntityId, now: Timestamp) -> Result<Self, ReadError> {
        let object =
            json.as_object().ok_or_else(|| ReadError::Syntax("an object was expected".to_owned()))?;
        let subscription = Self::from_object(object, context, fresh)?;
        if subscription.expires_at.is_some_and(|end| end <= now) {
            return Err(ReadError::at("expiresAt", "it lies in the past"));
        }
        Ok(subscription)
    }

    pub(super) fn from_object(
        object: &Map<String, Json>,
        context: &Context,
        fresh: &EntityId,
    ) -> Result<Self, ReadError> {
        let kind = object.get("type").or_else(|| object.get("@type")).and_then(Json::as_str);
        if kind != Some("Subscription") {
            return Err(ReadError::at("type", "it must be Subscription"));
        }
        let id = match object.get("id").or_else(|| object.get("@id")) {
            None => fresh.clone(),
            Some(json) => {
                entity_id("id", json.as_str().ok_or_else(|| ReadError::at("id", "it must be a URI"))?)?
            }
        };
        let notification = object
            .get("notification")
            .ok_or_else(|| ReadError::at("notification", "a subscription needs notification parameters"))?;
        let expand_values = expand_values(object)?;
        let subscription = Self {
            id,
            name: text(object, "subscriptionName")?,
            description: text(object, "description")?,
            entities: object
                .get("entities")
                .map_or(Ok(Vec::new()), |json| selector::read_all(json, context))?,
            watched: names(object, "watchedAttributes", context)?,
            time_interval: seconds(object, "timeInterval")?,
            throttling: seconds(object, "throttling")?,
            triggers: triggers(object)?,
            q: q(object, context, &expand_values)?,
            geo: object.get("geoQ").map(|json| geo(json, context)).transpose()?,
            scopes: scopes(object)?,
            dataset_ids: datasets(object)?,
            lang: lang(object)?,
            expires_at: text(object, "expiresAt")?.map(|text| instant("expiresAt", &text)).transpose()?,
            is_active: flag(object, "isActive")?,
            jsonld_context: jsonld_context(object)?,
            expand_values: expand_values.iter().map(|name| context.expand(name)).collect(),
            kept: kept(object, context)?,
            notification: NotificationParams::read(notification, context)?,
            context: context.source().cloned(),
        };
        subscription.check()?;
        Ok(subscription)
    }

    fn check(&self) -> Result<(), ReadError> {
        let local = self.kept.iter().any(|(name, value)| *name == "localOnly" && *value == Json::Bool(true));
        let selective = !self.entities.is_empty() || !self.watched.is_empty();
        if self.time_interval.is_some() && !self.watched.is_empty() {
            return Err(ReadError::at("timeInterval", "it does not go with watchedAttributes"));
        }
        if self.time_interval.is_some() && self.throttling.is_some() {
            return Err(ReadError::at("timeInterval", "it does not go with throttling"));
        }
        if self.time_interval.is_some() && self.entities.is_empty() && !local {
            return Err(ReadError::at("timeInterval", "it needs entities"));
        }
        if !selective && !local {
            return Err(ReadError::at("", "a subscription needs entities or watchedAttributes"));
        }
        Ok(())
    }
}

fn text(object: &Map<String, Json>, name: &str) -> Result<Option<String>, ReadError> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::String(text)) if text.len() <= crate::bounds::QUERY_BYTES => Ok(Some(text.clone())),
        Some(_) => {
            Err(ReadError::at(name, format!("it is a text of at most {} bytes", crate::bounds::QUERY_BYTES)))
        }
    }
}

/// Texts given as an array, or separated by commas.
fn texts<'j>(json: &'j Json, at: &str) -> Result<Vec<&'j str>, ReadError> {
    let texts: Option<Vec<&str>> = match json {
        Json::String(text) => Some(text.split(',').map(str::trim).collect()),
        Json::Array(items) => items.iter().map(Json::as_str).collect(),
        _ => None,
    };
    texts
        .filter(|texts| (1..=NAMES).contains(&texts.len()))
        .ok_or_else(|| ReadError::at(at, format!("it must be an array of 1 to {NAMES} texts")))
}

fn names(object: &Map<String, Json>, at: &str, context: &Context) -> Result<Vec<Term>, ReadError> {
    let Some(json) = object.get(at) else { return Ok(Vec::new()) };
    if !json.is_array() {
        return Err(ReadError::at(at, "it must be an array of names"));
    }
    texts(json, at)?
        .into_iter()
        .map(|name| {
            names::check(name).map_err(|reason| ReadError::at(at, reason.to_string()))?;
            Ok(context.expand(name))
        })
        .collect()
}

fn expand_values(object: &Map<String, Json>) -> Result<Vec<&str>, ReadError> {
    object.get("expandValues").map_or(Ok(Vec::new()), |json| texts(json, "expandValues"))
}

fn seconds(object: &Map<String, Json>, name: &str) -> Result<Option<Number>, ReadError> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Number(number)) if number.as_f64().is_some_and(|n| n > 0.0 && n <= LONGEST) => {
            Ok(Some(number.clone()))
        }
        Some(_) => Err(ReadError::at(name, "it is a number of seconds above 0 and up to a year")),
    }
}

fn triggers(object: &Map<String, Json>) -> Result<Option<Vec<Trigger>>, ReadError> {
    let at = "notificationTrigger";
    let Some(json) = object.get(at) else { return Ok(None) };
    let mut triggers = Vec::new();
    for text in texts(json, at)? {
        let trigger = Trigger::ALL.into_iter().find(|trigger| trigger.as_str() == text);
        let trigger = trigger.ok_or_else(|| ReadError::at(at, format!("{text:?} is not a trigger")))?;
        if !triggers.contains(&trigger) {
            triggers.push(trigger);
        }
    }
    Ok(Some(triggers))
}

fn q(object: &Map<String, Json>, context: &Context, expand_values: &[&str]) -> Result<Option<Q>, ReadError> {
    text(object, "q")?
        .map(|text| Q::parse_expanding(&text, context, expand_values))
        .transpose()
        .map_err(|reason| ReadError::at("q", reason.to_string()))
}

fn geo(json: &Json, context: &Context) -> Result<GeoCondition, ReadError> {
    let query =
        GeoQuery::from_json(json, context).map_err(|reason| ReadError::at("geoQ", reason.to_string()))?;
    let mut source = Map::new();
    for name in ["georel", "geometry", "coordinates"] {
        if let Some(member) = json.get(name) {
            source.insert(name.into(), member.clone());
        }
    }
    Ok(GeoCondition { query, source: Json::Object(source), named: json.get("geoproperty").is_some() })
}

impl GeoCondition {
    pub(super) fn to_json(&self, context: &Context) -> Json {
        let mut json = self.source.clone();
        if let (Json::Object(object), true) = (&mut json, self.named) {
            object.insert("geoproperty".into(), context.compact(&self.query.property).into());
        }
        json
    }
}

fn scopes(object: &Map<String, Json>) -> Result<Option<(ScopeExpr, String)>, ReadError> {
    let Some(text) = text(object, "scopeQ")? else { return Ok(None) };
    let scopes = ScopeExpr::parse(&text).map_err(|reason| ReadError::at("scopeQ", reason.to_string()))?;
    Ok(Some((scopes, text)))
}

fn datasets(object: &Map<String, Json>) -> Result<Vec<DatasetId>, ReadError> {
    let Some(json) = object.get("datasetId") else { return Ok(Vec::new()) };
    dataset_ids(&texts(json, "datasetId")?.join(","))
}

fn lang(object: &Map<String, Json>) -> Result<Option<String>, ReadError> {
    let Some(text) = text(object, "lang")? else { return Ok(None) };
    Languages::parse(&text).map_err(|reason| ReadError::at("lang", reason.to_string()))?;
    Ok(Some(text))
}

fn jsonld_context(object: &Map<String, Json>) -> Result<Option<String>, ReadError> {
    let Some(text) = text(object, "jsonldContext")? else { return Ok(None) };
    Iri::parse(&text).map_err(|reason| ReadError::at("jsonldContext", reason.to_string()))?;
    Ok(Some(text))
}

/// Members that do nothing here but are checked, kept and given back.
fn kept(object: &Map<String, Json>, context: &Context) -> Result<Vec<(&'static str, Json)>, ReadError> {
    let mut kept = Vec::new();
    for name in ["localOnly", "splitEntities"] {
        if let Some(flag) = flag(object, name)? {
            kept.push((name, Json::Bool(flag)));
        }
    }
    if let Some(json) = object.get("temporalQ") {
        let text = |name: &str| json.get(name).and_then(Json::as_str);
        TemporalQuery::parse(text("timerel"), text("timeAt"), text("endTimeAt"), text("timeproperty"), None)
            .map_err(|reason| ReadError::at("temporalQ", reason.to_string()))?;
        kept.push(("temporalQ", json.clone()));
    }
    for name in ["csf", "jsonKeys", "ngsildConformance"] {
        if let Some(text) = text(object, name)? {
            if name == "csf" {
                Q::parse(&text, context).map_err(|reason| ReadError::at(name, reason.to_string()))?;
            }
            kept.push((name, Json::String(text)));
        }
    }
    Ok(kept)
}
