//! The work of one mutation: every write to the entity goes through here, so that none escapes the list of changes.

use dinh_model::{Attribute, AttributeChange, ChangeKind, Entity, Iri, Scope, Term, Timestamp};

use super::stamp::{stamp_new, stamp_over};
use super::{Applied, Edit, Fragment, Instance, NotUpdated};
use crate::vocabulary::SCOPE;

/// A mutation under way.
pub(super) struct Work<'a> {
    pub(super) entity: &'a mut Entity,
    pub(super) now: Timestamp,
    done: Applied,
}

impl<'a> Work<'a> {
    pub(super) fn new(entity: &'a mut Entity, now: Timestamp) -> Self {
        Self { entity, now, done: Applied::default() }
    }

    pub(super) fn finish(self) -> Applied {
        if self.done.touched {
            self.entity.modified_at = self.now;
        }
        self.done
    }

    pub(super) fn append(&mut self, fragment: &Fragment, overwrite: bool) {
        self.add_types(&fragment.types);
        self.edit_expiry(fragment.expires_at.as_ref());
        match (&fragment.scopes, overwrite) {
            (None, _) => {}
            (Some(scopes), true) => self.set_scopes(scopes),
            (Some(scopes), false) => self.add_scopes(scopes),
        }
        for (name, instances) in &fragment.attributes {
            for instance in instances {
                match instance {
                    Instance::Delete(dataset) => self.delete_or_report(name, dataset.as_ref()),
                    Instance::Set(new)
                        if !overwrite && self.find(name, new.dataset_id.as_ref()).is_some() =>
                    {
                        self.not_updated(name, "it exists already and overwriting was not asked for");
                    }
                    Instance::Set(new) => self.put(name, new.clone()),
                }
            }
        }
    }

    pub(super) fn update(&mut self, fragment: &Fragment) {
        self.add_types(&fragment.types);
        self.edit_expiry(fragment.expires_at.as_ref());
        match &fragment.scopes {
            None => {}
            Some(scopes) if !self.entity.scopes.is_empty() => self.set_scopes(scopes),
            Some(_) => self.not_updated(&SCOPE.into(), "the entity has no scope that could be replaced"),
        }
        for (name, instances) in &fragment.attributes {
            for instance in instances {
                match instance {
                    Instance::Delete(dataset) => self.delete_or_report(name, dataset.as_ref()),
                    Instance::Set(new) => self.put(name, new.clone()),
                }
            }
        }
    }

    /// The instance of `name` in a dataset.
    pub(super) fn find(&self, name: &Term, dataset: Option<&Iri>) -> Option<&Attribute> {
        self.entity.attributes.get(name)?.iter().find(|instance| instance.dataset_id.as_ref() == dataset)
    }

    /// Writes an instance, unless it says what is there already.
    pub(super) fn put(&mut self, name: &Term, mut new: Attribute) {
        self.updated(name);
        let instances = self.entity.attributes.entry(name.clone()).or_default();
        let old = instances.iter_mut().find(|instance| instance.dataset_id == new.dataset_id);
        let (kind, before) = match old {
            Some(old) if old.says_the_same(&new) => return,
            Some(old) => {
                stamp_over(&mut new, old, self.now);
                (ChangeKind::Updated, Some(std::mem::replace(old, new.clone())))
            }
            None => {
                stamp_new(&mut new, self.now);
                instances.push(new.clone());
                (ChangeKind::Created, None)
            }
        };
        self.changed(name, new.dataset_id.clone(), kind, before, Some(new));
    }

    /// Takes an instance away; false if there is none.
    pub(super) fn delete(&mut self, name: &Term, dataset: Option<&Iri>) -> bool {
        let Some(instances) = self.entity.attributes.get_mut(name) else { return false };
        let Some(at) = instances.iter().position(|instance| instance.dataset_id.as_ref() == dataset) else {
            return false;
        };
        let before = instances.remove(at);
        if instances.is_empty() {
            self.entity.attributes.remove(name);
        }
        self.updated(name);
        self.changed(name, before.dataset_id.clone(), ChangeKind::Deleted, Some(before), None);
        true
    }

    pub(super) fn delete_or_report(&mut self, name: &Term, dataset: Option<&Iri>) {
        if !self.delete(name, dataset) {
            self.not_updated(name, "it is not there, so it cannot be deleted");
        }
    }

    pub(super) fn add_types(&mut self, types: &[Term]) {
        for added in types {
            if !self.entity.types.contains(added) {
                self.entity.types.push(added.clone());
                self.done.touched = true;
            }
        }
    }

    pub(super) fn edit_expiry(&mut self, edit: Option<&Edit<Timestamp>>) {
        if let Some(edit) = edit {
            self.set_expiry(edit.outcome());
        }
    }

    pub(super) fn set_expiry(&mut self, expires_at: Option<Timestamp>) {
        if self.entity.expires_at != expires_at {
            self.entity.expires_at = expires_at;
            self.done.touched = true;
        }
    }

    pub(super) fn set_types(&mut self, types: &[Term]) {
        if self.entity.types != types {
            self.entity.types = types.to_vec();
            self.done.touched = true;
        }
    }

    pub(super) fn set_scopes(&mut self, scopes: &[Scope]) {
        if self.entity.scopes != scopes {
            self.entity.scopes = scopes.to_vec();
            self.done.touched = true;
        }
    }

    fn add_scopes(&mut self, scopes: &[Scope]) {
        for added in scopes {
            if !self.entity.scopes.contains(added) {
                self.entity.scopes.push(added.clone());
                self.done.touched = true;
            }
        }
    }

    fn updated(&mut self, name: &Term) {
        if !self.done.updated.contains(name) {
            self.done.updated.push(name.clone());
        }
    }

    pub(super) fn not_updated(&mut self, name: &Term, reason: &str) {
        self.done.not_updated.push(NotUpdated { name: name.clone(), reason: reason.to_owned() });
    }

    fn changed(
        &mut self,
        name: &Term,
        dataset_id: Option<Iri>,
        kind: ChangeKind,
        before: Option<Attribute>,
        after: Option<Attribute>,
    ) {
        self.done.touched = true;
        self.done.changes.push(AttributeChange { name: name.clone(), dataset_id, kind, before, after });
    }
}
