use std::collections::BTreeSet;

use dinh_access::{Account, AccountKind};
use dinh_model::{Iri, SequentialIds, Tenant, Timestamp};
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::error::Misfit;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn unit(name: &str) -> Iri {
    Iri::trusted(format!("urn:ngsi-ld:Unit:{name}"))
}

fn hue() -> Tenant {
    Tenant::parse("hue").unwrap()
}

fn official() -> AccountRecord {
    let id = AccountId::fresh(&SequentialIds::default());
    let now = at("2026-01-01T00:00:00Z");
    AccountRecord::new(id, AccountKind::Official, hue(), "Nguyễn Văn An", now)
}

fn position(name: &str, basis: Basis, days: Days) -> Position {
    Position { tenant: hue(), unit: unit(name), title: "Chuyên viên".into(), basis, days }
}

fn role(code: &str, unit: Option<Iri>, days: Days) -> Role {
    Role { tenant: hue(), code: code.into(), unit, days }
}

fn tree() -> UnitTree {
    UnitTree::new([
        (unit("phong"), unit("so"), Days::ALWAYS),
        (unit("to"), unit("phong"), Days::between(date(2026, 1, 1), date(2026, 6, 30))),
        (unit("so"), unit("to"), Days::ALWAYS),
    ])
}

fn acts(record: &AccountRecord, now: &str) -> Account {
    acts_for(record, now, None)
}

fn acts_for(record: &AccountRecord, now: &str, acting_for: Option<&Iri>) -> Account {
    let (tenant, units) = (hue(), tree());
    let moment = Moment { tenant: &tenant, now: at(now), units: &units, acting_for, stepped_up_until: None };
    acting(record, &moment).unwrap().account
}

fn names(texts: &BTreeSet<std::sync::Arc<str>>) -> Vec<&str> {
    texts.iter().map(|text| text.rsplit(':').next().unwrap()).collect()
}

#[test]
fn a_position_reaches_the_units_below_it_while_both_last_and_circles_end() {
    let mut record = official();
    record.positions.push(position("so", Basis::Held, Days::since(date(2026, 2, 1))));
    assert_eq!(names(&acts(&record, "2026-01-31T10:00:00Z").units), [""; 0]);
    assert_eq!(names(&acts(&record, "2026-03-01T00:00:00Z").units), ["phong", "so", "to"]);
    assert_eq!(names(&acts(&record, "2026-07-01T00:00:00Z").units), ["phong", "so"]);
}

#[test]
fn days_are_days_in_viet_nam() {
    let mut record = official();
    record.roles.push(role("operator", None, Days::between(date(2026, 5, 2), date(2026, 5, 3))));
    for (now, held) in [
        ("2026-05-01T16:59:59Z", false),
        ("2026-05-01T17:00:00Z", true),
        ("2026-05-03T16:59:59Z", true),
        ("2026-05-03T17:00:00Z", false),
    ] {
        assert_eq!(acts(&record, now).roles.contains("operator"), held, "{now}");
    }
    let (tenant, units) = (hue(), tree());
    let now = at("2026-05-01T16:59:00Z");
    let step = Some(now.plus_micros(30_000_000));
    let mut moment = Moment { tenant: &tenant, now, units: &units, acting_for: None, stepped_up_until: None };
    assert_eq!(acting(&record, &moment).unwrap().until, at("2026-05-01T17:00:00Z"));
    moment.stepped_up_until = step;
    let acting = acting(&record, &moment).unwrap();
    assert_eq!((Some(acting.until), acting.account.stepped_up), (step, true));
}

#[test]
fn a_role_of_a_unit_rests_unless_the_account_acts_for_the_unit() {
    let mut record = official();
    record.positions.push(position("so", Basis::Held, Days::ALWAYS));
    let holder = AccountId::parse(&"a".repeat(32)).unwrap();
    let june = Days::between(date(2026, 6, 1), date(2026, 6, 30));
    record.positions.push(position("x", Basis::Substitute { holder }, june));
    record.roles.push(role("officer", Some(unit("phong")), Days::ALWAYS));
    record.roles.push(role("leader", Some(unit("x")), Days::ALWAYS));
    assert_eq!(names(&acts(&record, "2026-05-01T00:00:00Z").roles), ["officer"]);
    assert_eq!(names(&acts(&record, "2026-06-10T00:00:00Z").roles), ["leader", "officer"]);
    let hat = acts_for(&record, "2026-06-10T00:00:00Z", Some(&unit("x")));
    assert_eq!((names(&hat.roles), names(&hat.units)), (vec!["leader"], vec!["x"]));
    // A hat that is not the account's own gives nothing.
    let stranger = acts_for(&record, "2026-06-10T00:00:00Z", Some(&unit("khac")));
    assert!(stranger.units.is_empty() && stranger.roles.is_empty());
}

#[test]
fn other_tenants_see_nothing_of_it() {
    let mut record = official();
    record.positions.push(position("so", Basis::Held, Days::ALWAYS));
    record.roles.push(role("officer", None, Days::ALWAYS));
    let (tenant, units) = (Tenant::parse("da-nang").unwrap(), tree());
    let now = at("2026-05-01T00:00:00Z");
    let moment = Moment { tenant: &tenant, now, units: &units, acting_for: None, stepped_up_until: None };
    let account = acting(&record, &moment).unwrap().account;
    assert!(account.roles.is_empty() && account.units.is_empty());
    assert!(record.reaches_beyond(&tenant, now) && !record.reaches_beyond(&hue(), now));
}

#[test]
fn representation_is_dated_and_assurance_follows_the_proof() {
    let mut record = official();
    record.subject = Some(Iri::trusted("urn:ngsi-ld:Person:an"));
    let days = Days::between(date(2020, 1, 1), date(2026, 8, 14));
    record.speaks_for.push(Representation {
        subject: Iri::trusted("urn:ngsi-ld:Person:con"),
        tie: Tie::Parent,
        days,
    });
    assert_eq!(names(&acts(&record, "2026-08-14T10:00:00Z").subjects), ["an", "con"]);
    assert_eq!(names(&acts(&record, "2026-08-15T10:00:00Z").subjects), ["an"]);
    let now = "2026-05-01T00:00:00Z";
    assert_eq!(acts(&record, now).assurance, 0);
    record.phone = Some(Address { text: "+84905123456".into(), verified: Some(at(now)) });
    assert_eq!(acts(&record, now).assurance, 1);
    record.identity = Some(ProvedIdentity { level: 2, by: "vneid".into(), at: at(now), number: None });
    assert_eq!(acts(&record, now).assurance, 2);
}

#[test]
fn an_account_that_is_locked_or_closed_does_not_act() {
    let (tenant, units) = (hue(), tree());
    let now = at("2026-05-01T00:00:00Z");
    let moment = Moment { tenant: &tenant, now, units: &units, acting_for: None, stepped_up_until: None };
    for state in [State::Locked, State::Closed] {
        assert_eq!(acting(&AccountRecord { state, ..official() }, &moment), None);
    }
}

#[test]
fn records_that_contradict_themselves_are_refused() {
    let holder = AccountId::parse(&"b".repeat(32)).unwrap();
    let endless = position("x", Basis::Delegated { holder }, Days::since(date(2026, 1, 1)));
    let cases = [
        (AccountRecord { name: " ".into(), ..official() }, Misfit::Name(200)),
        (AccountRecord { positions: vec![endless], ..official() }, Misfit::StandIn(366)),
        (
            AccountRecord {
                roles: vec![role("x", None, Days::between(date(2026, 2, 2), date(2026, 2, 1)))],
                ..official()
            },
            Misfit::Backwards,
        ),
        (
            AccountRecord { roles: vec![role("x", None, Days::ALWAYS); 101], ..official() },
            Misfit::TooMany { what: "roles", most: 100 },
        ),
    ];
    for (record, misfit) in cases {
        assert_eq!(record.check(), Err(misfit));
    }
    assert_eq!(official().check(), Ok(()));
}

#[test]
fn handles_are_compared_in_one_form() {
    let same = ["0905 123 456", "+84 905.123.456", "0084905123456", "(090) 512-3456"];
    for text in same {
        assert_eq!(Handle::parse(text), Ok(Handle::Phone("+84905123456".into())), "{text}");
    }
    assert_eq!(Handle::parse(" An.Nguyen@Hue.GOV.vn "), Ok(Handle::Email("an.nguyen@hue.gov.vn".into())));
    for bad in
        ["", "12", "905123456", "+0905123456", "a@b", "@hue.vn", "a@.vn", "a b@hue.vn", "a@b@c.vn", "x"]
    {
        assert!(Handle::parse(bad).is_err(), "{bad}");
    }
}

proptest! {
    /// Whatever is written, reading it never panics, and what was read reads as itself.
    #[test]
    fn a_handle_reads_as_itself(text in "\\PC{0,40}|[0-9+ .]{0,20}|[a-z.]{1,8}@[a-z.]{1,8}") {
        if let Ok(handle) = Handle::parse(&text) {
            prop_assert_eq!(Handle::parse(handle.text()), Ok(handle.clone()));
        }
    }

    /// No role or unit acts on a day outside its own dates.
    #[test]
    fn nothing_acts_outside_its_days(from in 0i32..60, length in -1i32..60, now in 0i64..120) {
        use jiff::ToSpan as _;
        let start = date(2026, 1, 1);
        let days = Days::between(start + from.days(), start + (from + length).days());
        let mut record = official();
        record.positions.push(position("so", Basis::Held, days));
        record.roles.push(role("officer", None, days));
        let instant = at("2025-12-31T17:00:00Z").plus_micros(now * 86_400_000_000 + 1);
        let account = acts(&record, &instant.to_string());
        let inside = now >= i64::from(from) && now <= i64::from(from + length);
        prop_assert_eq!(account.roles.contains("officer"), inside);
        prop_assert_eq!(!account.units.is_empty(), inside);
    }
}
