//! Cards asked for, decided on, renewed.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_context::fields::Fields;
use dinh_context::graph::{Act, Note, Op};
use dinh_context::{NewFile, Session};
use dinh_credentials::Refused;
use dinh_credentials::card::{CardClaims, CardKind, photo_hash, seal};
use dinh_credentials::key::Signer;
use dinh_credentials::layout::Values;
use dinh_credentials::number::CardNumber;
use dinh_credentials::status::Standing;
use dinh_model::{Entity, EntityId, Tenant, Timestamp};
use serde_json::{Value as Json, json};

use super::count::COUNT;
use super::find::Known;
use super::{Cards, reason};
use crate::{Card, Error, State, Step, StepTaken};

/// Letters and digits of random numbers: those that nobody takes for another.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Draws for a random number that no other card has.
const DRAWS: usize = 20;
/// The type of a civil servant's card if nobody says another.
const USUAL: &str = "CC";

/// Who gets a card: the account, as those who keep accounts tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The account.
    pub account: String,
    /// What it calls its holder.
    pub name: String,
    /// The person or organisation of the graph that the card is for, where the account is tied to one. Their name in the
    /// graph comes before the account's.
    pub subject: Option<EntityId>,
    /// The position in the unit.
    pub position: Option<String>,
    /// The personal identification number, where the graph does not know it.
    pub personal_id: Option<String>,
}

/// A card that somebody asks for.
#[derive(Clone, Debug)]
pub struct NewCard {
    /// The kind.
    pub kind: CardKind,
    /// Whose.
    pub holder: Holder,
    /// The unit that it belongs to.
    pub unit: Option<EntityId>,
    /// The last part of its number, for civil servants.
    pub code: Option<String>,
    /// Why.
    pub reason: String,
    /// A picture that was looked at: name, media type, content.
    pub photo: Option<(String, String, Vec<u8>)>,
}

impl Cards {
    /// Proposes a card for somebody of one's own unit. Where the pack wants one person only, it is granted at once.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`], [`Error::OwnCard`], [`Error::HasOne`], [`Error::Missing`].
    pub async fn propose(&self, session: &Session, new: NewCard) -> Result<EntityId, Error> {
        let rules = self.rules()?.kind(new.kind)?;
        self.may(session, &rules.proposers, rules, new.unit.as_ref())?;
        if self.is_account(session, &new.holder.account) {
            return Err(Error::OwnCard);
        }
        let id = self.created(session, new, None).await?;
        if !rules.two_person {
            let card = self.whole(session.tenant(), &id).await?;
            self.grant(session, card, "Không cần người thứ hai (one person decides)").await?;
        }
        Ok(id)
    }

    /// Asks for a pilot card for oneself, or for an organisation that one speaks for.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::Unproved`], [`Error::HasOne`], [`Error::Missing`].
    pub async fn ask_for(&self, session: &Session, new: NewCard) -> Result<EntityId, Error> {
        let rules = self.rules()?.kind(new.kind)?;
        if !rules.asked_by_holder {
            return Err(Error::NotManager);
        }
        let account = self.account(session)?;
        let subject = new.holder.subject.as_ref();
        if *account.id != *new.holder.account || subject.is_some_and(|one| !session.speaks_for(one)) {
            return Err(Error::NotYours);
        }
        if account.assurance < rules.least_assurance {
            return Err(Error::Unproved(rules.least_assurance));
        }
        self.created(session, new, None).await
    }

    /// Asks for a new card in the place of one that is about to be over, was lost, or says what is no longer so. The old one
    /// holds until the new one is granted, unless it was lost.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::HasOne`], and those of asking for a card.
    pub async fn renew(&self, session: &Session, id: &EntityId, why: &str) -> Result<EntityId, Error> {
        let card = self.whole(session.tenant(), id).await?;
        let rules = self.rules()?.kind(card.kind)?;
        if rules.asked_by_holder {
            self.holder(session, &card)?;
        } else {
            self.may(session, &rules.proposers, rules, card.unit.as_ref())?;
            if self.is_holder(session, &card) {
                return Err(Error::OwnCard);
            }
        }
        Step::Renew.from(card.state)?;
        let mut parts = card.number.as_deref().unwrap_or_default().rsplit('.').map(str::to_owned);
        let (code, personal_id) = (parts.next().filter(|code| !code.is_empty()), parts.next());
        let (unit, reason) = (card.unit.clone(), why.to_owned());
        let holder = Holder {
            account: card.account.clone(),
            name: card.name.clone(),
            subject: card.holder.clone(),
            position: Some(card.position.clone()).filter(|position| !position.is_empty()),
            personal_id,
        };
        let new = NewCard { kind: card.kind, holder, unit, code, reason, photo: None };
        self.created(session, new, Some(&card)).await
    }

    /// Grants or refuses a card that was proposed.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`], [`Error::OwnCard`], [`Error::SamePerson`], [`Error::State`],
    /// [`Error::Conflict`].
    pub async fn decide(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        granted: bool,
        why: &str,
    ) -> Result<(), Error> {
        let card = self.whole(session.tenant(), id).await?;
        self.may_decide(session, &card)?;
        if card.version != version {
            return Err(Error::Conflict);
        }
        if self.rules()?.kind(card.kind)?.two_person && card.proposed_by == Self::actor(session) {
            return Err(Error::SamePerson);
        }
        if granted {
            return self.grant(session, card, why).await;
        }
        let step = self.taken(session, Step::Refuse, why)?;
        let state = Step::Refuse.from(card.state)?;
        let changes = Fields::new(self.names(), self.now()).with("state", state.name());
        self.write(session, vec![Self::changed(&card, changes, &step), noted(&card, &step)]).await
    }

    /// Gives a card its number and its signature, in one commit; the card in whose place it comes is over with it.
    async fn grant(&self, session: &Session, card: Card, why: &str) -> Result<(), Error> {
        let tenant = session.tenant();
        let step = self.taken(session, Step::Approve, why)?;
        let state = Step::Approve.from(card.state)?;
        // The key is there before numbers are held.
        self.signer(tenant).await?;
        let _giving = self.0.giving.lock().await;
        let signer = self.present_signer(tenant).await?.ok_or(Refused::Key("no key signs"))?;
        let (serial, counted) = self.next_serial(tenant).await?;
        let mut granted = Card { serial: Some(serial), state, issued: Some(self.now()), ..card.clone() };
        granted.expires = Some(self.expiry(card.kind)?);
        granted.qr = Some(self.sealed(&granted, serial, &signer)?);
        if let Some(number) = &granted.number {
            let random = self.random_number(tenant).await?;
            granted.printed = Some(self.printed(&granted, number, &random)?);
            granted.random = Some(random);
        }
        let told = |at: Option<Timestamp>| at.map(|at| at.to_string());
        let changes = Fields::new(self.names(), self.now())
            .with("state", state.name())
            .with("serial", serial)
            .maybe("issuedAt", told(granted.issued))
            .maybe("expiresAt", told(granted.expires))
            .maybe("qr", granted.qr.clone())
            .maybe("random", granted.random.clone())
            .maybe("printed", granted.printed.clone());
        let mut ops = vec![counted, Self::changed(&card, changes, &step), noted(&card, &step)];
        ops.push(self.count_op("issued", card.kind.name()));
        if let Some(old) = &card.replaces {
            ops.extend(self.replaced(session, old).await?);
        }
        self.write(session, ops).await?;
        self.0.lists.changed(tenant);
        Ok(())
    }

    /// What ends the card in whose place another one comes.
    async fn replaced(&self, session: &Session, old: &EntityId) -> Result<Vec<Op>, Error> {
        let card = self.whole(session.tenant(), old).await?;
        let Ok(state) = Step::Replace.from(card.state) else { return Ok(Vec::new()) };
        let step =
            self.taken(session, Step::Replace, "Đã có thẻ mới thay thế (a new card took its place)")?;
        let changes = Fields::new(self.names(), self.now()).with("state", state.name());
        let mut ops = vec![Self::changed(&card, changes, &step)];
        if let Some(serial) = card.serial {
            ops.push(self.set_standing(session.tenant(), serial, Standing::Invalid).await?);
        }
        Ok(ops)
    }

    fn expiry(&self, kind: CardKind) -> Result<Timestamp, Error> {
        let years = self.rules()?.kind(kind)?.valid_years;
        let now = self.now().to_jiff().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7)));
        let until = now
            .checked_add(jiff::Span::new().years(years))
            .map_err(|error| Error::Rules(error.to_string()))?;
        Ok(until.timestamp().into())
    }

    /// The signed QR. Where names are too long for it, the unit is told by its identifier, and at last without the position.
    fn sealed(&self, card: &Card, serial: u32, signer: &Signer) -> Result<String, Error> {
        let seconds = |at: Option<Timestamp>| at.map(|at| at.to_jiff().as_second()).unwrap_or_default();
        let claims = |unit: &str, position: &str| CardClaims {
            issued: seconds(card.issued),
            expires: seconds(card.expires),
            kind: card.kind,
            serial,
            name: card.name.clone(),
            unit: unit.to_owned(),
            position: position.to_owned(),
            photo: card.photo_hash.as_deref().and_then(bytes_of),
        };
        let (unit, code, position) = (&card.unit_name, &card.unit_code, &card.position);
        let mut last = Refused::Key("nothing was signed");
        for (unit, position) in [(unit, position.as_str()), (code, position), (code, "")] {
            match seal(&claims(unit, position), signer, self.random()) {
                Err(error @ Refused::TooLong { .. }) => last = error,
                other => return Ok(other?),
            }
        }
        Err(last.into())
    }

    fn printed(&self, card: &Card, number: &str, random: &str) -> Result<String, Error> {
        let day = self.today();
        let layout = self.rules()?.layout_on(day).ok_or(Error::NoSuch("layout"))?;
        let values = Values {
            random,
            number,
            name: &card.name,
            unit: &card.unit_name,
            position: &card.position,
            issued: day,
        };
        Ok(layout.write(&values)?)
    }

    async fn random_number(&self, tenant: &Tenant) -> Result<String, Error> {
        for _ in 0..DRAWS {
            let mut bytes = [0; 4];
            self.random().fill(&mut bytes).map_err(|_error| Refused::Key("there is no randomness"))?;
            let drawn = bytes.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
            let drawn = String::from_iter(drawn);
            if self.with_random(tenant, &drawn).await?.is_empty() {
                return Ok(drawn);
            }
        }
        Err(Error::TooMany { what: "random numbers of cards", most: LETTERS.len().pow(4) })
    }

    async fn created(
        &self,
        session: &Session,
        new: NewCard,
        replaces: Option<&Card>,
    ) -> Result<EntityId, Error> {
        let step = self.taken(session, Step::Propose, &new.reason)?;
        let tenant = session.tenant();
        let known = self.known(tenant, &new).await?;
        let number = self.number(&new, &known)?;
        let (id, now) = (self.fresh("Card"), self.now());
        let _giving = self.0.giving.lock().await;
        self.has_none(tenant, &new, replaces).await?;
        let photo = match new.photo {
            Some((name, media_type, content)) => {
                let hash = hex(&photo_hash(&content));
                let (owner, unit, about) = (new.holder.subject.clone(), new.unit.clone(), Some(id.clone()));
                let file = NewFile { name, media_type, owner, unit, about };
                Some((session.clone().vouched().put_file(file, content).await?, hash))
            }
            None => replaces.and_then(|old| Some((old.photo.clone()?, old.photo_hash.clone()?))),
        };
        let of_type = if new.unit.is_some() { "Card" } else { "PilotCard" };
        let mut entity = Entity::new(id.clone(), self.names().of(of_type), now);
        entity.attributes = Fields::new(self.names(), now)
            .with("kind", new.kind.name())
            .with("state", State::Proposed.name())
            .with("account", new.holder.account.as_str())
            .to_each("holder", new.holder.subject.as_slice())
            .to_each("unit", new.unit.as_slice())
            .with("name", known.name)
            .maybe("unitName", known.unit_name)
            .maybe("unitCode", known.unit_code)
            .maybe("position", known.position)
            .maybe("number", number.map(|number| number.to_string()))
            .to_each("photo", photo.as_ref().map(|(file, _)| file.clone()).as_slice())
            .maybe("photoHash", photo.map(|(_, hash)| hash))
            .with("proposedAt", now.to_string())
            .with("proposedBy", step.by.as_str())
            .to_each("replaces", replaces.map(|old| old.id.clone()).as_slice())
            .maybe("benefits", replaces.filter(|old| !old.benefits.is_empty()).map(|old| json!(old.benefits)))
            .with("steps", json!([step]))
            .attributes;
        let details = json!({"card": "propose", "kind": new.kind.name()});
        let mut entities = vec![id.clone()];
        entities.extend(new.holder.subject);
        let note = Note { entities, details, reason: Some(step.reason), ..Note::of(Act::Key) };
        self.write(session, vec![Op::Create(Arc::new(entity)), Op::note(note)]).await?;
        Ok(id)
    }

    fn number(&self, new: &NewCard, known: &Known) -> Result<Option<CardNumber>, Error> {
        if new.kind != CardKind::CivilServant {
            return Ok(None);
        }
        let agency = known.unit_code.as_deref().ok_or(Error::Missing("unit.code"))?;
        let person = known.personal_id.as_deref().ok_or(Error::Missing("holder.personalId"))?;
        let code = new.code.as_deref().unwrap_or(USUAL);
        Ok(Some(CardNumber::new(agency, person, code, self.rules()?.types(), self.today())?))
    }

    /// A step that is taken now.
    pub(super) fn taken(&self, session: &Session, step: Step, why: &str) -> Result<StepTaken, Error> {
        Ok(StepTaken { step, at: self.now(), by: Self::actor(session), reason: reason(why)? })
    }

    /// The change of a card by a step, on the version that was looked at.
    pub(super) fn changed(card: &Card, changes: Fields, step: &StepTaken) -> Op {
        let mut steps = card.steps.clone();
        steps.push(step.clone());
        let mutation = Box::new(changes.with("steps", json!(steps)).change());
        Op::Mutate { id: card.id.clone(), mutation, expect: Some(card.version), types: None }
    }

    /// One more of something, in this month.
    pub(super) fn count_op(&self, what: &str, of: &str) -> Op {
        let day = self.today();
        let key = format!("{:04}-{:02}", day.year(), day.month());
        Op::AddTo { kind: COUNT.to_owned(), key, add: BTreeMap::from([(format!("{what}:{of}"), 1)]) }
    }
}

/// The entry of the audit about a step.
pub(super) fn noted(card: &Card, step: &StepTaken) -> Op {
    let mut entities = vec![card.id.clone()];
    entities.extend(card.holder.clone());
    let details: Json = json!({"card": step.step, "kind": card.kind.name()});
    Op::note(Note { entities, details, reason: Some(step.reason.clone()), ..Note::of(Act::Key) })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn bytes_of(hex: &str) -> Option<[u8; 12]> {
    let mut bytes = [0; 12];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    (hex.len() == 24).then_some(bytes)
}
