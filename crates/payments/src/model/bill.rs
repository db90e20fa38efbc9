//! What somebody owes a unit.

use dinh_calendar::Named;
use dinh_cases::Charge;
use dinh_context::fields::{Damaged, Fields, Names, Reading};
use dinh_context::graph::Stored;
use dinh_ledger::{Dong, Reference};
use dinh_model::{EntityId, Timestamp};
use serde_json::json;

use super::{must, named, text, time};

named! {
    /// How a bill stands.
    BillStanding {
        /// Nothing was paid.
        Open = "open",
        /// Something was paid.
        Partial = "partial",
        /// All was paid.
        Paid = "paid",
        /// More was paid than was asked.
        Over = "over",
        /// It is not asked for any more.
        Cancelled = "cancelled",
    }
}

/// A bill.
#[derive(Clone, Debug)]
pub struct Bill {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// By which a transfer says that it pays it.
    pub reference: Reference,
    /// The unit that asks for it.
    pub unit: EntityId,
    /// The dossier that costs it, if it is of one.
    pub case: Option<EntityId>,
    /// The number of the dossier, once it has one.
    pub case_number: Option<String>,
    /// What is asked, by the codes of kind and fee: `birth-registration/copies`.
    pub fee: String,
    /// What that is called.
    pub title: Named,
    /// The amounts.
    pub bill: dinh_ledger::Bill,
    /// What it stands on, for the fee of a dossier.
    pub charge: Option<Charge>,
    /// When it was made.
    pub made: Timestamp,
    /// The account that pays.
    pub account: Option<String>,
    /// Who pays; none if that is masked.
    pub payer: Option<String>,
}

impl Bill {
    /// The name of the entity of a reference.
    pub fn id_of(reference: &Reference) -> EntityId {
        EntityId::trusted(format!("urn:ngsi-ld:Bill:{reference}"))
    }

    /// How it stands.
    pub fn standing(&self) -> BillStanding {
        if self.bill.cancelled {
            BillStanding::Cancelled
        } else if !self.bill.over.is_zero() {
            BillStanding::Over
        } else if self.bill.owed().is_zero() {
            BillStanding::Paid
        } else if self.bill.paid.is_zero() {
            BillStanding::Open
        } else {
            BillStanding::Partial
        }
    }

    /// What was asked at first, refunds aside.
    pub fn asked(&self) -> Dong {
        self.charge.as_ref().and_then(|charge| Dong::new(charge.amount).ok()).unwrap_or(self.bill.amount)
    }

    /// The attributes that change with what happens to it.
    pub(crate) fn drawn(&self, fields: Fields) -> Fields {
        fields
            .with("state", self.standing().name())
            .with("owed", self.bill.owed().get())
            .with("over", self.bill.over.get())
            .with("bill", json!(self.bill))
            .maybe("caseNumber", self.case_number.as_deref())
    }

    /// All attributes, for a new one.
    pub(crate) fn whole(&self, fields: Fields) -> Fields {
        self.drawn(fields)
            .with("reference", self.reference.as_str())
            .to("unit", &self.unit)
            .to_each("case", self.case.as_slice())
            .with("fee", self.fee.as_str())
            .with("title", json!(self.title))
            .maybe("charge", self.charge.as_ref().map(|charge| json!(charge)))
            .with("madeAt", self.made.to_string())
            .maybe("account", self.account.as_deref())
            .maybe("payerName", self.payer.as_deref())
    }

    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let entity = &*stored.entity;
        let from = Reading { names, entity };
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            reference: from.must("reference", |text| text.parse().ok())?,
            unit: from.object("unit").ok_or_else(|| from.damaged("unit"))?,
            case: from.object("case"),
            case_number: text(&from, "caseNumber"),
            fee: text(&from, "fee").unwrap_or_default(),
            title: must(&from, "title")?,
            bill: must(&from, "bill")?,
            charge: must(&from, "charge").ok(),
            made: time(&from, "madeAt")?,
            account: text(&from, "account"),
            payer: from.open_text("payerName"),
        })
    }
}
