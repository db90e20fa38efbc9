//! Fees by dates: which rate and which reduction holds on which day, and what is fixed when.

use super::procedures::kind;
use super::*;
use crate::{Charge, Reduction, Scope, Status, Tariff};

const TARIFF: &str = r#"
[[rate]]
kind = "civil-status-copy"
fee = "copy"
amount = 8000
valid_from = "2025-07-01"
valid_to = "2026-12-31"
basis = "281/2016/TT-BTC"

[[rate]]
kind = "civil-status-copy"
fee = "copy"
amount = 10000
valid_from = "2027-01-01"
basis = "example"

[[reduction]]
code = "online-half"
title = { vi = "Giảm khi nộp trực tuyến", en = "Less for filing online" }
status = "published"
when = "case.channel == 'online'"
percent = 50
valid_from = "2026-08-15"
valid_to = "2027-02-28"
basis = "117/2026/TT-BTC"

[[reduction]]
code = "tenth"
title = { vi = "Giảm một phần mười", en = "A tenth less" }
status = "published"
percent = 10
valid_from = "2026-08-15"
basis = "example"

[[reduction]]
code = "draft"
title = { vi = "Dự thảo", en = "Draft" }
status = "draft"
percent = 100
valid_from = "2020-01-01"
basis = "example"
"#;

fn tariff() -> Tariff {
    toml::from_str(TARIFF).expect("is a tariff")
}

fn copies() -> Kind {
    let mut kind = kind("civil-status-copy");
    kind.tariff = tariff().about(&kind.code);
    kind
}

fn charged(channel: Channel, day: &str, answers: &Json) -> Charge {
    let answers = answers.as_object().cloned().unwrap_or_default();
    let at = format!("{day}T09:00:00+07:00").parse().expect("is a time");
    let charges = copies().charges(&Scope::of_filing(&answers, channel, at)).expect("can be computed");
    charges.into_iter().next().expect("there is a fee")
}

#[test]
fn rates_and_reductions_hold_on_their_days() {
    let two = serde_json::json!({"copies": 2});
    for (channel, day, each, off, amount) in [
        (Channel::Online, "2026-08-14", 8_000, None, 16_000),
        (Channel::Online, "2026-08-15", 8_000, Some("online-half"), 8_000),
        (Channel::Counter, "2026-08-15", 8_000, Some("tenth"), 14_400),
        (Channel::Online, "2027-02-28", 10_000, Some("online-half"), 10_000),
        (Channel::Online, "2027-03-01", 10_000, Some("tenth"), 18_000),
    ] {
        let charge = charged(channel, day, &two);
        let code = charge.off.as_ref().and_then(|off| off.reduction.as_deref());
        assert_eq!((charge.each, code, charge.amount), (each, off, amount), "{day}");
    }
}

#[test]
fn who_is_free_is_told_on_which_act() {
    let charge = charged(Channel::Counter, "2026-11-23", &serde_json::json!({"copies": 2, "exempt": true}));
    assert_eq!(charge.amount, 0);
    let off = charge.off.expect("all is taken off");
    assert_eq!((off.reduction, off.amount, off.basis.as_str()), (None, 16_000, "281/2016/TT-BTC"));
}

#[test]
fn a_part_of_a_dong_is_not_taken_off() {
    let tenth = tariff().reductions.remove(1);
    assert_eq!((tenth.of(15), tenth.of(9), tenth.of(u64::MAX)), (1, 0, u64::MAX / 10));
}

#[test]
fn tariffs_that_make_no_sense_are_found_out() {
    let kind = copies();
    let faults = |tariff: &Tariff| tariff.faults(&[&kind]);
    assert_eq!(faults(&tariff()), Vec::<String>::new());
    let mut wrong = tariff();
    wrong.rates[0].valid_to = None;
    wrong.rates[1].fee = "other".to_owned();
    wrong.reductions[0].percent = 0;
    wrong.reductions[1].code = "draft".to_owned();
    wrong.reductions[2] =
        Reduction { status: Status::Draft, kinds: vec!["none".to_owned()], ..wrong.reductions[2].clone() };
    let all = faults(&wrong).join("\n");
    for want in ["no such fee", "percent is 1 to 100", "stands there twice", "no kind \"none\""] {
        assert!(all.contains(want), "{want}: {all}");
    }
    let mut twice = tariff();
    twice.rates[0].valid_to = None;
    assert!(faults(&twice).join("").contains("holds on the same day"));
}

#[test]
fn what_a_case_costs_is_fixed_on_the_day_of_receipt_and_stays() {
    let house = House::of(copies());
    let owed = |case: &Case| case.charges.iter().flatten().map(|charge| charge.amount).sum::<u64>();
    let filed = house.opened("2026-12-31T09:00", &serde_json::json!({"copies": 2}));
    assert_eq!(owed(&filed), 8_000, "by the rate of the day of filing, until it is received");
    let received = house.does(&filed, "2027-01-04T09:00", &clerk(), "accept", &[]);
    assert_eq!(owed(&received), 10_000, "the day of receipt decides");
    let later =
        house.does(&received, "2027-03-01T09:00", &clerk(), "remark", &[("note", text("Đã gọi điện."))]);
    assert_eq!(owed(&later), 10_000, "nothing that comes later changes it");
    assert_eq!(house.kind.charges_of(&later), Ok(received.charges.expect("is fixed")));
}

#[test]
fn another_version_asks_what_it_says_unless_it_was_paid() {
    let house = House::of(copies());
    let filed = house.opened("2026-12-31T09:00", &serde_json::json!({"copies": 2}));
    let received = house.does(&filed, "2027-01-04T09:00", &clerk(), "accept", &[]);
    let mut newer = kind("civil-status-copy");
    newer.version = 2;
    newer.fees[0].amount = 3_000;
    let moved = |case: &Case| {
        let moved = newer.adopt(case, (&leader(), "decider"), at("2027-03-01T09:00"), "Luật mới có hiệu lực");
        let charges = moved.expect("knows the state").charges;
        charges.iter().flatten().map(|charge| charge.amount).sum::<u64>()
    };
    assert_eq!(moved(&received), 6_000);
    let mut paid = received.clone();
    paid.facts.insert("paid".to_owned(), Json::Bool(true));
    assert_eq!(moved(&paid), 10_000, "what was paid stays as it was asked");
}

const BY_CARD: &str = r#"
[[reduction]]
code = "poor"
title = { vi = "Miễn phí cho hộ nghèo", en = "Free for poor households" }
status = "published"
kinds = ["civil-status-copy"]
fees = ["copy"]
proved_by = { cards = ["person"], benefits = ["poor-household"] }
percent = 100
valid_from = "2017-01-01"
basis = "281/2016/TT-BTC"

[[reduction]]
code = "enterprise"
title = { vi = "Giảm cho doanh nghiệp có thẻ", en = "Less for enterprises with a card" }
status = "published"
proved_by = { cards = ["enterprise"] }
percent = 50
valid_from = "2017-01-01"
basis = "example"
"#;

fn proof(kind: &str, benefits: &[&str]) -> crate::Proof {
    crate::Proof {
        kind: kind.to_owned(),
        card: "urn:ngsi-ld:Card:1".to_owned(),
        serial: 7,
        benefits: benefits.iter().map(|code| (*code).to_owned()).collect(),
        at: at("2026-11-23T09:05"),
    }
}

fn by_card() -> House {
    let mut kind = kind("civil-status-copy");
    kind.tariff = toml::from_str::<Tariff>(BY_CARD).expect("is a tariff").about(&kind.code);
    House::of(kind)
}

#[test]
fn a_card_proves_what_is_taken_off_and_is_named_with_it() {
    let house = by_card();
    let filed = house.opened("2026-11-23T09:00", &serde_json::json!({"copies": 2}));
    let first = |case: &Case| case.charges.iter().flatten().next().cloned().expect("there is a fee");
    assert_eq!(
        (first(&filed).amount, first(&filed).off),
        (16_000, None),
        "without proof it stays to be paid"
    );
    let prove = |proof| house.kind.prove(&filed, proof, (&clerk(), "intake"), at("2026-11-23T09:10"));
    assert_eq!(prove(proof("person", &[])), Err(Refused::Proof), "the card alone says nothing");
    assert_eq!(prove(proof("enterprise", &["poor-household"])).map(|case| first(&case).amount), Ok(8_000));
    let proved = prove(proof("person", &["disabled", "poor-household"])).expect("is proved");
    let off = first(&proved).off.expect("all is taken off");
    let by = off.proved.expect("by a card");
    assert_eq!((first(&proved).amount, off.reduction.as_deref()), (0, Some("poor")));
    assert_eq!(
        (by.serial, by.benefit.as_deref(), by.at),
        (7, Some("poor-household"), at("2026-11-23T09:05"))
    );
    assert_eq!(proved.steps.last().map(|step| step.action.as_str()), Some("prove"));
    // The day of receipt decides, and the proof stays.
    let received = house.does(&proved, "2026-11-24T09:00", &clerk(), "accept", &[]);
    assert_eq!(first(&received).amount, 0);
    let again = house.kind.prove(
        &received,
        proof("person", &["poor-household"]),
        (&clerk(), "intake"),
        at("2026-11-24T10:00"),
    );
    assert!(matches!(again, Err(Refused::State { .. })), "nothing is left to be taken off: {again:?}");
}

#[test]
fn what_was_paid_or_said_is_not_changed_by_a_card() {
    let house = by_card();
    let mut paid = house.opened("2026-11-23T09:00", &serde_json::json!({"copies": 2}));
    paid.facts.insert("paid".to_owned(), Json::from(16_000));
    let late = house.kind.prove(
        &paid,
        proof("person", &["poor-household"]),
        (&clerk(), "intake"),
        at("2026-11-23T09:10"),
    );
    assert!(matches!(late, Err(Refused::State { .. })), "{late:?}");
    assert_eq!(house.kind.provable(&paid), Vec::<&Reduction>::new());
    // Whoever says that they are exempt pays nothing as before; that no card proves it is seen.
    let said = house.opened("2026-11-23T09:00", &serde_json::json!({"copies": 2, "exempt": true}));
    let off = said.charges.iter().flatten().next().and_then(|charge| charge.off.clone()).expect("is free");
    assert_eq!((off.amount, off.proved), (16_000, None));
    let mut wrong: Tariff = toml::from_str(BY_CARD).expect("is a tariff");
    wrong.reductions[0].proved_by.as_mut().expect("is asked for").cards.clear();
    assert!(wrong.faults(&[&house.kind]).join("").contains("names the kinds of card"));
}
