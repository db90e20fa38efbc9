//! Lines that a treasurer settles by hand: matched, set aside, and taken away again, each with its reason.

use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_ledger::{Dong, Reference, Source};
use dinh_model::{EntityId, Tenant};
use dinh_ngsild::query::{EntityQuery, Q};
use serde_json::Value as Json;

use super::books::Booking;
use super::receive::Money;
use super::who::TREASURER;
use super::{Payments, plain};
use crate::Error;
use crate::model::{Bill, LineState, Payment, StatementLine, Way};

/// Most payments of one line.
const MOST: usize = 100;

impl Payments {
    /// Says which bill a waiting line pays.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::State`] for a line that does not wait, [`Error::NoBill`], [`Error::OtherUnit`],
    /// [`Error::Text`] for a reason that says nothing.
    pub async fn match_line(
        &self,
        session: &Session,
        id: &EntityId,
        reference: &str,
        reason: &str,
    ) -> Result<(), Error> {
        let tenant = session.tenant();
        let reason = plain("reason", reason, 5, 500)?;
        let reference: Reference = reference.parse().map_err(|_odd| Error::NoBill(reference.to_owned()))?;
        let _booking = self.0.booking.lock().await;
        let line = self.line_to_settle(session, id, &[LineState::Waiting]).await?;
        let mut bill = match self.bill(tenant, &Bill::id_of(&reference)).await {
            Ok(bill) => bill,
            Err(Error::NoSuch(_)) => return Err(Error::NoBill(reference.to_string())),
            Err(error) => return Err(error),
        };
        // One treasurer keeps both, or the money would go from one unit to another by the way.
        if self.acts(session, &[TREASURER], &bill.unit).is_err() {
            return Err(Error::OtherUnit);
        }
        let amount = Dong::new(u64::try_from(line.amount).unwrap_or_default())?;
        let mut booking = self.begin(session);
        let money = Money {
            source: Source::Suspense(line.bank_account.clone()),
            way: Way::Bank,
            amount,
            day: line.day,
            line: Some(&line.id),
            note: Some(reason.chars().take(200).collect()),
        };
        self.receive(tenant, &mut booking, &mut bill, money).await?;
        let op = self.change_bill(&booking, &bill);
        booking.push(op);
        let bills = [bill.id.clone()];
        let op = self.line_as(&booking, &line, LineState::Matched, &reason, &bills);
        booking.push(op);
        self.commit(session, booking).await
    }

    /// Takes a line away from the bills that it paid: the payments are reversed, and it waits again.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::State`] for a line that pays nothing, [`Error::Bill`] if what it paid was given back
    /// since, [`Error::Text`].
    pub async fn unmatch_line(&self, session: &Session, id: &EntityId, reason: &str) -> Result<(), Error> {
        let tenant = session.tenant();
        let reason = plain("reason", reason, 5, 500)?;
        let _booking = self.0.booking.lock().await;
        let line = self.line_to_settle(session, id, &[LineState::Matched]).await?;
        let mut booking = self.begin(session);
        for payment in self.payments_of_line(tenant, &line.id).await? {
            self.reverse(tenant, &mut booking, (&payment, &line), &reason).await?;
        }
        let op = self.line_as(&booking, &line, LineState::Waiting, &reason, &[]);
        booking.push(op);
        self.commit(session, booking).await
    }

    /// Says that a waiting line pays no bill: cash that was taken to the bank, interest. Its money stays where it waits
    /// until it is explained in the books.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::State`], [`Error::Text`].
    pub async fn set_aside(&self, session: &Session, id: &EntityId, reason: &str) -> Result<(), Error> {
        let reason = plain("reason", reason, 5, 500)?;
        let _booking = self.0.booking.lock().await;
        let line = self.line_to_settle(session, id, &[LineState::Waiting]).await?;
        let mut booking = self.begin(session);
        let op = self.line_as(&booking, &line, LineState::SetAside, &reason, &[]);
        booking.push(op);
        self.commit(session, booking).await
    }

    async fn line_to_settle(
        &self,
        session: &Session,
        id: &EntityId,
        states: &[LineState],
    ) -> Result<StatementLine, Error> {
        let found = self.own(session.tenant()).find(id).await?;
        let found = found.filter(|stored| stored.entity.types.contains(&self.names().of("BankLine")));
        let stored = found.ok_or_else(|| Error::NoSuch(id.clone()))?;
        let line = StatementLine::read(self.names(), &stored)?;
        self.acts(session, &[TREASURER], &line.unit)?;
        if states.contains(&line.state) { Ok(line) } else { Err(Error::State(line.state.name())) }
    }

    fn line_as(
        &self,
        booking: &Booking,
        line: &StatementLine,
        state: LineState,
        reason: &str,
        bills: &[EntityId],
    ) -> Op {
        let fields = Fields::new(self.names(), booking.now)
            .with("state", state.name())
            .with("reason", reason)
            .maybe("officer", booking.officer.as_deref())
            .to_each("bills", bills);
        let mutation = Box::new(fields.change());
        Op::Mutate { id: line.id.clone(), mutation, expect: Some(line.version), types: None }
    }

    async fn payments_of_line(&self, tenant: &Tenant, line: &EntityId) -> Result<Vec<Payment>, Error> {
        let query = EntityQuery {
            q: Some(Q::And(vec![
                self.is("line", Json::String(line.to_string())),
                self.is("state", "valid".into()),
            ])),
            limit: MOST,
            ..EntityQuery::of_type(self.names().of("Payment"))
        };
        let page = self.own(tenant).query(query).await?;
        let payments = page.entities.iter().map(|stored| Payment::read(self.names(), stored));
        Ok(payments.collect::<Result<_, _>>()?)
    }

    /// Reverses a payment by an entry of its own; its receipt keeps its number and says that it is void.
    async fn reverse(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        (payment, line): (&Payment, &StatementLine),
        reason: &str,
    ) -> Result<(), Error> {
        let mut bill = self.bill(tenant, &payment.bill).await?;
        let to = Source::Suspense(line.bank_account.clone());
        let (after, entry) = bill.bill.take_away(&to, payment.share)?;
        bill.bill = after;
        let op = self.change_bill(booking, &bill);
        booking.push(op);
        self.enter(tenant, booking, ("reversed", &payment.id, &bill.unit), &entry).await?;
        booking.count(&bill, payment.way.name(), -payment.amount.signed());
        booking.count(&bill, "payments", -1);
        let fields = Fields::new(self.names(), booking.now).with("state", "reversed").with("reason", reason);
        let mutation = Box::new(fields.change());
        let expect = Some(payment.version);
        booking.push(Op::Mutate { id: payment.id.clone(), mutation, expect, types: None });
        Ok(())
    }
}
