//! Worked examples over the calendar that ships, and what holds of any.

use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::working::OFFICIAL;
use crate::{
    DayOff, Editions, Fault, Law, Named, Period, Reading, Rules, Schedule, Swap, Table, Week, WorkingDays,
    Year, official_day,
};

mod clock;
mod due;
mod examples;
mod hours;
mod law;
mod worked;

fn days_off() -> Law {
    toml::from_str(include_str!("../../../packs/calendar/days-off.toml")).expect("are rules")
}

fn shipped() -> Arc<WorkingDays> {
    static SHIPPED: LazyLock<Arc<WorkingDays>> = LazyLock::new(|| {
        let table: Table =
            toml::from_str(include_str!("../../../packs/calendar/holidays.toml")).expect("is a table");
        Arc::new(WorkingDays::with_law(&table, &days_off()).expect("fits"))
    });
    Arc::clone(&SHIPPED)
}

fn hours() -> Editions<Week> {
    toml::from_str(include_str!("../../../packs/calendar/hours.toml")).expect("are hours")
}

fn rules(name: &str) -> Rules {
    let all: Editions<Rules> =
        toml::from_str(include_str!("../../../packs/calendar/counting.toml")).expect("are rules");
    all.on(name, date(2026, 11, 20)).expect("is there").holds
}

fn schedule(name: &str) -> Schedule {
    Schedule::new(shipped(), &hours(), name).expect("is there")
}

/// A moment in official time: `2026-11-20 14:59`.
fn at(text: &str) -> Timestamp {
    format!("{}:00+07:00", text.replace(' ', "T")).parse().expect("is a moment")
}

/// The other way round.
fn told(at: Timestamp) -> String {
    OFFICIAL.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A period as data writes it: `2.5 working-day`.
fn period(text: &str) -> Period {
    let (amount, unit) = text.split_once(' ').expect("has a unit");
    toml::from_str(&format!("amount = {amount}\nunit = \"{unit}\"")).expect("is a period")
}

#[test]
fn periods_step_over_what_is_off() {
    let days = shipped();
    for (from, count, due, why) in [
        (date(2026, 11, 23), 2, date(2026, 11, 26), "24 November is off from 2026 on"),
        (date(2026, 11, 20), 1, date(2026, 11, 23), "a weekend"),
        (date(2026, 2, 13), 1, date(2026, 2, 23), "Tết 2026: 16 to 20 February between two weekends"),
        (date(2026, 2, 12), 2, date(2026, 2, 23), "Tết 2026, from the day before"),
        (date(2026, 8, 21), 1, date(2026, 8, 22), "Saturday 22 August is worked for Monday 31 August"),
        (
            date(2026, 8, 28),
            1,
            date(2026, 9, 3),
            "the Monday that was swapped, then two days of National Day",
        ),
        (
            date(2026, 4, 24),
            1,
            date(2026, 4, 28),
            "the Hùng Kings' day fell on a Sunday: Monday is off for it",
        ),
        (date(2026, 4, 29), 1, date(2026, 5, 4), "30 April and 1 May before a weekend"),
        (date(2027, 2, 4), 1, date(2027, 2, 10), "Tết 2027: what is off however its days are laid"),
        (date(2026, 11, 24), 0, date(2026, 11, 24), "no day at all"),
    ] {
        assert_eq!(days.after(from, count), due, "{why}");
    }
    assert_eq!(
        days.after_as(date(2027, 2, 3), 1, Reading::Expected),
        date(2027, 2, 11),
        "Tết 2027, as expected"
    );
    assert!(
        days.works(date(2026, 8, 22)) && !days.works(date(2026, 8, 31)) && !days.works(date(2026, 8, 23))
    );
    assert!(days.is_announced(2026) && !days.is_announced(2027) && !days.is_announced(2040));
}

#[test]
fn what_is_left_is_counted_in_working_days() {
    let days = shipped();
    assert_eq!(days.left(date(2026, 11, 23), date(2026, 11, 26)), 2);
    assert_eq!(days.left(date(2026, 11, 26), date(2026, 11, 26)), 0);
    assert_eq!(days.left(date(2026, 11, 30), date(2026, 11, 26)), -2);
    assert_eq!(days.on_or_after(date(2026, 11, 24)), date(2026, 11, 25));
}

#[test]
fn a_day_begins_at_midnight_in_viet_nam() {
    let at = |text: &str| official_day(text.parse().expect("is a time"));
    assert_eq!(at("2026-11-23T16:59:59Z"), date(2026, 11, 23));
    assert_eq!(at("2026-11-23T17:00:00Z"), date(2026, 11, 24));
}

fn year(off: &[Date], swaps: &[(Date, Date)]) -> Table {
    let title = || Named { vi: "Nghỉ".to_owned(), en: "Off".to_owned() };
    let off = off.iter().map(|day| DayOff { day: *day, title: title() }).collect();
    let swaps = swaps.iter().map(|(off, worked)| Swap { off: *off, worked: *worked }).collect();
    Table { years: vec![Year { year: 2026, announced: true, source: String::new(), off, swaps }] }
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    let (monday, saturday) = (date(2026, 8, 31), date(2026, 8, 22));
    let twice = Table { years: [year(&[], &[]).years, year(&[], &[]).years].concat() };
    for (table, fault) in [
        (twice, Fault::Twice(2026)),
        (year(&[], &[(monday, date(2024, 8, 24))]), Fault::Elsewhere { day: date(2024, 8, 24), year: 2026 }),
        (year(&[date(2027, 1, 1)], &[]), Fault::Elsewhere { day: date(2027, 1, 1), year: 2026 }),
        (year(&[], &[(monday, monday)]), Fault::NoWeekend(monday)),
        (year(&[], &[(saturday, saturday)]), Fault::OffAnyway(saturday)),
        (year(&[saturday], &[(monday, saturday)]), Fault::Both(saturday)),
    ] {
        assert_eq!(WorkingDays::new(&table), Err(fault), "{fault}");
    }
}

#[test]
fn the_last_day_of_a_year_is_swapped_with_a_saturday_of_the_next() {
    // 31 December 2018 was off for 5 January 2019.
    let mut table = year(&[], &[(date(2018, 12, 31), date(2019, 1, 5))]);
    table.years.iter_mut().for_each(|year| year.year = 2018);
    let days = WorkingDays::new(&table).expect("fits");
    assert!(!days.works(date(2018, 12, 31)) && days.works(date(2019, 1, 5)));
    assert_eq!(days.swapped_for(date(2019, 1, 5)), Some(date(2018, 12, 31)));
}

fn any_day() -> impl Strategy<Value = Date> {
    (2026_i16..=2029, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

proptest! {
    #[test]
    fn a_period_ends_on_a_working_day_and_holds_as_many_as_it_says(from in any_day(), count in 1_u16..300) {
        let days = shipped();
        let due = days.after(from, count);
        prop_assert!(days.works(due) && due > from);
        prop_assert_eq!(days.left(from, due), i32::from(count));
        prop_assert_eq!(days.left(due, from), -i32::from(count));
    }

    #[test]
    fn periods_add_up(from in any_day(), first in 0_u16..100, second in 0_u16..100) {
        let days = shipped();
        prop_assert_eq!(days.after(days.after(from, first), second), days.after(from, first + second));
    }

    #[test]
    fn nothing_known_never_makes_a_deadline_later(from in any_day(), count in 0_u16..200) {
        let only_off: Table = year(&[date(2026, 11, 24), date(2026, 9, 2)], &[]);
        let known = WorkingDays::new(&only_off).expect("fits");
        prop_assert!(WorkingDays::default().after(from, count) <= known.after(from, count));
    }
}
