//! Units of the administration, by identifier and by code.

use std::collections::BTreeMap;

use dinh_context::Session;
use dinh_context::fields::Names;
use dinh_model::{Entity, EntityId, OneOrMany, Tenant, Value};
use dinh_ngsild::query::{EntityQuery, Literal, Op, Operand, Path, Q};

use super::Portal;
use crate::Error;

impl Portal {
    /// The names of units, by their URIs. Those that are gone have none.
    pub(super) async fn unit_names<'u>(
        &self,
        own: &Session,
        units: impl Iterator<Item = &'u str>,
    ) -> Result<BTreeMap<String, String>, Error> {
        let mut names = BTreeMap::new();
        for unit in units {
            if names.contains_key(unit) {
                continue;
            }
            let found = own.find(&EntityId::trusted(unit)).await?;
            if let Some(name) = found.and_then(|stored| name_of(self.names(), &stored.entity)) {
                names.insert(unit.to_owned(), name);
            }
        }
        Ok(names)
    }

    /// The unit with an electronic identifier.
    pub(super) async fn unit_of(&self, own: &Session, code: &str) -> Result<Option<EntityId>, Error> {
        let query = EntityQuery {
            q: Some(self.is("code", code)),
            limit: 1,
            ..EntityQuery::of_type(self.names().of("Unit"))
        };
        let page = own.query(query).await?;
        Ok(page.entities.first().map(|stored| stored.entity.id.clone()))
    }

    /// The unit with an electronic identifier, for those who name it on a page.
    ///
    /// # Errors
    /// [`Error::NoSuch`] if there is none.
    pub async fn unit_by_code(&self, tenant: &Tenant, code: &str) -> Result<EntityId, Error> {
        let found = self.unit_of(&self.own(tenant), code).await?;
        found.ok_or_else(|| Error::NoSuch(EntityId::trusted("urn:ngsi-ld:Unit:none")))
    }

    /// A text attribute or a relationship that equals a text.
    pub(super) fn is(&self, name: &str, text: &str) -> Q {
        let value = Operand::One(Literal::Text(text.to_owned()));
        Q::Compare { path: Path::attribute(self.names().of(name)), op: Op::Eq, value }
    }
}

/// The Vietnamese name of an entity, or the first that it has.
pub(super) fn name_of(names: &Names, entity: &Entity) -> Option<String> {
    text_in(names, entity, "name")
}

/// A text in Vietnamese, whether it is kept in several languages or not.
pub(super) fn text_in(names: &Names, entity: &Entity, attribute: &str) -> Option<String> {
    match &entity.attribute(names.of(attribute).as_str())?.value {
        Value::Property(name) => name.as_str().map(str::to_owned),
        Value::Language(all) => {
            let vietnamese = all.get("vi").or_else(|| all.values().next());
            vietnamese.and_then(|texts: &OneOrMany<String>| texts.as_slice().first().cloned())
        }
        _ => None,
    }
}
