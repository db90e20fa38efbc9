//! The locker: results that were issued to somebody, from which the next procedure takes them (Decree 45/2020/NĐ-CP,
//! articles 14 and 16), so that nobody hands in again what the province already holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_access::{Principal, Purpose};
use dinh_calendar::{Named, official_day};
use dinh_cases::{Held, Kind, KindResult, Refused, Scope};
use dinh_context::Session;
use dinh_context::fields::{Fields, Names, Reading};
use dinh_context::graph::{Op, Stored};
use dinh_documents::Standing;
use dinh_model::{Attribute, Entity, EntityId, OneOrMany, Tenant, Timestamp, Value};
use dinh_ngsild::query::{Direction, EntityQuery, OrderKey, OrderSubject, Q};
use jiff::civil::Date;

use super::Casework;
use super::commit::Going;
use crate::Error;

/// Type of the entities of the locker.
pub(super) const DOCUMENT: &str = "Document";
/// Standing of a document that may be used.
const VALID: &str = "valid";
/// Most documents of one page.
const MOST_A_PAGE: usize = 200;

/// A document of somebody's locker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldDocument {
    /// The entity.
    pub id: EntityId,
    /// Which kind of document: what parts of dossiers are served by.
    pub kind: String,
    /// What it is called.
    pub title: Named,
    /// Its own number and symbol, if it was numbered here.
    pub serial: Option<String>,
    /// Where it stands.
    pub standing: Standing,
    /// Whether its file is here.
    pub has_file: bool,
    /// The number of the dossier that it came of.
    pub number: Option<String>,
    /// The dossier that it came of.
    pub dossier: EntityId,
    /// The unit that issued it.
    pub issued_by: EntityId,
    /// When it was issued.
    pub issued: Timestamp,
    /// The last day on which it holds; none if it holds for good.
    pub valid_until: Option<Date>,
    /// Whether it may be used today.
    pub is_valid: bool,
}

impl Casework {
    /// The operations that put the results of a case into the applicant's locker.
    pub(super) async fn issued(
        &self,
        tenant: &Tenant,
        going: &Going<'_>,
        by_hand: bool,
    ) -> Result<Vec<Op>, Error> {
        let dossier = self.whole(tenant, going.id).await?;
        let subject = dossier.applicant.as_ref().and_then(|applicant| applicant.subject.clone());
        let case = &going.moved.case;
        let filed = Scope::of_filing(&case.answers, case.channel, case.opened);
        let mut ops = Vec::new();
        if going.kind.brings(&filed).any(|result| result.template.is_some()) {
            ops.extend(self.issued_papers(tenant, going, by_hand).await?);
        }
        for result in going.kind.brings(&filed).filter(|result| result.template.is_none()) {
            let id = format!("urn:ngsi-ld:{DOCUMENT}:{}", self.0.context.ids().uuid().simple());
            let mut entity = Entity::new(EntityId::trusted(id), self.names().of(DOCUMENT), going.now);
            let fields = Fields::new(self.names(), going.now)
                .with("documentKind", result.document.as_str())
                .maybe("number", case.number.as_deref())
                .to_each("owner", subject.as_slice())
                .maybe("account", dossier.account.as_deref())
                .to("issuedBy", &EntityId::trusted(case.competent.as_str()))
                .with("issuedAt", going.now.to_string())
                .maybe("validUntil", self.until(result, going).map(|day| day.to_string()))
                .to("dossier", going.id)
                .with("standing", VALID);
            entity.attributes = fields.attributes;
            let said = |text: &String| OneOrMany::One(text.clone());
            let title =
                [("vi".to_owned(), said(&result.title.vi)), ("en".to_owned(), said(&result.title.en))];
            let title = Attribute::new(Value::Language(title.into_iter().collect()), going.now);
            entity.set(self.names().of("title"), title);
            ops.push(Op::Create(Arc::new(entity)));
        }
        Ok(ops)
    }

    /// The last day on which a result holds.
    pub(super) fn until(&self, result: &KindResult, going: &Going<'_>) -> Option<Date> {
        let period = result.valid_for.as_ref()?;
        let due = self.0.times.schedule().due(going.now.to_jiff(), period, &dinh_calendar::Rules::default());
        Some(official_day(due.ok()?.at))
    }

    /// The documents of whoever is signed in and of those they speak for, the latest first.
    pub async fn own_documents(&self, session: &Session) -> Result<Vec<HeldDocument>, Error> {
        self.enter(session)?;
        let Principal::Account(account) = session.principal() else { return Err(Error::NotSignedIn) };
        let mut mine = vec![self.is("account", &account.id)];
        mine.extend(account.subjects.iter().map(|subject| self.links("owner", subject)));
        let query = EntityQuery {
            q: Some(if mine.len() == 1 { mine.remove(0) } else { Q::Or(mine) }),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending }],
            limit: MOST_A_PAGE,
            ..EntityQuery::of_type(self.names().of(DOCUMENT))
        };
        let page = session.clone().with_purpose(Purpose::OwnData).query(query).await?;
        page.entities.iter().map(|stored| self.document(stored)).collect()
    }

    /// Refuses parts that name documents which are not the applicant's, do not hold any more, or do not serve for them.
    pub(super) async fn check_reused(
        &self,
        session: &Session,
        kind: &Kind,
        parts: &BTreeMap<String, Held>,
    ) -> Result<(), Error> {
        if parts.values().all(|held| held.reused.is_none()) {
            return Ok(());
        }
        let own = self.own_documents(session).await?;
        for (code, held) in parts {
            let Some(reused) = &held.reused else { continue };
            let serves = |document: &HeldDocument| {
                let part = kind.part(code);
                document.is_valid && part.is_some_and(|part| part.served_by.contains(&document.kind))
            };
            if !own.iter().any(|document| document.id.as_str() == reused && serves(document)) {
                return Err(Refused::Kind(format!("the part {code:?} is not served by {reused}")).into());
            }
        }
        Ok(())
    }

    pub(super) fn document(&self, stored: &Stored) -> Result<HeldDocument, Error> {
        let entity = &*stored.entity;
        let from = Reading { names: self.names(), entity };
        let text = |field| from.must(field, |text| Some(text.to_owned()));
        let object = |field: &'static str| from.object(field).ok_or_else(|| from.damaged(field));
        let valid_until = from.text("validUntil").and_then(|text| text.parse::<Date>().ok());
        let today = official_day(self.now().to_jiff());
        Ok(HeldDocument {
            id: entity.id.clone(),
            kind: text("documentKind")?,
            title: title_of(self.names(), entity),
            serial: from.text("serialNumber").map(str::to_owned),
            standing: from.must("standing", Standing::from_name)?,
            has_file: from.object("file").is_some(),
            number: from.open_text("number"),
            dossier: object("dossier")?,
            issued_by: object("issuedBy")?,
            issued: from.must("issuedAt", |text| text.parse().ok())?,
            valid_until,
            is_valid: text("standing")? == VALID && valid_until.is_none_or(|last| today <= last),
        })
    }
}

/// What a document is called.
pub(super) fn title_of(names: &Names, entity: &Entity) -> Named {
    let said = |tag: &str| match entity.attribute(names.of("title").as_str()).map(|one| &one.value) {
        Some(Value::Language(texts)) => {
            texts.get(tag).and_then(|texts| texts.as_slice().first().cloned()).unwrap_or_default()
        }
        _ => String::new(),
    };
    Named { vi: said("vi"), en: said("en") }
}
