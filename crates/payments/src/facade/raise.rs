//! Bills are made for what cases cost, and taken back when that is not asked any more.

use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_cases::Charge;
use dinh_casework::{CHARGED, Charged};
use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::{Commit, Op};
use dinh_ledger::{Dong, Place, Reference, Source};
use dinh_model::{Entity, EntityId, Tenant};
use serde_json::Value as Json;

use super::Payments;
use super::books::Booking;
use super::receive::Money;
use crate::Error;
use crate::model::{Bill, Way};

/// Key of the counter of references.
const REFERENCES: &str = "reference";
/// Between the references of two bills: a prime number, so that nobody guesses the one of the next.
const STRIDE: u64 = 7_919_377_011;
/// Records that are looked at at a time.
const CHUNK: usize = 100;

/// A bill of anything to be made.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// The unit that asks for it.
    pub unit: EntityId,
    /// What is asked, by a code: `tuition/2026-11`.
    pub fee: String,
    /// What that is called.
    pub title: dinh_calendar::Named,
    /// How much.
    pub amount: Dong,
    /// The account that pays.
    pub account: Option<String>,
    /// Who pays.
    pub payer: Option<String>,
    /// The dossier that costs it, and its number.
    pub case: Option<(EntityId, Option<String>)>,
    /// What it stands on.
    pub charge: Option<Charge>,
}

impl Payments {
    /// Makes a bill, in the commit under way.
    pub(super) async fn make_bill(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        fresh: Fresh,
    ) -> Result<Bill, Error> {
        let number = self.next(tenant, booking, REFERENCES).await?;
        let reference = Reference::nth(number.wrapping_mul(STRIDE));
        let place = Place { fee: fresh.fee.clone(), unit: fresh.unit.to_string() };
        let (bill, entry) = dinh_ledger::Bill::asked(place, fresh.amount)?;
        let (case, case_number) = fresh.case.unzip();
        let bill = Bill {
            id: Bill::id_of(&reference),
            version: 0,
            reference,
            unit: fresh.unit,
            case,
            case_number: case_number.flatten(),
            fee: fresh.fee,
            title: fresh.title,
            bill,
            charge: fresh.charge,
            made: booking.now,
            account: fresh.account,
            payer: fresh.payer,
        };
        let mut entity = Entity::new(bill.id.clone(), self.names().of("Bill"), booking.now);
        entity.attributes = bill.whole(Fields::new(self.names(), booking.now)).attributes;
        booking.push(Op::Create(Arc::new(entity)));
        self.enter(tenant, booking, ("asked", &bill.id, &bill.unit), &entry).await?;
        booking.count(&bill, "asked", bill.bill.amount.signed());
        Ok(bill)
    }

    /// Makes a bill of anything: for a part of the program that asks for tuition, water or another sum.
    ///
    /// # Errors
    /// [`Error::Bill`] for a bill of nothing, and those of the graph.
    pub async fn ask(&self, session: &Session, fresh: Fresh) -> Result<Bill, Error> {
        let _booking = self.0.booking.lock().await;
        let mut booking = self.begin(session);
        let bill = self.make_bill(session.tenant(), &mut booking, fresh).await?;
        let id = bill.id.clone();
        self.commit(session, booking).await?;
        self.bill(session.tenant(), &id).await
    }

    /// Looks at every case of which something about its costs was told, and says how many there were.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn keep_up(&self, tenant: &Tenant) -> Result<usize, Error> {
        let own = self.own(tenant);
        let (mut done, mut after) = (0, String::new());
        loop {
            let records = own.records(CHARGED, &after, CHUNK).await?;
            let Some(last) = records.last() else { return Ok(done) };
            after.clone_from(&last.key);
            for record in &records {
                let case = record.body["case"].as_str().and_then(|text| EntityId::parse(text).ok());
                match case {
                    Some(case) => match self.follow_case(tenant, &case, Some(&record.key)).await {
                        Ok(()) => done += 1,
                        // Somebody else writes a bill at this moment, or the case is gone: the next round sees.
                        Err(error) => tracing::warn!(%case, %error, "the costs of a case were not followed"),
                    },
                    None => self.forget(&own, &record.key).await?,
                }
            }
        }
    }

    async fn forget(&self, own: &Session, key: &str) -> Result<(), Error> {
        let gone = Op::DeleteRecord { kind: CHARGED.to_owned(), key: key.to_owned() };
        own.commit(Commit::atomic(vec![gone])).await?;
        Ok(())
    }

    /// Makes the bills of a case be what the case says, in one commit with the end of the record that told of it.
    pub(super) async fn follow_case(
        &self,
        tenant: &Tenant,
        case: &EntityId,
        record: Option<&str>,
    ) -> Result<(), Error> {
        let own = self.own(tenant);
        let charged = match self.0.casework.charged(tenant, case).await {
            Ok(charged) => charged,
            Err(dinh_casework::Error::NoSuch(_)) => {
                return match record {
                    Some(key) => self.forget(&own, key).await,
                    None => Ok(()),
                };
            }
            Err(error) => return Err(error.into()),
        };
        let _booking = self.0.booking.lock().await;
        // It may have been followed since by whoever held the books.
        if let Some(key) = record
            && own.record(CHARGED, key).await?.is_none()
        {
            return Ok(());
        }
        let mut booking = self.begin(&own);
        let there = self.bills_by(tenant, "case", case).await?;
        self.follow(tenant, &mut booking, (case, &charged), there).await?;
        if let Some(key) = record {
            booking.push(Op::DeleteRecord { kind: CHARGED.to_owned(), key: key.to_owned() });
        }
        self.commit(&own, booking).await
    }

    async fn follow(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        (case, charged): (&EntityId, &Charged),
        there: Vec<Bill>,
    ) -> Result<(), Error> {
        let wanted: Vec<(String, Dong, &Charge, &dinh_calendar::Named)> = charged
            .charges
            .iter()
            .filter_map(|(charge, title)| {
                let amount = Dong::new(charge.amount).ok().filter(|amount| !amount.is_zero())?;
                Some((format!("{}/{}", charged.kind, charge.fee), amount, charge, title))
            })
            .collect();
        let mut open: Vec<Bill> = Vec::new();
        for mut bill in there.into_iter().filter(|bill| !bill.bill.cancelled) {
            let asked = wanted.iter().find(|(fee, ..)| *fee == bill.fee);
            let is_same =
                asked.is_some_and(|(_, amount, ..)| *amount == bill.asked() || !bill.bill.paid.is_zero());
            // Where nobody may pay at the moment what was asked stays; what is refused or taken back is not asked.
            let is_over = charged.ended && !charged.asked;
            if is_over || !is_same {
                self.cancel(tenant, booking, &mut bill).await?;
                let op = self.change_bill(booking, &bill);
                booking.push(op);
                continue;
            }
            open.push(bill);
        }
        let is_new = |fee: &str| !open.iter().any(|bill| bill.fee == fee);
        let mut made = Vec::new();
        if charged.asked || charged.paid.is_some() {
            for (fee, amount, charge, title) in wanted.iter().filter(|(fee, ..)| is_new(fee)) {
                let fresh = Fresh {
                    unit: charged.unit.clone(),
                    fee: fee.clone(),
                    title: (*title).clone(),
                    amount: *amount,
                    account: charged.account.clone(),
                    payer: Some(charged.name.clone()).filter(|name| !name.is_empty()),
                    case: Some((case.clone(), charged.number.clone())),
                    charge: Some((*charge).clone()),
                };
                made.push(self.make_bill(tenant, booking, fresh).await?);
            }
        }
        let kept =
            open.into_iter().map(|bill| (bill, true)).chain(made.into_iter().map(|bill| (bill, false)));
        for (mut bill, was_there) in kept {
            let before = (bill.bill.clone(), bill.case_number.clone());
            bill.case_number.clone_from(&charged.number);
            if let Some((_, told)) = &charged.paid {
                self.by_hand(tenant, booking, &mut bill, told).await?;
            }
            if before != (bill.bill.clone(), bill.case_number.clone()) {
                if !was_there {
                    // What was made in this very commit has the version that it gets.
                    bill.version = 1;
                }
                let mut op = self.change_bill(booking, &bill);
                if let (Op::Mutate { expect, .. }, false) = (&mut op, was_there) {
                    *expect = None;
                }
                booking.push(op);
            }
        }
        Ok(())
    }

    /// Somebody at the desk says that a case was paid: what is still owed was taken there, in cash.
    async fn by_hand(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        bill: &mut Bill,
        told: &str,
    ) -> Result<(), Error> {
        let owed = bill.bill.owed();
        // What says that it was paid may be a receipt of this house whose payment was taken away again since.
        if owed.is_zero() || self.has_receipt(tenant, told).await? {
            return Ok(());
        }
        let money = Money {
            source: Source::Till(bill.unit.to_string()),
            way: Way::Cash,
            amount: owed,
            day: official_day(booking.now.to_jiff()),
            line: None,
            note: Some(told.chars().take(200).collect::<String>()).filter(|told| !told.is_empty()),
        };
        self.receive(tenant, booking, bill, money).await.map(drop)
    }

    async fn has_receipt(&self, tenant: &Tenant, receipt: &str) -> Result<bool, Error> {
        let query = dinh_ngsild::query::EntityQuery {
            q: Some(self.is("receipt", receipt.into())),
            limit: 1,
            ..dinh_ngsild::query::EntityQuery::of_type(self.names().of("Payment"))
        };
        Ok(!self.own(tenant).query(query).await?.entities.is_empty())
    }

    pub(super) async fn cancel(
        &self,
        tenant: &Tenant,
        booking: &mut Booking,
        bill: &mut Bill,
    ) -> Result<(), Error> {
        let (after, entry) = bill.bill.cancel()?;
        booking.count(bill, "asked", -bill.bill.amount.signed());
        bill.bill = after;
        self.enter(tenant, booking, ("cancelled", &bill.id, &bill.unit), &entry).await
    }

    /// The bills with a relationship to something.
    pub(super) async fn bills_by(
        &self,
        tenant: &Tenant,
        link: &str,
        to: &EntityId,
    ) -> Result<Vec<Bill>, Error> {
        let query = dinh_ngsild::query::EntityQuery {
            q: Some(self.is(link, Json::String(to.to_string()))),
            limit: CHUNK,
            ..dinh_ngsild::query::EntityQuery::of_type(self.names().of("Bill"))
        };
        let page = self.own(tenant).query(query).await?;
        let bills = page.entities.iter().map(|stored| Bill::read(self.names(), stored));
        Ok(bills.collect::<Result<_, _>>()?)
    }

    /// A bill as it is.
    pub(super) async fn bill(&self, tenant: &Tenant, id: &EntityId) -> Result<Bill, Error> {
        let found = self.own(tenant).find(id).await?;
        let found = found.filter(|stored| stored.entity.types.contains(&self.names().of("Bill")));
        let stored = found.ok_or_else(|| Error::NoSuch(id.clone()))?;
        Ok(Bill::read(self.names(), &stored)?)
    }
}
