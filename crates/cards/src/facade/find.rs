//! Cards that are looked for, and what is known of those who get one.

use dinh_access::Purpose;
use dinh_context::{File, Session};
use dinh_credentials::card::CardKind;
use dinh_model::{Entity, EntityId, OneOrMany, Tenant, Value};
use dinh_ngsild::query::{
    Direction, EntityQuery, Literal, Op as Compare, Operand, OrderKey, OrderSubject, Path, Q, TypeExpr,
};

use super::{Cards, NewCard, plain};
use crate::{Card, Error, State};

/// Most cards of one page.
const MOST_A_PAGE: usize = 100;
/// Most cards of one holder that are gone through, past ones included.
const MOST_OF_HOLDER: usize = 200;
/// Why cards are looked at unmasked, for the audit.
const REASON: &str = "Quản lý thẻ điện tử của đơn vị (cards of the unit)";
/// The same by holders.
const OWN: &str = "Xem thẻ của chính mình (one's own cards)";

/// Which cards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Those in this state.
    pub state: Option<State>,
    /// Those of this kind.
    pub kind: Option<CardKind>,
    /// The one with this serial number.
    pub serial: Option<u32>,
}

/// What is known of somebody who gets a card.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) personal_id: Option<String>,
    pub(super) unit_name: Option<String>,
    pub(super) unit_code: Option<String>,
    pub(super) position: Option<String>,
}

impl Cards {
    /// One's own cards and those of whom one speaks for, the latest first.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::NotOffered`].
    pub async fn own_cards(&self, session: &Session) -> Result<Vec<Card>, Error> {
        let account = self.account(session)?;
        let mut whose = vec![self.is("account", &account.id)];
        whose.extend(account.subjects.iter().map(|subject| self.is("holder", subject)));
        let session = session.clone().with_purpose(Purpose::OwnData).revealing(OWN)?;
        let page = session.query(self.cards(Q::Or(whose), 0, MOST_A_PAGE)).await?;
        page.entities.iter().map(|stored| Card::read(self.names(), stored)).collect()
    }

    /// One card, for its holder or for those who manage it.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for one that is neither.
    pub async fn one(&self, session: &Session, id: &EntityId) -> Result<Card, Error> {
        let session = self.unmasked(session, id).await?;
        let found = session.find(id).await?.filter(|stored| self.is_card(&stored.entity));
        Card::read(self.names(), &found.ok_or(Error::NoSuch("card"))?)
    }

    /// The picture of a card, for its holder or for those who manage it.
    ///
    /// # Errors
    /// [`Error::NoSuch`].
    pub async fn photo(&self, session: &Session, id: &EntityId) -> Result<File, Error> {
        let card = self.one(session, id).await?;
        let file = card.photo.ok_or(Error::NoSuch("picture"))?;
        Ok(self.own_session(session).file(&file).await?)
    }

    /// A session that may open what a card is made of; that the card itself is seen has been checked.
    fn own_session(&self, session: &Session) -> Session {
        self.own(session.tenant())
    }

    async fn unmasked(&self, session: &Session, id: &EntityId) -> Result<Session, Error> {
        self.account(session)?;
        let found = self.whole(session.tenant(), id).await?;
        let mine = self.is_holder(session, &found);
        let (purpose, reason) = if mine { (Purpose::OwnData, OWN) } else { (Purpose::CaseHandling, REASON) };
        session.clone().with_purpose(purpose).revealing(reason).map_err(|_denied| Error::NoSuch("card"))
    }

    /// Cards that whoever asks manages, the latest first, with their number in all.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`].
    pub async fn of_units(
        &self,
        session: &Session,
        asked: &Asked,
        offset: usize,
    ) -> Result<(Vec<Card>, u64), Error> {
        self.manager(session)?;
        let mut all = vec![Q::Exists(Path::attribute(self.names().of("state")))];
        all.extend(asked.state.map(|state| self.is("state", state.name())));
        all.extend(asked.kind.map(|kind| self.is("kind", kind.name())));
        all.extend(asked.serial.map(|serial| self.equals("serial", Literal::Number(f64::from(serial)))));
        let session = session.clone().with_purpose(Purpose::CaseHandling).revealing(REASON)?;
        let page = session.query(self.cards(Q::And(all), offset, MOST_A_PAGE)).await?;
        let cards = page.entities.iter().map(|stored| Card::read(self.names(), stored));
        Ok((cards.collect::<Result<_, _>>()?, page.total.unwrap_or_default()))
    }

    /// A card as it is, for the machine.
    pub(super) async fn whole(&self, tenant: &Tenant, id: &EntityId) -> Result<Card, Error> {
        let found = self.own(tenant).find(id).await?;
        let found = found.filter(|stored| self.is_card(&stored.entity));
        Card::read(self.names(), &found.ok_or(Error::NoSuch("card"))?)
    }

    /// The card with a serial number.
    pub(super) async fn by_serial(&self, tenant: &Tenant, serial: u32) -> Result<Option<Card>, Error> {
        let q = self.equals("serial", Literal::Number(f64::from(serial)));
        let page = self.own(tenant).query(self.cards(q, 0, 1)).await?;
        page.entities.first().map(|stored| Card::read(self.names(), stored)).transpose()
    }

    /// Cards with a random number that may still be shown.
    pub(super) async fn with_random(&self, tenant: &Tenant, random: &str) -> Result<Vec<Card>, Error> {
        let page = self.own(tenant).query(self.cards(self.is("random", random), 0, MOST_A_PAGE)).await?;
        page.entities.iter().map(|stored| Card::read(self.names(), stored)).collect()
    }

    /// Refuses a second card of a kind.
    pub(super) async fn has_none(
        &self,
        tenant: &Tenant,
        new: &NewCard,
        but: Option<&Card>,
    ) -> Result<(), Error> {
        let whose = match (&new.holder.subject, new.kind) {
            (Some(subject), CardKind::Enterprise) => self.is("holder", subject.as_str()),
            _ => self.is("account", &new.holder.account),
        };
        let standing = self.standing_cards(tenant, whose, new.kind).await?;
        let others = standing.iter().any(|card| but.is_none_or(|but| but.id != card.id));
        if others { Err(Error::HasOne) } else { Ok(()) }
    }

    async fn standing_cards(&self, tenant: &Tenant, whose: Q, kind: CardKind) -> Result<Vec<Card>, Error> {
        let page = self.own(tenant).query(self.cards(whose, 0, MOST_OF_HOLDER)).await?;
        let cards: Vec<Card> =
            page.entities.iter().map(|stored| Card::read(self.names(), stored)).collect::<Result<_, _>>()?;
        let now = self.now();
        let stands = |card: &Card| {
            card.kind == kind
                && matches!(card.state, State::Proposed | State::Active | State::Suspended)
                && !card.is_over(now)
        };
        Ok(cards.into_iter().filter(stands).collect())
    }

    /// What a card is to say, from the registers.
    pub(super) async fn known(&self, tenant: &Tenant, new: &NewCard) -> Result<Known, Error> {
        let own = self.own(tenant);
        let mut known = Known {
            name: new.holder.name.clone(),
            personal_id: new.holder.personal_id.clone(),
            position: new.holder.position.clone(),
            ..Known::default()
        };
        let subject = match &new.holder.subject {
            Some(subject) => own.find(subject).await?,
            None => None,
        };
        let of_type = if new.kind == CardKind::Enterprise { "Organization" } else { "Person" };
        let subject = subject.filter(|stored| stored.entity.is_a(self.names().of(of_type).as_str()));
        if let Some(subject) = subject {
            known.name = self.text_of(&subject.entity, "name").unwrap_or(known.name);
            known.personal_id = self.text_of(&subject.entity, "personalId").or(known.personal_id);
        } else if new.kind == CardKind::Enterprise {
            return Err(Error::NoSuch("organisation"));
        }
        known.name = plain("holder.name", &known.name, 1, 300)?;
        let Some(unit) = &new.unit else { return Ok(known) };
        let found = own.find(unit).await?.ok_or(Error::NoSuch("unit"))?;
        known.unit_name = self.text_of(&found.entity, "name");
        known.unit_code = self.text_of(&found.entity, "code");
        if known.position.is_none() {
            return Err(Error::Missing("holder.position"));
        }
        Ok(known)
    }

    /// A text of an entity; of a text in several languages the Vietnamese one.
    fn text_of(&self, entity: &Entity, name: &str) -> Option<String> {
        match &entity.attribute(self.names().of(name).as_str())?.value {
            Value::Language(texts) => match texts.get("vi")? {
                OneOrMany::One(text) => Some(text.clone()),
                OneOrMany::Many(texts) => texts.first().cloned(),
            },
            Value::Property(json) => json.as_str().map(str::to_owned),
            _ => None,
        }
    }

    fn cards(&self, q: Q, offset: usize, limit: usize) -> EntityQuery {
        EntityQuery {
            q: Some(q),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending }],
            offset,
            limit,
            count: true,
            types: Some(self.card_types()),
            ..EntityQuery::default()
        }
    }

    /// Cards of units, and pilot cards: two types, since different people see them.
    pub(super) fn card_types(&self) -> TypeExpr {
        TypeExpr::Any(["Card", "PilotCard"].map(|name| TypeExpr::Is(self.names().of(name))).to_vec())
    }

    fn is_card(&self, entity: &Entity) -> bool {
        ["Card", "PilotCard"].into_iter().any(|name| entity.is_a(self.names().of(name).as_str()))
    }

    /// A text attribute that equals a text, or a relationship that leads there.
    pub(super) fn is(&self, name: &str, text: &str) -> Q {
        self.equals(name, Literal::Text(text.to_owned()))
    }

    pub(super) fn equals(&self, name: &str, value: Literal) -> Q {
        let path = Path::attribute(self.names().of(name));
        Q::Compare { path, op: Compare::Eq, value: Operand::One(value) }
    }
}
