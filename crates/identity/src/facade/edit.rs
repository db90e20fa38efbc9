//! Changes of an account: read, decide, write, forget what is cached, record. Nobody else changes it meanwhile.

use std::collections::BTreeSet;

use dinh_context::graph::Op;

use super::{By, Identity, KeptHandle};
use crate::Error;
use crate::domain::{AccountId, AccountRecord, State};
use crate::event::What;
use crate::kept::{delete, kind, put};
use crate::secret::Digest;
use crate::secrets::Secrets;
use crate::session::{SessionRecord, prefix_of};

/// An account while it is changed.
pub(crate) struct Draft {
    pub(crate) record: AccountRecord,
    pub(crate) secrets: Secrets,
    /// Sessions as they are kept, expired ones included.
    pub(crate) sessions: Vec<SessionRecord>,
    /// What to hand to the audit once it is done.
    pub(crate) events: Vec<What>,
    /// Changes of other records that belong to it.
    pub(crate) more: Vec<Op>,
}

/// Most sessions of an account.
pub(crate) const MOST_SESSIONS: usize = 20;

impl Identity {
    /// Changes an account with whatever belongs to it, as a whole.
    pub(crate) async fn edit<T>(
        &self,
        id: &AccountId,
        by: &By,
        change: impl FnOnce(&mut Draft) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let _lock = self.0.locks.of(id.as_str()).await;
        self.edit_locked(id, by, change).await
    }

    /// As [`Identity::edit`], for who holds the lock of the account already.
    pub(crate) async fn edit_locked<T>(
        &self,
        id: &AccountId,
        by: &By,
        change: impl FnOnce(&mut Draft) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let before = self.draft(id).await?;
        let mut draft = Draft {
            record: before.record.clone(),
            secrets: before.secrets.clone(),
            sessions: before.sessions.clone(),
            events: Vec::new(),
            more: Vec::new(),
        };
        let done = change(&mut draft)?;
        let mut ops = std::mem::take(&mut draft.more);
        ops.extend(secret_ops(&before, &draft)?);
        ops.extend(session_ops(&before, &draft)?);
        if draft.record == before.record {
            self.0.kept.write(ops).await?;
        } else {
            if draft.record.state != State::Closed {
                draft.record.check()?;
            }
            draft.record.changed = self.now();
            ops.push(put(kind::ACCOUNT, id.as_str(), &draft.record)?);
            let _register = self.0.register.lock().await;
            ops.extend(self.handle_ops(id, &before.record, &draft.record).await?);
            self.0.kept.write(ops).await?;
        }
        self.0.cache.forget(id);
        self.0.standing.forget(id);
        self.0.keys.forget(&before.record);
        self.0.keys.forget(&draft.record);
        // It fails only while nobody listens.
        drop(self.0.changed.send(id.clone()));
        for what in draft.events {
            self.note(by, Some(id), what).await?;
        }
        Ok(done)
    }

    /// An account as it is.
    pub(crate) async fn draft(&self, id: &AccountId) -> Result<Draft, Error> {
        let record = self.record(id).await?;
        let secrets = self.secrets(id).await?;
        Ok(Draft { record, secrets, sessions: self.kept_sessions(id).await?, events: vec![], more: vec![] })
    }

    /// The sessions of an account, the oldest first.
    pub(crate) async fn kept_sessions(&self, id: &AccountId) -> Result<Vec<SessionRecord>, Error> {
        let prefix = prefix_of(id);
        let listed = self.0.kept.list::<SessionRecord>(kind::SESSION, &prefix, MOST_SESSIONS + 1).await?;
        let own = listed.into_iter().take_while(|(key, _)| key.starts_with(&prefix));
        Ok(own.map(|(_, session)| session).collect())
    }

    /// What to write so that the handles lead to the account, or [`Error::Taken`]. The register is held.
    async fn handle_ops(
        &self,
        id: &AccountId,
        before: &AccountRecord,
        after: &AccountRecord,
    ) -> Result<Vec<Op>, Error> {
        let (had, has) = (self.digests(before), self.digests(after));
        let mut ops = Vec::new();
        for digest in has.difference(&had) {
            if self.owner(digest).await?.is_some() {
                return Err(Error::Taken);
            }
            ops.push(put(kind::HANDLE, digest.as_str(), &KeptHandle { account: id.clone() })?);
        }
        for digest in had.difference(&has) {
            if self.owner(digest).await?.as_ref() == Some(id) {
                ops.push(delete(kind::HANDLE, digest.as_str()));
            }
        }
        Ok(ops)
    }

    /// Everything that leads to an account.
    pub(crate) fn digests(&self, record: &AccountRecord) -> BTreeSet<Digest> {
        let handles = record.handles();
        let linked = record.linked.iter().map(|link| link.subject.clone());
        let number = record.identity.iter().filter_map(|identity| identity.number.clone());
        handles.iter().map(|handle| self.digest(handle)).chain(linked).chain(number).collect()
    }

    /// Writes a new account with what leads to it.
    pub(crate) async fn create(
        &self,
        record: &AccountRecord,
        secrets: &Secrets,
        more: Vec<Op>,
    ) -> Result<(), Error> {
        record.check()?;
        let _register = self.0.register.lock().await;
        let mut ops = more;
        for digest in self.digests(record) {
            if self.owner(&digest).await?.is_some() {
                return Err(Error::Taken);
            }
            ops.push(put(kind::HANDLE, digest.as_str(), &KeptHandle { account: record.id.clone() })?);
        }
        ops.push(put(kind::ACCOUNT, record.id.as_str(), record)?);
        if *secrets != Secrets::default() {
            ops.push(put(kind::SECRET, record.id.as_str(), secrets)?);
        }
        self.0.kept.write(ops).await
    }
}

impl Draft {
    /// Ends all sessions but one.
    pub(crate) fn end_sessions_but(&mut self, kept: Option<&str>) {
        let (stay, end): (Vec<_>, Vec<_>) = std::mem::take(&mut self.sessions)
            .into_iter()
            .partition(|session| Some(session.id.as_str()) == kept);
        self.sessions = stay;
        if !end.is_empty() {
            let sessions = end.into_iter().map(|session| session.id).collect();
            self.events.push(What::SessionsRevoked { sessions });
        }
    }
}

fn secret_ops(before: &Draft, after: &Draft) -> Result<Option<Op>, Error> {
    if before.secrets == after.secrets {
        return Ok(None);
    }
    let id = after.record.id.as_str();
    if after.secrets == Secrets::default() {
        return Ok(Some(delete(kind::SECRET, id)));
    }
    put(kind::SECRET, id, &after.secrets).map(Some)
}

fn session_ops(before: &Draft, after: &Draft) -> Result<Vec<Op>, Error> {
    let mut ops = Vec::new();
    for session in &before.sessions {
        if !after.sessions.iter().any(|kept| kept.id == session.id) {
            ops.push(delete(kind::SESSION, &session.key()));
        }
    }
    for session in &after.sessions {
        if !before.sessions.contains(session) {
            ops.push(put(kind::SESSION, &session.key(), session)?);
        }
    }
    Ok(ops)
}
