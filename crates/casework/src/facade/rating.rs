//! What applicants think of how their dossiers were settled (group 5 of Decision 766/QĐ-TTg): said on their own page, or with
//! the number and the secret of the receipt, and counted in the same commit.

use dinh_calendar::official_day;
use dinh_cases::{Actor, Case, Kind, Rating, Tie};
use dinh_context::Session;
use dinh_context::graph::Op;
use dinh_model::{EntityId, Tenant, Timestamp};

use super::Casework;
use super::tally::Tally;
use crate::dossier::marks;
use crate::{Dossier, Error};

impl Casework {
    /// Rates a case, or changes its rating, on the version that was looked at: from 1 to 5 stars, with a remark or an empty
    /// text.
    ///
    /// # Errors
    /// [`Error::Refused`] for a case that is not the applicant's or cannot be rated now, [`Error::Conflict`] if it has
    /// changed since it was looked at.
    pub async fn rate(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        rating: (u8, &str),
    ) -> Result<Dossier, Error> {
        let looked = self.looked(session, id).await?;
        if looked.dossier.version != version {
            return Err(Error::Conflict);
        }
        self.put_rating(session, &looked.dossier, &looked.case, rating, &looked.actor).await?;
        self.seen(session, id).await
    }

    /// The same for whoever shows number and secret. False if these belong to no case.
    ///
    /// # Errors
    /// As [`Casework::rate`].
    pub async fn rate_followed(
        &self,
        tenant: &Tenant,
        (number, secret): (&str, &str),
        rating: (u8, &str),
    ) -> Result<bool, Error> {
        let Some(dossier) = self.by_secret(tenant, number, secret).await? else { return Ok(false) };
        let damaged = || dinh_context::fields::Damaged { id: dossier.id.clone(), field: "case" };
        let case = dossier.case.as_ref().ok_or_else(damaged)?;
        let actor = Actor { ties: [Tie::Applicant].into(), ..Actor::default() };
        self.put_rating(&self.own(tenant), &dossier, case, rating, &actor).await?;
        Ok(true)
    }

    /// Until when a case may be rated or its rating changed; none if it may not.
    pub(super) fn rate_until(&self, kind: &Kind, case: &Case) -> Option<Timestamp> {
        kind.rated_until(case, self.now().to_jiff(), self.0.times.schedule()).map(Timestamp::from)
    }

    async fn put_rating(
        &self,
        writer: &Session,
        dossier: &Dossier,
        before: &Case,
        rating: (u8, &str),
        actor: &Actor,
    ) -> Result<(), Error> {
        let (kind, now) = (self.kind_of(dossier)?, self.now());
        let mut case = kind.rate(before, rating, actor, now.to_jiff(), self.0.times.schedule())?;
        let mut ops = counted(kind, before.rating.as_ref(), &mut case);
        ops.insert(0, self.change(&dossier.id, dossier.version, kind, &case, now));
        self.write(writer, ops).await.map(drop)
    }
}

/// What a rating adds to the counts, in the month in which it was given first. A changed one takes back what it had added. The
/// case is marked with what was counted of it.
fn counted(kind: &Kind, before: Option<&Rating>, case: &mut Case) -> Vec<Op> {
    let Some(now) = case.rating.clone() else { return Vec::new() };
    let mut tally = Tally::default();
    match before {
        Some(before) => {
            tally.add(format!("rated.{}", before.stars), -1);
            tally.add("rating-sum", -i64::from(before.stars));
        }
        None => tally.add("rated", 1),
    }
    tally.add(format!("rated.{}", now.stars), 1);
    tally.add("rating-sum", now.stars.into());
    // What is thought of answers to complaints is counted apart, as they are.
    let apart = if kind.about_case { "about." } else { "" };
    let all = std::mem::take(&mut tally.0).into_iter().filter(|(_, more)| *more != 0);
    tally.0 = all.map(|(name, more)| (format!("{apart}{name}"), more)).collect();
    let (month, unit) = (official_day(now.first).strftime("%Y-%m").to_string(), case.competent.clone());
    case.counted.done.retain(|mark| !mark.starts_with(&format!("{apart}rated")));
    for name in ["rated".to_owned(), format!("rated.{}", now.stars)] {
        marks::add(&mut case.counted.done, &format!("{apart}{name} {month} {}", marks::short(&unit)));
    }
    if tally.0.is_empty() { Vec::new() } else { tally.added((&month, &unit, &case.kind)).into() }
}
