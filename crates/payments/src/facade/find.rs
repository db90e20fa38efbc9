//! What pages ask: bills of somebody, lines that wait, payments of a bill.

use dinh_context::Session;
use dinh_context::graph::Stored;
use dinh_ledger::{Dong, VietQr};
use dinh_model::EntityId;
use dinh_ngsild::query::{
    Direction, EntityQuery, Literal, Op as Compare, Operand, OrderKey, OrderSubject, Path, Q,
};
use jiff::civil::Date;
use serde_json::Value as Json;

use super::Payments;
use super::who::TREASURER;
use crate::Error;
use crate::model::{Bill, CollectionAccount, LineState, Payment, Statement, StatementLine};

/// Most of one page.
const MOST_A_PAGE: usize = 100;
/// Most payments of one bill that are shown.
const MOST_PAYMENTS: usize = 100;

/// A bill with what was paid of it, and how it can be paid.
#[derive(Clone, Debug)]
pub struct BillState {
    /// The bill.
    pub bill: Bill,
    /// What was paid, the latest first.
    pub payments: Vec<Payment>,
    /// Where it can be paid by transfer, and the QR for that; none if nothing is owed or the unit has no account.
    pub pay_to: Option<(CollectionAccount, VietQr)>,
    /// Whether whoever looks pays it.
    pub own: bool,
}

/// Lines of statements.
#[derive(Clone, Debug)]
pub struct LinesPage {
    /// The lines, the oldest first.
    pub lines: Vec<StatementLine>,
    /// How many there are in all.
    pub total: u64,
}

/// How many lines wait, by how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ageing {
    /// Up to 3 days.
    pub fresh: u64,
    /// 4 to 7 days.
    pub week: u64,
    /// 8 to 30 days.
    pub month: u64,
    /// Longer.
    pub older: u64,
}

/// What lies on the desk of a treasurer.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// Lines of which nobody knows for what they are, by age.
    pub lines: Ageing,
    /// Bills of which more was paid than is owed.
    pub over: u64,
    /// Bills of which something was paid, and not all.
    pub partial: u64,
    /// Bills of which nothing was paid.
    pub open: u64,
    /// Refunds that wait for approval, and those that wait to be paid out.
    pub refunds: (u64, u64),
    /// The statements that were brought in last.
    pub statements: Vec<Statement>,
}

impl Payments {
    /// Texts, numbers and links that equal a value.
    pub(super) fn is(&self, name: &str, value: Json) -> Q {
        let literal = match value {
            Json::Number(number) => Literal::Number(number.as_f64().unwrap_or_default()),
            Json::String(text) => Literal::Text(text),
            other => Literal::Text(other.to_string()),
        };
        self.compare(name, Compare::Eq, literal)
    }

    pub(super) fn compare(&self, name: &str, op: Compare, value: Literal) -> Q {
        Q::Compare { path: Path::attribute(self.names().of(name)), op, value: Operand::One(value) }
    }

    pub(super) fn order(&self, name: &str, direction: Direction) -> OrderKey {
        OrderKey { subject: OrderSubject::Value(Path::attribute(self.names().of(name))), direction }
    }

    fn is_bill(&self, stored: &Stored) -> bool {
        stored.entity.types.contains(&self.names().of("Bill"))
    }

    /// The bills of a dossier, as somebody may see them: as their own, or for their unit. The dossier is followed first, so
    /// that what it costs is there.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn bills_of(&self, session: &Session, case: &EntityId) -> Result<Vec<BillState>, Error> {
        self.account(session)?;
        self.follow_case(session.tenant(), case, None).await?;
        let query = || EntityQuery {
            q: Some(self.is("case", Json::String(case.to_string()))),
            order: vec![self.order("madeAt", Direction::Ascending)],
            limit: MOST_A_PAGE,
            ..EntityQuery::of_type(self.names().of("Bill"))
        };
        for (own, desk) in [(true, Self::own_desk(session)), (false, Self::desk(session))] {
            let page = desk.query(query()).await?;
            let mut bills = Vec::new();
            for stored in &page.entities {
                let bill = Bill::read(self.names(), stored)?;
                if !own || self.is_of(session, &bill) {
                    bills.push(self.with_payments(&desk, bill, own).await?);
                }
            }
            if !bills.is_empty() {
                return Ok(bills);
            }
        }
        Ok(Vec::new())
    }

    /// One bill, for whoever pays it and for those of its unit.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for one that whoever asks may not see.
    pub async fn show(&self, session: &Session, id: &EntityId) -> Result<BillState, Error> {
        self.account(session)?;
        for (own, desk) in [(true, Self::own_desk(session)), (false, Self::open_desk(session))] {
            if let Some(stored) = desk.find(id).await?.filter(|stored| self.is_bill(stored)) {
                let bill = Bill::read(self.names(), &stored)?;
                if !own || self.is_of(session, &bill) {
                    return self.with_payments(&desk, bill, own).await;
                }
            }
        }
        Err(Error::NoSuch(id.clone()))
    }

    /// What somebody owes and paid, the latest first.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], and those of the graph.
    pub async fn own_bills(&self, session: &Session) -> Result<Vec<BillState>, Error> {
        let account = self.account(session)?;
        let query = EntityQuery {
            q: Some(self.is("account", Json::String(account.id.to_string()))),
            order: vec![self.order("madeAt", Direction::Descending)],
            limit: MOST_A_PAGE,
            ..EntityQuery::of_type(self.names().of("Bill"))
        };
        let desk = Self::own_desk(session);
        let page = desk.query(query).await?;
        let mut bills = Vec::new();
        for stored in &page.entities {
            bills.push(self.with_payments(&desk, Bill::read(self.names(), stored)?, true).await?);
        }
        Ok(bills)
    }

    /// True if whoever asks pays a bill.
    fn is_of(&self, session: &Session, bill: &Bill) -> bool {
        self.account(session).is_ok_and(|account| bill.account.as_deref() == Some(&*account.id))
    }

    async fn with_payments(&self, desk: &Session, bill: Bill, own: bool) -> Result<BillState, Error> {
        let query = EntityQuery {
            q: Some(self.is("bill", Json::String(bill.id.to_string()))),
            order: vec![self.order("at", Direction::Descending)],
            limit: MOST_PAYMENTS,
            ..EntityQuery::of_type(self.names().of("Payment"))
        };
        let page = desk.query(query).await?;
        let payments = page.entities.iter().map(|stored| Payment::read(self.names(), stored));
        let mut payments: Vec<Payment> = payments.collect::<Result<_, _>>()?;
        payments.sort_by(|one, other| (other.at, &other.receipt).cmp(&(one.at, &one.receipt)));
        let owed = bill.bill.owed();
        let pay_to = if owed.is_zero() { None } else { self.account_of(desk.tenant(), &bill.unit).await? };
        let purpose = format!("{} {}", bill.reference, bill.title.vi);
        let pay_to = pay_to.map(|account| {
            let qr = VietQr::transfer(account.account.clone(), owed, &purpose);
            (account, qr)
        });
        Ok(BillState { bill, payments, pay_to, own })
    }

    /// A payment with its receipt, for whoever paid and for those of the unit.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for one that whoever asks may not see.
    pub async fn receipt_of(&self, session: &Session, id: &EntityId) -> Result<(Payment, BillState), Error> {
        self.account(session)?;
        for desk in [Self::own_desk(session), Self::desk(session)] {
            let found = desk.find(id).await?;
            let is_payment = |stored: &Stored| stored.entity.types.contains(&self.names().of("Payment"));
            if let Some(stored) = found.filter(is_payment) {
                let payment = Payment::read(self.names(), &stored)?;
                let bill = self.show(session, &payment.bill).await?;
                return Ok((payment, bill));
            }
        }
        Err(Error::NoSuch(id.clone()))
    }

    /// Lines of statements in a state, the oldest first, open to the treasurer of their unit.
    ///
    /// # Errors
    /// [`Error::NotYours`], and those of the graph.
    pub async fn lines(
        &self,
        session: &Session,
        state: LineState,
        offset: usize,
        limit: usize,
    ) -> Result<LinesPage, Error> {
        self.has(session, &[TREASURER])?;
        let oldest = matches!(state, LineState::Waiting | LineState::New);
        let direction = if oldest { Direction::Ascending } else { Direction::Descending };
        let query = EntityQuery {
            q: Some(self.is("state", state.name().into())),
            order: vec![self.order("day", direction)],
            offset,
            limit: limit.min(MOST_A_PAGE),
            count: true,
            ..EntityQuery::of_type(self.names().of("BankLine"))
        };
        let page = Self::open_desk(session).query(query).await?;
        let lines = page.entities.iter().map(|stored| StatementLine::read(self.names(), stored));
        Ok(LinesPage { lines: lines.collect::<Result<_, _>>()?, total: page.total.unwrap_or_default() })
    }

    /// Bills in a state, the oldest first, for the treasurer of their unit.
    ///
    /// # Errors
    /// [`Error::NotYours`], and those of the graph.
    pub async fn bills_in(
        &self,
        session: &Session,
        state: crate::BillStanding,
        limit: usize,
    ) -> Result<(Vec<Bill>, u64), Error> {
        self.has(session, &[TREASURER])?;
        let query = EntityQuery {
            q: Some(self.is("state", state.name().into())),
            order: vec![self.order("madeAt", Direction::Ascending)],
            limit: limit.min(MOST_A_PAGE),
            count: true,
            ..EntityQuery::of_type(self.names().of("Bill"))
        };
        let page = Self::desk(session).query(query).await?;
        let bills = page.entities.iter().map(|stored| Bill::read(self.names(), stored));
        Ok((bills.collect::<Result<_, _>>()?, page.total.unwrap_or_default()))
    }

    /// What lies on the desk of a treasurer.
    ///
    /// # Errors
    /// [`Error::NotYours`], and those of the graph.
    pub async fn waiting(&self, session: &Session) -> Result<Waiting, Error> {
        self.has(session, &[TREASURER])?;
        let desk = Self::desk(session);
        let today = self.today();
        let day = |ago: i32| today.checked_sub(jiff::Span::new().days(ago)).unwrap_or(Date::MIN);
        let count = |of: &str, q: Q| {
            let query = EntityQuery { q: Some(q), ..EntityQuery::of_type(self.names().of(of)) };
            let desk = desk.clone();
            async move { desk.count(query).await }
        };
        let state = |state: &str| self.is("state", state.into());
        let since = |ago: i32| {
            let from = self.compare("day", Compare::Ge, Literal::Text(day(ago).to_string()));
            Q::And(vec![state("waiting"), from])
        };
        let (three, seven, thirty) = (
            count("BankLine", since(3)).await?,
            count("BankLine", since(7)).await?,
            count("BankLine", since(30)).await?,
        );
        let all = count("BankLine", state("waiting")).await?;
        let lines = Ageing {
            fresh: three,
            week: seven.saturating_sub(three),
            month: thirty.saturating_sub(seven),
            older: all.saturating_sub(thirty),
        };
        let query = EntityQuery {
            order: vec![self.order("importedAt", Direction::Descending)],
            limit: 10,
            ..EntityQuery::of_type(self.names().of("BankStatement"))
        };
        let page = desk.query(query).await?;
        let statements = page.entities.iter().map(|stored| Statement::read(self.names(), stored));
        Ok(Waiting {
            lines,
            over: count("Bill", state("over")).await?,
            partial: count("Bill", state("partial")).await?,
            open: count("Bill", state("open")).await?,
            refunds: (count("Refund", state("asked")).await?, count("Refund", state("approved")).await?),
            statements: statements.collect::<Result<_, _>>()?,
        })
    }

    /// What a bill comes to in words of amounts: what is owed.
    pub fn owed(&self, bills: &[BillState]) -> Dong {
        bills.iter().fold(Dong::ZERO, |sum, one| sum.plus(one.bill.bill.owed()).unwrap_or(sum))
    }
}
