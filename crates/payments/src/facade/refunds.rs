//! Money is given back: one person asks for it, another approves, and it is paid out with a voucher.

use std::sync::Arc;

use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_ledger::{BankAccount, Dong, Source};
use dinh_model::{Entity, EntityId};
use dinh_ngsild::query::{Direction, EntityQuery};
use serde_json::json;

use super::who::{CHECKERS, TAKERS, TREASURER};
use super::{Payments, plain};
use crate::Error;
use crate::model::{Refund, RefundState};

/// Most of one page.
const MOST_A_PAGE: usize = 100;

/// To which account money goes back.
#[derive(Clone, Debug)]
pub struct PayTo {
    /// The bank, by its number at NAPAS.
    pub bin: String,
    /// The number.
    pub number: String,
    /// Whose it is.
    pub holder: String,
}

impl Payments {
    /// Asks for money to be given back. Nothing moves yet.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::Bill`] for more than was paid, [`Error::Bank`], [`Error::Card`], [`Error::Text`].
    pub async fn ask_refund(
        &self,
        session: &Session,
        bill: &EntityId,
        amount: Dong,
        reason: &str,
        to: &PayTo,
    ) -> Result<Refund, Error> {
        let tenant = session.tenant();
        let reason = plain("reason", reason, 5, 500)?;
        let bank = BankAccount::new(&to.bin, &to.number)?;
        if dinh_ledger::card::looks_like_one(&bank.number) {
            return Err(Error::Card("number"));
        }
        let holder = plain("holder", &to.holder, 2, 100)?;
        let _booking = self.0.booking.lock().await;
        let bill = self.bill(tenant, bill).await?;
        let maker = self.acts(session, &TAKERS, &bill.unit)?.id.to_string();
        // What cannot be given back is not asked for.
        bill.bill.refund(amount)?;
        let (id, now) = (self.fresh("Refund"), self.now());
        let mut entity = Entity::new(id.clone(), self.names().of("Refund"), now);
        entity.attributes = Fields::new(self.names(), now)
            .to("bill", &bill.id)
            .to("unit", &bill.unit)
            .with("amount", amount.get())
            .with("reason", reason)
            .with("payTo", json!({"bin": bank.bin, "number": bank.number, "holder": holder}))
            .with("state", RefundState::Asked.name())
            .with("maker", maker)
            .with("askedAt", now.to_string())
            .maybe("account", bill.account.as_deref())
            .attributes;
        self.write(session, vec![Op::Create(Arc::new(entity))]).await?;
        self.refund(session, &id).await
    }

    /// Approves or refuses what another asked for.
    ///
    /// # Errors
    /// [`Error::SamePerson`] for whoever asked for it themselves, [`Error::NotYours`], [`Error::State`] for one that was
    /// decided, [`Error::Bill`] if there is not so much left to be given back, [`Error::Text`] for a refusal without a reason.
    pub async fn decide_refund(
        &self,
        session: &Session,
        id: &EntityId,
        approve: bool,
        answer: &str,
    ) -> Result<Refund, Error> {
        let tenant = session.tenant();
        let answer = plain("answer", answer, if approve { 0 } else { 5 }, 500)?;
        let _booking = self.0.booking.lock().await;
        let refund = self.refund(session, id).await?;
        let checker = self.acts(session, &CHECKERS, &refund.unit)?.id.to_string();
        if refund.state != RefundState::Asked {
            return Err(Error::State(refund.state.name()));
        }
        if checker == refund.maker {
            return Err(Error::SamePerson);
        }
        let mut booking = self.begin(session);
        if approve {
            let mut bill = self.bill(tenant, &refund.bill).await?;
            let (after, entry) = bill.bill.refund(refund.amount)?;
            bill.bill = after;
            let op = self.change_bill(&booking, &bill);
            booking.push(op);
            self.enter(tenant, &mut booking, ("refund", id, &refund.unit), &entry).await?;
            booking.count(&bill, "refunded", refund.amount.signed());
        }
        let state = if approve { RefundState::Approved } else { RefundState::Refused };
        let fields = Fields::new(self.names(), booking.now)
            .with("state", state.name())
            .with("checker", checker)
            .with("decidedAt", booking.now.to_string())
            .maybe("answer", Some(answer).filter(|answer| !answer.is_empty()));
        let mutation = Box::new(fields.change());
        booking.push(Op::Mutate { id: id.clone(), mutation, expect: Some(refund.version), types: None });
        self.commit(session, booking).await?;
        self.refund(session, id).await
    }

    /// Says that an approved refund was paid out.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::State`] for one that was not approved, [`Error::NoAccount`], [`Error::Text`].
    pub async fn pay_refund(&self, session: &Session, id: &EntityId, voucher: &str) -> Result<Refund, Error> {
        let tenant = session.tenant();
        let voucher = plain("voucher", voucher, 1, 60)?;
        let _booking = self.0.booking.lock().await;
        let refund = self.refund(session, id).await?;
        let payer = self.acts(session, &[TREASURER], &refund.unit)?.id.to_string();
        if refund.state != RefundState::Approved {
            return Err(Error::State(refund.state.name()));
        }
        let account = self.account_of(tenant, &refund.unit).await?.ok_or(Error::NoAccount)?;
        let mut bill = self.bill(tenant, &refund.bill).await?;
        let (after, entry) = bill.bill.paid_back(&Source::Out(account.key()), refund.amount)?;
        bill.bill = after;
        let mut booking = self.begin(session);
        let op = self.change_bill(&booking, &bill);
        booking.push(op);
        self.enter(tenant, &mut booking, ("paid-back", id, &refund.unit), &entry).await?;
        let fields = Fields::new(self.names(), booking.now)
            .with("state", RefundState::Paid.name())
            .with("payer", payer)
            .with("paidAt", booking.now.to_string())
            .with("voucher", voucher);
        let mutation = Box::new(fields.change());
        booking.push(Op::Mutate { id: id.clone(), mutation, expect: Some(refund.version), types: None });
        self.commit(session, booking).await?;
        self.refund(session, id).await
    }

    /// Refunds of the units of whoever asks, the latest first.
    ///
    /// # Errors
    /// [`Error::NotYours`], and those of the graph.
    pub async fn refunds(&self, session: &Session) -> Result<Vec<Refund>, Error> {
        let account = self.has(session, &CHECKERS).or_else(|_| self.has(session, &TAKERS))?;
        let query = EntityQuery {
            order: vec![self.order("askedAt", Direction::Descending)],
            limit: MOST_A_PAGE,
            ..EntityQuery::of_type(self.names().of("Refund"))
        };
        let is_treasurer = account.roles.contains(TREASURER);
        let desk = if is_treasurer { Self::open_desk(session) } else { Self::desk(session) };
        let page = desk.query(query).await?;
        let refunds = page.entities.iter().map(|stored| Refund::read(self.names(), stored));
        Ok(refunds.collect::<Result<_, _>>()?)
    }

    async fn refund(&self, session: &Session, id: &EntityId) -> Result<Refund, Error> {
        let found = self.own(session.tenant()).find(id).await?;
        let found = found.filter(|stored| stored.entity.types.contains(&self.names().of("Refund")));
        let stored = found.ok_or_else(|| Error::NoSuch(id.clone()))?;
        Ok(Refund::read(self.names(), &stored)?)
    }
}
