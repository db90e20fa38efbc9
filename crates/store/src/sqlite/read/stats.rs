//! Sizes.

use super::fetch::Scene;
use crate::Stats;
use crate::sqlite::failure::Failed;

impl Scene<'_> {
    pub(in crate::sqlite) fn stats(&self) -> Failed<Stats> {
        let number = |sql: &str| -> Failed<u64> {
            Ok(self
                .connection
                .prepare_cached(sql)?
                .query_row([], |row| row.get::<_, i64>(0))?
                .cast_unsigned())
        };
        let mut tenants = Vec::new();
        let mut statement = self
            .connection
            .prepare_cached("SELECT tenant, n FROM type_count WHERE type = 0 ORDER BY tenant")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            tenants.push((self.tenant_of(row.get(0)?)?, row.get::<_, i64>(1)?.cast_unsigned()));
        }
        let page = number("PRAGMA page_size")?;
        let mut log = self.shared.file.clone().into_os_string();
        log.push("-wal");
        Ok(Stats {
            entities: tenants.iter().map(|tenant| tenant.1).sum(),
            tenants,
            names: self.shared.names.len() as u64,
            feed_first: number("SELECT ifnull(min(seq), 0) FROM feed")?,
            feed_head: number("SELECT ifnull(max(seq), 0) FROM feed")?,
            series: number("SELECT count(*) FROM series")?,
            database_bytes: page * number("PRAGMA page_count")?,
            log_bytes: std::fs::metadata(&log).map_or(0, |file| file.len()),
            free_bytes: page * number("PRAGMA freelist_count")?,
        })
    }
}
