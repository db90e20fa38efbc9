//! Units to choose from.

use dinh_access::Principal;
use dinh_context::fields::{Names, Reading};
use dinh_ngsild::query::EntityQuery;
use serde::Serialize;

use crate::pages::entity::entity_name;
use crate::pages::visitor::Visitor;

/// Most units offered.
const MOST: usize = 1_000;

/// A unit to choose.
#[derive(Clone, Debug, Serialize)]
pub(in crate::pages::cases) struct Pick {
    pub(in crate::pages::cases) value: String,
    pub(in crate::pages::cases) title: String,
}

/// Units that may receive dossiers: those that exist today and have an electronic identifier to number by.
pub(in crate::pages::cases) async fn numbering(visitor: &Visitor) -> Vec<Pick> {
    let names = Names::default();
    let query = EntityQuery { limit: MOST, ..EntityQuery::of_type(names.of("Unit")) };
    let Ok(page) = visitor.session.query(query).await else { return Vec::new() };
    let numbers = |entity: &dinh_model::Entity| {
        visitor.app.casework.exists(entity) && Reading { names: &names, entity }.text("code").is_some()
    };
    let pick = |entity: &dinh_model::Entity| Pick {
        value: entity.id.to_string(),
        title: entity_name(visitor, entity),
    };
    let entities = page.entities.iter().map(|stored| &*stored.entity);
    let mut units: Vec<Pick> = entities.filter(|entity| numbers(entity)).map(pick).collect();
    units.sort_by_key(|unit| dinh_model::fold::fold(&unit.title));
    units
}

/// Of these, those for which whoever looks acts.
pub(in crate::pages::cases) fn of_my_units(visitor: &Visitor, units: &[Pick]) -> Vec<Pick> {
    let Principal::Account(account) = visitor.session.principal() else { return Vec::new() };
    units.iter().filter(|unit| account.units.contains(unit.value.as_str())).cloned().collect()
}
