//! Statements, entries of the journal, closings of tills and accounts of units.

use dinh_context::fields::{Damaged, Names, Reading};
use dinh_context::graph::Stored;
use dinh_ledger::{BankAccount, Dong, Entry};
use dinh_model::{EntityId, Timestamp};
use jiff::civil::Date;
use serde_json::Value as Json;

use super::{dong, must, text, time};

/// A statement that was brought in.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// The account, `bin/number`.
    pub bank_account: String,
    /// The name of the file.
    pub file: String,
    /// Whether all of it was brought in.
    pub complete: bool,
    /// Its first and last day.
    pub days: Option<(Date, Date)>,
    /// How many lines it has.
    pub lines: u64,
    /// How many of them were known before.
    pub known: u64,
    /// When it was brought in.
    pub at: Timestamp,
}

impl Statement {
    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let entity = &*stored.entity;
        let from = Reading { names, entity };
        let day = |field| from.text(field).and_then(|text| text.parse::<Date>().ok());
        let count = |field| from.json(field).and_then(Json::as_u64).unwrap_or_default();
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            bank_account: from.must("bankAccount", |text| Some(text.to_owned()))?,
            file: text(&from, "fileName").unwrap_or_default(),
            complete: from.text("state") == Some("complete"),
            days: day("firstDay").zip(day("lastDay")),
            lines: count("lineCount"),
            known: count("knownCount"),
            at: time(&from, "importedAt")?,
        })
    }
}

/// An entry of the journal.
#[derive(Clone, Debug)]
pub struct JournalEntry {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What happened: `asked`, `paid`, `cash`.
    pub what: String,
    /// To what.
    pub about: Option<EntityId>,
    /// The unit.
    pub unit: Option<EntityId>,
    /// What moved.
    pub entry: Entry,
}

impl JournalEntry {
    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let from = Reading { names, entity: &stored.entity };
        Ok(Self {
            number: from.json("number").and_then(Json::as_u64).ok_or_else(|| from.damaged("number"))?,
            at: time(&from, "at")?,
            what: from.must("what", |text| Some(text.to_owned()))?,
            about: from.object("about"),
            unit: from.object("unit"),
            entry: must(&from, "legs")?,
        })
    }
}

/// Cash that was counted at the end of a day.
#[derive(Clone, Debug)]
pub struct TillClosing {
    /// The unit.
    pub unit: EntityId,
    /// The day.
    pub day: Date,
    /// By the books, in đồng.
    pub expected: i64,
    /// What was counted.
    pub counted: Dong,
    /// What was taken to the bank.
    pub deposited: Dong,
    /// Why they differ.
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl TillClosing {
    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let from = Reading { names, entity: &stored.entity };
        Ok(Self {
            unit: from.object("unit").ok_or_else(|| from.damaged("unit"))?,
            day: from.must("day", |text| text.parse().ok())?,
            expected: from.json("expected").and_then(Json::as_i64).ok_or_else(|| from.damaged("expected"))?,
            counted: dong(&from, "counted")?,
            deposited: dong(&from, "deposited").unwrap_or_default(),
            note: text(&from, "note"),
            at: time(&from, "at")?,
        })
    }
}

/// The account to which a unit has money paid.
#[derive(Clone, Debug)]
pub struct CollectionAccount {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// The unit.
    pub unit: EntityId,
    /// The account.
    pub account: BankAccount,
    /// Whose it is, as the bank writes it.
    pub holder: String,
    /// What the bank is called.
    pub bank: Option<String>,
    /// The form of its statements, if they are tables.
    pub profile: Option<String>,
    /// The first day.
    pub valid_from: Date,
    /// The last day.
    pub valid_to: Option<Date>,
}

impl CollectionAccount {
    /// `bin/number`, by which books and lines name it.
    pub fn key(&self) -> String {
        format!("{}/{}", self.account.bin, self.account.number)
    }

    /// True if money is paid to it on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let entity = &*stored.entity;
        let from = Reading { names, entity };
        let (bin, number) = (from.text("bin").unwrap_or_default(), from.text("number").unwrap_or_default());
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            unit: from.object("unit").ok_or_else(|| from.damaged("unit"))?,
            account: BankAccount::new(bin, number).map_err(|_odd| from.damaged("number"))?,
            holder: text(&from, "holder").unwrap_or_default(),
            bank: text(&from, "bankName"),
            profile: text(&from, "profile"),
            valid_from: from.must("validFrom", |text| text.parse().ok())?,
            valid_to: from.text("validTo").and_then(|text| text.parse().ok()),
        })
    }
}
