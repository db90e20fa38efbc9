//! History: series and observations both ways, and their owners.

use dinh_model::Timestamp;

use super::Scene;
use crate::codec::decode_instance;
use crate::report::Check;
use crate::sqlite::failure::Failed;

pub(super) fn check(scene: Scene<'_>) -> Failed<Check> {
    let mut check = Check::new("history");
    let mut statement = scene.connection.prepare("SELECT series, at, body FROM observation")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (series, at): (i64, i64) = (row.get(0)?, row.get(1)?);
        let at = Timestamp::from_micros(at);
        let body = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let instance = decode_instance(body, at, &scene.shared.names.read());
        let right = instance.is_ok_and(|instance| instance.observed_at == Some(at));
        check.expect(right, || format!("the observation of series {series} at {at} cannot be read"));
    }
    for sql in [
        "SELECT DISTINCT 'observations of series ' || o.series || ' have no series' FROM observation AS o \
         WHERE o.series NOT IN (SELECT id FROM series)",
        "SELECT 'series ' || s.id || ' has no observation' FROM series AS s \
         WHERE NOT EXISTS (SELECT 1 FROM observation AS o WHERE o.series = s.id)",
        "SELECT 'series ' || s.id || ' belongs to no entity' FROM series AS s \
         WHERE NOT EXISTS (SELECT 1 FROM entity AS e WHERE e.pk = s.pk) \
         AND NOT EXISTS (SELECT 1 FROM departed AS d WHERE d.pk = s.pk)",
        "SELECT d.id || ' is said to have left history, but there is none' FROM departed AS d \
         WHERE NOT EXISTS (SELECT 1 FROM series AS s WHERE s.pk = d.pk)",
        "SELECT d.id || ' is said to be gone, but is there' FROM departed AS d \
         WHERE EXISTS (SELECT 1 FROM entity AS e WHERE e.tenant = d.tenant AND e.id = d.id OR e.pk = d.pk)",
        "SELECT 'series ' || s.id || ' is of an unknown attribute' FROM series AS s \
         WHERE s.attribute NOT IN (SELECT id FROM name)",
    ] {
        scene.none(&mut check, sql)?;
    }
    Ok(check)
}
