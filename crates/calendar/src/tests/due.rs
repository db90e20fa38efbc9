//! Khi nào phải trả kết quả · When something is due. Each row: received, period, due.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use proptest::prelude::*;

use super::{at, days_off, hours, period, rules, schedule, told};
use crate::{Amount, DayOff, Moved, Period, Rules, Schedule, Table, Unit, WorkingDays, Year};

/// Checks rows under the rules of a name, over the hours of a name.
fn table(hours: &str, counting: &str, rows: &[(&str, &str, &str, &str)]) {
    let (schedule, rules) = (schedule(hours), rules(counting));
    for (received, text, due, why) in rows {
        let moment = schedule.due(at(received), &period(text), &rules).expect("is told");
        assert_eq!(told(moment.at), *due, "{received} + {text}: {why}");
    }
}

#[test]
fn ngay_lam_viec_working_days() {
    let rows = [
        // Ngày nhận không tính; hẹn trả là giờ đóng cửa của ngày cuối.
        ("2026-11-20 14:59", "1 working-day", "2026-11-23 17:30", "Friday, before three"),
        (
            "2026-11-20 15:01",
            "1 working-day",
            "2026-11-23 17:30",
            "Friday, after three: the law knows no such hour",
        ),
        ("2026-11-23 09:00", "2 working-day", "2026-11-26 17:30", "nghỉ 24/11: 24 November is off"),
        // Trước Tết Bính Ngọ: nghỉ từ 16 đến 20/02/2026, giữa hai cuối tuần.
        ("2026-02-13 10:00", "1 working-day", "2026-02-23 17:30", "the last day before Tết"),
        ("2026-02-12 10:00", "2 working-day", "2026-02-23 17:30", "the day before it"),
        // Đi làm thứ Bảy 22/8 để nghỉ thứ Hai 31/8/2026.
        ("2026-08-21 10:00", "1 working-day", "2026-08-22 17:30", "the Saturday is worked"),
        ("2026-08-22 10:00", "1 working-day", "2026-08-24 17:30", "received on it"),
        (
            "2026-08-28 10:00",
            "1 working-day",
            "2026-09-03 17:30",
            "31 August is off for it, then National Day",
        ),
        // Nộp ngoài giờ, ngày nghỉ.
        ("2026-11-21 09:00", "1 working-day", "2026-11-23 17:30", "received on a Saturday"),
        ("2026-11-20 23:30", "1 working-day", "2026-11-23 17:30", "received at night"),
        ("2026-11-24 09:00", "1 working-day", "2026-11-25 17:30", "received on a holiday"),
        // Nửa ngày.
        ("2026-11-19 10:00", "0.5 working-day", "2026-11-20 11:30", "half of the next day's hours"),
        ("2026-11-19 10:00", "2.5 working-day", "2026-11-25 11:30", "two days, then half of one"),
    ];
    table("default", "default", &rows);
}

#[test]
fn trong_ngay_on_the_same_day() {
    let rows = [
        ("2026-11-20 14:59", "1 working-day", "2026-11-20 17:30", "trước 15 giờ: the same day"),
        ("2026-11-20 15:00", "1 working-day", "2026-11-20 17:30", "at three o'clock"),
        ("2026-11-20 15:01", "1 working-day", "2026-11-23 17:30", "sau 15 giờ: the next working day"),
        ("2026-11-23 15:01", "1 working-day", "2026-11-25 17:30", "nghỉ 24/11"),
        ("2026-11-20 05:00", "1 working-day", "2026-11-20 17:30", "before the office opens"),
        ("2026-11-21 09:00", "1 working-day", "2026-11-23 17:30", "on a day of rest"),
        ("2026-11-20 09:00", "0.5 working-day", "2026-11-20 15:00", "four working hours later"),
        ("2026-11-20 14:00", "0.5 working-day", "2026-11-20 17:30", "no longer than the day"),
        ("2026-11-20 09:00", "2 working-day", "2026-11-23 17:30", "the day of receipt is the first"),
    ];
    table("default", "same-day", &rows);
    table(
        "saturday-morning",
        "same-day",
        &[(
            "2026-11-21 09:00",
            "1 working-day",
            "2026-11-23 17:30",
            "open, and yet no working day of the law",
        )],
    );
}

#[test]
fn gio_hours() {
    let rows = [
        (
            "2026-11-20 14:00",
            "8 working-hour",
            "2026-11-23 14:00",
            "báo tiếp nhận hồ sơ trực tuyến: eight hours",
        ),
        ("2026-11-20 23:00", "8 working-hour", "2026-11-23 17:30", "received at night"),
        ("2026-11-20 17:00", "0.5 working-hour", "2026-11-20 17:30", "to the moment of closing"),
        ("2026-11-19 10:00", "24 hour", "2026-11-20 10:00", "by the clock"),
        (
            "2026-11-20 16:00",
            "24 hour",
            "2026-11-20 17:30",
            "ends on a Saturday: the last working moment before",
        ),
        ("2026-11-20 18:00", "4 hour", "2026-11-23 07:30", "no working moment lies between: the first after"),
        ("2026-11-20 10:00", "2 hour", "2026-11-20 11:30", "ends at noon"),
    ];
    table("default", "default", &rows);
    let row = (
        "2026-11-20 17:00",
        "4 working-hour",
        "2026-11-21 11:00",
        "sáng thứ Bảy: working hours run on Saturday",
    );
    table("saturday-morning", "default", &[row]);
}

#[test]
fn ngay_thang_days_and_months() {
    let rows = [
        // Bộ luật Dân sự, điều 148.
        ("2026-11-16 10:00", "3 day", "2026-11-19 17:30", "a Thursday"),
        ("2026-11-18 10:00", "3 day", "2026-11-23 17:30", "khoản 5: ends on Saturday, so on Monday"),
        ("2026-11-14 10:00", "10 day", "2026-11-25 17:30", "ends on 24 November, which is off"),
        ("2026-02-10 10:00", "7 day", "2026-02-23 17:30", "ends in Tết"),
        ("2025-01-31 10:00", "1 month", "2025-02-28 17:30", "khoản 3: February has no 31st"),
        ("2026-01-31 10:00", "1 month", "2026-03-02 17:30", "28 February 2026 is a Saturday"),
        ("2024-01-31 10:00", "1 month", "2024-02-29 17:30", "a leap year"),
        ("2026-03-16 10:00", "0.5 month", "2026-03-31 17:30", "điều 146: fifteen days"),
        ("2026-11-16 10:00", "0.5 day", "2026-11-17 11:30", "half of the next day"),
        ("2026-11-20 10:00", "0.5 day", "2026-11-23 11:30", "half of Saturday is moved to half of Monday"),
        ("2026-11-20 10:00", "1.5 day", "2026-11-23 17:30", "never before what one day gives"),
        ("2026-11-20 10:00", "2.5 day", "2026-11-23 17:30", "never before what two days give"),
    ];
    table("default", "default", &rows);
}

#[test]
fn tung_phut_from_minute_to_minute() {
    let rows = [
        ("2026-11-20 10:15", "1 working-day", "2026-11-23 10:15", "over a weekend"),
        (
            "2026-11-20 16:00",
            "0.5 working-day",
            "2026-11-23 10:00",
            "ninety minutes and two and a half hours",
        ),
        ("2026-11-20 12:00", "1 working-day", "2026-11-23 13:30", "begins when the office opens again"),
        (
            "2026-11-21 09:00",
            "1 working-day",
            "2026-11-25 07:30",
            "a day off does not begin it, and 24 November is off",
        ),
        ("2026-11-19 12:10", "1 day", "2026-11-20 11:30", "at noon: when the office last was open"),
        ("2026-11-20 10:00", "1 day", "2026-11-23 07:30", "a day off moves it"),
        ("2026-04-28 10:00", "1 month", "2026-05-28 10:00", "to the same minute"),
        ("2028-03-30 08:00", "1.5 month", "2028-05-15 08:00", "a month to 30 April, then fifteen days"),
        ("2028-03-31 07:40", "1.5 month", "2028-05-15 17:30", "April has no 31st: the end of its last day"),
    ];
    table("default", "minute-by-minute", &rows);
}

#[test]
fn tet_2030_is_told_as_sure_and_as_expected() {
    let (schedule, rules) = (schedule("default"), rules("default"));
    let due = |received: &str, text: &str| {
        let moment = schedule.due(at(received), &period(text), &rules).expect("is told");
        assert!(!moment.settled, "2030 is not announced");
        (told(moment.at), told(moment.expected))
    };
    // Mùng một Tết Canh Tuất: thứ Bảy 02/02/2030 (ở Trung Quốc là 03/02).
    // Chắc chắn nghỉ 01, 04, 05/02; dự kiến nghỉ từ 31/01 đến 06/02.
    let (sure, expected) = due("2030-01-30 10:00", "1 working-day");
    assert_eq!((sure.as_str(), expected.as_str()), ("2030-01-31 17:30", "2030-02-07 17:30"));
    let (sure, expected) = due("2030-01-31 10:00", "1 working-day");
    assert_eq!((sure.as_str(), expected.as_str()), ("2030-02-06 17:30", "2030-02-07 17:30"));
}

#[test]
fn what_is_announced_is_settled() {
    let (schedule, rules) = (schedule("default"), rules("default"));
    let settled = |received: &str, text: &str| {
        let moment = schedule.due(at(received), &period(text), &rules).expect("is told");
        assert!(moment.at <= moment.expected);
        moment.settled
    };
    assert!(settled("2026-11-20 10:00", "5 working-day"));
    assert!(!settled("2026-12-30 10:00", "5 working-day"), "reaches into 2027");
}

#[test]
fn a_promise_is_computed_again_when_the_year_is_announced() {
    let rules = rules("default");
    let due = |schedule: &Schedule, received: &str, text: &str| {
        schedule.due(at(received), &period(text), &rules).expect("is told")
    };
    // Hẹn khi lịch nghỉ Tết 2027 chưa công bố, rồi Nhà nước cho nghỉ từ 04/02 đến 10/02.
    let (computed, laid) = (schedule("default"), announced(2, 0));
    let promised = due(&computed, "2027-02-03 10:00", "1 working-day");
    assert_eq!(told(promised.at), "2027-02-04 17:30");
    let now = due(&laid, "2027-02-03 10:00", "1 working-day");
    assert_eq!((told(now.at).as_str(), now.settled), ("2027-02-11 17:30", true));
    assert_eq!((now.at, now.moved(promised.at)), (promised.expected, Moved::Later), "the promise stands");
    let same = due(&computed, "2027-03-01 10:00", "3 working-day");
    assert_eq!(due(&laid, "2027-03-01 10:00", "3 working-day").moved(same.at), Moved::No);
    // Thứ Bảy 22/8/2026 thành ngày làm việc sau khi đã hẹn thứ Hai.
    let law_alone = WorkingDays::with_law(&Table::default(), &days_off()).expect("fits");
    let before = Schedule::new(std::sync::Arc::new(law_alone), &hours(), "default").expect("is there");
    let promised = due(&before, "2026-08-21 10:00", "1 working-day");
    assert_eq!(told(promised.at), "2026-08-24 17:30");
    assert_eq!(due(&computed, "2026-08-21 10:00", "1 working-day").moved(promised.at), Moved::Earlier);
}

#[test]
fn what_cannot_be_told_says_why() {
    let schedule = schedule("default");
    let longer = Rules { cut_off: "15:00".parse().ok(), ..Rules::default() };
    let fault = |received: &str, text: &str, rules: &Rules| {
        schedule.due(at(received), &period(text), rules).expect_err("is refused").to_string()
    };
    assert!(fault("2026-11-20 10:00", "1 day", &longer).starts_with("rules: cut_off"));
    assert!(fault("9999-01-01 10:00", "1000 month", &Rules::default()).contains("beyond the calendar"));
    assert!(
        fault("1990-01-01 10:00", "3 working-day", &Rules::default())
            .contains("no edition holds on 1990-01-04")
    );
}

/// 2027 with Tết and National Day laid in a way: how many days before them.
fn announced(tet: i64, national: i64) -> Schedule {
    let (mut off, mut made_up) = (Vec::new(), 0);
    let first = date(2027, 2, 6).saturating_sub(tet.days());
    let block: Vec<Date> = (0..5).map(|n| first.saturating_add(n.days())).collect();
    for day in &block {
        made_up += i64::from(day.weekday().to_monday_zero_offset() >= 5);
    }
    let last = first.saturating_add(4.days());
    off.extend(block);
    let after = (1..9).map(|n| last.saturating_add(n.days()));
    let made_up = usize::try_from(made_up).expect("is small");
    off.extend(after.filter(|day| day.weekday().to_monday_zero_offset() < 5).take(made_up));
    let second = if national == 1 { date(2027, 9, 1) } else { date(2027, 9, 3) };
    off.extend([second, date(2027, 9, 2), date(2027, 1, 1), date(2027, 4, 16), date(2027, 4, 30)]);
    off.extend([date(2027, 5, 3), date(2027, 11, 24)]);
    let title = || crate::Named { vi: "Nghỉ".to_owned(), en: "Off".to_owned() };
    let off = off.into_iter().map(|day| DayOff { day, title: title() }).collect();
    let year = Year { year: 2027, announced: true, source: "test".to_owned(), off, swaps: vec![] };
    let days = WorkingDays::with_law(&Table { years: vec![year] }, &days_off()).expect("fits");
    Schedule::new(std::sync::Arc::new(days), &hours(), "default").expect("is there")
}

static LAID: LazyLock<Vec<Schedule>> =
    LazyLock::new(|| (1..=3).flat_map(|tet| [announced(tet, 0), announced(tet, 1)]).collect());

fn any_moment() -> impl Strategy<Value = Timestamp> {
    (0..126_000_i64).prop_map(|kilo| at("2026-01-01 00:00") + SignedDuration::from_secs(kilo * 1_000))
}

fn any_unit() -> impl Strategy<Value = Unit> {
    let all = vec![Unit::WorkingDay, Unit::Day, Unit::WorkingHour, Unit::Hour, Unit::Month];
    prop::sample::select(all)
}

pub(super) fn any_period() -> impl Strategy<Value = Period> {
    let amount = |halves| Amount::halves(halves).expect("fits");
    (any_unit(), 1_u16..60).prop_map(move |(unit, halves)| Period { amount: amount(halves), unit })
}

pub(super) fn any_rules() -> impl Strategy<Value = Rules> {
    let names = vec!["default", "same-day", "minute-by-minute"];
    (prop::sample::select(names), any::<bool>())
        .prop_map(|(name, day_off_moves)| Rules { day_off_moves, ..rules(name) })
}

pub(super) fn any_schedule() -> impl Strategy<Value = Schedule> {
    prop::sample::select(vec!["default", "saturday-morning"]).prop_map(schedule)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_due_is_due_in_working_hours(
        schedule in any_schedule(), received in any_moment(), period in any_period(), rules in any_rules()
    ) {
        let due = schedule.due(received, &period, &rules).expect("is told");
        prop_assert!(schedule.is_open(due.at), "{}", told(due.at));
        prop_assert!(due.at >= received && due.expected >= received);
    }

    #[test]
    fn what_is_received_later_is_not_due_earlier(
        schedule in any_schedule(), received in any_moment(), later in 0..1_000_000_i64, period in any_period(),
        rules in any_rules()
    ) {
        let later = received + SignedDuration::from_secs(later);
        let due = |received| schedule.due(received, &period, &rules).expect("is told");
        let (first, second) = (due(received), due(later));
        prop_assert!(first.at <= second.at && first.expected <= second.expected, "{:?} {:?}", first, second);
    }

    #[test]
    fn a_longer_period_is_not_due_earlier(
        schedule in any_schedule(), received in any_moment(), period in any_period(), more in 0_u16..10,
        rules in any_rules()
    ) {
        let halves = period.amount.wholes() * 2 + u16::from(period.amount.has_half()) + more;
        let longer = Period { amount: Amount::halves(halves).expect("fits"), ..period };
        let due = |period| schedule.due(received, period, &rules).expect("is told");
        let (first, second) = (due(&period), due(&longer));
        prop_assert!(first.at <= second.at && first.expected <= second.expected, "{:?} {:?}", first, second);
    }

    #[test]
    fn however_the_days_off_are_laid_nothing_was_told_too_late(
        day in 0..360_i64, minute in 0..1440_i64, count in 1_u16..60, tet in 1..=3_i64, national in 0..=1_i64,
        calendar in any::<bool>()
    ) {
        let received = at("2027-01-01 00:00") + SignedDuration::from_mins(day * 1440 + minute);
        let unit = if calendar { Unit::Day } else { Unit::WorkingDay };
        let period = Period { amount: Amount::halves(count).expect("fits"), unit };
        let due = |schedule: &Schedule| schedule.due(received, &period, &Rules::default()).expect("is told");
        let index = usize::try_from((tet - 1) * 2 + national).expect("is small");
        let (told, law) = (due(&schedule("default")), due(LAID.get(index).expect("is laid")));
        prop_assert!(told.at <= law.at, "{:?} {:?}", told, law);
        prop_assert!(tet != 2 || national != 0 || told.expected == law.expected, "as expected: {:?} {:?}", told, law);
    }
}
