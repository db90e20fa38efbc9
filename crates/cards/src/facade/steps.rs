//! Steps of a card that was granted.

use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_credentials::status::Standing;
use dinh_model::EntityId;
use serde_json::json;

use super::issue::noted;
use super::{Cards, plain};
use crate::{Card, Error, State, Step, StepTaken, Task};

/// Longest task, in hours: a year.
const LONGEST_TASK: i64 = 366 * 24;

impl Cards {
    /// Suspends a card, lets it hold again, or revokes it.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`], [`Error::OwnCard`], [`Error::State`], [`Error::Conflict`].
    pub async fn step(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        step: Step,
        why: &str,
    ) -> Result<(), Error> {
        let card = self.whole(session.tenant(), id).await?;
        self.may_decide(session, &card)?;
        if card.version != version {
            return Err(Error::Conflict);
        }
        if !matches!(step, Step::Suspend | Step::Resume | Step::Revoke) {
            return Err(Error::State(card.state));
        }
        let taken = self.taken(session, step, why)?;
        self.stood(session, &card, taken).await
    }

    /// Suspends one's own card at once because it was lost. Whoever has reported it lost already hears that it is so.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for somebody else's card, [`Error::State`].
    pub async fn report_lost(&self, session: &Session, id: &EntityId, why: &str) -> Result<(), Error> {
        let card = self.whole(session.tenant(), id).await?;
        self.holder(session, &card)?;
        if card.lost {
            return Ok(());
        }
        let taken = self.taken(session, Step::Lost, why)?;
        self.stood(session, &card, taken).await
    }

    /// Changes how a card stands, with its place in the status list, in one commit.
    async fn stood(&self, session: &Session, card: &Card, taken: StepTaken) -> Result<(), Error> {
        let state = taken.step.from(card.state)?;
        let standing = match state {
            State::Active => Standing::Valid,
            State::Suspended => Standing::Suspended,
            _ => Standing::Invalid,
        };
        let _giving = self.0.giving.lock().await;
        let mut changes = Fields::new(self.names(), self.now()).with("state", state.name());
        match taken.step {
            Step::Lost => changes = changes.with("lost", true),
            Step::Resume => changes = changes.with("lost", false),
            _ => {}
        }
        let mut ops = vec![Self::changed(card, changes, &taken), noted(card, &taken)];
        if let Some(serial) = card.serial {
            ops.push(self.set_standing(session.tenant(), serial, standing).await?);
        }
        ops.push(self.count_op(taken.step.name(), card.kind.name()));
        self.write(session, ops).await?;
        self.0.lists.changed(session.tenant());
        Ok(())
    }

    /// Says what the holder of a card is sent for, so that whoever scans it on site is told.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`], [`Error::OwnCard`], [`Error::State`], [`Error::Text`], [`Error::Span`].
    pub async fn send(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        task: Task,
        why: &str,
    ) -> Result<(), Error> {
        let card = self.whole(session.tenant(), id).await?;
        self.may_decide(session, &card)?;
        if card.version != version {
            return Err(Error::Conflict);
        }
        Step::Task.from(card.state)?;
        let task = Task {
            title: plain("title", &task.title, 3, 200)?,
            place: plain("place", &task.place, 3, 200)?,
            ..task
        };
        let longest = task.from.to_jiff() + jiff::SignedDuration::from_hours(LONGEST_TASK);
        if task.until <= task.from || task.until.to_jiff() > longest {
            return Err(Error::Span("task"));
        }
        let taken = self.taken(session, Step::Task, why)?;
        let changes = Fields::new(self.names(), self.now()).with("task", json!(task));
        self.write(session, vec![Self::changed(&card, changes, &taken), noted(&card, &taken)]).await
    }
}
