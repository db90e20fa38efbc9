//! Cash at a counter: taken with a receipt, counted at the end of the day.

use std::sync::Arc;

use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_ledger::{Account, Dong, Entry, Source};
use dinh_model::{Entity, EntityId};
use dinh_ngsild::query::{Direction, EntityQuery, Q};
use serde_json::Value as Json;

use super::receive::Money;
use super::who::TAKERS;
use super::{Payments, plain};
use crate::Error;
use crate::model::{Payment, TillClosing, Way};

/// Most payments and closings that are shown.
const MOST: usize = 500;

/// A till, as it stands.
#[derive(Clone, Debug)]
pub struct Closing {
    /// What should be in it, in đồng.
    pub expected: i64,
    /// What was taken today in cash, the latest first.
    pub today: Vec<Payment>,
    /// The last closings, the latest first.
    pub before: Vec<TillClosing>,
}

impl Payments {
    /// Takes cash for a bill, and gives the number of its receipt.
    ///
    /// # Errors
    /// [`Error::NotYours`] for others than those at the counter of the unit, [`Error::Change`] for more than is owed,
    /// [`Error::Card`], [`Error::Bill`].
    pub async fn take_cash(
        &self,
        session: &Session,
        id: &EntityId,
        amount: Dong,
        note: &str,
    ) -> Result<Payment, Error> {
        let tenant = session.tenant();
        let note = plain("note", note, 0, 200)?;
        let _booking = self.0.booking.lock().await;
        let mut bill = self.bill(tenant, id).await?;
        self.acts(session, &TAKERS, &bill.unit)?;
        let owed = bill.bill.owed();
        if owed.is_zero() {
            return Err(Error::State("paid"));
        }
        if amount > owed {
            return Err(Error::Change(owed));
        }
        let mut booking = self.begin(session);
        let money = Money {
            source: Source::Till(bill.unit.to_string()),
            way: Way::Cash,
            amount,
            day: self.today(),
            line: None,
            note: Some(note).filter(|note| !note.is_empty()),
        };
        let payment = self.receive(tenant, &mut booking, &mut bill, money).await?;
        let op = self.change_bill(&booking, &bill);
        booking.push(op);
        self.commit(session, booking).await?;
        Ok(payment)
    }

    /// The till of a unit.
    ///
    /// # Errors
    /// [`Error::NotYours`], and those of the graph.
    pub async fn till(&self, session: &Session, unit: &EntityId) -> Result<Closing, Error> {
        self.acts(session, &TAKERS, unit)?;
        let desk = Self::desk(session);
        let of_unit = || self.is("unit", Json::String(unit.to_string()));
        let query = EntityQuery {
            q: Some(Q::And(vec![
                of_unit(),
                self.is("way", Way::Cash.name().into()),
                self.is("day", self.today().to_string().into()),
            ])),
            order: vec![self.order("at", Direction::Descending)],
            limit: MOST,
            ..EntityQuery::of_type(self.names().of("Payment"))
        };
        let payments = desk.query(query).await?;
        let query = EntityQuery {
            q: Some(of_unit()),
            order: vec![self.order("at", Direction::Descending)],
            limit: 10,
            ..EntityQuery::of_type(self.names().of("TillClosing"))
        };
        let closings = desk.query(query).await?;
        let payments = payments.entities.iter().map(|stored| Payment::read(self.names(), stored));
        let closings = closings.entities.iter().map(|stored| TillClosing::read(self.names(), stored));
        Ok(Closing {
            expected: self.balance(session.tenant(), &Account::Till(unit.to_string())).await?,
            today: payments.collect::<Result<_, _>>()?,
            before: closings.collect::<Result<_, _>>()?,
        })
    }

    /// Closes a till: what was counted, and what of it goes to the bank. What differs from the books is booked as a
    /// difference, with its explanation.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::Text`] for a difference without an explanation, [`Error::Bill`] if more goes to the
    /// bank than was counted, [`Error::NoAccount`] if the unit has no account.
    pub async fn close_till(
        &self,
        session: &Session,
        unit: &EntityId,
        (counted, deposited): (Dong, Dong),
        note: &str,
    ) -> Result<TillClosing, Error> {
        self.acts(session, &TAKERS, unit)?;
        let tenant = session.tenant();
        let bank = if deposited.is_zero() { None } else { self.account_of(tenant, unit).await? };
        if bank.is_none() && !deposited.is_zero() {
            return Err(Error::NoAccount);
        }
        if deposited > counted {
            return Err(dinh_ledger::BillFault::TooMuch(counted).into());
        }
        let _booking = self.0.booking.lock().await;
        let till = Account::Till(unit.to_string());
        let expected = self.balance(tenant, &till).await?;
        let differs = counted.signed() != expected;
        let note = plain("note", note, if differs { 5 } else { 0 }, 500)?;
        let mut booking = self.begin(session);
        let off = Account::Difference(unit.to_string());
        let gap = Dong::new((counted.signed() - expected).unsigned_abs())?;
        let (from, to) = if counted.signed() > expected { (off, till.clone()) } else { (till.clone(), off) };
        let mut entry = Entry::new().with(from, to, gap);
        if let Some(bank) = &bank {
            // The statement of the bank brings it in, and it is known then for what it is.
            entry = entry.with(till, Account::Suspense(bank.key()), deposited);
        }
        let (id, now) = (self.fresh("TillClosing"), booking.now);
        self.enter(tenant, &mut booking, ("till", &id, unit), &entry).await?;
        let mut entity = Entity::new(id.clone(), self.names().of("TillClosing"), now);
        entity.attributes = Fields::new(self.names(), now)
            .to("unit", unit)
            .with("day", self.today().to_string())
            .with("expected", expected)
            .with("counted", counted.get())
            .with("deposited", deposited.get())
            .maybe("bankAccount", bank.map(|bank| bank.key()))
            .maybe("note", Some(note).filter(|note| !note.is_empty()))
            .with("at", now.to_string())
            .maybe("officer", booking.officer.clone())
            .attributes;
        booking.push(Op::Create(Arc::new(entity)));
        self.commit(session, booking).await?;
        let stored = self.own(tenant).find(&id).await?.ok_or(Error::NoSuch(id))?;
        Ok(TillClosing::read(self.names(), &stored)?)
    }
}
