//! Tết and the Hùng Kings' day of known years, the years in which China has other days, and what holds of any day.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{LunarDay, first_of, tet, to_date};

/// Tết where clocks are so many hours ahead of UTC.
fn tet_at(hours: i32, year: i16) -> Date {
    let first = first_of(hours, LunarDay { year, month: 1, leap: false, day: 1 }).expect("is a lunar year");
    to_date(first).expect("is a date")
}

#[test]
fn tet_falls_on_the_published_days() {
    // 2018 to 2030: @nghiavuive/lunar_date_vi 2.0.1; to 2040: the author's own tables.
    for (year, month, day) in [
        (2018, 2, 16),
        (2019, 2, 5),
        (2020, 1, 25),
        (2021, 2, 12),
        (2022, 2, 1),
        (2023, 1, 22),
        (2024, 2, 10),
        (2025, 1, 29),
        (2026, 2, 17),
        (2027, 2, 6),
        (2028, 1, 26),
        (2029, 2, 13),
        (2030, 2, 2),
        (2031, 1, 23),
        (2032, 2, 11),
        (2033, 1, 31),
        (2034, 2, 19),
        (2035, 2, 8),
        (2036, 1, 28),
        (2037, 2, 15),
        (2038, 2, 4),
        (2039, 1, 24),
        (2040, 2, 12),
    ] {
        assert_eq!(tet(year), Some(date(year, month, day)), "{year}");
    }
}

#[test]
fn the_hung_kings_are_remembered_on_the_tenth_of_the_third_month() {
    for (year, month, day) in [
        (2018, 4, 25),
        (2019, 4, 14),
        (2020, 4, 2),
        (2021, 4, 21),
        (2022, 4, 10),
        (2023, 4, 29),
        (2024, 4, 18),
        (2025, 4, 7),
        (2026, 4, 26),
        (2027, 4, 16),
        (2028, 4, 4),
        (2029, 4, 23),
        (2030, 4, 12),
        (2031, 4, 1),
        (2032, 4, 19),
    ] {
        let kings = LunarDay { year, month: 3, leap: false, day: 10 };
        assert_eq!(kings.date(), Some(date(year, month, day)), "{year}");
        assert_eq!(LunarDay::of(date(year, month, day)), Some(kings), "{year}");
    }
}

#[test]
fn viet_nam_and_china_differ_in_six_years() {
    let differing: Vec<i16> = (1968..=2060).filter(|year| tet_at(7, *year) != tet_at(8, *year)).collect();
    assert_eq!(differing, [1968, 1969, 1985, 2007, 2030, 2053]);
    for (year, ours, theirs) in [
        (1968, (1, 29), (1, 30)),
        (1969, (2, 16), (2, 17)),
        (1985, (1, 21), (2, 20)),
        (2007, (2, 17), (2, 18)),
        (2030, (2, 2), (2, 3)),
        (2053, (2, 18), (2, 19)),
    ] {
        assert_eq!(tet_at(7, year), date(year, ours.0, ours.1), "Việt Nam {year}");
        assert_eq!(tet_at(8, year), date(year, theirs.0, theirs.1), "China {year}");
    }
}

#[test]
fn leap_months_repeat_the_month_before_them() {
    for (year, month) in
        [(2004, 2), (2006, 7), (2017, 6), (2020, 4), (2023, 2), (2025, 6), (2028, 5), (2033, 11)]
    {
        let leap = LunarDay { year, month, leap: true, day: 1 };
        let begins = leap.date().expect("repeats");
        let before = LunarDay { leap: false, ..leap };
        let ends =
            LunarDay { day: i8::try_from(before.month_days().expect("is there")).expect("fits"), ..before };
        assert_eq!(ends.date().map(|day| day.saturating_add(1.day())), Some(begins), "{year}-{month}");
        let others = (1..=12).filter(|other| *other != month);
        assert!(others.map(|month| LunarDay { month, ..leap }).all(|day| day.date().is_none()), "{year}");
    }
    assert_eq!(LunarDay { year: 2026, month: 6, leap: true, day: 1 }.date(), None, "2026 repeats no month");
}

#[test]
fn what_is_no_day_has_no_date() {
    let tet = LunarDay { year: 2026, month: 1, leap: false, day: 1 };
    for day in [
        LunarDay { day: 0, ..tet },
        LunarDay { day: 31, ..tet },
        LunarDay { month: 0, ..tet },
        LunarDay { month: 13, ..tet },
        LunarDay { year: 1967, ..tet },
        LunarDay { year: 2200, ..tet },
        LunarDay { year: i16::MAX, ..tet },
        LunarDay { year: i16::MIN, ..tet },
    ] {
        assert_eq!(day.date(), None, "{day:?}");
    }
    assert_eq!(LunarDay::of(date(1900, 1, 1)), None);
    assert_eq!(LunarDay::of(Date::MAX), None);
    assert_eq!(LunarDay::of(Date::MIN), None);
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..47_400_i64).prop_map(|days| date(1968, 1, 29).saturating_add(days.days()))
}

proptest! {
    #[test]
    fn what_is_converted_comes_back(day in any_day()) {
        prop_assert_eq!(LunarDay::of(day).and_then(LunarDay::date), Some(day));
    }

    #[test]
    fn days_follow_one_another(day in any_day()) {
        let (today, next) = (LunarDay::of(day), LunarDay::of(day.saturating_add(1.day())));
        let (today, next) = (today.expect("is told"), next.expect("is told"));
        let days = today.month_days().expect("is told");
        prop_assert!(days == 29 || days == 30, "{:?} has {} days", today, days);
        if i32::from(today.day) < days {
            prop_assert_eq!(next, LunarDay { day: today.day + 1, ..today });
        } else {
            prop_assert_eq!(next.day, 1);
            let same = next.month == today.month && next.leap && !today.leap;
            prop_assert!(same || (next.month == today.month % 12 + 1 && !next.leap), "{:?} {:?}", today, next);
            prop_assert_eq!(next.year, today.year + i16::from(today.month == 12 && next.month == 1));
        }
    }

    #[test]
    fn tet_lies_between_20_january_and_21_february(year in 1968_i16..=2199) {
        let tet = tet(year).expect("is told");
        prop_assert!((date(year, 1, 20)..=date(year, 2, 21)).contains(&tet), "{}", tet);
    }
}
