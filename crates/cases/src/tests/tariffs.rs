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
