//! Lines of statements.

use dinh_context::fields::{Damaged, Fields, Names, Reading};
use dinh_context::graph::Stored;
use dinh_ledger::Line;
use dinh_model::EntityId;
use jiff::civil::Date;
use serde_json::Value as Json;

use super::{named, text};

named! {
    /// Where a line stands.
    LineState {
        /// It was brought in and nobody looked at it yet.
        New = "new",
        /// It pays a bill.
        Matched = "matched",
        /// Nobody knows for what it is.
        Waiting = "waiting",
        /// Money that went.
        Out = "out",
        /// It is for something else, as somebody said.
        SetAside = "set-aside",
    }
}

named! {
    /// What was found for a line.
    Finding {
        /// It names a bill and pays what is owed.
        Exact = "exact",
        /// It pays less.
        Partial = "partial",
        /// It pays more.
        Over = "over",
        /// It pays several bills.
        Several = "several",
        /// It may be for one of several.
        Ambiguous = "ambiguous",
        /// One bill alone has its amount.
        Likely = "likely",
        /// Nothing.
        Unknown = "unknown",
    }
}

/// A line of a statement.
#[derive(Clone, Debug)]
pub struct StatementLine {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// The unit whose account it is.
    pub unit: EntityId,
    /// The account, `bin/number`.
    pub bank_account: String,
    /// The day.
    pub day: Date,
    /// In đồng; negative for what went.
    pub amount: i64,
    /// What is written on it; none if that is masked.
    pub text: Option<String>,
    /// The number that the bank gave it.
    pub bank_reference: Option<String>,
    /// Where it stands.
    pub state: LineState,
    /// What was found for it.
    pub found: Option<Finding>,
    /// References of bills that it may be for.
    pub candidates: Vec<String>,
    /// The bills that it pays.
    pub bills: Vec<EntityId>,
    /// What somebody said of it.
    pub reason: Option<String>,
}

/// A line to be brought in.
pub(crate) struct NewLine<'a> {
    pub(crate) unit: &'a EntityId,
    pub(crate) bank_account: &'a str,
    pub(crate) statement: &'a EntityId,
    pub(crate) order: usize,
    pub(crate) line: &'a Line,
}

impl NewLine<'_> {
    pub(crate) fn whole(&self, fields: Fields) -> Fields {
        let line = self.line;
        let words = if line.text.is_empty() { "-" } else { &line.text };
        fields
            .to("unit", self.unit)
            .with("bankAccount", self.bank_account)
            .to("statement", self.statement)
            .with("order", self.order)
            .with("day", line.day.to_string())
            .maybe("time", line.time.map(|time| time.strftime("%H:%M:%S").to_string()))
            .with("amount", line.amount)
            .with("text", words)
            .maybe("bankReference", line.bank_reference.as_deref())
            .with("state", LineState::New.name())
    }
}

impl StatementLine {
    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let entity = &*stored.entity;
        let from = Reading { names, entity };
        let candidates = from.json("candidates").and_then(Json::as_array).into_iter().flatten();
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            unit: from.object("unit").ok_or_else(|| from.damaged("unit"))?,
            bank_account: from.must("bankAccount", |text| Some(text.to_owned()))?,
            day: from.must("day", |text| text.parse().ok())?,
            amount: from.json("amount").and_then(Json::as_i64).ok_or_else(|| from.damaged("amount"))?,
            text: from.open_text("text"),
            bank_reference: text(&from, "bankReference"),
            state: from.must("state", LineState::from_name)?,
            found: from.text("found").and_then(Finding::from_name),
            candidates: candidates.filter_map(|one| one.as_str().map(str::to_owned)).collect(),
            bills: from.objects("bills"),
            reason: text(&from, "reason"),
        })
    }
}
