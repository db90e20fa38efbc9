//! From definitions to rules: everything that can be wrong with a definition is found here, before the first record.

use jiff::tz::TimeZone;

use super::attribute::{AttributeRule, Input, Qualifier};
use super::condition::Condition;
use super::convert::{Converter, Scale, json_of};
use super::mapper::MapRule;
use super::time::{TimeReader, TimeSource, find_zone};
use super::units::{self, Unit};
use super::{Template, TimeRule, Vocabulary};
use crate::definition::{
    AttributeDefinition, AttributeKind, DefinitionError, FeedDefinition, MapDefinition, TimeDefinition,
    ValueType,
};

/// The key within an attribute and the rule it breaks.
type Broken = (&'static str, String);

/// Compiles the maps of a feed.
pub(super) fn maps(feed: &FeedDefinition, vocabulary: &Vocabulary) -> Result<Vec<MapRule>, DefinitionError> {
    let many = feed.maps.len() > 1;
    let compile = |(index, map)| {
        let key = if many { format!("map[{index}]") } else { "map".to_owned() };
        map_rule(&feed.file, &key, map, vocabulary)
    };
    feed.maps.iter().enumerate().map(compile).collect()
}

fn map_rule(
    file: &str,
    key: &str,
    map: &MapDefinition,
    vocabulary: &Vocabulary,
) -> Result<MapRule, DefinitionError> {
    let refuse = |part: &str, rule: String| DefinitionError::new(file, format!("{key}.{part}"), rule);
    let zone = map.zone.as_deref().map(find_zone).transpose().map_err(|rule| refuse("zone", rule))?;
    let observed_at = map
        .observed_at
        .as_ref()
        .map(|time| time_rule(time, zone.as_ref()))
        .transpose()
        .map_err(|rule| refuse("observed_at", rule))?;
    let defaults = Defaults { zone, observed_at, vocabulary };
    let mut attributes = Vec::with_capacity(map.attributes.len());
    for definition in &map.attributes {
        attributes.push(
            attribute(definition, &defaults, false)
                .map_err(|(part, rule)| refuse(&format!("attribute ({}).{part}", definition.name), rule))?,
        );
    }
    let scopes = map.scope.iter().map(|text| Template::parse(text)).collect::<Result<_, _>>();
    Ok(MapRule {
        id: Template::parse(&map.id).map_err(|rule| refuse("id", rule))?,
        types: map.types.iter().map(|name| vocabulary.term(name)).collect(),
        scopes: scopes.map_err(|rule| refuse("scope", rule))?,
        mode: map.mode,
        when: conditions(&map.when).map_err(|rule| refuse("when", rule))?,
        attributes,
    })
}

struct Defaults<'a> {
    zone: Option<TimeZone>,
    observed_at: Option<TimeRule>,
    vocabulary: &'a Vocabulary,
}

fn conditions(definitions: &[crate::definition::ConditionDefinition]) -> Result<Vec<Condition>, String> {
    definitions.iter().map(Condition::new).collect()
}

fn time_rule(definition: &TimeDefinition, zone: Option<&TimeZone>) -> Result<TimeRule, String> {
    let source = match (&definition.field, &definition.template, definition.now) {
        (Some(field), None, false) => TimeSource::Field(field.clone()),
        (None, Some(template), false) => TimeSource::Template(Template::parse(template)?),
        (None, None, true) => TimeSource::Now,
        _ => return Err("give exactly one of field, template and now = true".to_owned()),
    };
    Ok(TimeRule::new(source, time_reader(definition, zone)?))
}

fn time_reader(definition: &TimeDefinition, zone: Option<&TimeZone>) -> Result<TimeReader, String> {
    let own = definition.zone.as_deref().map(find_zone).transpose()?;
    TimeReader::new(&definition.format, own.or_else(|| zone.cloned()))
}

fn attribute(
    definition: &AttributeDefinition,
    defaults: &Defaults<'_>,
    is_sub: bool,
) -> Result<AttributeRule, Broken> {
    let observed_at = match &definition.observed_at {
        Some(time) => Some(time_rule(time, defaults.zone.as_ref()).map_err(|rule| ("observed_at", rule))?),
        None if definition.timeless || is_sub => None,
        None => defaults.observed_at.clone(),
    };
    let converter = converter(definition, defaults)?;
    let mut sub = Vec::with_capacity(definition.sub.len());
    for one in &definition.sub {
        sub.push(attribute(one, defaults, true)?);
    }
    let qualifier = definition.detection_limit.as_ref().map(|limit| Qualifier {
        field: limit.qualifier.clone(),
        sub: defaults.vocabulary.term(limit.sub.as_deref().unwrap_or("qualifier")),
    });
    let dataset = definition.dataset.as_deref().map(Template::parse).transpose();
    Ok(AttributeRule {
        name: defaults.vocabulary.term(&definition.name),
        short: definition.name.clone(),
        when: conditions(&definition.when).map_err(|rule| ("when", rule))?,
        input: input(definition)?,
        kind: definition.kind,
        converter,
        unit: definition.unit.as_deref().map(Into::into),
        observed_at,
        qualifier,
        dataset: dataset.map_err(|rule| ("dataset", rule))?,
        required: definition.required,
        sub,
        replay_of: defaults.vocabulary.term("replayOf"),
    })
}

fn input(definition: &AttributeDefinition) -> Result<Input, Broken> {
    let wrong = |key, rule: &str| Err((key, rule.to_owned()));
    if let Some(point) = &definition.point {
        if definition.kind != AttributeKind::Geo {
            return wrong("kind", "must be geo where point is given");
        }
        return Ok(Input::Point { lon: point.lon.clone(), lat: point.lat.clone() });
    }
    if !definition.languages.is_empty() {
        if definition.kind != AttributeKind::Language {
            return wrong("kind", "must be language where languages is given");
        }
        return Ok(Input::Languages(definition.languages.clone().into_iter().collect()));
    }
    if let Some(template) = &definition.template {
        return Ok(Input::Template(Template::parse(template).map_err(|rule| ("template", rule))?));
    }
    if let Some(value) = &definition.value {
        return Ok(Input::Constant(json_of(value)));
    }
    match &definition.field {
        Some(field) if !field.is_empty() => Ok(Input::Field(field.clone())),
        _ => wrong("field", "is missing"),
    }
}

fn converter(definition: &AttributeDefinition, defaults: &Defaults<'_>) -> Result<Converter, Broken> {
    let codes = definition.codes.as_ref().map(|codes| {
        let codes = codes.iter().map(|(code, value)| (code.clone(), json_of(value))).collect();
        (codes, definition.codes_else.as_ref().map(json_of))
    });
    let zone = defaults.zone.clone();
    let time = match definition.value_type {
        ValueType::Date => TimeReader::of_dates(&definition.format, zone),
        _ => TimeReader::new(&definition.format, zone),
    };
    let time = time.map_err(|rule| ("format", rule))?;
    Ok(Converter {
        value_type: definition.value_type,
        mark: definition.decimal,
        digits: definition.digits,
        scale: scale(definition)?,
        missing: definition.missing.iter().map(json_of).collect(),
        codes,
        split: definition.split.clone(),
        time,
    })
}

fn scale(definition: &AttributeDefinition) -> Result<Scale, Broken> {
    let (factor, offset) = (definition.factor.unwrap_or(1.0), definition.offset.unwrap_or(0.0));
    if !(factor.is_finite() && factor != 0.0 && offset.is_finite()) {
        return Err(("factor", "must be a number other than 0, and offset a number".to_owned()));
    }
    let Some(code) = definition.unit.as_deref() else { return Ok(Scale::Fixed { factor, offset }) };
    if !units::is_code(code) {
        return Err(("unit", format!("{code:?} is not a UN/CEFACT Common Code such as \"MTR\" or \"CEL\"")));
    }
    let known = |key: &'static str, text: &str| -> Result<&'static Unit, Broken> {
        units::find(text).ok_or_else(|| (key, units::UnitError::Unknown(text.to_owned()).to_string()))
    };
    let from = definition.from_unit.as_deref().map(|text| known("from_unit", text)).transpose()?;
    if let Some(field) = &definition.from_unit_field {
        return Ok(Scale::Field { field: field.clone(), to: known("unit", code)?, fallback: from });
    }
    match from {
        None => Ok(Scale::Fixed { factor, offset }),
        Some(from) => {
            let (factor, offset) = units::convert(from, known("unit", code)?)
                .map_err(|reason| ("from_unit", reason.to_string()))?;
            Ok(Scale::Fixed { factor, offset })
        }
    }
}
