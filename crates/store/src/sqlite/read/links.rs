//! Who points at an entity.

use dinh_model::EntityId;
use rusqlite::params;

use super::fetch::Scene;
use crate::Referrer;
use crate::sqlite::failure::Failed;

impl Scene<'_> {
    /// The relationships that have `id` as an object, by relationship and then in the order in
    /// which their entities came. The entity pointed at
    /// need not exist.
    pub(in crate::sqlite) fn referrers(
        &self,
        id: &EntityId,
        offset: usize,
        limit: usize,
    ) -> Failed<Vec<Referrer>> {
        let (limit, offset) = (self.page(limit)?, self.page(offset)?);
        if !self.sight.is_all() {
            return self.seen_referrers(id, offset, limit);
        }
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(
            "SELECT e.id, l.attribute FROM link AS l JOIN entity AS e ON e.pk = l.pk \
             WHERE l.tenant = ?1 AND l.object = ?2 ORDER BY l.attribute, l.pk LIMIT ?3 OFFSET ?4",
        )?;
        let rows = statement
            .query_map(params![self.tenant, id.as_str(), number(limit), number(offset)], |row| {
                Ok((row.get::<_, String>(0)?, row.get(1)?))
            })?;
        let mut referrers = Vec::new();
        for row in rows {
            let (id, attribute) = row?;
            referrers.push(Referrer { id: EntityId::trusted(id), attribute: self.term(attribute)? });
        }
        Ok(referrers)
    }

    /// The same where something is hidden: each one that points is looked at.
    fn seen_referrers(&self, id: &EntityId, offset: usize, limit: usize) -> Failed<Vec<Referrer>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT pk, attribute FROM link WHERE tenant = ?1 AND object = ?2 ORDER BY attribute, pk",
        )?;
        let mut rows = statement.query(params![self.tenant, id.as_str()])?;
        let (mut fetch, mut referrers, mut passed) = (self.fetch()?, Vec::new(), 0);
        while referrers.len() < limit {
            let Some(row) = rows.next()? else { break };
            let attribute = self.term(row.get(1)?)?;
            let raw = fetch.raw(row.get(0)?)?;
            let Some(seen) = self.seen(&raw) else { continue };
            if seen.entity.attributes.get(&attribute) != raw.entity.attributes.get(&attribute) {
                continue;
            }
            passed += 1;
            if passed > offset {
                referrers.push(Referrer { id: raw.entity.id.clone(), attribute });
            }
        }
        Ok(referrers)
    }
}
