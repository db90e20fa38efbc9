//! Office hours, rules and periods as packs write them, and what is refused of them.

use jiff::civil::date;

use super::{hours, period, rules, schedule};
use crate::{Amount, Editions, NoSuchHours, Period, Rules, Schedule, Unit, Week};

const HEAD: &str = r#"
[[edition]]
name = "default"
title = { vi = "Giờ", en = "Hours" }
source = "Act"
"#;
const DAYS: [&str; 5] = ["monday", "tuesday", "wednesday", "thursday", "friday"];

fn week(hours: &str) -> String {
    let days = DAYS.map(|day| format!("{day} = {hours}"));
    format!("[edition.week]\n{}\n", days.join("\n"))
}

#[test]
fn hours_that_contradict_themselves_are_refused() {
    let day = r#"[{ from = "07:30", to = "11:30" }]"#;
    let sound = format!("{HEAD}valid_from = \"2020-01-01\"\n{}", week(day));
    assert!(toml::from_str::<Editions<Week>>(&sound).is_ok());
    for (text, words) in [
        (format!("{HEAD}valid_from = \"2020-01-01\"\n{}", week("[]")), "has no hours"),
        (
            format!("{HEAD}valid_from = \"2020-01-01\"\n{}", week(r#"[{ from = "11:30", to = "07:30" }]"#)),
            "stretches end after they begin",
        ),
        (
            format!(
                "{HEAD}valid_from = \"2020-01-01\"\n{}",
                week(r#"[{ from = "07:30", to = "11:30" }, { from = "11:00", to = "17:30" }]"#)
            ),
            "follow one another",
        ),
        (format!("{sound}{sound}"), "two editions hold on 2020-01-01"),
        (
            format!("{HEAD}valid_from = \"2020-01-01\"\nvalid_to = \"2019-01-01\"\n{}", week(day)),
            "valid_to lies before",
        ),
        (sound.replace("\"Act\"", "\"\""), "name and source"),
        (sound.replace("monday", "mo"), "unknown field"),
        (sound.replace("11:30", "25:30"), "25:30"),
    ] {
        let error = toml::from_str::<Editions<Week>>(&text).expect_err(&text).to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn a_new_edition_takes_effect_on_its_day() {
    let old = format!(
        "{HEAD}valid_from = \"2020-01-01\"\nvalid_to = \"2026-05-31\"\n{}",
        week(r#"[{ from = "07:30", to = "11:30" }]"#)
    );
    let new = format!("{HEAD}valid_from = \"2026-06-01\"\n{}", week(r#"[{ from = "07:00", to = "11:00" }]"#));
    let both: Editions<Week> = toml::from_str(&format!("{old}{new}")).expect("fits");
    assert_eq!(both.all().len(), 2);
    let schedule = Schedule::new(super::shipped(), &both, "default").expect("is there");
    let opens = |day| schedule.opening(day).map(super::told);
    assert_eq!(opens(date(2026, 5, 29)).as_deref(), Some("2026-05-29 07:30"));
    assert_eq!(opens(date(2026, 6, 1)).as_deref(), Some("2026-06-01 07:00"));
    assert_eq!(opens(date(2019, 12, 31)), None);
}

#[test]
fn there_are_no_hours_without_a_name() {
    let days = super::shipped();
    assert_eq!(
        Schedule::new(days, &hours(), "night").expect_err("is not there"),
        NoSuchHours("night".to_owned())
    );
}

#[test]
fn a_swapped_saturday_has_the_hours_of_the_day_it_is_worked_for() {
    let schedule = schedule("default");
    assert_eq!(schedule.hours(date(2026, 8, 22)), schedule.hours(date(2026, 8, 24)));
    assert!(schedule.hours(date(2026, 8, 31)).is_empty() && schedule.hours(date(2026, 8, 29)).is_empty());
    let mornings = super::schedule("saturday-morning");
    assert_eq!(mornings.hours(date(2026, 8, 29)).len(), 1);
    assert_eq!(mornings.hours(date(2026, 8, 22)).len(), 2, "worked as a Monday");
    assert!(mornings.hours(date(2027, 5, 1)).is_empty(), "a Saturday that is a holiday");
    assert!(!mornings.counts(date(2026, 8, 29)) && mornings.counts(date(2026, 8, 22)));
}

#[test]
fn rules_that_make_periods_longer_than_the_law_are_refused() {
    let rules = |text: &str| {
        let text = format!("{HEAD}valid_from = \"2020-01-01\"\n[edition.rules]\n{text}");
        toml::from_str::<Editions<Rules>>(&text).map_err(|error| error.to_string())
    };
    assert!(rules("count_first_day = true\ncut_off = \"16:00\"").is_ok());
    let error = rules("cut_off = \"16:00\"").expect_err("is refused");
    assert!(error.contains("longer than the law's"), "{error}");
    let error = rules("count_first_day = true\ndue_at = \"same-minute\"").expect_err("is refused");
    assert!(error.contains("no day is first"), "{error}");
}

#[test]
fn periods_are_written_in_halves() {
    assert_eq!(
        period("3 working-day"),
        Period { amount: Amount::whole(3).expect("fits"), unit: Unit::WorkingDay }
    );
    for text in ["3 working-day", "0.5 day", "2.5 working-hour", "1000 hour", "1 month"] {
        let period = period(text);
        assert_eq!(period.to_string(), text);
        let written = toml::to_string(&period).expect("is written");
        assert_eq!(toml::from_str::<Period>(&written).expect("is read"), period, "{written}");
    }
    for amount in ["0", "-1", "0.3", "1000.5", "nan", "inf", "\"3\""] {
        assert!(toml::from_str::<Period>(&format!("amount = {amount}\nunit = \"day\"")).is_err(), "{amount}");
    }
    assert!(toml::from_str::<Period>("amount = 1\nunit = \"week\"").is_err());
    assert_eq!(Amount::whole(0), None);
    assert_eq!(Amount::whole(u16::MAX), None);
    assert!((period("2.5 day").amount.as_number() - 2.5).abs() < 1e-9);
    assert_eq!(rules("default"), Rules::default(), "the pack says what the code says without it");
}
