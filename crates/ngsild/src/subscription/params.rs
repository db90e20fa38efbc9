//! What notifications hold (clause 5.2.14).

use serde_json::{Map, Value as Json};

use super::endpoint::Endpoint;
use crate::context::Context;
use crate::linked::{Join, Place};
use crate::query::Projection;
use crate::read::ReadError;
use crate::write::Representation;

/// A `format` as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotificationFormat {
    /// `normalized`.
    Normalized,
    /// `concise`.
    Concise,
    /// `simplified`.
    Simplified,
    /// `keyValues`: the old name of `simplified`.
    KeyValues,
}

impl NotificationFormat {
    const ALL: [Self; 4] = [Self::Normalized, Self::Concise, Self::Simplified, Self::KeyValues];

    /// As it was written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normalized => "normalized",
            Self::Concise => "concise",
            Self::Simplified => "simplified",
            Self::KeyValues => "keyValues",
        }
    }
}

/// What notifications hold, and where they go.
#[derive(Clone, Debug, PartialEq)]
pub struct NotificationParams {
    /// Where to.
    pub endpoint: Endpoint,
    /// In which representation, if given.
    pub format: Option<NotificationFormat>,
    /// These attributes, with `id`, `type` and `scope`.
    pub attributes: Option<Projection>,
    /// These members only.
    pub pick: Option<Projection>,
    /// All members but these.
    pub omit: Option<Projection>,
    /// `sysAttrs`, if given.
    pub sys_attrs: Option<bool>,
    /// `showChanges`, if given.
    pub show_changes: Option<bool>,
    /// With the entities that relationships lead to, if wanted.
    pub join: Option<Join>,
}

impl NotificationParams {
    /// The representation of entities.
    pub fn representation(&self) -> Representation {
        match self.format {
            None | Some(NotificationFormat::Normalized) => Representation::Normalized,
            Some(NotificationFormat::Concise) => Representation::Concise,
            Some(NotificationFormat::Simplified | NotificationFormat::KeyValues) => {
                Representation::Simplified
            }
        }
    }

    pub(super) fn read(json: &Json, context: &Context) -> Result<Self, ReadError> {
        let at = "notification";
        let object = json.as_object().ok_or_else(|| ReadError::at(at, "it must be an object"))?;
        let endpoint = object.get("endpoint").ok_or_else(|| ReadError::at(at, "it needs an endpoint"))?;
        let params = Self {
            endpoint: Endpoint::read(endpoint)?,
            format: format(object)?,
            attributes: projection(object, "attributes", context)?,
            pick: projection(object, "pick", context)?,
            omit: projection(object, "omit", context)?,
            sys_attrs: flag(object, "sysAttrs")?,
            show_changes: flag(object, "showChanges")?,
            join: join(object)?,
        };
        params.check()?;
        Ok(params)
    }

    fn check(&self) -> Result<(), ReadError> {
        let bad = |reason: &str| Err(ReadError::at("notification", reason));
        if self.attributes.is_some() && (self.pick.is_some() || self.omit.is_some()) {
            return bad("attributes is an old name of pick; use one of attributes, pick and omit");
        }
        if let (Some(pick), Some(omit)) = (&self.pick, &self.omit)
            && pick.terms().any(|term| omit.has(term.as_str()))
        {
            return bad("a member stands in both pick and omit");
        }
        if self.show_changes == Some(true) && self.representation() == Representation::Simplified {
            return bad("showChanges does not go with the simplified format");
        }
        let levels = self.join.as_ref().map_or(0, |join| join.levels);
        let projections = [&self.attributes, &self.pick, &self.omit];
        if projections.into_iter().flatten().any(|projection| projection.depth() > levels) {
            return bad("it names members of linked entities that join and joinLevel do not reach");
        }
        Ok(())
    }

    /// As JSON, with what has become of the notifications if `deliveries` are given.
    pub(super) fn to_json(&self, context: &Context) -> Map<String, Json> {
        let mut object = Map::new();
        for (name, projection) in
            [("attributes", &self.attributes), ("pick", &self.pick), ("omit", &self.omit)]
        {
            if let Some(projection) = projection {
                object.insert(name.into(), projection.to_texts(context).into());
            }
        }
        if let Some(format) = self.format {
            object.insert("format".into(), format.as_str().into());
        }
        for (name, flag) in [("sysAttrs", self.sys_attrs), ("showChanges", self.show_changes)] {
            if let Some(flag) = flag {
                object.insert(name.into(), flag.into());
            }
        }
        if let Some(join) = &self.join {
            let place = if join.place == Place::Flat { "flat" } else { "inline" };
            object.insert("join".into(), place.into());
            object.insert("joinLevel".into(), join.levels.into());
        }
        object.insert("endpoint".into(), self.endpoint.to_json());
        object
    }
}

fn format(object: &Map<String, Json>) -> Result<Option<NotificationFormat>, ReadError> {
    let Some(json) = object.get("format") else { return Ok(None) };
    NotificationFormat::ALL
        .into_iter()
        .find(|format| json.as_str() == Some(format.as_str()))
        .map(Some)
        .ok_or_else(|| {
            ReadError::at("notification.format", "it is normalized, concise, simplified or keyValues")
        })
}

fn projection(
    object: &Map<String, Json>,
    name: &'static str,
    context: &Context,
) -> Result<Option<Projection>, ReadError> {
    let Some(json) = object.get(name) else { return Ok(None) };
    let at = format!("notification.{name}");
    let items = json.as_array().filter(|items| !items.is_empty());
    let texts: Option<Vec<&str>> = items.and_then(|items| items.iter().map(Json::as_str).collect());
    let texts = texts.ok_or_else(|| ReadError::at(&at, "it must be an array of names that is not empty"))?;
    let joined = texts.join(",");
    let read = if name == "attributes" {
        Projection::parse_attrs(&joined, context)
    } else {
        Projection::parse(name, &joined, context)
    };
    read.map(Some).map_err(|reason| ReadError::at(&at, reason.to_string()))
}

pub(super) fn flag(object: &Map<String, Json>, name: &str) -> Result<Option<bool>, ReadError> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(ReadError::at(name, "it is true or false")),
    }
}

/// `join` and `joinLevel`.
fn join(object: &Map<String, Json>) -> Result<Option<Join>, ReadError> {
    let asked = ["join", "joinLevel"].map(|name| (name.to_owned(), object.get(name).cloned()));
    let asked = asked.into_iter().filter_map(|(name, value)| Some((name, value?)));
    Join::take(&mut Json::Object(asked.collect()))
        .map_err(|problem| ReadError::at("notification", problem.detail))
}
