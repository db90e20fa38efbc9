//! Making seals: one for each day that has entries, when it has ended.

use std::path::PathBuf;
use std::time::Duration;

use dinh_model::{Tenant, Timestamp};
use dinh_store::{KeptSeal, Link, Note, Seal};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use super::{Error, SealKey, file, stamp};
use crate::Context;

/// Where a day begins and ends.
const ZONE: &str = "Asia/Ho_Chi_Minh";
/// How often it is looked whether a day has ended.
const LOOK: Duration = Duration::from_mins(1);

/// So many looks lie between a time stamp that could not be had and the next try.
const PATIENCE: u32 = 15;
/// Seals read at once.
const PAGE: usize = 1000;

/// What seals are made with.
#[derive(Debug)]
pub struct Sealing {
    /// The key that signs.
    pub key: SealKey,
    /// The folder of their files.
    pub folder: PathBuf,
    /// Address of a time-stamp server (RFC 3161), if one is to be asked. Its host must be on the allow-list.
    pub timestamp_url: Option<String>,
}

impl Sealing {
    /// Seals every day that has ended and has entries that are not sealed; gives the new seals.
    pub async fn seal_days(&self, context: &Context) -> Result<Vec<KeptSeal>, crate::Error> {
        let mut made = Vec::new();
        while let Some((open, day, end)) = unsealed(context).await? {
            if end > context.clock().now() {
                break;
            }
            made.push(self.seal(context, open, day, Some(end)).await?);
        }
        Ok(made)
    }

    /// Seals those days, and then what there is of today.
    pub async fn seal_all(&self, context: &Context) -> Result<Vec<KeptSeal>, crate::Error> {
        let mut made = self.seal_days(context).await?;
        if let Some((open, day, _end)) = unsealed(context).await? {
            made.push(self.seal(context, open, day, None).await?);
        }
        Ok(made)
    }

    /// Writes the files of seals that have none: those of a restored backup, or of a day when the disk was full.
    pub async fn write_missing(&self, context: &Context) -> Result<(), crate::Error> {
        let mut after = 0;
        loop {
            let page = context.store().seals(context.own(), after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.seal.number;
            for kept in page.iter().filter(|kept| !file::is_there(&self.folder, kept)) {
                file::write(&self.folder, kept)?;
            }
        }
    }

    /// Asks for the time stamps of seals after the one of this number that have none; gives the number of the last seal
    /// that is done with. Stops at the first that cannot be had.
    pub async fn stamp_after(&self, context: &Context, mut after: u64) -> Result<u64, crate::Error> {
        let Some(url) = &self.timestamp_url else { return Ok(after) };
        // The program itself, in no particular tenant.
        let session = context.system("audit", Tenant::default_tenant());
        loop {
            let page = context.store().seals(context.own(), after, PAGE).await?;
            if page.is_empty() {
                return Ok(after);
            }
            for kept in page {
                if kept.token.is_none() {
                    let token = stamp::ask(context, url, &kept.hash()).await?;
                    session.note(Note::stamp(kept.seal.number, &token)).await?;
                    context.store().keep_token(context.own(), kept.seal.number, token.clone()).await?;
                    file::write(&self.folder, &KeptSeal { token: Some(token), ..kept.clone() })?;
                }
                after = kept.seal.number;
            }
        }
    }

    /// Seals days as they end, until `stop`. What goes wrong is told in the log and tried again.
    pub async fn run(&self, context: &Context, stop: CancellationToken) {
        if let Err(error) = self.write_missing(context).await {
            tracing::error!(%error, "the files of seals could not be written");
        }
        let mut look = tokio::time::interval(LOOK);
        let (mut stamped, mut waits) = (0, 0);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = look.tick() => {}
            }
            match self.seal_days(context).await {
                Ok(made) => {
                    waits = if made.is_empty() { waits } else { 0 };
                    for kept in made {
                        tracing::info!(
                            seal.number = kept.seal.number,
                            seal.day = kept.seal.day,
                            "sealed a day of the audit"
                        );
                    }
                }
                Err(error) => tracing::error!(%error, "the audit could not be sealed; it is tried again"),
            }
            if waits > 0 {
                waits -= 1;
                continue;
            }
            match self.stamp_after(context, stamped).await {
                Ok(last) => stamped = last,
                Err(error) => {
                    waits = PATIENCE;
                    tracing::warn!(%error, "a seal of the audit has no time stamp yet; it is asked for again");
                }
            }
        }
    }

    /// Seals what is open from `open` on: up to `end`, or everything.
    async fn seal(
        &self,
        context: &Context,
        open: Open,
        day: Date,
        end: Option<Timestamp>,
    ) -> Result<KeptSeal, crate::Error> {
        let now = context.clock().now();
        let upto = end.unwrap_or(Timestamp::from_micros(i64::MAX));
        let last = context.store().audit_before(context.own(), upto).await?.unwrap_or(open.first);
        let (number, first, previous) = Seal::after(open.before.as_ref());
        let seal = Seal {
            number,
            day: day.to_string(),
            whole: end.is_some(),
            first,
            last: last.seq,
            entry: last.hash,
            previous,
            sealed_at: now,
            key: self.key.public().bytes(),
        };
        let signature = self.key.sign(&seal.to_string());
        let kept = KeptSeal { seal, signature, token: None };
        context.store().keep_seal(context.own(), kept.clone()).await?;
        file::write(&self.folder, &kept)?;
        Ok(kept)
    }
}

/// The first entry that no seal covers, and the last seal.
struct Open {
    first: Link,
    before: Option<KeptSeal>,
}

/// What is not sealed, with the day of its first entry and the end of that day; nothing if everything is.
async fn unsealed(context: &Context) -> Result<Option<(Open, Date, Timestamp)>, crate::Error> {
    let before = context.store().last_seal(context.own()).await?;
    let (_number, first, _previous) = Seal::after(before.as_ref());
    let Some(first) = context.store().audit_at(context.own(), first).await? else { return Ok(None) };
    let calendar = |error: jiff::Error| Error::Calendar(error.to_string());
    let zone = TimeZone::get(ZONE).map_err(calendar)?;
    let day = first.at.to_jiff().to_zoned(zone.clone()).date();
    let end = day.tomorrow().and_then(|next| next.to_zoned(zone)).map_err(calendar)?;
    Ok(Some((Open { first, before }, day, end.timestamp().into())))
}
