//! Bills of dossiers: made once, paid once, and the dossier knows.

use std::collections::BTreeMap;

use dinh_ledger::VietQr;
use dinh_payments::{BillStanding, Error};

use crate::house::{BANK, House, OTHER, WARD, hue, statement};

#[tokio::test]
async fn a_dossier_that_costs_something_has_a_bill_that_a_transfer_pays() {
    let house = House::open().await;
    let dossier = house.business("an").await;
    let shown = house.bill("an", &dossier).await;
    assert_eq!(shown.bill.bill.owed().get(), 150_000);
    assert_eq!(shown.bill.fee, "household-business/registration-remote");
    let (account, qr) = shown.pay_to.expect("can be paid");
    assert_eq!(account.key(), BANK);
    let read = VietQr::read(&qr.text()).expect("is a VietQR");
    assert_eq!(read.leads_to(&account.account), Ok(()));
    assert!(read.purpose.expect("says what for").starts_with(shown.bill.reference.as_str()));

    // The bank writes it small, with words before and behind.
    let words = format!("MBVCB.1.{}.CT tu 001", shown.bill.reference.as_str().to_lowercase());
    house.import(&statement(0, &[("FT1", 150_000, &words)])).await.unwrap();
    let paid = house.bill("an", &dossier).await;
    assert_eq!(paid.bill.standing(), BillStanding::Paid);
    assert_eq!(paid.payments[0].receipt, "BL-H57.20.01-26-000001");
    let known = house.dossier("an", &dossier).await.case.expect("is open");
    assert_eq!(known.facts["paid"], 150_000);
    assert_eq!(known.steps.last().expect("has steps").action, "collect");
    let unit = format!("urn:ngsi-ld:{WARD}");
    assert_eq!(house.balance(&format!("bank {BANK}")).await, 150_000);
    assert_eq!(house.balance(&format!("receivable {} {unit}", paid.bill.fee)).await, 0);
}

#[tokio::test]
async fn bills_are_made_once_however_often_they_are_looked_at() {
    let house = House::open().await;
    let dossier = house.business("an").await;
    house.payments.once(&hue()).await.unwrap();
    let first = house.bill("an", &dossier).await.bill.reference;
    house.payments.once(&hue()).await.unwrap();
    assert_eq!(house.bill("an", &dossier).await.bill.reference, first);
    let house = house.again().await;
    house.payments.once(&hue()).await.unwrap();
    assert_eq!(house.bill("an", &dossier).await.bill.reference, first);
    let journal = house.payments.journal(&house.treasurer(), 0, 10).await.unwrap();
    assert_eq!(journal.total, 1, "asked for once");
}

#[tokio::test]
async fn nobody_sees_the_bill_of_somebody_else() {
    let house = House::open().await;
    let dossier = house.business("an").await;
    let bill = house.bill("an", &dossier).await.bill;
    let hidden = |error| matches!(error, Err(Error::NoSuch(_)));
    assert!(hidden(house.payments.show(&house.citizen("binh"), &bill.id).await.map(drop)));
    let elsewhere = house.official("other", "treasurer", OTHER);
    assert!(hidden(house.payments.show(&elsewhere, &bill.id).await.map(drop)));
    assert!(house.payments.bills_of(&house.citizen("binh"), &dossier.id).await.unwrap().is_empty());
    let here = house.payments.show(&house.treasurer(), &bill.id).await.unwrap();
    assert_eq!(here.bill.payer.as_deref(), Some("Trần Thị An"), "open to whoever reconciles");
    let desk = house.payments.bills_of(&house.clerk(), &dossier.id).await.unwrap();
    assert_eq!(desk[0].bill.payer, None, "masked for the desk");
}

#[tokio::test]
async fn what_is_taken_back_is_not_asked_any_more() {
    let house = House::open().await;
    let dossier = house.business("an").await;
    house.bill("an", &dossier).await;
    let on = (&dossier.id, house.dossier("an", &dossier).await.version);
    let asked = [("reason".to_owned(), dinh_cases::Answer::Text("Không kinh doanh nữa.".to_owned()))];
    house
        .casework
        .act(&house.citizen("an"), on, "withdraw", asked.into(), BTreeMap::default())
        .await
        .unwrap();
    house.payments.once(&hue()).await.unwrap();
    let bill = house.bill("an", &dossier).await.bill;
    assert_eq!((bill.standing(), bill.bill.owed().get()), (BillStanding::Cancelled, 0));
    assert_eq!(house.balance(&format!("receivable {} urn:ngsi-ld:{WARD}", bill.fee)).await, 0);
}

#[tokio::test]
async fn what_the_desk_says_was_paid_is_cash_in_its_till() {
    let house = House::open().await;
    let dossier = house.business("an").await;
    house.bill("an", &dossier).await;
    let on = (&dossier.id, house.dossier("an", &dossier).await.version);
    let asked = [("receipt".to_owned(), dinh_cases::Answer::Text("0001234".to_owned()))];
    house.casework.act(&house.clerk(), on, "collect", asked.into(), BTreeMap::default()).await.unwrap();
    house.payments.once(&hue()).await.unwrap();
    house.payments.once(&hue()).await.unwrap();
    let bill = house.bill("an", &dossier).await;
    assert_eq!(bill.bill.standing(), BillStanding::Paid);
    assert_eq!(bill.payments.len(), 1);
    assert_eq!(bill.payments[0].note.as_deref(), Some("0001234"));
    assert_eq!(house.balance(&format!("till urn:ngsi-ld:{WARD}")).await, 150_000);
}
