//! Applying a part of an attribute to the whole (clauses 5.5.8 and 5.6.4).

use dinh_model::{Attribute, Term, Timestamp, Value};

use super::apply::Work;
use super::merge::{Common, merge_value, plain_like};
use super::replace::missing;
use super::{AttributePatch, MutationError, ValuePatch};
use crate::kind::AttributeKind;

/// How far a patch reaches.
#[derive(Clone, Copy, Debug)]
pub(super) enum Depth<'a> {
    /// Members given take the place of members there (clause 5.5.8).
    Shallow,
    /// Members given are merged into members there (clause 5.5.12).
    Deep(Common<'a>),
}

/// A value of another kind than the attribute.
pub(super) struct Misfit {
    pub(super) is: AttributeKind,
    /// The kind that the patch names, if it names one.
    pub(super) given: Option<AttributeKind>,
}

impl Work<'_> {
    pub(super) fn patch_attribute(
        &mut self,
        name: &Term,
        patch: &AttributePatch,
    ) -> Result<(), MutationError> {
        let dataset = patch.dataset_id.as_ref();
        let mut attribute = self.find(name, dataset).cloned().ok_or_else(|| missing(name, dataset))?;
        if patch.value == ValuePatch::Delete {
            self.delete(name, dataset);
            return Ok(());
        }
        apply(&mut attribute, patch, Depth::Shallow, self.now).map_err(|misfit| match misfit.given {
            Some(given) => MutationError::OtherKind { name: name.clone(), is: misfit.is, given },
            None => MutationError::Unfit { name: name.clone(), is: misfit.is },
        })?;
        self.put(name, attribute);
        Ok(())
    }
}

/// Applies a patch to an attribute instance. `ValuePatch::Delete` is the caller's to see to.
pub(super) fn apply(
    attribute: &mut Attribute,
    patch: &AttributePatch,
    depth: Depth<'_>,
    now: Timestamp,
) -> Result<(), Misfit> {
    apply_value(attribute, patch, depth)?;
    if let Some(edit) = &patch.object_type
        && let Value::Relationship { object_type, .. } | Value::ListRelationship { object_type, .. } =
            &mut attribute.value
    {
        *object_type = edit.outcome().unwrap_or_default();
    }
    match (&patch.observed_at, depth) {
        (Some(edit), _) => attribute.observed_at = edit.outcome(),
        (None, Depth::Deep(Common { observed_at: Some(common), .. })) if attribute.observed_at.is_some() => {
            attribute.observed_at = Some(common);
        }
        _ => {}
    }
    if let Some(edit) = &patch.unit_code {
        attribute.unit_code = edit.outcome();
    }
    if let Some(edit) = &patch.expires_at {
        attribute.expires_at = edit.outcome();
    }
    for (name, patches) in &patch.sub {
        for sub in patches {
            apply_sub(attribute, name, sub, depth, now)?;
        }
    }
    Ok(())
}

fn apply_value(attribute: &mut Attribute, patch: &AttributePatch, depth: Depth<'_>) -> Result<(), Misfit> {
    let is = AttributeKind::of(&attribute.value);
    match (&patch.value, depth) {
        (ValuePatch::Keep(Some(given)), _) if *given != is => return Err(Misfit { is, given: Some(*given) }),
        (ValuePatch::Keep(_) | ValuePatch::Delete, _) => {}
        (ValuePatch::Set(new), Depth::Shallow) => {
            let given = AttributeKind::of(new);
            if given != is {
                return Err(Misfit { is, given: Some(given) });
            }
            attribute.value = new.clone();
        }
        (ValuePatch::Set(new), Depth::Deep(_)) => merge_value(&mut attribute.value, new),
        (ValuePatch::Plain { json, terms }, depth) => {
            let lang = match depth {
                Depth::Deep(common) => common.lang,
                Depth::Shallow => None,
            };
            let new =
                plain_like(&attribute.value, json, terms.as_ref(), lang).ok_or(Misfit { is, given: None })?;
            match depth {
                Depth::Shallow => attribute.value = new,
                Depth::Deep(_) => merge_value(&mut attribute.value, &new),
            }
        }
    }
    Ok(())
}

fn apply_sub(
    attribute: &mut Attribute,
    name: &Term,
    patch: &AttributePatch,
    depth: Depth<'_>,
    now: Timestamp,
) -> Result<(), Misfit> {
    let instances = attribute.sub.entry(name.clone()).or_default();
    let at = instances.iter().position(|instance| instance.dataset_id == patch.dataset_id);
    match (at, &patch.value, depth) {
        (Some(at), ValuePatch::Delete, _) => {
            instances.remove(at);
        }
        (None, ValuePatch::Delete, _) => {}
        (Some(at), _, Depth::Deep(_)) => {
            if let Some(instance) = instances.get_mut(at) {
                apply(instance, patch, depth, now)?;
            }
        }
        (Some(at), _, Depth::Shallow) => {
            if let (Some(new), Some(old)) = (patch.clone().into_attribute(now), instances.get_mut(at)) {
                *old = new;
            }
        }
        (None, ..) => instances.extend(patch.clone().without_nulls().into_attribute(now)),
    }
    if instances.is_empty() {
        attribute.sub.remove(name);
    }
    Ok(())
}
