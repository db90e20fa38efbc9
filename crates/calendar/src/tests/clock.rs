//! Clocks: two supplements, extensions, restarts, nonsense, and what holds of any.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::due::{any_period, any_rules, any_schedule};
use super::{at, period, rules, schedule, told};
use crate::{Clock, ClockFault, Schedule};

fn clock(started: &str, text: &str) -> Clock {
    Clock::start(at(started), period(text), rules("default")).expect("starts")
}

fn due(clock: &Clock, schedule: &Schedule) -> String {
    clock.due(schedule).expect("is told").map_or("paused".to_owned(), |moment| told(moment.at))
}

#[test]
fn two_supplements_move_the_due_by_the_working_time_they_took() {
    let schedule = schedule("default");
    let mut clock = clock("2026-11-02 09:00", "5 working-day");
    assert_eq!(due(&clock, &schedule), "2026-11-09 17:30");
    // Yêu cầu bổ sung lần một: thứ Tư 10 giờ, nhận đủ sáng thứ Sáu 10 giờ: hai ngày làm việc.
    clock.pause(at("2026-11-04 10:00"), "Bổ sung giấy tờ").expect("pauses");
    assert_eq!(due(&clock, &schedule), "paused");
    let provisional = clock.provisional_due(&schedule, at("2026-11-05 10:00")).expect("is told");
    assert_eq!(told(provisional.at), "2026-11-10 17:30", "if it ran on after a day");
    clock.resume(at("2026-11-06 10:00")).expect("runs");
    assert_eq!(due(&clock, &schedule), "2026-11-11 17:30");
    // Lần hai: từ tối thứ Hai đến sáng thứ Ba: một giờ làm việc.
    clock.pause(at("2026-11-09 19:00"), "Bổ sung lần hai").expect("pauses");
    clock.resume(at("2026-11-10 08:30")).expect("runs");
    assert_eq!(due(&clock, &schedule), "2026-11-12 08:30");
    let now = at("2026-11-11 17:30");
    assert_eq!(clock.left(&schedule, now).expect("is told").time.as_mins(), 60);
    assert!(!clock.is_late(&schedule, now).expect("is told"));
    assert!(clock.is_late(&schedule, at("2026-11-12 08:31")).expect("is told"));
    assert_eq!(clock.left(&schedule, at("2026-11-12 09:30")).expect("is told").time.as_mins(), -60);
}

#[test]
fn days_of_the_calendar_are_moved_by_the_time_that_passed() {
    let schedule = schedule("default");
    let mut clock = clock("2026-11-02 09:00", "10 day");
    assert_eq!(due(&clock, &schedule), "2026-11-12 17:30");
    clock.pause(at("2026-11-05 08:00"), "Chờ ý kiến").expect("pauses");
    clock.resume(at("2026-11-08 08:00")).expect("runs");
    assert_eq!(due(&clock, &schedule), "2026-11-16 07:30", "Sunday evening: the next working moment");
}

#[test]
fn an_extension_is_counted_from_the_due() {
    let schedule = schedule("default");
    let mut clock = clock("2026-11-16 09:00", "3 working-day");
    assert_eq!(due(&clock, &schedule), "2026-11-19 17:30");
    clock.extend(at("2026-11-17 09:00"), period("3 working-day"), "Xin lỗi và hẹn lại").expect("extends");
    assert_eq!(due(&clock, &schedule), "2026-11-25 17:30", "24 November is off");
    let before = clock.provisional_due(&schedule, at("2026-11-17 08:59")).expect("is told");
    assert_eq!(told(before.at), "2026-11-19 17:30", "as it stood then");
}

#[test]
fn a_restart_begins_the_whole_period_anew() {
    let schedule = schedule("default");
    let mut clock = clock("2026-11-02 09:00", "3 working-day");
    clock.pause(at("2026-11-03 09:00"), "Hồ sơ chưa đủ").expect("pauses");
    clock.restart(at("2026-11-11 09:00"), "Đã bổ sung đủ").expect("restarts");
    assert_eq!(due(&clock, &schedule), "2026-11-16 17:30");
    assert_eq!((clock.pauses().len(), clock.restarts().len()), (1, 1), "what was stays on record");
    assert_eq!(clock.pauses().first().and_then(|pause| pause.to), Some(at("2026-11-11 09:00")));
    assert_eq!(clock.used(&schedule, at("2026-11-11 11:00")).expect("is told").time.as_mins(), 120);
}

#[test]
fn what_is_late_stays_late() {
    for text in ["1 working-day", "1 day"] {
        let schedule = schedule("default");
        let mut clock = clock("2026-11-02 09:00", text);
        clock.pause(at("2026-11-03 18:00"), "Quá hạn rồi").expect("pauses");
        assert!(clock.is_late(&schedule, at("2026-11-08 09:00")).expect("is told"));
        clock.resume(at("2026-11-09 09:00")).expect("runs");
        assert_eq!(due(&clock, &schedule), "2026-11-03 17:30");
    }
}

#[test]
fn nonsense_is_refused_and_changes_nothing() {
    let mut clock = clock("2026-11-02 09:00", "3 working-day");
    let (start, early) = (at("2026-11-02 09:00"), at("2026-11-02 08:59"));
    let before = clock.clone();
    assert_eq!(clock.resume(start), Err(ClockFault::Running));
    assert_eq!(clock.pause(early, "Sớm"), Err(ClockFault::BeforeStart { at: early, started: start }));
    assert_eq!(clock.pause(start, " "), Err(ClockFault::Reason));
    assert_eq!(clock.pause(start, &"x".repeat(2_001)), Err(ClockFault::Reason));
    assert_eq!(clock.restart(early, "Sớm"), Err(ClockFault::BeforeStart { at: early, started: start }));
    assert_eq!(clock, before);
    let noon = at("2026-11-02 12:00");
    clock.pause(noon, "Chờ").expect("pauses");
    assert_eq!(clock.pause(noon, "Chờ"), Err(ClockFault::Paused(noon)));
    assert_eq!(clock.resume(start), Err(ClockFault::Backwards { at: start, last: noon }));
    clock.resume(noon).expect("runs");
    assert_eq!(
        clock.extend(start, period("1 day"), "Thêm"),
        Err(ClockFault::Backwards { at: start, last: noon })
    );
    for _ in 1..100 {
        clock.pause(noon, "Chờ").expect("pauses");
        clock.resume(noon).expect("runs");
    }
    assert_eq!(clock.pause(noon, "Chờ"), Err(ClockFault::Often));
}

#[test]
fn a_clock_is_kept_as_json_and_read_only_if_it_makes_sense() {
    let head = r#""started":"2026-11-02T02:00:00Z","period":{"amount":2.5,"unit":"working-day"},
        "rules":{"count_first_day":false,"due_at":"closing","day_off_moves":true}"#;
    let read = |more: &str| {
        let text = format!("{{{head}{more}}}");
        serde_json::from_str::<Clock>(&text).map_err(|error| error.to_string())
    };
    assert_eq!(read("").expect("is read"), clock("2026-11-02 09:00", "2.5 working-day"));
    let pause = |from: &str, to: &str| format!(r#"{{"from":"{from}","to":{to},"reason":"Chờ"}}"#);
    let pauses = |list: &[String]| format!(r#","pauses":[{}]"#, list.join(","));
    let (second, third) = ("2026-11-02T03:00:00Z", "\"2026-11-02T04:00:00Z\"");
    assert!(read(&pauses(&[pause(second, third)])).is_ok());
    for (more, words) in [
        (pauses(&[pause(second, "null"), pause(second, third)]), "pauses: not in order"),
        (pauses(&[pause("2026-11-02T05:00:00Z", third)]), "pauses: not in order"),
        (pauses(&[pause("2026-11-01T05:00:00Z", third)]), "pauses: not in order"),
        (pauses(&vec![pause(second, &format!("\"{second}\"")); 101]), "at most 100"),
        (pauses(&[pause(second, third).replace("Chờ", "")]), "reason"),
        (r#","restarts":[{"started":"2026-11-01T02:00:00Z","at":"2026-11-01T03:00:00Z","reason":"x"}]"#.into(), "restarts"),
        (r#","extensions":[{"period":{"amount":1,"unit":"day"},"at":"2026-11-01T03:00:00Z","reason":"x"}]"#.into(), "extensions"),
        (r#","why":1"#.into(), "unknown field"),
    ] {
        let error = read(&more).expect_err(&more);
        assert!(error.contains(words), "{more}: {error}");
    }
}

fn moment(minute: i64) -> Timestamp {
    at("2026-01-05 00:00") + SignedDuration::from_mins(minute)
}

/// Minutes since the start in which a clock is paused and resumed, in order.
fn any_pauses() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(0..100_000_i64, 0..7).prop_map(|mut minutes| {
        minutes.sort_unstable();
        minutes
    })
}

fn run(start: i64, text: crate::Period, rules: crate::Rules, minutes: &[i64]) -> Clock {
    let mut clock = Clock::start(moment(start), text, rules).expect("starts");
    for (index, minute) in minutes.iter().enumerate() {
        let at = moment(start + minute);
        if index % 2 == 0 { clock.pause(at, "Chờ") } else { clock.resume(at) }.expect("is in order");
    }
    clock
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_left_and_used_is_the_whole(
        schedule in any_schedule(), period in any_period(), rules in any_rules(), minutes in any_pauses(),
        start in 0..200_000_i64, now in 0..200_000_i64
    ) {
        let clock = run(start, period, rules, &minutes);
        let now = moment(start + now);
        let (left, used) = (clock.left(&schedule, now).expect("is told"), clock.used(&schedule, now).expect("is told"));
        prop_assert_eq!(left.working, period.unit.is_working());
        prop_assert_eq!(clock.is_late(&schedule, now).expect("is told"), clock.provisional_due(&schedule, now).expect("is told").at < now);
        if left.working {
            let alone = schedule.due(moment(start), &period, &rules).expect("is told");
            prop_assert_eq!(left.time + used.time, schedule.worked(moment(start), alone.at).0);
        }
    }

    #[test]
    fn a_pause_of_no_length_changes_nothing(
        schedule in any_schedule(), period in any_period(), rules in any_rules(), minutes in any_pauses(),
        start in 0..200_000_i64, more in 0..10_000_i64
    ) {
        let even: Vec<i64> = minutes.chunks_exact(2).flatten().copied().collect();
        let clock = run(start, period, rules, &even);
        let last = even.last().copied().unwrap_or(0) + more;
        let longer = run(start, period, rules, &[even, vec![last, last]].concat());
        prop_assert_eq!(longer.due(&schedule), clock.due(&schedule));
    }

    #[test]
    fn a_longer_pause_is_not_due_earlier_and_due_in_working_hours(
        schedule in any_schedule(), period in any_period(), rules in any_rules(), start in 0..200_000_i64,
        from in 0..20_000_i64, long in 0..50_000_i64, more in 0..20_000_i64
    ) {
        let due = |to: i64| {
            let clock = run(start, period, rules, &[from, to]);
            clock.due(&schedule).expect("is told").expect("runs").at
        };
        prop_assert!(due(from + long) <= due(from + long + more));
        prop_assert!(schedule.is_open(due(from + long)));
        prop_assert!(due(from) <= due(from + long));
    }

    #[test]
    fn a_clock_is_read_as_it_was_written(
        period in any_period(), rules in any_rules(), minutes in any_pauses(), start in 0..200_000_i64
    ) {
        let mut clock = run(start, period, rules, &minutes);
        let last = start + minutes.last().copied().unwrap_or(0);
        clock.extend(moment(last + 1), period, "Thêm").expect("extends");
        if minutes.len() % 2 == 0 {
            clock.restart(moment(last + 2), "Lại từ đầu").expect("restarts");
        }
        let text = serde_json::to_string(&clock).expect("is written");
        prop_assert_eq!(serde_json::from_str::<Clock>(&text).expect("is read"), clock, "{}", text);
    }
}
