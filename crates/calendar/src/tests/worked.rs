//! Working time.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{at, schedule, told};
use crate::Worked;

#[test]
fn offices_open_and_close() {
    let schedule = schedule("default");
    for (from, opens) in [
        ("2026-11-20 06:00", "2026-11-20 07:30"),
        ("2026-11-20 08:00", "2026-11-20 08:00"),
        ("2026-11-20 12:00", "2026-11-20 13:30"),
        ("2026-11-20 17:30", "2026-11-20 17:30"),
        ("2026-11-20 17:31", "2026-11-23 07:30"),
        ("2026-11-23 20:00", "2026-11-25 07:30"),
        ("2026-02-13 18:00", "2026-02-23 07:30"),
        ("2026-08-22 03:00", "2026-08-22 07:30"),
    ] {
        assert_eq!(schedule.opens(at(from)).map(told).as_deref(), Some(opens), "{from}");
    }
    assert_eq!(schedule.closes(date(2026, 11, 20)), Some(at("2026-11-20 17:30")));
    assert_eq!(schedule.closes(date(2026, 11, 24)), None, "off");
    assert!(schedule.is_open(at("2026-11-20 11:30")) && !schedule.is_open(at("2026-11-20 11:31")));
}

#[test]
fn working_time_is_counted() {
    let schedule = schedule("default");
    for (from, to, minutes) in [
        ("2026-11-20 08:00", "2026-11-20 14:00", 240),
        ("2026-11-20 17:00", "2026-11-23 08:00", 60),
        ("2026-11-23 00:00", "2026-11-26 00:00", 960),
        ("2026-02-13 17:30", "2026-02-23 07:30", 0),
        ("2026-08-21 17:30", "2026-08-24 07:30", 480),
        ("2026-11-20 14:00", "2026-11-20 08:00", -240),
    ] {
        assert_eq!(schedule.worked(at(from), at(to)).minutes(), minutes, "{from} {to}");
    }
    assert_eq!(
        schedule.add_worked(at("2026-11-20 17:00"), Worked::of_minutes(31)).map(told).as_deref(),
        Some("2026-11-23 07:31")
    );
}

fn any_moment() -> impl Strategy<Value = Timestamp> {
    // From 1 January 2026 on, four years, to the second.
    (0..126_000_000_i64).prop_map(|seconds| at("2026-01-01 00:00") + SignedDuration::from_secs(seconds))
}

fn any_hours() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["default", "saturday-morning"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn split_intervals_add_up(name in any_hours(), mut moments in prop::array::uniform3(any_moment())) {
        moments.sort_unstable();
        let [first, second, third] = moments;
        let schedule = schedule(name);
        let sum = schedule.worked(first, second).0 + schedule.worked(second, third).0;
        prop_assert_eq!(schedule.worked(first, third).0, sum);
        prop_assert_eq!(schedule.worked(third, first).0, -sum);
        prop_assert!(sum <= third.duration_since(first));
    }

    #[test]
    fn what_is_added_was_worked(name in any_hours(), from in any_moment(), seconds in 0..2_000_000_i64) {
        let (schedule, time) = (schedule(name), Worked(SignedDuration::from_secs(seconds)));
        let to = schedule.add_worked(from, time).expect("is near");
        prop_assert!(schedule.is_open(to) && to >= from);
        prop_assert_eq!(schedule.worked(from, to), time);
        let before = to - SignedDuration::from_secs(1);
        prop_assert!(before < from || schedule.worked(from, before) < time || seconds == 0, "the first such moment");
    }

    #[test]
    fn nothing_is_worked_until_the_office_opens(name in any_hours(), from in any_moment()) {
        let schedule = schedule(name);
        let opens = schedule.opens(from).expect("is near");
        prop_assert!(schedule.is_open(opens) && opens >= from);
        prop_assert_eq!(schedule.worked(from, opens), Worked::default());
    }
}
