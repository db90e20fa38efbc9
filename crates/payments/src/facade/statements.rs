//! Lines of statements find their bills.

use std::collections::{BTreeMap, BTreeSet};

use dinh_calendar::official_day;
use dinh_context::fields::Fields;
use dinh_context::graph::{Commit, Op};
use dinh_ledger::{Account, Came, Dong, Entry, Match, Open, Source, matched, references_in};
use dinh_model::{EntityId, Tenant};
use dinh_ngsild::query::{Direction, EntityQuery, Q};
use serde_json::Value as Json;

use super::Payments;
use super::books::Booking;
use super::receive::Money;
use crate::Error;
use crate::model::{Bill, Finding, LineState, StatementLine, Way};

/// Kind of the records that say that a statement has lines nobody looked at yet.
pub(super) const MATCH: &str = "money-match";
/// Lines that are matched in one commit.
const CHUNK: usize = 100;
/// Most bills of one amount that are looked at for a line without a reference.
const MOST_ALIKE: usize = 12;

impl Payments {
    /// Finds bills for all lines that nobody looked at yet, and says how many lines there were.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn match_waiting(&self, tenant: &Tenant) -> Result<usize, Error> {
        let own = self.own(tenant);
        let mut done = 0;
        for record in own.records(MATCH, "", CHUNK).await? {
            let Some(statement) =
                record.body["statement"].as_str().and_then(|text| EntityId::parse(text).ok())
            else {
                continue;
            };
            loop {
                let lines = self.match_some(tenant, &statement).await?;
                done += lines;
                if lines == 0 {
                    break;
                }
            }
            let gone = Op::DeleteRecord { kind: MATCH.to_owned(), key: record.key };
            own.commit(Commit::atomic(vec![gone])).await?;
        }
        Ok(done)
    }

    /// Matches the next lines of a statement, in its order, in one commit.
    async fn match_some(&self, tenant: &Tenant, statement: &EntityId) -> Result<usize, Error> {
        let own = self.own(tenant);
        let _booking = self.0.booking.lock().await;
        let query = EntityQuery {
            q: Some(Q::And(vec![
                self.is("statement", Json::String(statement.to_string())),
                self.is("state", LineState::New.name().into()),
            ])),
            // The store's own order is that in which they were brought in, and needs no sorting of all that wait.
            limit: CHUNK,
            ..EntityQuery::of_type(self.names().of("BankLine"))
        };
        let page = own.query(query).await?;
        let lines = page.entities.iter().map(|stored| StatementLine::read(self.names(), stored));
        let lines: Vec<StatementLine> = lines.collect::<Result<_, _>>()?;
        if lines.is_empty() {
            return Ok(0);
        }
        let mut bills = self.bills_for(tenant, &lines).await?;
        let open: Vec<Open> = bills
            .iter()
            .map(|bill| Open {
                reference: bill.reference.clone(),
                owed: bill.bill.owed(),
                since: official_day(bill.made.to_jiff()),
            })
            .collect();
        let incoming: Vec<(usize, Dong)> = lines
            .iter()
            .enumerate()
            .filter_map(|(place, line)| {
                let came = u64::try_from(line.amount).ok().filter(|dong| *dong > 0);
                Some((place, Dong::new(came?).ok()?))
            })
            .collect();
        let came: Vec<Came<'_>> = incoming
            .iter()
            .map(|(place, amount)| {
                let line = &lines[*place];
                Came { text: line.text.as_deref().unwrap_or_default(), amount: *amount, day: line.day }
            })
            .collect();
        let found = matched(&came, &open);
        let mut booking = self.begin(&own);
        let mut touched = BTreeSet::new();
        for ((place, amount), found) in incoming.iter().zip(&found) {
            let paid = self
                .settle_line(tenant, &mut booking, (&lines[*place], *amount), &found.what, &mut bills)
                .await?;
            touched.extend(paid);
        }
        for line in lines.iter().filter(|line| line.amount < 0) {
            self.goes_out(tenant, &mut booking, line).await?;
        }
        for place in touched {
            let op = self.change_bill(&booking, &bills[place]);
            booking.push(op);
        }
        let count = lines.len();
        self.commit(&own, booking).await?;
        Ok(count)
    }

    /// The bills that some lines may be for: those that they name, and open ones of their amounts.
    async fn bills_for(&self, tenant: &Tenant, lines: &[StatementLine]) -> Result<Vec<Bill>, Error> {
        let own = self.own(tenant);
        let mut bills: BTreeMap<EntityId, Bill> = BTreeMap::new();
        let mut amounts: BTreeMap<i64, EntityId> = BTreeMap::new();
        let mut named: BTreeSet<EntityId> = BTreeSet::new();
        for line in lines.iter().filter(|line| line.amount > 0) {
            let references = references_in(line.text.as_deref().unwrap_or_default());
            if references.is_empty() {
                amounts.insert(line.amount, line.unit.clone());
            }
            named.extend(references.iter().map(Bill::id_of));
        }
        let named: Vec<EntityId> = named.into_iter().collect();
        for ids in named.chunks(CHUNK) {
            let query = EntityQuery {
                ids: ids.to_vec(),
                limit: CHUNK,
                ..EntityQuery::of_type(self.names().of("Bill"))
            };
            for stored in &own.query(query).await?.entities {
                bills.insert(stored.entity.id.clone(), Bill::read(self.names(), stored)?);
            }
        }
        for amount in amounts.into_keys() {
            let query = EntityQuery {
                q: Some(self.is("owed", amount.into())),
                order: vec![self.order("madeAt", Direction::Descending)],
                limit: MOST_ALIKE,
                ..EntityQuery::of_type(self.names().of("Bill"))
            };
            for stored in &own.query(query).await?.entities {
                bills.insert(stored.entity.id.clone(), Bill::read(self.names(), stored)?);
            }
        }
        Ok(bills.into_values().collect())
    }

    /// Books one line that came in, and says which bills it paid.
    async fn settle_line(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        (line, amount): (&StatementLine, Dong),
        found: &Match,
        bills: &mut [Bill],
    ) -> Result<Vec<usize>, Error> {
        let (finding, pays, candidates) = match found {
            Match::Exact(one) => (Finding::Exact, vec![(*one, amount)], Vec::new()),
            Match::Partial(one) => (Finding::Partial, vec![(*one, amount)], Vec::new()),
            Match::Over(one) => (Finding::Over, vec![(*one, amount)], Vec::new()),
            Match::Several(all) => (
                Finding::Several,
                all.iter().map(|one| (*one, bills[*one].bill.owed())).collect(),
                Vec::new(),
            ),
            Match::Ambiguous(all) => (Finding::Ambiguous, Vec::new(), all.clone()),
            Match::Likely(one) => (Finding::Likely, Vec::new(), vec![*one]),
            Match::Unknown => (Finding::Unknown, Vec::new(), Vec::new()),
        };
        let mut paid = Vec::new();
        for (place, amount) in pays {
            let money = Money {
                source: Source::Bank(line.bank_account.clone()),
                way: Way::Bank,
                amount,
                day: line.day,
                line: Some(&line.id),
                note: None,
            };
            self.receive(tenant, booking, &mut bills[place], money).await?;
            paid.push(place);
        }
        let state = if paid.is_empty() { LineState::Waiting } else { LineState::Matched };
        if paid.is_empty() {
            let (bank, waits) =
                (Account::Bank(line.bank_account.clone()), Account::Suspense(line.bank_account.clone()));
            let entry = Entry::new().with(waits, bank, amount);
            self.enter(tenant, booking, ("unknown", &line.id, &line.unit), &entry).await?;
        }
        let references: Vec<Json> =
            candidates.iter().map(|place| Json::String(bills[*place].reference.to_string())).collect();
        let paid_bills: Vec<EntityId> = paid.iter().map(|place| bills[*place].id.clone()).collect();
        let fields = Fields::new(self.names(), booking.now)
            .with("state", state.name())
            .with("found", finding.name())
            .with("candidates", Json::Array(references))
            .to_each("bills", &paid_bills);
        let mutation = Box::new(fields.change());
        booking.push(Op::Mutate { id: line.id.clone(), mutation, expect: Some(line.version), types: None });
        Ok(paid)
    }

    /// Money that went: booked, and explained by what is paid back or handed over.
    async fn goes_out(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        line: &StatementLine,
    ) -> Result<(), Error> {
        let amount = Dong::new(line.amount.unsigned_abs())?;
        let (bank, out) =
            (Account::Bank(line.bank_account.clone()), Account::Unexplained(line.bank_account.clone()));
        self.enter(tenant, booking, ("out", &line.id, &line.unit), &Entry::new().with(bank, out, amount))
            .await?;
        let fields = Fields::new(self.names(), booking.now).with("state", LineState::Out.name());
        let mutation = Box::new(fields.change());
        booking.push(Op::Mutate { id: line.id.clone(), mutation, expect: Some(line.version), types: None });
        Ok(())
    }
}
