//! Cash at a counter.

use dinh_ledger::{BillFault, Dong};
use dinh_payments::{BillStanding, Error};

use crate::house::{BANK, House, OTHER, WARD, hue, statement, urn};

fn dong(dong: u64) -> Dong {
    Dong::new(dong).unwrap()
}

#[tokio::test]
async fn cash_is_taken_with_a_receipt_and_never_more_than_is_owed() {
    let house = House::open().await;
    let dossier = house.business("an").await;
    let bill = house.bill("an", &dossier).await.bill;
    let take = |amount: u64| {
        let (house, id) = (&house, bill.id.clone());
        async move { house.payments.take_cash(&house.clerk(), &id, dong(amount), "").await }
    };
    assert!(matches!(take(0).await, Err(Error::Bill(BillFault::Nothing))));
    assert!(matches!(take(150_001).await, Err(Error::Change(owed)) if owed == dong(150_000)));
    let elsewhere = house.official("other", "one-stop-officer", OTHER);
    let other = house.payments.take_cash(&elsewhere, &bill.id, dong(1), "").await;
    assert!(matches!(other, Err(Error::NotYours)));
    assert_eq!(take(100_000).await.unwrap().receipt, "BL-H57.20.01-26-000001");
    assert_eq!(
        take(50_000).await.unwrap().receipt,
        "BL-H57.20.01-26-000002",
        "what was refused used no number"
    );
    assert!(matches!(take(1).await, Err(Error::State("paid"))));
    house.payments.once(&hue()).await.unwrap();
    let paid = house.bill("an", &dossier).await;
    assert_eq!((paid.bill.standing(), paid.payments.len()), (BillStanding::Paid, 2));
    assert_eq!(house.dossier("an", &dossier).await.case.expect("is open").facts["paid"], 150_000);
}

#[tokio::test]
async fn a_till_is_counted_and_what_differs_is_explained() {
    let house = House::open().await;
    let dossier = house.business("an").await;
    let bill = house.bill("an", &dossier).await.bill;
    house.payments.take_cash(&house.clerk(), &bill.id, dong(150_000), "").await.unwrap();
    let (clerk, unit) = (house.clerk(), urn(WARD));
    assert_eq!(house.payments.till(&clerk, &unit).await.unwrap().expected, 150_000);
    let silent = house.payments.close_till(&clerk, &unit, (dong(149_000), dong(140_000)), "").await;
    assert!(matches!(silent, Err(Error::Text { field: "note", .. })));
    let much = house.payments.close_till(&clerk, &unit, (dong(150_000), dong(150_001)), "").await;
    assert!(matches!(much, Err(Error::Bill(BillFault::TooMuch(_)))));
    house
        .payments
        .close_till(&clerk, &unit, (dong(149_000), dong(140_000)), "Trả nhầm tiền lẻ.")
        .await
        .unwrap();
    assert_eq!(house.balance(&format!("till {unit}")).await, 9_000);
    assert_eq!(house.balance(&format!("difference {unit}")).await, 1_000);
    house.import(&statement(0, &[("FT1", 140_000, "nop tien mat")])).await.unwrap();
    assert_eq!(house.balance(&format!("suspense {BANK}")).await, 0, "the bank has what the counter brought");
    let till = house.payments.till(&clerk, &unit).await.unwrap();
    assert_eq!((till.today.len(), till.before.len()), (1, 1));
}
