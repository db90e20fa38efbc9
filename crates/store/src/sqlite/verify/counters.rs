//! Counters against counts.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

use rusqlite::Row;

use super::Scene;
use super::entities::Expected;
use crate::report::Check;
use crate::sqlite::failure::Failed;

pub(super) fn check(scene: Scene<'_>, expected: &Expected) -> Failed<Vec<Check>> {
    let types =
        compare(scene, "type counts", &expected.types, "SELECT n, tenant, type FROM type_count", |row| {
            Ok((row.get(1)?, row.get(2)?))
        })?;
    let sql = "SELECT n, tenant, type, attribute FROM attribute_count";
    let attributes = compare(scene, "attribute counts", &expected.attributes, sql, |row| {
        Ok((row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    let sql = "SELECT n, tenant, property, type, cell FROM geo_grid";
    let grid = compare(scene, "grid counts", &expected.grid, sql, |row| {
        Ok((row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    })?;
    Ok(vec![types, attributes, grid, records(scene)?])
}

fn compare<K: Eq + Hash + Debug>(
    scene: Scene<'_>,
    name: &'static str,
    expected: &HashMap<K, i64>,
    sql: &str,
    key: impl Fn(&Row<'_>) -> rusqlite::Result<K>,
) -> Failed<Check> {
    let mut check = Check::new(name);
    let mut statement = scene.connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (key, found): (K, i64) = (key(row)?, row.get(0)?);
        let wanted = expected.get(&key).copied().unwrap_or(0);
        check.expect(found == wanted, || {
            format!("the counter of {key:?} says {found}, but there are {wanted}")
        });
    }
    let missing = expected.len() as u64;
    if check.checked != missing {
        let found = check.checked;
        check.fault(|| format!("there are {found} counters, but {missing} things to count"));
    }
    Ok(check)
}

fn records(scene: Scene<'_>) -> Failed<Check> {
    let mut check = Check::new("record counts");
    check.checked = scene.number("SELECT count(*) FROM record_count")?.unsigned_abs();
    scene.none(
        &mut check,
        "SELECT 'the counter of records of kind ' || c.kind || ' says ' || c.n || ', but there are others' \
         FROM record_count AS c WHERE c.n <> \
         (SELECT count(*) FROM record AS r WHERE r.tenant = c.tenant AND r.kind = c.kind)",
    )?;
    scene.none(
        &mut check,
        "SELECT DISTINCT 'records of kind ' || r.kind || ' have no counter' FROM record AS r WHERE NOT EXISTS \
         (SELECT 1 FROM record_count AS c WHERE c.tenant = r.tenant AND c.kind = r.kind)",
    )?;
    Ok(check)
}
