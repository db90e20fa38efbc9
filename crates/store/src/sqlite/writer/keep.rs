//! Housekeeping: what is old goes, in bounded steps through the writer, so that no transaction is ever long.

use dinh_model::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use crate::sqlite::failure::Failed;

/// Changes or keys taken away by one step.
const ROWS: i64 = 2_000;

/// Series looked at by one step.
const SERIES: i64 = 500;

/// Observations of one series taken away by one step.
const OBSERVATIONS: i64 = 2_000;

/// How far a step of housekeeping has come.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    /// Nothing old is left anywhere.
    pub(super) done: bool,
    /// More that is old is known to be there: the next step should come soon.
    pub(super) behind: bool,
}

/// Where housekeeping is.
#[derive(Default)]
pub(super) struct Keep {
    /// Last series looked at; the walk begins anew at the end.
    series: i64,
}

impl Writer {
    /// One bounded step of everything.
    pub(super) fn housekeep(&mut self) -> Failed<Kept> {
        let now = self.shared.clock.now();
        let keys = self.trim_keys(now)?;
        let feed = self.trim_feed(now)?;
        let history = self.trim_history(now)?;
        let words = self.wash_words()?;
        let expired = self.expire(now)?;
        let orphans = self.take_orphans()?;
        let quick = keys && feed && words && expired && orphans;
        Ok(Kept { done: quick && history.done, behind: !quick || history.behind })
    }

    fn trim_keys(&mut self, now: Timestamp) -> Failed<bool> {
        let before = now.plus_micros(-self.key_micros()).as_micros();
        let old: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM idempotency WHERE at < ?1)")?
            .query_row([before], |row| row.get(0))?;
        if !old {
            return Ok(true);
        }
        self.transaction(|writer| {
            let gone = writer
                .connection
                .prepare_cached(
                    "DELETE FROM idempotency WHERE rowid IN \
                     (SELECT rowid FROM idempotency WHERE at < ?1 ORDER BY at LIMIT ?2)",
                )?
                .execute([before, ROWS])?;
            Ok(i64::try_from(gone).unwrap_or(ROWS) < ROWS)
        })
    }

    /// Changes go when they are old and every cursor has passed them, or when there are too many. The last change
    /// always stays: it holds the number to go on from.
    fn trim_feed(&mut self, now: Timestamp) -> Failed<bool> {
        let options = &self.shared.options;
        let first: Option<i64> =
            self.connection.prepare_cached("SELECT min(seq) FROM feed")?.query_row([], |row| row.get(0))?;
        let Some(first) = first else { return Ok(true) };
        let keep = i64::try_from(options.feed_keep.as_micros()).unwrap_or(i64::MAX);
        let before = now.plus_micros(-keep).as_micros();
        let passed = self.slowest_cursor()?.cast_signed();
        let too_many = self.place.head.saturating_sub(options.feed_max).cast_signed();
        let last = self.place.head.cast_signed() - 1;
        let upto = last.min(first + ROWS - 1);
        let sql = "SELECT max(seq) FROM feed WHERE seq BETWEEN ?1 AND ?2 AND (seq <= ?3 OR (seq <= ?4 AND at < ?5))";
        let gone: Option<i64> = self
            .connection
            .prepare_cached(sql)?
            .query_row(params![first, upto, too_many, passed, before], |row| row.get(0))?;
        let Some(gone) = gone else { return Ok(true) };
        self.transaction(|writer| {
            writer.connection.prepare_cached("DELETE FROM feed WHERE seq <= ?1")?.execute([gone])?;
            Ok(())
        })?;
        Ok(gone < upto || upto == last)
    }

    /// Walks over the series, some at a time.
    fn trim_history(&mut self, now: Timestamp) -> Failed<Kept> {
        let nothing = Kept { done: true, behind: false };
        let Some(keep) = self.shared.options.history_keep else { return Ok(nothing) };
        let before = now.plus_micros(-i64::try_from(keep.as_micros()).unwrap_or(i64::MAX)).as_micros();
        let from = self.keep.series;
        let series: Vec<i64> = self
            .connection
            .prepare_cached("SELECT id FROM series WHERE id > ?1 ORDER BY id LIMIT ?2")?
            .query_map([from, SERIES], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let Some(last) = series.last().copied() else {
            self.keep.series = 0;
            return Ok(nothing);
        };
        let mut old = Vec::new();
        for id in series {
            let oldest: Option<i64> = self
                .connection
                .prepare_cached("SELECT min(at) FROM observation WHERE series = ?1")?
                .query_row([id], |row| row.get(0))?;
            if oldest.is_none_or(|at| at < before) {
                old.push(id);
            }
        }
        self.keep.series = last;
        if old.is_empty() {
            return Ok(Kept { done: false, behind: false });
        }
        let complete = self.transaction(|writer| {
            old.iter().try_fold(true, |complete, id| Ok(writer.trim_series(*id, before)? && complete))
        })?;
        if !complete {
            self.keep.series = from;
        }
        self.cache.forget_series();
        Ok(Kept { done: false, behind: true })
    }

    /// Takes away some of the history that belongs to nobody any more; true if none is left.
    fn take_orphans(&mut self) -> Failed<bool> {
        let orphan: Option<i64> = self
            .connection
            .prepare_cached("SELECT id FROM series WHERE pk < 0 LIMIT 1")?
            .query_row([], |row| row.get(0))
            .optional()?;
        let Some(id) = orphan else { return Ok(true) };
        self.transaction(|writer| {
            if writer.trim_series(id, i64::MAX)? {
                writer
                    .connection
                    .prepare_cached("DELETE FROM moved_record WHERE series = ?1")?
                    .execute([id])?;
            }
            Ok(())
        })?;
        Ok(false)
    }

    /// Takes old observations away, and the series with its last one; true if no old ones are left.
    fn trim_series(&self, id: i64, before: i64) -> Failed<bool> {
        let gone = self
            .connection
            .prepare_cached(
                "DELETE FROM observation WHERE series = ?1 AND at < \
                 (SELECT max(at) + 1 FROM (SELECT at FROM observation WHERE series = ?1 AND at < ?2 \
                  ORDER BY at LIMIT ?3))",
            )?
            .execute([id, before, OBSERVATIONS])?;
        if i64::try_from(gone).unwrap_or(OBSERVATIONS) >= OBSERVATIONS {
            return Ok(false);
        }
        let empty = "NOT EXISTS (SELECT 1 FROM observation WHERE series = ?1)";
        let sql = format!("DELETE FROM series WHERE id = ?1 AND {empty} RETURNING pk");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let owners: Vec<i64> = statement.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for pk in owners {
            let gone = self
                .connection
                .prepare_cached(
                    "DELETE FROM departed WHERE pk = ?1 AND NOT EXISTS (SELECT 1 FROM series WHERE pk = ?1)",
                )?
                .execute([pk])?;
            if gone > 0 {
                self.forget_types_departed(pk)?;
            }
        }
        Ok(true)
    }
}
