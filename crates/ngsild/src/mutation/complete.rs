//! A patch that stands alone: the attribute instance that it makes where nothing is.

use dinh_model::{Attribute, GeoValue, LanguageText, OneOrMany, Timestamp, Value};
use serde_json::Value as Json;

use super::{AttributePatch, Edit, ValuePatch};
use crate::vocabulary::NULL;

impl AttributePatch {
    /// The instance that this patch makes where nothing is, stamped `now`; `None` if it has no value. A bare value
    /// makes a `GeoProperty` if it is a geometry and a `Property` otherwise (clause 4.5.2.3).
    pub fn into_attribute(self, now: Timestamp) -> Option<Attribute> {
        let value = match self.value {
            ValuePatch::Keep(_) | ValuePatch::Delete => return None,
            ValuePatch::Set(value) => value,
            ValuePatch::Plain { json: json @ Json::Object(_), .. } => match GeoValue::parse(json.clone()) {
                Ok(geometry) => Value::Geo(geometry),
                Err(_) => Value::Property(json),
            },
            ValuePatch::Plain { json, .. } => Value::Property(json),
        };
        let mut attribute = Attribute::new(value, now);
        attribute.dataset_id = self.dataset_id;
        attribute.observed_at = self.observed_at.and_then(outcome);
        attribute.unit_code = self.unit_code.and_then(outcome);
        attribute.expires_at = self.expires_at.and_then(outcome);
        if let (
            Some(Edit::Set(types)),
            Value::Relationship { object_type, .. } | Value::ListRelationship { object_type, .. },
        ) = (self.object_type, &mut attribute.value)
        {
            *object_type = types;
        }
        for (name, patches) in self.sub {
            let instances: Vec<Attribute> =
                patches.into_iter().filter_map(|patch| patch.into_attribute(now)).collect();
            if !instances.is_empty() {
                attribute.sub.insert(name, instances);
            }
        }
        Some(attribute)
    }

    /// The same patch without the members that a merge marks for removal: what it adds where nothing is.
    pub(super) fn without_nulls(mut self) -> Self {
        match &mut self.value {
            ValuePatch::Set(value) => strip_nulls(value),
            ValuePatch::Plain { json, .. } => strip_json(json),
            ValuePatch::Keep(_) | ValuePatch::Delete => {}
        }
        for patches in self.sub.values_mut() {
            *patches = std::mem::take(patches).into_iter().map(Self::without_nulls).collect();
        }
        self
    }
}

fn outcome<T>(edit: Edit<T>) -> Option<T> {
    match edit {
        Edit::Set(value) => Some(value),
        Edit::Remove => None,
    }
}

/// Takes away what is marked for removal inside a value.
pub(super) fn strip_nulls(value: &mut Value) {
    match value {
        Value::Property(json) | Value::Json(json) => strip_json(json),
        Value::Language(texts) => strip_languages(texts),
        _ => {}
    }
}

fn strip_json(json: &mut Json) {
    if let Json::Object(members) = json {
        members.retain(|_, member| !is_null(member));
        members.values_mut().for_each(strip_json);
    }
}

fn strip_languages(texts: &mut LanguageText) {
    texts.retain(|_, texts| !is_no_text(texts));
}

/// A member of JSON marked for removal.
pub(super) fn is_null(json: &Json) -> bool {
    json.as_str() == Some(NULL)
}

/// A language marked for removal.
pub(super) fn is_no_text(texts: &OneOrMany<String>) -> bool {
    matches!(texts, OneOrMany::One(text) if text == NULL)
}
