//! Money comes for a bill.

use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_context::fields::{Fields, Reading};
use dinh_context::graph::Op;
use dinh_ledger::{Dong, Source};
use dinh_model::{Entity, EntityId, Tenant};
use jiff::civil::Date;
use serde_json::json;

use super::Payments;
use super::books::Booking;
use super::settle::SETTLE;
use crate::Error;
use crate::model::{Bill, Payment, Way};

/// Money on its way to a bill.
pub(super) struct Money<'a> {
    pub(super) source: Source,
    pub(super) way: Way,
    pub(super) amount: Dong,
    pub(super) day: Date,
    pub(super) line: Option<&'a EntityId>,
    pub(super) note: Option<String>,
}

impl Payments {
    /// Takes money for a bill: the payment with its receipt, the entry, what is counted, and what the case is to be told.
    /// The bill itself is written by whoever calls, once, with [`Payments::change_bill`].
    pub(super) async fn receive(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        bill: &mut Bill,
        money: Money<'_>,
    ) -> Result<Payment, Error> {
        let (after, share, entry) = bill.bill.receive(&money.source, money.amount)?;
        bill.bill = after;
        let payment = Payment {
            id: self.fresh("Payment"),
            version: 0,
            bill: bill.id.clone(),
            line: money.line.cloned(),
            unit: bill.unit.clone(),
            way: money.way,
            source: money.source,
            amount: money.amount,
            share,
            at: booking.now,
            day: money.day,
            receipt: self.receipt(tenant, booking, &bill.unit).await?,
            note: money.note,
            officer: booking.officer.clone(),
            reversed: None,
            account: bill.account.clone(),
        };
        let mut entity = Entity::new(payment.id.clone(), self.names().of("Payment"), booking.now);
        entity.attributes = payment.whole(Fields::new(self.names(), booking.now)).attributes;
        booking.push(Op::Create(Arc::new(entity)));
        self.enter(tenant, booking, (payment.way.name(), &payment.id, &bill.unit), &entry).await?;
        booking.count(bill, payment.way.name(), payment.amount.signed());
        booking.count(bill, "payments", 1);
        if let Some(case) = bill.case.as_ref().filter(|_| bill.bill.is_paid()) {
            let body = json!({"case": case, "receipt": payment.receipt});
            booking.push(Op::PutRecord {
                kind: SETTLE.to_owned(),
                key: format!("{case} {}", payment.receipt),
                body,
            });
        }
        Ok(payment)
    }

    /// The operation that writes a bill as it is now, on the version that was read.
    pub(super) fn change_bill(&self, booking: &Booking, bill: &Bill) -> Op {
        let mutation = Box::new(bill.drawn(Fields::new(self.names(), booking.now)).change());
        Op::Mutate { id: bill.id.clone(), mutation, expect: Some(bill.version), types: None }
    }

    /// The next number of a receipt of a unit and year: `BL-H57.20.01-26-000001`.
    async fn receipt(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        unit: &EntityId,
    ) -> Result<String, Error> {
        let found = self.own(tenant).find(unit).await?;
        let code = found.and_then(|stored| {
            let from = Reading { names: self.names(), entity: &stored.entity };
            from.text("code").map(str::to_owned)
        });
        let code = code.unwrap_or_else(|| unit.as_str().rsplit(':').next().unwrap_or_default().to_owned());
        let year = official_day(booking.now.to_jiff()).strftime("%y").to_string();
        let key = format!("BL-{code}-{year}");
        let serial = self.next(tenant, booking, &key).await?;
        Ok(format!("{key}-{serial:06}"))
    }
}
