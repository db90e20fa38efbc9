//! Money is given back by two people.

use dinh_ledger::{BillFault, Dong};
use dinh_payments::{BillState, Error, PayTo, RefundState};

use crate::house::{BANK, House, statement};

fn to() -> PayTo {
    PayTo { bin: "970403".to_owned(), number: "0011012345678".to_owned(), holder: "TRAN THI AN".to_owned() }
}

fn dong(dong: u64) -> Dong {
    Dong::new(dong).unwrap()
}

async fn overpaid(house: &House) -> BillState {
    let dossier = house.business("an").await;
    let reference = house.bill("an", &dossier).await.bill.reference;
    house.import(&statement(0, &[("FT1", 200_000, reference.as_str())])).await.unwrap();
    house.bill("an", &dossier).await
}

#[tokio::test]
async fn whoever_asks_for_a_refund_does_not_approve_it() {
    let house = House::open().await;
    let bill = overpaid(&house).await.bill;
    let ask = |amount| {
        let (house, bill) = (&house, bill.id.clone());
        async move {
            house
                .payments
                .ask_refund(&house.treasurer(), &bill, dong(amount), "Nộp thừa 50.000 đ", &to())
                .await
        }
    };
    let much = ask(200_001).await;
    assert!(matches!(much, Err(Error::Bill(BillFault::TooMuch(most))) if most == dong(200_000)));
    let refund = ask(50_000).await.unwrap();
    assert_eq!(
        house.balance(&format!("refunds-due {} {}", bill.fee, bill.unit)).await,
        0,
        "nothing has moved"
    );
    let own = house.payments.decide_refund(&house.treasurer(), &refund.id, true, "").await;
    assert!(matches!(own, Err(Error::SamePerson)));
    let citizen = house.payments.decide_refund(&house.citizen("an"), &refund.id, true, "").await;
    assert!(matches!(citizen, Err(Error::NotYours)));
    let early = house.payments.pay_refund(&house.treasurer(), &refund.id, "UNC-1").await;
    assert!(matches!(early, Err(Error::State("asked"))));

    let approved = house.payments.decide_refund(&house.leader(), &refund.id, true, "").await.unwrap();
    assert_eq!(approved.state, RefundState::Approved);
    assert_eq!(house.balance(&format!("refunds-due {} {}", bill.fee, bill.unit)).await, -50_000);
    let twice = house.payments.decide_refund(&house.leader(), &refund.id, true, "").await;
    assert!(matches!(twice, Err(Error::State("approved"))));
    house.payments.pay_refund(&house.treasurer(), &refund.id, "UNC-1").await.unwrap();
    assert_eq!(
        house.balance(&format!("unexplained {BANK}")).await,
        -50_000,
        "until the statement says that it went"
    );
    house.import(&statement(200_000, &[("FT9", -50_000, "hoan tra le phi")])).await.unwrap();
    assert_eq!(house.balance(&format!("unexplained {BANK}")).await, 0);
    assert_eq!(house.balance(&format!("bank {BANK}")).await, 150_000);
}

#[tokio::test]
async fn a_refused_refund_moves_nothing_and_two_do_not_give_back_more_than_there_is() {
    let house = House::open().await;
    let bill = overpaid(&house).await.bill;
    let (treasurer, leader) = (house.treasurer(), house.leader());
    let (half, account) = (dong(150_000), to());
    let ask = || house.payments.ask_refund(&treasurer, &bill.id, half, "Nộp nhầm", &account);
    let (one, two) = (ask().await.unwrap(), ask().await.unwrap());
    let short = house.payments.decide_refund(&leader, &one.id, false, "").await;
    assert!(matches!(short, Err(Error::Text { field: "answer", .. })), "a refusal says why");
    house.payments.decide_refund(&leader, &one.id, true, "").await.unwrap();
    let more = house.payments.decide_refund(&leader, &two.id, true, "").await;
    assert!(matches!(more, Err(Error::Bill(BillFault::TooMuch(left))) if left == dong(50_000)));
    let refused = house.payments.decide_refund(&leader, &two.id, false, "Đã trả lại rồi.").await.unwrap();
    assert_eq!(refused.state, RefundState::Refused);
    let card = PayTo { number: "4111111111111111".to_owned(), ..to() };
    let asked = house.payments.ask_refund(&treasurer, &bill.id, dong(1), "Nộp nhầm", &card).await;
    assert!(matches!(asked, Err(Error::Card("number"))));
    house.balance("bank x").await;
}
