//! The feed: no gaps, readable, in step with time, the entities and the cursors.

use dinh_model::Timestamp;

use super::Scene;
use crate::codec::{Onlooker, decode_changes};
use crate::report::Check;
use crate::sqlite::failure::Failed;

/// Changes that are compared with their entities: grouping the whole feed would take too much memory.
const LATEST: i64 = 100_000;

pub(super) fn check(scene: Scene<'_>) -> Failed<Check> {
    let mut check = Check::new("change feed");
    let mut statement =
        scene.connection.prepare("SELECT seq, at, body, tenant, kind, entity FROM feed ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut last: Option<(i64, i64)> = None;
    while let Some(row) = rows.next()? {
        let (seq, at): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (tenant, kind): (u32, i64) = (row.get(3)?, row.get(4)?);
        let body = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let entity = row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?;
        let place = (entity, Timestamp::from_micros(at));
        let opening = scene.shared.opening(tenant);
        let readable = decode_changes(body, place, &scene.shared.names.read(), &opening).is_ok()
            && (0..=2).contains(&kind)
            && scene.shared.tenant(tenant).is_some();
        check.expect(readable, || format!("change {seq} cannot be read"));
        if let Some((before, time)) = last {
            if seq != before + 1 {
                check.fault(|| format!("the feed lacks the changes after {before} and before {seq}"));
            }
            if at < time {
                check.fault(|| format!("change {seq} is older than the one before it"));
            }
        }
        last = Some((seq, at));
    }
    let head = last.map_or(0, |last| last.0);
    if scene.number("SELECT EXISTS (SELECT 1 FROM entity)")? == 1 && head == 0 {
        check.fault(|| "there are entities, but the feed is empty".to_owned());
    }
    scene.none(
        &mut check,
        &format!("SELECT 'the cursor ' || name || ' is ahead of the feed' FROM cursor WHERE seq > {head}"),
    )?;
    latest_versions(scene, &mut check)?;
    Ok(check)
}

/// The last change of every entity in the latest part of the feed leads to the entity as it is.
fn latest_versions(scene: Scene<'_>, check: &mut Check) -> Failed<()> {
    let mut statement = scene.connection.prepare(
        "SELECT f.seq, f.at, f.body, f.kind, e.version, max(f.seq) FROM feed AS f \
         LEFT JOIN entity AS e ON e.tenant = f.tenant AND e.id = f.entity \
         WHERE f.seq > (SELECT max(seq) FROM feed) - ?1 GROUP BY f.tenant, f.entity",
    )?;
    let mut rows = statement.query([LATEST])?;
    while let Some(row) = rows.next()? {
        let (seq, at, kind): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let version: Option<i64> = row.get(4)?;
        let body = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let place = ("", Timestamp::from_micros(at));
        // Only the version is asked for, which is never sealed.
        let names = scene.shared.names.read();
        let Ok((told, ..)) = decode_changes(body, place, &names, &Onlooker::default()) else {
            continue;
        };
        let right = if kind == 2 { version.is_none() } else { version == Some(told.cast_signed()) };
        check.expect(right, || format!("the entity of change {seq} is not as its last change left it"));
    }
    Ok(())
}
