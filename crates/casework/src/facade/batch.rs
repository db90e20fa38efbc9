//! The same action with many cases, each for itself.

use std::collections::BTreeMap;

use dinh_cases::Answer;
use dinh_context::Session;
use dinh_model::EntityId;

use super::Casework;
use crate::{Dossier, Error};

/// Most cases of one batch.
const MOST: usize = 100;

/// An action with many cases.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Which cases, each on the version that was looked at.
    pub cases: Vec<(EntityId, u64)>,
    /// Which action. Kinds say of which it may be taken so.
    pub action: String,
    /// What was answered to what it asks, the same for all.
    pub asked: BTreeMap<String, Answer>,
}

/// What came of it for one case.
#[derive(Debug)]
pub struct Tried {
    /// Which case.
    pub id: EntityId,
    /// The case as it stands now, or why nothing was done.
    pub result: Result<Dossier, Error>,
}

impl Casework {
    /// Takes an action with many cases. One that cannot be done holds back none of the others.
    ///
    /// # Errors
    /// [`Error::TooMany`] beyond a hundred.
    pub async fn batch(&self, session: &Session, batch: Batch) -> Result<Vec<Tried>, Error> {
        if batch.cases.len() > MOST {
            return Err(Error::TooMany { what: "cases", most: MOST });
        }
        let mut tried = Vec::with_capacity(batch.cases.len());
        for (id, version) in batch.cases {
            let result = self.one_of(session, (&id, version), &batch.action, &batch.asked).await;
            tried.push(Tried { id, result });
        }
        Ok(tried)
    }

    async fn one_of(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        action: &str,
        asked: &BTreeMap<String, Answer>,
    ) -> Result<Dossier, Error> {
        let looked = self.looked(session, id).await?;
        let kind = self.kind_of(&looked.dossier)?;
        if !kind.action(action).is_some_and(|action| action.batch) {
            return Err(dinh_cases::Refused::NoAction(action.to_owned()).into());
        }
        self.act(session, (id, version), action, asked.clone(), BTreeMap::new()).await
    }
}
