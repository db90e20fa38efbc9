//! Replacing and deleting (clauses 5.6.5, 5.6.18 and 5.6.19).

use dinh_model::{Attribute, Entity, Iri, Term};

use super::MutationError;
use super::apply::Work;
use crate::vocabulary::SCOPE;

impl Work<'_> {
    pub(super) fn replace(&mut self, new: &Entity) -> Result<(), MutationError> {
        if self.entity.id != new.id {
            return Err(MutationError::OtherEntity { is: self.entity.id.clone(), given: new.id.clone() });
        }
        self.set_types(&new.types);
        self.set_scopes(&new.scopes);
        self.set_expiry(new.expires_at);
        let gone: Vec<(Term, Option<Iri>)> = self
            .entity
            .attributes
            .iter()
            .flat_map(|(name, instances)| instances.iter().map(move |i| (name.clone(), i.dataset_id.clone())))
            .filter(|(name, dataset)| {
                !new.attributes.get(name).is_some_and(|kept| kept.iter().any(|i| i.dataset_id == *dataset))
            })
            .collect();
        for (name, dataset) in gone {
            self.delete(&name, dataset.as_ref());
        }
        for (name, instances) in &new.attributes {
            for instance in instances {
                self.put(name, instance.clone());
            }
        }
        Ok(())
    }

    pub(super) fn expire(&mut self) {
        let mut left = self.entity.clone();
        left.drop_expired(self.now);
        let instances =
            self.entity.attributes.iter().flat_map(|(name, all)| all.iter().map(move |one| (name, one)));
        let fate: Vec<(Term, Option<Iri>, Option<Attribute>)> = instances
            .map(|(name, one)| {
                let of_name = left.attributes.get(name).map(Vec::as_slice).unwrap_or_default();
                let stays = of_name.iter().find(|kept| kept.dataset_id == one.dataset_id);
                (name.clone(), one.dataset_id.clone(), stays.cloned())
            })
            .collect();
        for (name, dataset, stays) in fate {
            match stays {
                Some(attribute) => self.put(&name, attribute),
                None => drop(self.delete(&name, dataset.as_ref())),
            }
        }
    }

    pub(super) fn replace_attribute(&mut self, name: &Term, new: &Attribute) -> Result<(), MutationError> {
        if self.find(name, new.dataset_id.as_ref()).is_none() {
            return Err(missing(name, new.dataset_id.as_ref()));
        }
        self.put(name, new.clone());
        Ok(())
    }

    pub(super) fn delete_attribute(
        &mut self,
        name: &Term,
        dataset: Option<&Iri>,
        all: bool,
    ) -> Result<(), MutationError> {
        if name.as_str() == SCOPE && !self.entity.scopes.is_empty() {
            self.set_scopes(&[]);
            return Ok(());
        }
        let deleted = if all {
            let datasets: Vec<Option<Iri>> = self
                .entity
                .attributes
                .get(name)
                .map(|instances| instances.iter().map(|i| i.dataset_id.clone()).collect())
                .unwrap_or_default();
            datasets.iter().filter(|dataset| self.delete(name, dataset.as_ref())).count() > 0
        } else {
            self.delete(name, dataset)
        };
        if deleted { Ok(()) } else { Err(missing(name, if all { None } else { dataset })) }
    }
}

pub(super) fn missing(name: &Term, dataset: Option<&Iri>) -> MutationError {
    MutationError::NoAttribute { name: name.clone(), dataset_id: dataset.cloned() }
}
