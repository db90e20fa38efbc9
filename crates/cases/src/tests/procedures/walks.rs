//! A table of walks: each procedure from filing to the result, once refused, once with more asked for.

use proptest::prelude::*;

use super::*;
use crate::{Outcome, Scope, Signer};

/// A procedure and an example of it: filed on Monday, 23 November 2026 at 8:00, received at 8:30.
struct Walk {
    kind: &'static str,
    /// Name of the example of its answers.
    example: &'static str,
    channel: Channel,
    /// The parts that must be there.
    parts: &'static [&'static str],
    /// What it costs, in đồng.
    fee: u64,
    /// The last day of the result.
    due: &'static str,
    /// The same if more was asked for on Monday at 9:30 and came a week later, at 9:30.
    due_after_more: &'static str,
    /// What happens after it was taken on at 9:00: when, who, what.
    way: &'static [(&'static str, &'static str, &'static str)],
}

const SUBMIT: (&str, &str, &str) = ("2026-11-23T10:00", "handler", "submit");

const WALKS: &[Walk] = &[
    // Nhận trước 15 giờ, trả trong ngày. Nộp tại quầy, xin hai bản sao: 2 × 8.000 đồng.
    Walk {
        kind: "birth-registration",
        example: "birth-registration",
        channel: Channel::Counter,
        parts: &["proof"],
        fee: 16_000,
        due: "2026-11-23",
        due_after_more: "2026-11-30",
        way: &[("2026-11-23T09:30", "clerk", "collect"), SUBMIT],
    },
    // Trực tuyến: gửi biểu mẫu lúc 9:30, người dân xác nhận lúc 9:50 cùng ngày; hạn lùi đúng khoảng chờ ấy, vẫn trong ngày.
    Walk {
        kind: "birth-registration",
        example: "birth-registration",
        channel: Channel::Online,
        parts: &["proof"],
        fee: 16_000,
        due: "2026-11-23",
        due_after_more: "2026-11-30",
        way: &[
            ("2026-11-23T09:20", "program", "collect"),
            ("2026-11-23T09:30", "handler", "send-draft"),
            ("2026-11-23T09:50", "citizen", "confirm"),
            SUBMIT,
        ],
    },
    // 7 ngày làm việc, không tính ngày nhận và ngày nghỉ 24/11: 25, 26, 27, 30/11, 01, 02, 03/12.
    Walk {
        kind: "newborn-residence",
        example: "none",
        channel: Channel::Case,
        parts: &["birth-certificate"],
        fee: 0,
        due: "2026-12-03",
        due_after_more: "2026-12-09",
        way: &[SUBMIT],
    },
    // 10 ngày theo lịch.
    Walk {
        kind: "newborn-health-card",
        example: "none",
        channel: Channel::Case,
        parts: &["birth-certificate"],
        fee: 0,
        due: "2026-12-03",
        due_after_more: "2026-12-10",
        way: &[SUBMIT],
    },
    // Ba bản sao: 3 × 8.000 đồng.
    Walk {
        kind: "civil-status-copy",
        example: "civil-status-copy",
        channel: Channel::Online,
        parts: &[],
        fee: 24_000,
        due: "2026-11-23",
        due_after_more: "2026-11-30",
        way: &[SUBMIT],
    },
    // 15 ngày theo lịch; bổ sung xong thì 15 ngày tính lại từ ngày nhận đủ, 30/11.
    Walk {
        kind: "house-construction-permit",
        example: "house-construction-permit",
        channel: Channel::Counter,
        parts: &["drawings", "land", "neighbour-pledge"],
        fee: 75_000,
        due: "2026-12-08",
        due_after_more: "2026-12-15",
        way: &[
            ("2026-11-23T09:30", "handler", "ask-payment"),
            ("2026-11-23T09:40", "program", "pay"),
            ("2026-11-23T09:50", "handler", "call-inspection"),
            ("2026-11-26T09:00", "handler", "record-inspection"),
            ("2026-11-26T10:00", "handler", "submit"),
        ],
    },
    // 3 ngày làm việc: 25, 26, 27/11. Trực tiếp 50.000 đồng, thu khi tiếp nhận.
    Walk {
        kind: "household-business",
        example: "household-business",
        channel: Channel::Counter,
        parts: &["members-authorisation"],
        fee: 50_000,
        due: "2026-11-27",
        due_after_more: "2026-12-03",
        way: &[("2026-11-23T09:10", "clerk", "collect"), SUBMIT],
    },
    // Trực tuyến 150.000 đồng, thanh toán xong mới gửi được hồ sơ (xem `files_and_pays`).
    Walk {
        kind: "household-business",
        example: "household-business-online",
        channel: Channel::Online,
        parts: &["proxy"],
        fee: 150_000,
        due: "2026-11-27",
        due_after_more: "2026-12-03",
        way: &[SUBMIT],
    },
    // 5 ngày làm việc: 25, 26, 27, 30/11, 01/12.
    Walk {
        kind: "road-works-permit",
        example: "road-works-permit",
        channel: Channel::Online,
        parts: &["drawings", "median-distances", "reinstatement"],
        fee: 0,
        due: "2026-12-01",
        due_after_more: "2026-12-07",
        way: &[SUBMIT],
    },
    // 1 ngày làm việc: 25/11, vì 24/11 nghỉ.
    Walk {
        kind: "residence-confirmation",
        example: "residence-confirmation",
        channel: Channel::Online,
        parts: &[],
        fee: 0,
        due: "2026-11-25",
        due_after_more: "2026-12-01",
        way: &[SUBMIT],
    },
    // Cam kết 10 ngày làm việc: đến 08/12. Niêm yết 26/11 đến hết 30/11.
    Walk {
        kind: "disaster-support",
        example: "disaster-support",
        channel: Channel::Assisted,
        parts: &["pictures"],
        fee: 0,
        due: "2026-12-08",
        due_after_more: "2026-12-14",
        way: &[
            ("2026-11-23T10:00", "handler", "call-inspection"),
            ("2026-11-25T10:00", "handler", "record-inspection"),
            ("2026-11-26T10:00", "handler", "post"),
            ("2026-11-30T17:30", "program", "end-posting"),
            ("2026-12-01T08:00", "handler", "submit"),
        ],
    },
    // Có người bị nạn: 2 ngày làm việc, 25 và 26/11, không niêm yết.
    Walk {
        kind: "disaster-support",
        example: "disaster-support-urgent",
        channel: Channel::Assisted,
        parts: &[],
        fee: 0,
        due: "2026-11-26",
        due_after_more: "2026-12-02",
        way: &[
            ("2026-11-23T09:30", "handler", "call-inspection"),
            ("2026-11-23T16:00", "handler", "record-inspection"),
            ("2026-11-23T16:30", "handler", "submit"),
        ],
    },
    Walk {
        kind: "first-grade-admission",
        example: "first-grade-admission",
        channel: Channel::Online,
        parts: &["birth-certificate", "residence"],
        fee: 0,
        due: "2026-12-08",
        due_after_more: "2026-12-14",
        way: &[
            ("2026-11-25T09:00", "handler", "convene"),
            ("2026-11-27T09:00", "handler", "conclude"),
            ("2026-11-27T10:00", "handler", "submit"),
        ],
    },
    // 30 ngày theo lịch.
    Walk {
        kind: "discharge-permit",
        example: "discharge-permit",
        channel: Channel::Online,
        parts: &["report-eia", "request"],
        fee: 0,
        due: "2026-12-23",
        due_after_more: "2026-12-30",
        way: &[
            ("2026-12-01T09:00", "handler", "convene"),
            ("2026-12-10T09:00", "handler", "conclude"),
            ("2026-12-10T10:00", "handler", "submit"),
        ],
    },
    // Cơ sở đang hoạt động, không vận hành thử nghiệm: 15 ngày, đoàn kiểm tra.
    Walk {
        kind: "discharge-permit",
        example: "discharge-permit-operating",
        channel: Channel::Post,
        parts: &["report-operating", "request"],
        fee: 0,
        due: "2026-12-08",
        due_after_more: "2026-12-15",
        way: &[
            ("2026-11-25T09:00", "handler", "call-inspection"),
            ("2026-12-01T09:00", "handler", "record-inspection"),
            ("2026-12-01T10:00", "handler", "submit"),
        ],
    },
    // Cam kết 15 ngày làm việc: đến 15/12.
    Walk {
        kind: "social-assistance",
        example: "social-assistance",
        channel: Channel::Counter,
        parts: &["disability"],
        fee: 0,
        due: "2026-12-15",
        due_after_more: "2026-12-21",
        way: &[
            ("2026-11-25T10:00", "handler", "post"),
            ("2026-11-27T17:30", "program", "end-posting"),
            ("2026-11-30T08:00", "handler", "submit"),
        ],
    },
];

/// The kind, the answers and the channel of any walk.
pub(in crate::tests) fn any_example() -> impl Strategy<Value = (&'static str, &'static str, Channel)> {
    let examples = WALKS.iter().map(|walk| (walk.kind, walk.example, walk.channel)).collect::<Vec<_>>();
    prop::sample::select(examples)
}

fn day(house: &House, case: &Case) -> Option<String> {
    let due = case.due(&house.schedule)?;
    let hour = due.as_second().rem_euclid(86_400);
    assert_eq!(hour, 10 * 3_600 + 1_800, "due when the office closes, at 17:30");
    Some(dinh_calendar::official_day(due).to_string())
}

/// Filed, received and taken on.
fn taken_on(walk: &Walk) -> (House, Case) {
    let house = House::of(kind(walk.kind));
    let mut case = opened(&house, walk.example, walk.channel);
    let guard = house.kind.action("accept").and_then(|accept| accept.guard.as_ref());
    if walk.channel == Channel::Online && guard.is_some_and(|guard| guard.text().contains("paid")) {
        case = files_and_pays(&house, &case);
    }
    let case = does(&house, &case, "2026-11-23T08:30", &clerk(), "accept");
    let case = does(&house, &case, "2026-11-23T09:00", &handler(), "start");
    (house, case)
}

/// Where the fee is paid with the dossier, none is received before.
fn files_and_pays(house: &House, case: &Case) -> Case {
    let refused = acts(house, case, "2026-11-23T08:10", &clerk(), "accept").expect_err("is not paid");
    assert!(matches!(refused, Refused::Guard { .. }), "{refused}");
    does(house, case, "2026-11-23T08:20", &program(), "collect")
}

fn walked(walk: &Walk) -> (House, Case) {
    let (house, case) = taken_on(walk);
    let steps = walk.way.iter();
    let case = steps.fold(case, |case, (when, name, action)| does(&house, &case, when, &who(name), action));
    (house, case)
}

#[test]
fn each_procedure_has_a_walk() {
    let walked: BTreeSet<&str> = WALKS.iter().map(|walk| walk.kind).collect();
    let procedures = shipped().into_iter().filter(|kind| !kind.about_case);
    let kinds: BTreeSet<String> = procedures.map(|kind| kind.code).collect();
    assert_eq!(kinds.iter().map(String::as_str).collect::<BTreeSet<_>>(), walked);
    assert_eq!(kinds.len(), 12, "ten procedures, and two that follow from a birth");
}

#[test]
fn each_comes_to_its_result_in_time() {
    for walk in WALKS {
        let (house, case) = walked(walk);
        let last = walk.way.last().expect("has steps").0;
        let moved = acts(&house, &case, last, &leader(), "approve");
        let mut moved = moved.unwrap_or_else(|refused| panic!("{}: {refused}", walk.example));
        let templates = house.kind.results.iter().any(|result| result.template.is_some());
        assert_eq!(
            moved.case.state == "issuing",
            templates,
            "{}: what is set here is issued apart",
            walk.kind
        );
        if templates {
            assert_eq!((moved.effects.as_slice(), moved.case.ended), (&[][..], None), "{}", walk.kind);
            moved = acts(&house, &moved.case, last, &records(), "issue-on-paper").expect("is issued");
        }
        let issue = crate::Effect::Issue { by_hand: templates };
        assert!(moved.effects.contains(&issue), "{}", walk.kind);
        let mut signed = house.kind.results.iter().filter(|result| result.template.is_some());
        assert!(signed.all(|result| result.signatures == [Signer::Person, Signer::Seal]), "{}", walk.kind);
        let case = does(&house, &moved.case, "2027-01-04T09:00", &clerk(), "deliver");
        assert_eq!((case.state.as_str(), case.ended.map(|e| e.1)), ("delivered", Some(Outcome::Granted)));
        assert!(!case.is_late(&house.schedule, at("2027-01-04T09:00")), "{}", walk.kind);
    }
}

#[test]
fn each_is_due_on_the_day_that_the_law_or_the_promise_says() {
    for walk in WALKS {
        let (house, case) = taken_on(walk);
        assert_eq!(day(&house, &case).as_deref(), Some(walk.due), "{} ({})", walk.kind, walk.example);
    }
}

#[test]
fn each_asks_for_its_parts_and_its_fee() {
    for walk in WALKS {
        let (house, case) = taken_on(walk);
        let parts: Vec<&str> = case.parts.keys().map(String::as_str).collect();
        assert_eq!(parts, walk.parts, "{} ({})", walk.kind, walk.example);
        let owed = house.kind.owed(&Scope::of_filing(&case.answers, walk.channel, case.opened));
        let owed: u64 = owed.expect("is computed").iter().map(|(_, amount)| *amount).sum();
        assert_eq!(owed, walk.fee, "{} ({})", walk.kind, walk.example);
    }
}

#[test]
fn what_comes_of_a_case_follows_the_answers() {
    let brought = |code: &str, example: &str, name: &str, value: Json| {
        let house = House::of(kind(code));
        let mut answers = filed(house.kind.form.as_deref(), example);
        answers.insert(name.to_owned(), value);
        let scope = Scope::of_filing(&answers, Channel::Online, at("2026-11-23T08:00"));
        let all = house.kind.brings(&scope);
        all.map(|result| (result.code.clone(), result.valid_for.map(|p| p.to_string()))).collect::<Vec<_>>()
    };
    let of = |code: &str, valid: Option<&str>| (code.to_owned(), valid.map(str::to_owned));
    let permit = |group: &str| brought("discharge-permit", "discharge-permit", "group", group.into());
    assert_eq!(permit("1"), [of("permit-group-1", Some("84 month"))]);
    assert_eq!(permit("3"), [of("permit", Some("120 month"))]);
    let birth = |copies: bool| brought("birth-registration", "birth-registration", "copies", copies.into());
    assert_eq!(birth(true), [of("certificate", None), of("copies", None)]);
    assert_eq!(birth(false), [of("certificate", None)]);
}

#[test]
fn none_is_received_without_its_parts() {
    for walk in WALKS.iter().filter(|walk| !walk.parts.is_empty()) {
        let house = House::of(kind(walk.kind));
        let whole = opened(&house, walk.example, walk.channel);
        for part in walk.parts {
            let mut case = whole.clone();
            case.parts.remove(*part);
            let refused = acts(&house, &case, "2026-11-23T08:30", &clerk(), "accept").expect_err(part);
            assert!(matches!(refused, Refused::Guard { unless: Some(_), .. }), "{}: {refused}", walk.kind);
        }
    }
}

#[test]
fn each_may_be_refused_with_a_reason() {
    for walk in WALKS {
        let (house, case) = walked(walk);
        let last = walk.way.last().expect("has steps").0;
        let silent = house.act(&case, last, &leader(), "refuse", &[]).expect_err("without a reason");
        assert!(matches!(silent, Refused::Asked { .. }), "{}: {silent}", walk.kind);
        let case = does(&house, &case, last, &leader(), "refuse");
        assert_eq!((case.state.as_str(), case.ended.map(|e| e.1)), ("refused", Some(Outcome::Refused)));
    }
}

#[test]
fn each_may_ask_for_more_and_goes_on_when_it_comes() {
    for walk in WALKS {
        let (house, case) = taken_on(walk);
        let asked = does(&house, &case, "2026-11-23T09:30", &handler(), "ask-more");
        assert_eq!((asked.state.as_str(), day(&house, &asked)), ("supplement", None), "{}", walk.kind);
        let case = does(&house, &asked, "2026-11-30T09:30", &citizen(), "answer");
        assert_eq!(case.state, "processing");
        let due = day(&house, &case);
        assert_eq!(due.as_deref(), Some(walk.due_after_more), "{} ({})", walk.kind, walk.example);
    }
}
