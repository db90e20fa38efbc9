//! Reads `vi-du.txt`: examples that an official can read, one dossier to a paragraph.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::{period, rules, schedule};
use crate::working::OFFICIAL;
use crate::{Clock, Period};

/// `20/11/2026 14:59`.
fn moment(text: &str) -> Timestamp {
    let local = DateTime::strptime("%d/%m/%Y %H:%M", text).unwrap_or_else(|error| panic!("{text}: {error}"));
    OFFICIAL.to_timestamp(local).expect("is a moment")
}

/// `3 ngày làm việc`.
fn length(text: &str) -> Period {
    let (amount, unit) = text.split_once(' ').expect("has a unit");
    let unit = match unit {
        "ngày làm việc" => "working-day",
        "ngày" => "day",
        "giờ làm việc" => "working-hour",
        "giờ" => "hour",
        "tháng" => "month",
        other => panic!("{other}: no unit"),
    };
    period(&format!("{amount} {unit}"))
}

/// One paragraph: its title, then what happens. Returns how many results it checked.
fn check(paragraph: &str) -> usize {
    let schedule = schedule("default");
    let (mut lines, mut counting, mut received, mut clock) =
        (paragraph.lines(), rules("default"), None, None);
    let title = lines.next().expect("has a title");
    let mut checked = 0;
    for line in lines {
        let rest = |word: &str| line.strip_prefix(word).map(str::trim);
        let running = |clock: &mut Option<Clock>,
                       act: &dyn Fn(&mut Clock) -> Result<(), crate::ClockFault>| {
            act(clock.as_mut().expect(title)).expect(title);
        };
        if rest("cách tính trong ngày").is_some() {
            counting = rules("same-day");
        } else if let Some(at) = rest("nhận ") {
            received = Some(moment(at));
        } else if let Some(text) = rest("thời hạn ") {
            clock = Some(Clock::start(received.expect(title), length(text), counting).expect(title));
        } else if let Some(at) = rest("dừng ") {
            running(&mut clock, &|clock| clock.pause(moment(at), "Bổ sung"));
        } else if let Some(at) = rest("tiếp ") {
            running(&mut clock, &|clock| clock.resume(moment(at)));
        } else if let Some(at) = rest("tính lại ") {
            running(&mut clock, &|clock| clock.restart(moment(at), "Đã đủ"));
        } else if let Some(text) = rest("gia hạn ") {
            let (at, more) = text.split_once(" thêm ").expect(title);
            running(&mut clock, &|clock| clock.extend(moment(at), length(more), "Xin lỗi"));
        } else {
            let due = clock.as_ref().expect(title).due(&schedule).expect(title);
            let holds = match (rest("hạn trả "), rest("dự kiến ")) {
                (Some("chưa có"), _) => due.is_none(),
                (Some(at), _) => due.is_some_and(|due| due.at == moment(at)),
                (_, Some(at)) => due.is_some_and(|due| due.expected == moment(at)),
                _ => panic!("{title}: {line}: is not understood"),
            };
            assert!(holds, "{title}: {line}, not {due:?}");
            checked += 1;
        }
    }
    assert!(checked > 0, "{title}: says no result");
    checked
}

#[test]
fn examples_for_officials_hold() {
    let text: Vec<&str> = include_str!("vi-du.txt").lines().filter(|line| !line.starts_with('#')).collect();
    let text = text.join("\n");
    let checked: usize = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(check).sum();
    assert_eq!(checked, text.matches("\nhạn trả ").count() + text.matches("\ndự kiến ").count());
    assert!(checked >= 20);
}
