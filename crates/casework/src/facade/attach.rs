//! Documents of a case: files that come in while it is open, and opening them again.

use dinh_access::Purpose;
use dinh_cases::{Case, Held, HeldAs, Refused, Tie};
use dinh_context::graph::{Act, Note};
use dinh_context::{File, NewFile, Session};
use dinh_model::EntityId;

use super::Casework;
use crate::Error;

/// Most files of one case.
const MOST: usize = 100;
/// How often it is tried again when somebody else changes the case at the same moment.
const TRIES: usize = 5;

impl Casework {
    /// Attaches a file, for [`Casework::attach`].
    pub(super) async fn attach_it(
        &self,
        session: &Session,
        id: &EntityId,
        part: &str,
        (name, media_type): (&str, &str),
        content: Vec<u8>,
    ) -> Result<(), Error> {
        let looked = self.looked(session, id).await?;
        let kind = self.kind_of(&looked.dossier)?;
        let ties = [Tie::Applicant, Tie::Receiving, Tie::Handling];
        if !ties.iter().any(|tie| looked.actor.ties.contains(tie)) {
            return Err(Error::NotYours);
        }
        let of = kind.part(part).ok_or_else(|| Refused::Kind(format!("has no part {part:?}")))?;
        room_for_one_more(&looked.case, part, of.files)?;
        let file = NewFile {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            owner: looked.dossier.applicant.as_ref().and_then(|applicant| applicant.subject.clone()),
            unit: Some(looked.dossier.receiving.clone()),
            about: Some(id.clone()),
        };
        let file = session.clone().vouched().put_file(file, content).await?;
        let mut last = Err(Error::Conflict);
        for _ in 0..TRIES {
            last = self.hold(session, id, part, &file).await;
            if !matches!(last, Err(Error::Conflict)) {
                break;
            }
        }
        if last.is_err() {
            // Nothing names it: it must not stay behind.
            self.own(session.tenant()).delete(file).await?;
        }
        last
    }

    async fn hold(&self, session: &Session, id: &EntityId, part: &str, file: &EntityId) -> Result<(), Error> {
        let dossier = self.whole(session.tenant(), id).await?;
        let damaged = || dinh_context::fields::Damaged { id: id.clone(), field: "case" };
        let mut case = dossier.case.clone().ok_or_else(damaged)?;
        let kind = self.kind_of(&dossier)?;
        let most = kind.part(part).map_or(0, |part| part.files);
        room_for_one_more(&case, part, most)?;
        let electronic = || Held { held_as: HeldAs::Electronic, files: Vec::new(), reused: None };
        let held = case.parts.entry(part.to_owned()).or_insert_with(electronic);
        held.files.push(file.as_str().to_owned());
        let change = self.change(id, dossier.version, kind, &case, self.now());
        self.write(session, vec![change]).await.map(drop)
    }

    /// Opens a file of a case that somebody may see. The note in the audit names them, and is there before anything is
    /// shown.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a case that whoever asks may not see, and a file that is none of it.
    pub async fn open_file(&self, session: &Session, id: &EntityId, file: &EntityId) -> Result<File, Error> {
        let looked = self.looked(session, id).await?;
        let known = looked.case.parts.values().flat_map(|held| &held.files).any(|one| *one == file.as_str());
        if !known || looked.actor.ties.is_empty() {
            return Err(Error::NoSuch(file.clone()));
        }
        let which = looked.dossier.number.as_deref().unwrap_or("mới nộp");
        let reason = format!("Mở tệp của hồ sơ {which} (file of a dossier)");
        let (entities, details) = (vec![file.clone(), id.clone()], session.standing());
        let note = Note { entities, details, reason: Some(reason.clone()), ..Note::of(Act::Reveal) };
        session.note(note).await?;
        let part = self.own(session.tenant()).with_purpose(Purpose::CaseHandling);
        Ok(part.revealing(&reason)?.file(file).await?)
    }
}

fn room_for_one_more(case: &Case, part: &str, most: u8) -> Result<(), Error> {
    if case.ended.is_some() {
        let (action, state) = ("attach".to_owned(), case.state.clone());
        return Err(Refused::State { action, state }.into());
    }
    let of_part = case.parts.get(part).map_or(0, |held| held.files.len());
    if of_part >= usize::from(most) {
        return Err(Error::TooMany { what: "files", most: usize::from(most) });
    }
    if case.parts.values().map(|held| held.files.len()).sum::<usize>() >= MOST {
        return Err(Error::TooMany { what: "files", most: MOST });
    }
    Ok(())
}
