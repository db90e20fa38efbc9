//! Money that came.

use dinh_context::fields::{Damaged, Fields, Names, Reading};
use dinh_context::graph::Stored;
use dinh_ledger::{Dong, Share, Source};
use dinh_model::{EntityId, Timestamp};
use jiff::civil::Date;
use serde_json::json;

use super::{dong, must, named, text, time};

named! {
    /// How money came.
    Way {
        /// By a transfer.
        Bank = "bank",
        /// In cash.
        Cash = "cash",
    }
}

/// A payment with its receipt.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// What it pays.
    pub bill: EntityId,
    /// The line of a statement by which it came.
    pub line: Option<EntityId>,
    /// The unit that got it.
    pub unit: EntityId,
    /// How it came.
    pub way: Way,
    /// Where the money was before.
    pub source: Source,
    /// How much.
    pub amount: Dong,
    /// What of it pays the bill, and what is too much.
    pub share: Share,
    /// When it was taken down.
    pub at: Timestamp,
    /// The day on which it came.
    pub day: Date,
    /// The number of its receipt.
    pub receipt: String,
    /// What was noted with it.
    pub note: Option<String>,
    /// The account of the official who took it; none for what was found by itself.
    pub officer: Option<String>,
    /// Why it was reversed, if it was.
    pub reversed: Option<String>,
    /// The account that pays.
    pub account: Option<String>,
}

impl Payment {
    /// The attributes of a new one.
    pub(crate) fn whole(&self, fields: Fields) -> Fields {
        fields
            .to("bill", &self.bill)
            .to_each("line", self.line.as_slice())
            .to("unit", &self.unit)
            .with("way", self.way.name())
            .with("source", json!(self.source))
            .with("amount", self.amount.get())
            .with("share", json!(self.share))
            .with("at", self.at.to_string())
            .with("day", self.day.to_string())
            .with("receipt", self.receipt.as_str())
            .maybe("note", self.note.as_deref())
            .maybe("officer", self.officer.as_deref())
            .maybe("account", self.account.as_deref())
            .with("state", "valid")
    }

    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let entity = &*stored.entity;
        let from = Reading { names, entity };
        let is_reversed = from.text("state") == Some("reversed");
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            bill: from.object("bill").ok_or_else(|| from.damaged("bill"))?,
            line: from.object("line"),
            unit: from.object("unit").ok_or_else(|| from.damaged("unit"))?,
            way: from.must("way", Way::from_name)?,
            source: must(&from, "source")?,
            amount: dong(&from, "amount")?,
            share: must(&from, "share")?,
            at: time(&from, "at")?,
            day: from.must("day", |text| text.parse().ok())?,
            receipt: from.must("receipt", |text| Some(text.to_owned()))?,
            note: text(&from, "note"),
            officer: text(&from, "officer"),
            reversed: is_reversed.then(|| text(&from, "reason").unwrap_or_default()),
            account: text(&from, "account"),
        })
    }
}
