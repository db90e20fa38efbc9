//! The books: what is written into them with everything that happens, and what they say.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_ledger::{Account, Balances, Dong, Entry};
use dinh_model::{Entity, EntityId, Tenant, Timestamp};
use dinh_ngsild::query::{Direction, EntityQuery, OrderKey, OrderSubject, Path};
use jiff::civil::Date;
use serde_json::json;

use super::Payments;
use super::who::{LEADERS, TREASURER};
use crate::Error;
use crate::model::JournalEntry;

/// Kind of the records that keep the last number of what is counted.
const COUNTER: &str = "money-number";
/// Kind of the records of balances, by account.
const BALANCE: &str = "money-balance";
/// Kind of the records of what was asked and collected: `2026-11 fee unit`.
const REVENUE: &str = "money-revenue";
/// Key of the counter of entries.
const ENTRIES: &str = "journal";
/// Most accounts and rows that are read at once.
const MOST: usize = 5_000;
/// Most entries of one page.
const MOST_A_PAGE: usize = 200;

/// What is written in one commit.
pub(super) struct Booking {
    pub(super) now: Timestamp,
    pub(super) officer: Option<String>,
    ops: Vec<Op>,
    counters: BTreeMap<String, u64>,
    balances: BTreeMap<String, i64>,
    revenue: BTreeMap<String, BTreeMap<String, i64>>,
}

/// What was collected of a fee by a unit in a month, in đồng.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revenue {
    /// The month: `2026-11`.
    pub month: String,
    /// The fee: `birth-registration/copies`.
    pub fee: String,
    /// The unit.
    pub unit: String,
    /// What was asked, less what is not asked any more.
    pub asked: i64,
    /// What came by transfer.
    pub bank: i64,
    /// What came in cash.
    pub cash: i64,
    /// What was approved to be given back.
    pub refunded: i64,
    /// How many payments there were.
    pub payments: i64,
}

/// What the books say.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// What was collected, by month, fee and unit.
    pub revenue: Vec<Revenue>,
    /// What stands on the accounts.
    pub balances: Balances,
}

/// A page of the journal, the latest entry first.
#[derive(Clone, Debug)]
pub struct JournalPage {
    /// The entries.
    pub entries: Vec<JournalEntry>,
    /// How many there are in all.
    pub total: u64,
}

impl Booking {
    /// An operation of its own.
    pub(super) fn push(&mut self, op: Op) {
        self.ops.push(op);
    }

    /// Counts something by month, fee and unit.
    pub(super) fn count(&mut self, bill: &crate::Bill, what: &str, add: i64) {
        let month = official_day(self.now.to_jiff()).strftime("%Y-%m").to_string();
        let row = self.revenue.entry(format!("{month} {} {}", bill.fee, bill.unit)).or_default();
        *row.entry(what.to_owned()).or_default() += add;
    }
}

impl Payments {
    /// Begins to write. `booking` is held by whoever calls until it is durable.
    pub(super) fn begin(&self, session: &Session) -> Booking {
        let officer = match session.principal() {
            dinh_access::Principal::Account(account) => Some(account.id.to_string()),
            _ => None,
        };
        Booking {
            now: self.now(),
            officer,
            ops: Vec::new(),
            counters: BTreeMap::new(),
            balances: BTreeMap::new(),
            revenue: BTreeMap::new(),
        }
    }

    /// The next number of something.
    pub(super) async fn next(&self, tenant: &Tenant, booking: &mut Booking, key: &str) -> Result<u64, Error> {
        if !booking.counters.contains_key(key) {
            let record = self.own(tenant).record(COUNTER, key).await?;
            let last = record.and_then(|record| record.body["last"].as_u64()).unwrap_or_default();
            booking.counters.insert(key.to_owned(), last);
        }
        let last = booking.counters.entry(key.to_owned()).or_default();
        *last += 1;
        Ok(*last)
    }

    /// Writes an entry: numbered, and with it what it adds to each account.
    pub(super) async fn enter(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        (what, about, unit): (&str, &EntityId, &EntityId),
        entry: &Entry,
    ) -> Result<(), Error> {
        if entry.is_empty() {
            return Ok(());
        }
        let (number, now) = (self.next(tenant, booking, ENTRIES).await?, booking.now);
        for (account, change) in entry.changes() {
            *booking.balances.entry(account.to_string()).or_default() += change;
        }
        let id = EntityId::trusted(format!("urn:ngsi-ld:JournalEntry:{number:012}"));
        let mut entity = Entity::new(id, self.names().of("JournalEntry"), now);
        entity.attributes = Fields::new(self.names(), now)
            .with("number", number)
            .with("at", now.to_string())
            .with("day", official_day(now.to_jiff()).to_string())
            .with("what", what)
            .to("about", about)
            .to("unit", unit)
            .with("legs", json!(entry))
            .maybe("officer", booking.officer.as_deref())
            .attributes;
        booking.push(Op::Create(Arc::new(entity)));
        Ok(())
    }

    /// Commits all that was written, or nothing.
    pub(super) async fn commit(&self, session: &Session, mut booking: Booking) -> Result<(), Error> {
        for (key, last) in std::mem::take(&mut booking.counters) {
            booking.push(Op::PutRecord { kind: COUNTER.to_owned(), key, body: json!({"last": last}) });
        }
        for (key, change) in std::mem::take(&mut booking.balances) {
            let add = BTreeMap::from([("dong".to_owned(), change)]);
            booking.push(Op::AddTo { kind: BALANCE.to_owned(), key, add });
        }
        for (key, add) in std::mem::take(&mut booking.revenue) {
            booking.push(Op::AddTo { kind: REVENUE.to_owned(), key, add });
        }
        if booking.ops.is_empty() {
            return Ok(());
        }
        self.write(session, booking.ops).await.map(drop)
    }

    /// What the books say: to treasurers and heads of units of what is theirs, to leaders of all.
    ///
    /// # Errors
    /// [`Error::NotYours`], and those of the graph.
    pub async fn board(&self, session: &Session, from: Date, to: Date) -> Result<Board, Error> {
        let account = self.has(session, &LEADERS).or_else(|_| self.has(session, &[TREASURER]))?;
        let sees_all = ["leader", "inspector"].iter().any(|role| account.roles.contains(*role));
        let sees = |unit: &str| sees_all || account.units.contains(unit);
        let own = self.own(session.tenant());
        let mut board = Board::default();
        for record in own.records(BALANCE, "", MOST).await? {
            let balance = record.body["dong"].as_i64().unwrap_or_default();
            let Ok(name) = record.key.parse::<Account>() else { continue };
            if name.unit().is_none_or(&sees) {
                board.balances.0.insert(name, balance);
            }
        }
        let month = |day: Date| day.strftime("%Y-%m").to_string();
        let (from, to) = (month(from), month(to));
        for record in own.records(REVENUE, &from, MOST).await? {
            let parts: Vec<&str> = record.key.split(' ').collect();
            let [month, fee, unit] = *parts.as_slice() else { continue };
            if month > to.as_str() {
                break;
            }
            let of = |name: &str| record.body[name].as_i64().unwrap_or_default();
            if sees(unit) {
                board.revenue.push(Revenue {
                    month: month.to_owned(),
                    fee: fee.to_owned(),
                    unit: unit.to_owned(),
                    asked: of("asked"),
                    bank: of("bank"),
                    cash: of("cash"),
                    refunded: of("refunded"),
                    payments: of("payments"),
                });
            }
        }
        Ok(board)
    }

    /// The journal, the latest entry first.
    ///
    /// # Errors
    /// [`Error::NotYours`], and those of the graph.
    pub async fn journal(
        &self,
        session: &Session,
        offset: usize,
        limit: usize,
    ) -> Result<JournalPage, Error> {
        self.has(session, &[TREASURER])?;
        let query = EntityQuery {
            order: vec![OrderKey {
                subject: OrderSubject::Value(Path::attribute(self.names().of("number"))),
                direction: Direction::Descending,
            }],
            offset,
            limit: limit.min(MOST_A_PAGE),
            count: true,
            ..EntityQuery::of_type(self.names().of("JournalEntry"))
        };
        let page = Self::desk(session).query(query).await?;
        let entries = page.entities.iter().map(|stored| JournalEntry::read(self.names(), stored));
        Ok(JournalPage { entries: entries.collect::<Result<_, _>>()?, total: page.total.unwrap_or_default() })
    }

    /// What stands on one account, in đồng.
    pub(super) async fn balance(&self, tenant: &Tenant, account: &Account) -> Result<i64, Error> {
        let record = self.own(tenant).record(BALANCE, &account.to_string()).await?;
        Ok(record.and_then(|record| record.body["dong"].as_i64()).unwrap_or_default())
    }

    /// All balances of a tenant, for those who check the books.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn balances(&self, tenant: &Tenant) -> Result<Balances, Error> {
        let mut balances = Balances::default();
        for record in self.own(tenant).records(BALANCE, "", MOST).await? {
            if let Ok(account) = record.key.parse::<Account>() {
                balances.0.insert(account, record.body["dong"].as_i64().unwrap_or_default());
            }
        }
        Ok(balances)
    }

    /// Hands collected fees over to the treasury: what went out of the bank is explained by it.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::Bill`] for more than was collected and not handed over.
    pub async fn hand_over(
        &self,
        session: &Session,
        place: &dinh_ledger::Place,
        bank_account: &str,
        amount: Dong,
    ) -> Result<(), Error> {
        let unit = EntityId::parse(&place.unit).map_err(|_odd| Error::NotYours)?;
        self.acts(session, &[TREASURER], &unit)?;
        let tenant = session.tenant();
        let _booking = self.0.booking.lock().await;
        let owed = -self.balance(tenant, &Account::Treasury(place.clone())).await?;
        let unpaid = self.balance(tenant, &Account::Receivable(place.clone())).await?;
        let most = Dong::new(u64::try_from(owed - unpaid).unwrap_or_default())?;
        if amount.is_zero() {
            return Err(dinh_ledger::BillFault::Nothing.into());
        }
        if amount > most {
            return Err(dinh_ledger::BillFault::TooMuch(most).into());
        }
        let mut booking = self.begin(session);
        let out = Account::Unexplained(bank_account.to_owned());
        let entry = Entry::new().with(out, Account::Treasury(place.clone()), amount);
        self.enter(tenant, &mut booking, ("handed-over", &unit, &unit), &entry).await?;
        self.commit(session, booking).await
    }
}
