//! How a case comes into the graph.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_cases::{Answer, Attempt, Channel, Held, Kind, Moved, Opening, Tie};
use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_model::{Entity, EntityId, Timestamp};
use serde_json::{Map, Value as Json};

use super::actor::{self, Mine};
use super::commit::Going;
use super::{Casework, follow};
use crate::{Applicant, Dossier, Error};

/// A case to be filed.
#[derive(Clone, Debug)]
pub struct Filing {
    /// Of which kind.
    pub kind: String,
    /// How it comes in.
    pub channel: Channel,
    /// The form as it was filled in, checked by whoever knows forms.
    pub answers: Map<String, Json>,
    /// Its documents.
    pub parts: BTreeMap<String, Held>,
    /// Who applies.
    pub applicant: Applicant,
    /// The unit that receives it.
    pub receiving: EntityId,
    /// The unit with the power to decide it; the receiving one if none.
    pub competent: Option<EntityId>,
    /// What a one-stop desk says of it; nothing where applicants file themselves.
    pub at_desk: AtDesk,
    /// The case of which it is a part.
    pub parent: Option<EntityId>,
    /// What makes this filing the same when it comes twice: from the form that was shown.
    pub once: Option<String>,
}

/// What a one-stop desk says of a case beside what applicants say themselves.
#[derive(Clone, Debug, Default)]
pub struct AtDesk {
    /// The unit that handles it first; the receiving one if none.
    pub handling: Option<EntityId>,
    /// The postmark of what came by post; when it was taken down if that was on paper. Never later than now, and at most
    /// [`dinh_cases::Case::MOST_DAYS_BEFORE`] days before.
    pub sent: Option<Timestamp>,
    /// What is done with it in the same commit.
    pub then: Then,
}

/// What a one-stop desk does with a case in the commit that opens it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// Receives it, if it came in on paper: whoever takes it has looked at it. What an official files online for somebody
    /// waits to be looked at, as what they file themselves does.
    #[default]
    Receive,
    /// Nothing yet.
    Wait,
    /// Takes another action: asks to complete it, or refuses it.
    Act {
        /// Which action.
        action: String,
        /// What it asks, answered.
        asked: BTreeMap<String, Answer>,
    },
}

/// What came of a filing.
#[derive(Clone, Debug)]
pub struct Filed {
    /// The case as it stands.
    pub dossier: Dossier,
    /// By which, with the number, anybody may follow it: told once, to whoever filed. None if this filing came twice.
    pub secret: Option<String>,
}

impl Casework {
    /// Files a case, for [`Casework::file`].
    pub(super) async fn file_it(&self, session: &Session, filing: Filing) -> Result<Filed, Error> {
        self.enter(session)?;
        let now = self.now();
        let offline = filing.at_desk.sent.filter(|_| filing.channel == Channel::Offline);
        let day = official_day(offline.unwrap_or(now).to_jiff());
        // What is about another case is opened for it alone.
        let kind = self.0.book.on(&filing.kind, day).filter(|kind| !kind.about_case);
        let kind = Arc::clone(kind.ok_or_else(|| Error::NoKind(filing.kind.clone()))?);
        let applicant = filing.applicant.clone().checked()?;
        self.code_of(&self.own(session.tenant()), &filing.receiving).await?;
        for unit in filing.competent.iter().chain(&filing.at_desk.handling) {
            self.check_unit(&self.own(session.tenant()), unit).await?;
        }
        if let Some(subject) = applicant.subject.as_ref().filter(|_| filing.channel != Channel::Online) {
            self.check_subject(session, subject).await?;
        }
        self.check_reused(session, &kind, &filing.parts).await?;
        let dinh_access::Principal::Account(account) = session.principal() else {
            return Err(Error::NotSignedIn);
        };
        let own = filing.channel == Channel::Online;
        // Whoever files online applies for themselves or for those they speak for; whoever writes down at a counter does not.
        let mine = Mine { subject: applicant.subject.as_ref(), account: own.then_some(&*account.id) };
        let actor = actor::filing(session, &mine, &filing.receiving);
        let role = filing_role(&kind, own)?;
        let rules = self.0.times.rules(&kind, None, now);
        let opening = Opening {
            actor: &actor,
            role: &role,
            at: now.to_jiff(),
            channel: filing.channel,
            answers: filing.answers.clone(),
            parts: filing.parts.clone(),
            sent: filing.at_desk.sent.map(Timestamp::to_jiff),
            receiving: filing.receiving.as_str().to_owned(),
            handling: filing.at_desk.handling.as_ref().map(|unit| unit.as_str().to_owned()),
            competent: filing.competent.as_ref().unwrap_or(&filing.receiving).as_str().to_owned(),
            schedule: self.0.times.schedule(),
            rules: &rules,
        };
        let mut moved = kind.open(opening)?;
        if !own {
            moved = self.then(&kind, moved, &actor, &filing)?;
        }
        let owner = own.then(|| account.id.to_string());
        Box::pin(self.put(session, &kind, moved, (filing, applicant, owner))).await
    }

    /// What the desk does with a case in the same commit: what is received has an action that gives it its number.
    pub(super) fn then(
        &self,
        kind: &Kind,
        moved: Moved,
        actor: &dinh_cases::Actor,
        filing: &Filing,
    ) -> Result<Moved, Error> {
        let numbers = |does: &dinh_cases::Does| matches!(does, dinh_cases::Does::Number);
        let first = moved.case.state.clone();
        let receives = kind.actions_from(&first).find(|action| action.does(numbers));
        let (action, asked) = match (&filing.at_desk.then, receives) {
            (Then::Act { action, asked }, _) => (action.as_str(), asked.clone()),
            (Then::Receive, Some(action)) if filing.channel != Channel::Assisted => {
                (action.code.as_str(), BTreeMap::new())
            }
            (Then::Wait | Then::Receive, _) => return Ok(moved),
        };
        let rules = self.0.times.rules(kind, moved.case.variant.as_deref(), moved.case.opened.into());
        let attempt = Attempt {
            action,
            actor,
            at: moved.case.opened,
            asked,
            schedule: self.0.times.schedule(),
            rules: &rules,
        };
        Ok(kind.act(&moved.case, &attempt)?)
    }

    pub(super) async fn put(
        &self,
        session: &Session,
        kind: &Kind,
        moved: Moved,
        (filing, applicant, owner): (Filing, Applicant, Option<String>),
    ) -> Result<Filed, Error> {
        let now = self.now();
        let id = self.id_of(&filing, kind, session);
        let (secret, hash) = follow::secret(self.0.context.ids());
        let _numbering = self.0.numbering.lock().await;
        let mut going = Going { id: &id, kind, before: None, moved, now };
        let mut ops = self.brought_about(session.tenant(), &mut going).await?;
        let fields = self.draw(kind, &going.moved.case, now);
        let fields = unchanging(fields, kind, &filing, &applicant, now)
            .maybe("account", owner.as_deref())
            .with("followHash", hash);
        let mut entity = Entity::new(id.clone(), self.names().of(&kind.entity_type), now);
        entity.attributes = fields.attributes;
        ops.insert(0, Op::Create(Arc::new(entity)));
        let written = self.write(session, ops).await;
        let twice = matches!(&written, Err(Error::Door(dinh_context::Error::Op(op)))
            if filing.once.is_some() && *op == dinh_context::graph::OpError::AlreadyExists);
        if !twice {
            written?;
        }
        if let Some(once) = &filing.once {
            self.drop_draft(session, once).await?;
        }
        let dossier = self.seen(session, &id).await?;
        Ok(Filed { dossier, secret: (!twice).then_some(secret) })
    }

    /// The name of a new case: drawn from the form that was shown and from whoever sends it, so that a form sent twice
    /// opens one case, and nobody comes upon the case of somebody else.
    pub(super) fn id_of(&self, filing: &Filing, kind: &Kind, session: &Session) -> EntityId {
        let name = match &filing.once {
            Some(once) => {
                let whose = format!("{} {once}", session.principal());
                follow::digest(&whose).chars().take(32).collect()
            }
            None => self.0.context.ids().uuid().simple().to_string(),
        };
        EntityId::trusted(format!("urn:ngsi-ld:{}:{name}", kind.entity_type))
    }
}

/// The first role of a kind by which a case is filed online, or at a counter.
pub(super) fn filing_role(kind: &Kind, own: bool) -> Result<String, Error> {
    let tie = if own { Tie::Applicant } else { Tie::Receiving };
    let role = kind.roles.iter().find(|role| role.tie == tie);
    role.map(|role| role.code.clone()).ok_or_else(|| Error::NoKind(kind.code.clone()))
}

/// The attributes of a case that stay as they are.
pub(super) fn unchanging(
    fields: Fields,
    kind: &Kind,
    filing: &Filing,
    applicant: &Applicant,
    now: Timestamp,
) -> Fields {
    fields
        .with("kind", kind.code.as_str())
        .maybe("procedure", kind.procedure.as_deref())
        .with("channel", filing.channel.name())
        .with("openedAt", now.to_string())
        .to_each("applicant", applicant.subject.as_slice())
        .with("applicantName", applicant.name.as_str())
        .with("contact", serde_json::json!(applicant))
        .to_each("parent", filing.parent.as_slice())
}
