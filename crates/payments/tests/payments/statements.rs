//! Statements: brought in once, matched by what is written on them, settled by hand where that does not do.

use dinh_payments::{BillStanding, Error, Finding, LineState};

use crate::house::{BANK, House, OTHER, WARD, hue, statement, upload};

#[tokio::test]
async fn a_statement_is_brought_in_once_and_changes_nothing_the_second_time() {
    let house = House::open().await;
    let dossier = house.business("an").await;
    let reference = house.bill("an", &dossier).await.bill.reference;
    let text = statement(0, &[("FT1", 100_000, reference.as_str()), ("FT2", 7_000, "khong ro")]);
    let first = house.import(&text).await.unwrap();
    assert_eq!((first.new, first.statement.lines), (2, 2));
    let before = house.payments.journal(&house.treasurer(), 0, 100).await.unwrap().total;
    let again = house.import(&text).await;
    assert!(matches!(&again, Err(Error::Twice { .. })), "{again:?}");
    // The next day's file has the lines of the day before too.
    let longer = statement(
        0,
        &[
            ("FT1", 100_000, reference.as_str()),
            ("FT2", 7_000, "khong ro"),
            ("FT3", 50_000, reference.as_str()),
        ],
    );
    let second = house.import(&longer).await.unwrap();
    assert_eq!((second.new, second.statement.known), (1, 2));
    let bill = house.bill("an", &dossier).await;
    assert_eq!((bill.bill.standing(), bill.payments.len()), (BillStanding::Paid, 2));
    let after = house.payments.journal(&house.treasurer(), 0, 100).await.unwrap().total;
    assert_eq!(after, before + 1);
    assert_eq!(house.balance(&format!("suspense {BANK}")).await, -7_000);
    assert_eq!(house.balance(&format!("bank {BANK}")).await, 157_000);
}

#[tokio::test]
async fn statements_of_others_and_of_other_accounts_are_refused() {
    let house = House::open().await;
    let text = statement(0, &[("FT1", 7_000, "x")]);
    let other = house.official("other", "treasurer", OTHER);
    assert!(matches!(house.payments.import(&other, upload(&text)).await, Err(Error::NotYours)));
    assert!(matches!(house.payments.import(&house.clerk(), upload(&text)).await, Err(Error::NotYours)));
    let swift = ":20:X\n:25:999\n:60F:C261123VND0,\n:61:261123C7000,NTRFNONREF\n:62F:C261123VND7000,\n";
    assert!(matches!(house.import(swift).await, Err(Error::OtherAccount { .. })));
    let cut = text.replace("7000,x", "8000,x");
    assert!(house.import(&cut).await.is_ok(), "one line alone has no balance to be checked against");
    assert!(matches!(house.import("nothing").await, Err(Error::Statement(_))));
}

#[tokio::test]
async fn too_much_is_kept_for_whoever_paid_it_and_what_nobody_knows_waits() {
    let house = House::open().await;
    let (one, two) = (house.business("an").await, house.business("binh").await);
    let (first, second) = (house.bill("an", &one).await.bill, house.bill("binh", &two).await.bill);
    let both = format!("{} {}", first.reference, second.reference);
    let over = format!("nop {}", first.reference);
    house
        .import(&statement(
            0,
            &[("FT1", 300_000, &both), ("FT2", 20_000, &over), ("FT3", -5_000, "phi"), ("FT4", 1, "la")],
        ))
        .await
        .unwrap();
    assert_eq!(house.bill("an", &one).await.bill.standing(), BillStanding::Over);
    assert_eq!(house.bill("binh", &two).await.bill.standing(), BillStanding::Paid);
    let unit = format!("urn:ngsi-ld:{WARD}");
    assert_eq!(house.balance(&format!("overpaid {} {unit}", first.fee)).await, -20_000);
    assert_eq!(house.balance(&format!("unexplained {BANK}")).await, 5_000);
    let waiting = house.payments.waiting(&house.treasurer()).await.unwrap();
    assert_eq!((waiting.lines.fresh, waiting.over), (1, 1));
    let lines = house.payments.lines(&house.treasurer(), LineState::Matched, 0, 10).await.unwrap();
    assert!(lines.lines.iter().any(|line| line.found == Some(Finding::Several) && line.bills.len() == 2));
}

#[tokio::test]
async fn a_line_is_matched_by_hand_taken_away_and_matched_again() {
    let house = House::open().await;
    let dossier = house.business("an").await;
    let bill = house.bill("an", &dossier).await.bill;
    house.import(&statement(0, &[("FT1", 150_000, "le phi ho kinh doanh")])).await.unwrap();
    let waits = || async {
        let mut page = house.payments.lines(&house.treasurer(), LineState::Waiting, 0, 10).await.unwrap();
        page.lines.pop()
    };
    let line = waits().await.expect("waits");
    assert_eq!(line.found, Some(Finding::Likely));
    assert_eq!(line.candidates, [bill.reference.to_string()]);
    assert_eq!(line.text.as_deref(), Some("le phi ho kinh doanh"));
    let by_hand = |reference: &'static str| {
        let (house, id) = (&house, line.id.clone());
        async move {
            house.payments.match_line(&house.treasurer(), &id, reference, "Đúng số tiền và ngày.").await
        }
    };
    assert!(matches!(by_hand("DH00000000").await, Err(Error::NoBill(_))));
    assert!(matches!(by_hand("4111 1111 1111 1111").await, Err(Error::NoBill(_))));
    let reference = bill.reference.grouped();
    let reason = "Đúng số tiền và ngày.";
    house.payments.match_line(&house.treasurer(), &line.id, &reference, reason).await.unwrap();
    house.payments.once(&hue()).await.unwrap();
    assert_eq!(house.dossier("an", &dossier).await.case.expect("is open").facts["paid"], 150_000);
    assert_eq!(house.balance(&format!("suspense {BANK}")).await, 0);
    let again = house.payments.match_line(&house.treasurer(), &line.id, &reference, reason).await;
    assert!(matches!(again, Err(Error::State("matched"))));

    house.payments.unmatch_line(&house.treasurer(), &line.id, "Người khác nộp.").await.unwrap();
    house.payments.once(&hue()).await.unwrap();
    let open = house.bill("an", &dossier).await;
    assert_eq!(
        open.bill.standing(),
        BillStanding::Open,
        "and no cash was made up because the dossier says it was paid"
    );
    assert_eq!(open.payments[0].reversed.as_deref(), Some("Người khác nộp."));
    assert_eq!(house.balance(&format!("suspense {BANK}")).await, -150_000);
    let card = house.payments.set_aside(&house.treasurer(), &line.id, "thẻ 4111 1111 1111 1111").await;
    assert!(matches!(card, Err(Error::Card("reason"))));
    house.payments.match_line(&house.treasurer(), &line.id, &reference, reason).await.unwrap();
    assert_eq!(house.bill("an", &dossier).await.payments[0].receipt, "BL-H57.20.01-26-000002");
}
