//! Every entity, its index rows, and what there must be in all.

use std::collections::HashMap;

use dinh_model::EntityId;

use super::Scene;
use super::rows::{IndexChecks, Kept};
use super::words::Tokens;
use crate::cells::coarse;
use crate::codec::decode_entity;
use crate::facets::{Facets, Lens, Only};
use crate::names::NameId;
use crate::report::Check;
use crate::spec::Specs;
use crate::sqlite::failure::Failed;

/// What counters and words must be, by the entities.
#[derive(Default)]
pub(super) struct Expected {
    pub(super) types: HashMap<(NameId, NameId), i64>,
    pub(super) attributes: HashMap<(NameId, NameId, NameId), i64>,
    pub(super) grid: HashMap<(NameId, NameId, NameId, i64), i64>,
    pub(super) words: Tokens,
}

impl Expected {
    fn count(&mut self, tenant: NameId, types: &[NameId], facets: &Facets) {
        for entity_type in std::iter::once(&0).chain(types) {
            *self.types.entry((tenant, *entity_type)).or_default() += 1;
        }
        for (entity_type, attribute) in &facets.presence {
            *self.attributes.entry((tenant, *entity_type, *attribute)).or_default() += 1;
        }
        for row in &facets.points {
            *self.grid.entry((tenant, row.property, row.entity_type, coarse(row.cell))).or_default() += 1;
        }
    }
}

pub(super) fn check(scene: Scene<'_>, expected: &mut Expected) -> Failed<Vec<Check>> {
    let specs = scene.shared.specs.get();
    let searchable =
        scene.number("SELECT count(*) FROM declared WHERE kind <> 1 AND position IS NOT NULL")? == 0;
    let mut documents = Check::new("entities");
    let mut checks = IndexChecks::new();
    let mut statement =
        scene.connection.prepare("SELECT pk, tenant, id, version, doc FROM entity ORDER BY pk")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (pk, tenant): (i64, NameId) = (row.get(0)?, row.get(1)?);
        let id = EntityId::trusted(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?);
        let doc = row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?;
        let names = scene.shared.names.read();
        let entity = match decode_entity(id.clone(), doc, &names, &scene.shared.opening(tenant)) {
            Ok(entity) => entity,
            Err(error) => {
                documents.expect(false, || format!("{id} cannot be read: {error}"));
                continue;
            }
        };
        let version: i64 = row.get(3)?;
        let sound = version > 0 && !entity.types.is_empty() && scene.shared.tenant(tenant).is_some();
        documents.expect(sound, || format!("{id} has no type, no tenant or a version below 1"));
        if let Some(at) = entity.next_expiry().filter(|at| *at > scene.shared.clock.now()) {
            let sql = "SELECT EXISTS (SELECT 1 FROM expiry WHERE at = ?1 AND pk = ?2)";
            let mut watched = scene.connection.prepare_cached(sql)?;
            let watched: bool = watched.query_row([at.as_micros(), pk], |row| row.get(0))?;
            documents.expect(watched, || format!("nobody watches when something of {id} vanishes"));
        }
        let lens = Lens { names: &names, specs: &specs };
        let (types, facets) = (lens.types(&entity), lens.facets(&entity, Only::All));
        drop(names);
        scene.look_for_rows(Kept { tenant, pk, entity: &entity }, &types, &facets, &specs, &mut checks)?;
        expected.count(tenant, &types, &facets);
        if searchable {
            expected.words.add_all(tenant, pk, &types, &scene.shared.words_of(&entity, &specs));
        }
    }
    let gone = "SELECT 'something is to vanish of entity ' || pk || ', which is gone' FROM expiry \
                WHERE pk NOT IN (SELECT pk FROM entity)";
    scene.none(&mut documents, gone)?;
    expected.words.complete = searchable;
    totals(scene, &mut checks, &specs)?;
    let IndexChecks { types, scopes, values, points, shapes, links, boxes: _ } = checks;
    Ok(vec![documents, types, scopes, values, points, shapes, links])
}

/// As many rows as were looked for, and no more.
fn totals(scene: Scene<'_>, checks: &mut IndexChecks, specs: &Specs) -> Failed<()> {
    let boxes = checks.boxes;
    for (check, table, wanted) in [
        (&mut checks.types, "entity_type", None),
        (&mut checks.scopes, "entity_scope", None),
        (&mut checks.points, "geo_point", None),
        (&mut checks.links, "link", None),
        (&mut checks.shapes, "geo_shape", Some(boxes)),
    ] {
        let wanted = wanted.unwrap_or(check.checked);
        let found = scene.number(&format!("SELECT count(*) FROM {table}"))?.unsigned_abs();
        total(scene, check, table, wanted, found)?;
    }
    let found = scene.number("SELECT count(*) FROM geo_box")?.unsigned_abs();
    total(scene, &mut checks.shapes, "geo_box", boxes, found)?;
    let mut found = 0;
    let mut statement = scene
        .connection
        .prepare("SELECT type, attribute, count(*) FROM value_index GROUP BY tenant, type, attribute")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let place = (row.get(0)?, row.get(1)?);
        if specs.is_ready(place.0, place.1) {
            found += row.get::<_, i64>(2)?.unsigned_abs();
        } else if !specs.indexes.contains_key(&place) {
            checks
                .values
                .fault(|| format!("type {} by attribute {} is indexed but not declared", place.0, place.1));
        }
    }
    let wanted = checks.values.checked;
    total(scene, &mut checks.values, "value_index", wanted, found)
}

fn total(scene: Scene<'_>, check: &mut Check, table: &str, wanted: u64, found: u64) -> Failed<()> {
    if wanted == found {
        return Ok(());
    }
    check.fault(|| format!("{table} has {found} rows, but the entities ask for {wanted}"));
    let orphans = format!(
        "SELECT '{table} holds a row of entity ' || pk || ', which is gone' FROM {table} \
         WHERE pk NOT IN (SELECT pk FROM entity)"
    );
    scene.none(check, &orphans)
}
