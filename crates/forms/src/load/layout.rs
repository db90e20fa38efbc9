//! The steps of a form, and that each field stands on one of them.

use std::collections::HashSet;

use super::raw::{RawSection, RawStep};
use super::{LoadError, field};
use crate::field::Field;
use crate::form::{Section, Step};

/// Most steps of a form.
const MOST_STEPS: usize = 20;
/// Most characters of a note: statements of the law are long.
const MOST_NOTE: usize = 4_000;

/// The steps. What is asked of a group as a whole is asked of each of its fields.
pub(super) fn steps(
    fields: &mut [Field],
    required: &[String],
    raw: Vec<RawStep>,
) -> Result<Vec<Step>, LoadError> {
    if raw.is_empty() || raw.len() > MOST_STEPS {
        return Err(LoadError::new("x-dinh.steps", format!("a form has 1 to {MOST_STEPS} steps")));
    }
    let mut laid = HashSet::new();
    let mut names = HashSet::new();
    let mut steps = Vec::new();
    for step in raw {
        let at = format!("x-dinh.steps.{}", step.id);
        let plain = !step.id.is_empty()
            && step.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !plain || !names.insert(step.id.clone()) {
            return Err(LoadError::new(
                at,
                "a step has a name of its own, of small letters, digits and hyphens",
            ));
        }
        if step.title.is_unfit(200) {
            return Err(LoadError::new(at, "title: in both languages, at most 200 characters"));
        }
        let mut groups = Vec::new();
        for raw in step.groups {
            conditional_fields(&raw, required)?;
            groups.push(section(&at, fields, raw, &mut laid)?);
        }
        if groups.is_empty() {
            return Err(LoadError::new(at, "a step has at least one group"));
        }
        steps.push(Step { id: step.id, title: step.title, groups });
    }
    match fields.iter().find(|field| !laid.contains(&field.name)) {
        Some(lost) => Err(LoadError::new(format!("properties.{}", lost.name), "stands on no step")),
        None => Ok(steps),
    }
}

fn section(
    at: &str,
    fields: &mut [Field],
    raw: RawSection,
    laid: &mut HashSet<String>,
) -> Result<Section, LoadError> {
    let texts = [&raw.title, &raw.note];
    if texts.into_iter().flatten().any(|text| text.is_unfit(MOST_NOTE))
        || (raw.fields.is_empty() && raw.note.is_none())
    {
        let says = format!(
            "a group has fields or a note; its texts are in both languages, at most {MOST_NOTE} characters"
        );
        return Err(LoadError::new(at, says));
    }
    let condition = field::rule(at, "visible_if", raw.visible_if.as_ref())?;
    for name in &raw.fields {
        let place = format!("properties.{name}");
        let found = fields.iter_mut().find(|field| &field.name == name);
        let found = found.ok_or_else(|| LoadError::new(at, format!("there is no field {name:?}")))?;
        if !laid.insert(name.clone()) {
            return Err(LoadError::new(place, "stands on the steps twice"));
        }
        if let Some(condition) = &condition {
            found.visible_if = Some(match found.visible_if.take() {
                Some(own) => condition.clone().and(own),
                None => condition.clone(),
            });
        }
    }
    Ok(Section { title: raw.title, note: raw.note, fields: raw.fields })
}

/// Refuses a field that the schema always asks for in a group that is asked only sometimes.
fn conditional_fields(raw: &RawSection, required: &[String]) -> Result<(), LoadError> {
    if raw.visible_if.is_none() {
        return Ok(());
    }
    if raw.fields.is_empty() {
        return Err(LoadError::new(
            "x-dinh.steps",
            "a group with visible_if has fields: its note goes with them",
        ));
    }
    match raw.fields.iter().find(|name| required.contains(name)) {
        Some(name) => Err(LoadError::new(
            format!("properties.{name}"),
            "stands in a group that is asked only sometimes, so not in required; say x-dinh.required: true",
        )),
        None => Ok(()),
    }
}
