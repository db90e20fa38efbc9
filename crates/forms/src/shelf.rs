//! The forms of all packs.

use std::sync::Arc;

use jiff::civil::Date;

use crate::form::Form;

/// The forms of all packs, each in the editions that there are.
#[derive(Clone, Debug, Default)]
pub struct Shelf(Vec<(String, Arc<Form>)>);

/// Two editions of a form that begin on one day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the form {id:?} has two editions that are valid from {valid_from}")]
pub struct Twice {
    /// The form.
    pub id: String,
    /// The day.
    pub valid_from: Date,
}

impl Shelf {
    /// Adds an edition of a form.
    pub fn add(&mut self, pack: &str, form: Form) -> Result<(), Twice> {
        let same = |(one, there): &(String, Arc<Form>)| {
            one == pack && there.id == form.id && there.valid_from == form.valid_from
        };
        if self.0.iter().any(same) {
            return Err(Twice { id: form.id, valid_from: form.valid_from });
        }
        self.0.push((pack.to_owned(), Arc::new(form)));
        Ok(())
    }

    /// The edition of a form that is used on a day: the last that has begun.
    pub fn on(&self, pack: &str, id: &str, day: Date) -> Option<&Arc<Form>> {
        let editions = self.0.iter().filter(|(one, form)| one == pack && form.id == id);
        let begun = editions.map(|(_, form)| form).filter(|form| form.valid_from <= day);
        begun.max_by_key(|form| form.valid_from)
    }

    /// The forms of a pack that are used on a day, by name.
    pub fn of(&self, pack: &str, day: Date) -> Vec<&Arc<Form>> {
        let mut names: Vec<&str> =
            self.0.iter().filter(|(one, _)| one == pack).map(|(_, form)| form.id.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().filter_map(|id| self.on(pack, id, day)).collect()
    }
}
