//! Attempts against the rules: whoever makes one is told what is wrong, and the audit notes it.

use std::collections::BTreeMap;

use dinh_cases::Refused;
use dinh_context::Session;
use dinh_context::graph::{Act, Note};
use dinh_model::EntityId;
use serde_json::{Value as Json, json};

use super::{Casework, Filed, Filing};
use crate::{Dossier, Error};

/// Longest reason in a note, in characters.
const LONGEST: usize = 300;

impl Casework {
    /// Files a case. At a counter it is received in the same commit if nothing is missing, or what [`crate::Then`] says is done.
    ///
    /// # Errors
    /// [`Error::NoKind`] for a kind that is not open on the day that counts, [`Error::NoUnit`], [`Error::Text`] and
    /// [`Error::Number`] for an applicant who is not told well, [`Error::Refused`] for somebody who may not file so, and for
    /// a case that cannot be received. Those that are against the rules are in the audit, and
    /// so is a filing that came twice.
    pub async fn file(&self, session: &Session, filing: Filing) -> Result<Filed, Error> {
        let about = json!({"action": "file", "kind": filing.kind.clone()});
        match Box::pin(self.file_it(session, filing)).await {
            Ok(filed) => {
                if filed.secret.is_none() {
                    self.note_denied(session, Some(&filed.dossier.id), about, "was filed already").await?;
                }
                Ok(filed)
            }
            Err(error) => Err(self.noted(session, None, about, error).await),
        }
    }

    /// Attaches a file to a part of a case that has not ended: for its applicant, and for the units that received it or
    /// handle it. Whoever calls has looked at its content: the name and the media type are taken as they are given.
    ///
    /// # Errors
    /// [`Error::NoSuch`], [`Error::NotYours`] for somebody who may look only, [`Error::Refused`] for a part that the kind
    /// does not have or a case that has ended, [`Error::TooMany`] beyond what a part may consist of. Each is in the audit.
    pub async fn attach(
        &self,
        session: &Session,
        id: &EntityId,
        part: &str,
        named: (&str, &str),
        content: Vec<u8>,
    ) -> Result<(), Error> {
        let kept = self.attach_it(session, id, part, named, content).await;
        match kept {
            Ok(()) => Ok(()),
            Err(error) => {
                let about = json!({"action": "attach", "part": part});
                Err(self.noted(session, Some(id), about, error).await)
            }
        }
    }

    /// Notes in the audit that somebody tried with a case what they may not, which was refused before it came here: a file
    /// too large, a time of their own.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn deny(
        &self,
        session: &Session,
        id: Option<&EntityId>,
        action: &str,
        refused: &str,
    ) -> Result<(), Error> {
        self.enter(session)?;
        self.note_denied(session, id, json!({"action": action}), refused).await
    }

    /// Notes it if an error is about the rules, and not about how the request was made.
    async fn noted(&self, session: &Session, id: Option<&EntityId>, about: Json, error: Error) -> Error {
        let is_against = matches!(error, Error::Refused(_) | Error::NotYours | Error::TooMany { .. });
        if !is_against {
            return error;
        }
        match self.note_denied(session, id, about, &error.to_string()).await {
            Ok(()) => error,
            Err(failed) => failed,
        }
    }

    /// Whoever tries with a case what they may not leaves a trace of it.
    pub(super) async fn note_refused(
        &self,
        session: &Session,
        dossier: &Dossier,
        action: &str,
        refused: Refused,
    ) -> Error {
        let about = json!({"action": action, "state": dossier.state});
        match self.note_denied(session, Some(&dossier.id), about, &refused.to_string()).await {
            Ok(()) => refused.into(),
            Err(error) => error,
        }
    }

    /// Whoever asks for a case that is there and that they may not see is told that there is none, and leaves a trace.
    pub(super) async fn note_unseen(&self, session: &Session, id: &EntityId) -> Result<(), Error> {
        match self.whole(session.tenant(), id).await {
            Ok(_) => self.note_denied(session, Some(id), json!({"action": "see"}), "may not be seen").await,
            Err(Error::NoSuch(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn note_denied(
        &self,
        session: &Session,
        id: Option<&EntityId>,
        about: Json,
        refused: &str,
    ) -> Result<(), Error> {
        let mut details = session.standing();
        if !details.is_object() {
            details = json!({});
        }
        let about: BTreeMap<String, Json> = serde_json::from_value(about).unwrap_or_default();
        for (name, value) in about {
            details[name] = value;
        }
        details["refused"] = refused.chars().take(LONGEST).collect::<String>().into();
        let note = Note { entities: id.into_iter().cloned().collect(), details, ..Note::of(Act::Denied) };
        Ok(session.note(note).await?)
    }
}
