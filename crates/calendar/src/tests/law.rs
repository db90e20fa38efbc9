//! Computed years beside the published ones.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::{days_off, shipped};
use crate::table::is_weekend;
use crate::{Law, Reading, Table, WorkingDays};

/// Days off from Monday to Friday by year, without swapped days: PyPI holidays 0.108 (VN, MIT). To 2026 as announced; from
/// 2027 on as that library computes them.
const PUBLISHED: [(i16, &str); 13] = [
    (2018, "1-1 2-14 2-15 2-16 2-19 2-20 4-25 4-30 5-1 9-3"),
    (2019, "1-1 2-4 2-5 2-6 2-7 2-8 4-15 4-30 5-1 9-2"),
    (2020, "1-1 1-23 1-24 1-27 1-28 1-29 4-2 4-30 5-1 9-2"),
    (2021, "1-1 2-10 2-11 2-12 2-15 2-16 4-21 4-30 5-3 9-2 9-3"),
    (2022, "1-3 1-31 2-1 2-2 2-3 2-4 4-11 5-2 5-3 9-1 9-2"),
    (2023, "1-2 1-20 1-23 1-24 1-25 1-26 5-1 5-2 5-3 9-1 9-4"),
    (2024, "1-1 2-8 2-9 2-12 2-13 2-14 4-18 4-30 5-1 9-2 9-3"),
    (2025, "1-1 1-27 1-28 1-29 1-30 1-31 4-7 4-30 5-1 9-1 9-2"),
    (2026, "1-1 2-16 2-17 2-18 2-19 2-20 4-27 4-30 5-1 9-1 9-2 11-24"),
    (2027, "1-1 2-4 2-5 2-8 2-9 2-10 4-16 4-30 5-3 9-2 9-3 11-24"),
    (2028, "1-3 1-24 1-25 1-26 1-27 1-28 4-4 5-1 5-2 9-1 9-4 11-24"),
    (2029, "1-1 2-12 2-13 2-14 2-15 2-16 4-23 4-30 5-1 9-3 9-4 11-26"),
    (2030, "1-1 1-31 2-1 2-4 2-5 2-6 4-12 4-30 5-1 9-2 9-3 11-25"),
];

fn published(year: i16, days: &str) -> BTreeSet<Date> {
    let day = |text: &str| {
        let (month, day) = text.split_once('-').expect("is month and day");
        date(year, month.parse().expect("is a month"), day.parse().expect("is a day"))
    };
    days.split(' ').map(day).collect()
}

#[test]
fn computed_years_are_as_published() {
    let law = days_off();
    for (year, days) in PUBLISHED {
        let computed = law.year(year).into_iter().map(|computed| computed.day);
        let working: BTreeSet<Date> = computed.filter(|day| !is_weekend(*day)).collect();
        assert_eq!(working, published(year, days), "{year}");
    }
}

#[test]
fn what_the_authorities_choose_is_not_sure() {
    let of = |year: i16, sure: bool| -> Vec<String> {
        let days = days_off().year(year).into_iter().filter(|day| day.sure == sure && !is_weekend(day.day));
        days.map(|day| day.day.to_string()).collect()
    };
    // Tết on Saturday 6 February 2027: 5 to 9 February are off with one, two or three days before it.
    assert_eq!(of(2027, false), ["2027-02-04", "2027-02-10", "2027-09-03"]);
    let sure = of(2027, true);
    for day in ["2027-02-05", "2027-02-08", "2027-02-09", "2027-05-03", "2027-09-02", "2027-11-24"] {
        assert!(sure.contains(&day.to_owned()), "{day}");
    }
    // Tết on a Tuesday, National Day on a Sunday: whatever is chosen, what is made up for fills the same days.
    assert_eq!(of(2029, false), Vec::<String>::new());
}

#[test]
fn what_is_announced_was_among_what_was_thought_possible() {
    let law = days_off();
    for (year, days) in PUBLISHED.into_iter().filter(|(year, _)| *year <= 2026) {
        let announced = published(year, days);
        let sure = law.year(year).into_iter().filter(|day| day.sure && !is_weekend(day.day));
        for computed in sure {
            assert!(announced.contains(&computed.day), "{} was taken to be off for sure", computed.day);
        }
    }
}

#[test]
fn announced_years_come_before_computed_ones() {
    let days = shipped();
    assert!(days.is_announced(2026) && !days.is_announced(2027) && !days.is_announced(2200));
    let computed = WorkingDays::with_law(&Table::default(), &days_off()).expect("fits");
    assert!(!days.works(date(2026, 9, 1)), "announced");
    assert!(computed.works(date(2026, 9, 1)), "the day beside National Day is not sure");
    assert!(!computed.works_as(date(2026, 9, 1), Reading::Expected), "but expected");
    assert!(computed.works(date(2026, 8, 31)), "no law gives the day that was swapped");
    assert!(computed.works(date(2101, 1, 3)) && !computed.works(date(2099, 1, 1)), "computed to 2100");
}

#[test]
fn the_day_of_culture_is_off_from_2026_on() {
    let law = days_off();
    let has = |year: i16| law.year(year).iter().any(|day| day.day == date(year, 11, 24));
    assert!(!has(2025) && has(2026) && has(2100));
    assert!(law.year(2013).is_empty() && law.year(2101).is_empty());
    let national: Vec<_> = law.year(2020).into_iter().filter(|day| day.day.month() == 9).collect();
    assert_eq!(national.len(), 1, "one day until the Labour Code of 2019");
}

#[test]
fn tet_2030_is_vietnamese() {
    let days = law_of(2030);
    assert!(days.contains(&date(2030, 2, 2)) && days.contains(&date(2030, 2, 1)));
    assert_eq!(days.iter().filter(|day| day.month() == 2).max(), Some(&date(2030, 2, 6)), "two made up for");
}

fn law_of(year: i16) -> Vec<Date> {
    days_off().year(year).into_iter().map(|day| day.day).collect()
}

#[test]
fn rules_that_contradict_themselves_are_refused() {
    let rule = |more: &str| {
        let rule = "[[rule]]\ntitle = { vi = \"Lễ\", en = \"Feast\" }\nvalid_from = \"2020-01-01\"\n";
        toml::from_str::<Law>(&format!("{rule}{more}")).map_err(|error| error.to_string())
    };
    let on = "on = { solar = { month = 9, day = 2 } }\n";
    assert!(rule(&format!("{on}source = \"Act\"")).is_ok());
    for (more, words) in [
        (format!("{on}source = \"Act\"\ndays = 0"), "days: from 1 to 10"),
        (format!("{on}source = \"Act\"\ndays = 2\nbefore = [2]"), "before: at least one number"),
        (format!("{on}source = \"Act\"\ndays = 2\nbefore = []"), "before: at least one number"),
        (format!("{on}source = \"Act\"\ndays = 2\nbefore = [0, 0]"), "each once"),
        (format!("{on}source = \"Act\"\ndays = 2\nusual = [0, 0, 0, 0, 0, 0, 1]"), "usual: seven numbers"),
        (format!("{on}source = \"Act\"\nvalid_to = \"2019-01-01\""), "valid_to lies before"),
        (format!("{on}source = \" \""), "names the act"),
        (
            "on = { solar = { month = 2, day = 29 } }\nsource = \"Act\"".to_owned(),
            "no such day in every year",
        ),
        (
            "on = { lunar = { month = 1, day = 30 } }\nsource = \"Act\"".to_owned(),
            "no such day in every year",
        ),
        (format!("{on}source = \"Act\"\nwhy = 1"), "unknown field"),
    ] {
        let error = rule(&more).expect_err(&more);
        assert!(error.contains(words), "{more}: {error}");
    }
}
