//! History: series and observations both ways, and their owners.

use dinh_model::Timestamp;
use rusqlite::OptionalExtension as _;

use super::Scene;
use crate::codec::{Spot, decode_instance};
use crate::history::Kind;
use crate::names::NameId;
use crate::report::Check;
use crate::sqlite::failure::Failed;

/// Whose a series is.
struct Owner {
    series: i64,
    tenant: NameId,
    entity: String,
    attribute: String,
    kind: Kind,
    /// It waits to be taken away.
    nobodys: bool,
}

impl Default for Owner {
    fn default() -> Self {
        let (entity, attribute) = (String::new(), String::new());
        Self { series: 0, tenant: 0, entity, attribute, kind: Kind::Observed, nobodys: false }
    }
}

impl Owner {
    /// One that is missing is nobody's: another check tells of it.
    fn of(scene: Scene<'_>, series: i64) -> Failed<Self> {
        let mut statement = scene.connection.prepare_cached(
            "SELECT ifnull(e.tenant, d.tenant), ifnull(e.id, d.id), n.text, s.kind, s.pk < 0 FROM series AS s \
             JOIN name AS n ON n.id = s.attribute LEFT JOIN entity AS e ON e.pk = s.pk \
             LEFT JOIN departed AS d ON d.pk = s.pk WHERE s.id = ?1",
        )?;
        let owner = statement.query_row([series], |row| {
            let tenant: Option<NameId> = row.get(0)?;
            let entity: Option<String> = row.get(1)?;
            let (tenant, entity) = (tenant.unwrap_or_default(), entity.unwrap_or_default());
            let kind = Kind::of(row.get(3)?).unwrap_or(Kind::Observed);
            Ok(Self { series, tenant, entity, attribute: row.get(2)?, kind, nobodys: row.get(4)? })
        });
        Ok(owner.optional()?.unwrap_or(Self { series, ..Self::default() }))
    }
}

pub(super) fn check(scene: Scene<'_>) -> Failed<Check> {
    let mut check = Check::new("history");
    let mut statement =
        scene.connection.prepare("SELECT series, at, body FROM observation ORDER BY series")?;
    let mut rows = statement.query([])?;
    let mut owner = Owner::default();
    while let Some(row) = rows.next()? {
        let (series, at): (i64, i64) = (row.get(0)?, row.get(1)?);
        let at = Timestamp::from_micros(at);
        let body = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        if owner.series != series {
            owner = Owner::of(scene, series)?;
        }
        if owner.nobodys {
            continue;
        }
        let base = owner.kind.base(at);
        let spot = Spot { entity: &owner.entity, attribute: &owner.attribute, base };
        let opening = scene.shared.opening(owner.tenant);
        let instance = decode_instance(body, &spot, &scene.shared.names.read(), &opening);
        // One whose key is destroyed is gone.
        let right = instance.is_ok_and(|found| {
            found.is_none_or(|one| owner.kind != Kind::Observed || one.observed_at == Some(at))
        });
        check.expect(right, || format!("the observation of series {series} at {at} cannot be read"));
    }
    for sql in [
        "SELECT DISTINCT 'observations of series ' || o.series || ' have no series' FROM observation AS o \
         WHERE o.series NOT IN (SELECT id FROM series)",
        "SELECT 'series ' || s.id || ' has no observation' FROM series AS s \
         WHERE NOT EXISTS (SELECT 1 FROM observation AS o WHERE o.series = s.id)",
        "SELECT 'series ' || s.id || ' belongs to no entity' FROM series AS s \
         WHERE s.pk >= 0 AND NOT EXISTS (SELECT 1 FROM entity AS e WHERE e.pk = s.pk) \
         AND NOT EXISTS (SELECT 1 FROM departed AS d WHERE d.pk = s.pk)",
        "SELECT d.id || ' is said to have left history, but there is none' FROM departed AS d \
         WHERE NOT EXISTS (SELECT 1 FROM series AS s WHERE s.pk = d.pk)",
        "SELECT d.id || ' is said to be gone, but is there' FROM departed AS d \
         WHERE EXISTS (SELECT 1 FROM entity AS e WHERE e.tenant = d.tenant AND e.id = d.id OR e.pk = d.pk)",
        "SELECT 'series ' || s.id || ' is of an unknown attribute' FROM series AS s \
         WHERE s.attribute NOT IN (SELECT id FROM name)",
        "SELECT 'a record of series ' || m.series || ' is named, but is not there' FROM moved_record AS m \
         WHERE NOT EXISTS (SELECT 1 FROM observation AS o WHERE o.series = m.series AND o.at = m.at)",
        "SELECT 'entity ' || t.pk || ' is found as one that is gone, but is not' FROM departed_type AS t \
         WHERE NOT EXISTS (SELECT 1 FROM departed AS d WHERE d.pk = t.pk AND d.tenant = t.tenant)",
        "SELECT d.id || ' is gone, and not found by its types' FROM departed AS d \
         WHERE d.doc IS NOT NULL AND NOT EXISTS (SELECT 1 FROM departed_type AS t WHERE t.pk = d.pk)",
        "SELECT 'entity ' || v.pk || ' is said to have come with its past, but is not there' FROM evolved AS v \
         WHERE NOT EXISTS (SELECT 1 FROM entity AS e WHERE e.pk = v.pk)",
    ] {
        scene.none(&mut check, sql)?;
    }
    Ok(check)
}
