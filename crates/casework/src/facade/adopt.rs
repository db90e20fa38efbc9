//! Moving a case to another version of its kind.

use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_cases::{Kind, Moved, Refused, Role, Status, Tie};
use dinh_context::Session;
use dinh_model::EntityId;

use super::Casework;
use super::act::Looked;
use super::commit::Going;
use crate::{Dossier, Error};

/// Fewest and most characters of the reason.
const REASON: (usize, usize) = (10, 2_000);

impl Casework {
    /// The versions to which somebody may move a case as it stands: those that hold by today and know where it stands, for whoever
    /// decides cases of that kind. The newest first.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a case that whoever asks may not see.
    pub async fn adoptable(&self, session: &Session, id: &EntityId) -> Result<Vec<Arc<Kind>>, Error> {
        let looked = self.looked(session, id).await?;
        let mut versions: Vec<Arc<Kind>> = self
            .book()
            .versions(&looked.case.kind)
            .filter(|kind| self.holds(kind) && kind.version != looked.case.version)
            .filter(|kind| looked.case.ended.is_none() && kind.state(&looked.case.state).is_some())
            .filter(|kind| decider(kind, &looked).is_some())
            .cloned()
            .collect();
        versions.reverse();
        Ok(versions)
    }

    /// Moves a case to another version of its kind, where it stands, on the version of the case that was looked at. What
    /// it has stays: its number, its clocks, what was promised. The reason is kept with the step.
    ///
    /// # Errors
    /// [`Error::Refused`] for somebody who does not decide such cases, for a version that does not hold by today or does not know
    /// where the case stands; that it was tried is in the audit. [`Error::Text`] for a reason that is too short,
    /// [`Error::Conflict`] if somebody else was quicker.
    pub async fn adopt(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        to: u32,
        reason: &str,
    ) -> Result<Dossier, Error> {
        let looked = self.looked(session, id).await?;
        let reason = reason.trim();
        if !(REASON.0..=REASON.1).contains(&reason.chars().count()) {
            return Err(Error::Text { field: "reason", least: REASON.0, most: REASON.1 });
        }
        let now = self.now();
        let moved = match self.adopted(&looked, to, now, reason) {
            Ok(moved) => moved,
            Err(refused) => return Err(self.note_refused(session, &looked.dossier, "adopt", refused).await),
        };
        if looked.dossier.version != version {
            return Err(Error::Conflict);
        }
        let (kind, case) = moved;
        let moved = Moved { case, effects: Vec::new() };
        let mut going = Going { id, kind: &kind, before: Some(&looked.case), moved, now };
        let mut ops = self.brought_about(session.tenant(), &mut going).await?;
        ops.insert(0, self.change(id, version, &kind, &going.moved.case, now));
        self.write(session, ops).await?;
        self.seen(session, id).await
    }

    /// Published, and its first day has come. A version that has ended may be gone back to: the law may say so.
    fn holds(&self, kind: &Kind) -> bool {
        kind.status == Status::Published && kind.valid_from <= official_day(self.now().to_jiff())
    }

    fn adopted(
        &self,
        looked: &Looked,
        to: u32,
        now: dinh_model::Timestamp,
        reason: &str,
    ) -> Result<(Arc<Kind>, dinh_cases::Case), Refused> {
        let unknown = || Refused::Kind(format!("has no version {to} that holds by today"));
        let kind = self.book().version(&looked.case.kind, to).cloned().ok_or_else(unknown)?;
        if !self.holds(&kind) {
            return Err(unknown());
        }
        if looked.case.ended.is_some() {
            return Err(Refused::State { action: "adopt".to_owned(), state: looked.case.state.clone() });
        }
        let roles =
            || kind.roles.iter().filter(|role| role.tie == Tie::Competent).map(|role| role.code.clone());
        let role = decider(&kind, looked).map(|role| role.code.clone());
        let role =
            role.ok_or_else(|| Refused::Role { action: "adopt".to_owned(), roles: roles().collect() })?;
        let case = kind.adopt(&looked.case, (&looked.actor, &role), now.to_jiff(), reason)?;
        Ok((kind, case))
    }
}

/// The role by which somebody decides cases of a kind.
fn decider<'k>(kind: &'k Kind, looked: &Looked) -> Option<&'k Role> {
    kind.roles.iter().find(|role| role.tie == Tie::Competent && looked.actor.has(role))
}
