//! Documents as those see them who issue them, and as owners hold them.

use dinh_access::{Principal, Purpose};
use dinh_calendar::Named;
use dinh_cases::Signer;
use dinh_context::Session;
use dinh_context::fields::Reading;
use dinh_context::graph::Stored;
use dinh_documents::{Code, Spot, Standing};
use dinh_model::{EntityId, Timestamp};
use dinh_ngsild::query::{Direction, EntityQuery, OrderKey, OrderSubject, Q};
use jiff::civil::Date;
use serde::Deserialize as _;

use super::super::Casework;
use super::super::locker::{DOCUMENT, title_of};
use super::sign::{ByHand, Signed};
use crate::Error;

/// Most documents of one page.
const MOST_A_PAGE: usize = 100;

/// A document that was drawn up and numbered here.
#[derive(Clone, Debug, PartialEq)]
pub struct Issued {
    /// The entity.
    pub id: EntityId,
    /// Its version: it is changed on the one that was looked at.
    pub version: u64,
    /// Which kind of document.
    pub kind: String,
    /// What it is called.
    pub title: Named,
    /// Its number and symbol: `15/GPXD`.
    pub serial: String,
    /// The dossier that it came of.
    pub dossier: EntityId,
    /// The unit that issues it.
    pub issued_by: EntityId,
    /// When it got its number.
    pub numbered: Timestamp,
    /// When it was issued, once it was.
    pub issued: Option<Timestamp>,
    /// The last day on which it holds; none if it holds for good.
    pub valid_until: Option<Date>,
    /// Where it stands.
    pub standing: Standing,
    /// By which it is checked.
    pub code: Code,
    /// SHA-256 of its file: as it was numbered first, then with what was added.
    pub digests: Vec<String>,
    /// Its file.
    pub file: Option<EntityId>,
    /// The one that took its place.
    pub replaced_by: Option<EntityId>,
    /// The one whose place it took.
    pub replaces: Option<EntityId>,
    /// Why it was given up, replaced or revoked.
    pub reason: Option<String>,
    /// Where its layout leaves room for signatures.
    pub spot: Option<Spot>,
    /// The signatures that it was given here, in their order.
    pub signed: Vec<Signed>,
    /// The signatures that it must have before it is issued, in their order.
    pub demands: Vec<Signer>,
    /// That it was signed by hand, on paper, instead.
    pub by_hand: Option<ByHand>,
}

/// A page of documents.
#[derive(Clone, Debug, Default)]
pub struct IssuedPage {
    /// The documents, the latest first.
    pub documents: Vec<Issued>,
    /// How many there are in all.
    pub total: u64,
}

impl Casework {
    /// Documents of the units for which somebody acts, the latest first, in one standing or all.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], and those of the graph.
    pub async fn documents_of_units(
        &self,
        session: &Session,
        standing: Option<Standing>,
        (offset, limit): (usize, usize),
    ) -> Result<IssuedPage, Error> {
        self.enter(session)?;
        let Principal::Account(account) = session.principal() else { return Err(Error::NotSignedIn) };
        let mut units: Vec<Q> = account.units.iter().map(|unit| self.links("issuedBy", unit)).collect();
        let of_units = match units.len() {
            0 => return Ok(IssuedPage::default()),
            1 => units.remove(0),
            _ => Q::Or(units),
        };
        let mut all = vec![of_units, self.exists_attribute("checkCode")];
        all.extend(standing.map(|standing| self.is("standing", standing.name())));
        let query = EntityQuery {
            q: Some(Q::And(all)),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending }],
            offset,
            limit: limit.min(MOST_A_PAGE),
            count: true,
            ..EntityQuery::of_type(self.names().of(DOCUMENT))
        };
        let page = session.clone().with_purpose(Purpose::CaseHandling).query(query).await?;
        let documents =
            page.entities.iter().map(|stored| self.issued_of(stored)).collect::<Result<_, _>>()?;
        Ok(IssuedPage { documents, total: page.total.unwrap_or_default() })
    }

    /// The documents that were numbered of a case, the latest first, for those who may see them in their office.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn documents_of_case(
        &self,
        session: &Session,
        dossier: &EntityId,
        limit: usize,
    ) -> Result<Vec<Issued>, Error> {
        let of = Q::And(vec![self.links("dossier", dossier.as_str()), self.exists_attribute("checkCode")]);
        let query = EntityQuery {
            q: Some(of),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending }],
            limit: limit.min(MOST_A_PAGE),
            ..EntityQuery::of_type(self.names().of(DOCUMENT))
        };
        let page = session.clone().with_purpose(Purpose::CaseHandling).query(query).await?;
        page.entities.iter().map(|stored| self.issued_of(stored)).collect()
    }

    /// A document that somebody may see: of their office, or their own.
    ///
    /// # Errors
    /// [`Error::NoDocument`].
    pub async fn issued_for(&self, session: &Session, id: &EntityId) -> Result<Issued, Error> {
        for purpose in [Purpose::CaseHandling, Purpose::OwnData] {
            let found = session.clone().with_purpose(purpose).find(id).await?;
            let is_one = |stored: &Stored| {
                let entity = &stored.entity;
                entity.types.contains(&self.names().of(DOCUMENT))
                    && entity.attributes.contains_key(&self.names().of("checkCode"))
            };
            if let Some(stored) = found.filter(is_one) {
                return self.issued_of(&stored);
            }
        }
        Err(Error::NoDocument(id.clone()))
    }

    fn exists_attribute(&self, name: &str) -> Q {
        Q::Exists(dinh_ngsild::query::Path::attribute(self.names().of(name)))
    }

    pub(super) fn issued_of(&self, stored: &Stored) -> Result<Issued, Error> {
        let entity = &*stored.entity;
        let from = Reading { names: self.names(), entity };
        let text = |field| from.must(field, |text| Some(text.to_owned()));
        let object = |field: &'static str| from.object(field).ok_or_else(|| from.damaged(field));
        let digests = match from.json("digests") {
            Some(serde_json::Value::Array(all)) => {
                all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
            }
            Some(serde_json::Value::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        };
        Ok(Issued {
            id: entity.id.clone(),
            version: stored.version,
            kind: text("documentKind")?,
            title: title_of(self.names(), entity),
            serial: text("serialNumber")?,
            dossier: object("dossier")?,
            issued_by: object("issuedBy")?,
            numbered: from.must("numberedAt", |text| text.parse().ok())?,
            issued: from.text("issuedAt").and_then(|text| text.parse().ok()),
            valid_until: from.text("validUntil").and_then(|text| text.parse().ok()),
            standing: from.must("standing", Standing::from_name)?,
            code: from.must("checkCode", |text| text.parse().ok())?,
            digests,
            file: from.object("file"),
            replaced_by: from.object("replacedBy"),
            replaces: from.object("replaces"),
            reason: from.open_text("reason"),
            spot: from.json("signatureSpot").and_then(|json| Spot::deserialize(json).ok()),
            signed: match from.json("signatures") {
                Some(json) => Vec::deserialize(json).map_err(|_unreadable| from.damaged("signatures"))?,
                None => Vec::new(),
            },
            demands: match from.json("signaturesDemanded") {
                Some(serde_json::Value::String(one)) => Vec::deserialize(serde_json::json!([one]))
                    .map_err(|_unreadable| from.damaged("signaturesDemanded"))?,
                Some(json) => {
                    Vec::deserialize(json).map_err(|_unreadable| from.damaged("signaturesDemanded"))?
                }
                None => Vec::new(),
            },
            by_hand: from.json("signedByHand").and_then(|json| ByHand::deserialize(json).ok()),
        })
    }
}
