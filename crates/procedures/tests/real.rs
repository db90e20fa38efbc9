//! The records that ship, read as a whole.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dinh_model::Timestamp;
use dinh_procedures::plain::{Tongue, plain};
use dinh_procedures::read::{self, Reading};
use dinh_procedures::{
    Audience, Code, Doubt, Edition, Entry, Level, LifeEvents, Procedure, Query, Shelf, content_hash, graph,
};
use jiff::civil::date;

static READ: LazyLock<Reading> = LazyLock::new(|| {
    read::read(include_bytes!("../../../packs/procedures/data/procedures.jsonl.gz")).expect("a good file")
});
static EVENTS: LazyLock<LifeEvents> = LazyLock::new(|| {
    LifeEvents::parse(include_str!("../../../packs/procedures/life-events.toml")).expect("a good table")
});
static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    Shelf::new(READ.records.iter().map(|record| Entry::of(&record.procedure, &EVENTS)).collect(), &EVENTS)
});

fn procedure(code: &str) -> &'static Procedure {
    let found = READ.records.iter().find(|record| record.procedure.code.as_str() == code);
    &found.expect("a record with this code").procedure
}

/// The codes of the first hits.
fn first(words: &str, count: usize) -> Vec<String> {
    let found = SHELF.find(&Query { words: words.to_owned(), ..Query::default() });
    found.entries.iter().take(count).map(|entry| entry.code.to_string()).collect()
}

#[test]
fn every_record_is_read() {
    assert_eq!((READ.records.len(), READ.refused.as_slice()), (2_642, &[][..]));
    let mut doubts: BTreeMap<Doubt, usize> = BTreeMap::new();
    for doubt in READ.records.iter().flat_map(|record| &record.procedure.doubts) {
        *doubts.entry(*doubt).or_default() += 1;
    }
    // What cannot be cut is told, and is little. A change of the reader must not make it more.
    for (doubt, most) in [
        (Doubt::Documents, 44),
        (Doubt::Forms, 202),
        (Doubt::Channels, 16),
        (Doubt::Fee, 6),
        (Doubt::Results, 9),
        (Doubt::LegalBasis, 82),
    ] {
        let found = doubts.get(&doubt).copied().unwrap_or(0);
        assert!(found <= most, "{doubt:?}: {found} records");
    }
}

#[test]
fn a_well_known_record_is_read_whole() {
    let birth = procedure("1.001193");
    assert_eq!(birth.name, "Thủ tục đăng ký khai sinh");
    assert_eq!((birth.levels.as_slice(), birth.nearest()), (&[Level::Commune][..], Level::Commune));
    assert_eq!(birth.audiences(), [Audience::Person]);
    assert_eq!(birth.channels.len(), 3);
    assert_eq!(birth.results[0].name, "Giấy khai sinh");
    let cases: Vec<_> = birth.documents.iter().map(|set| set.case.as_deref()).collect();
    assert!(cases.contains(&None) && cases.contains(&Some("Giấy tờ phải nộp")), "{cases:?}");
    assert!(
        birth
            .documents
            .iter()
            .flat_map(|set| &set.documents)
            .any(|document| document.name.starts_with("Giấy chứng sinh"))
    );
    let numbers: Vec<_> = birth.legal_basis.iter().filter_map(|act| act.number.as_deref()).collect();
    assert!(numbers.contains(&"123/2015/NĐ-CP") && numbers.contains(&"60/2014/QH13"), "{numbers:?}");
}

#[test]
fn what_people_look_for_comes_first() {
    for (words, code) in [
        ("khai sinh", "1.001193"),
        ("KHAI SINH", "1.001193"),
        ("làm giấy khai sinh", "1.001193"),
        ("khai sinh lưu động", "1.003583"),
        ("khai sinh luu dong", "1.003583"),
        ("đăng ký lại khai sinh", "1.004884"),
        ("đăng ký hộ kinh doanh", "1.001612"),
        ("dang ky ho kinh doanh", "1.001612"),
        ("hộ kinh doanh", "1.001612"),
        ("kết hôn", "1.000894"),
        ("khai tử", "1.000656"),
        ("thường trú", "1.004222"),
        ("nhập hộ khẩu", "1.004222"),
        ("tạm trú", "1.004194"),
        ("độc thân", "1.004873"),
        ("hộ nghèo", "1.011607"),
        ("doanh nghiệp tư nhân", "2.001610"),
        ("1.001193", "1.001193"),
    ] {
        assert_eq!(first(words, 1), [code], "{words}");
    }
}

#[test]
fn the_nearest_office_comes_first() {
    let level = |code: &str| procedure(code).nearest();
    for words in ["dat dai", "đất đai", "giay phep xay dung", "giấy phép xây dựng", "căn cước"]
    {
        let hits = first(words, 3);
        assert!(hits.iter().all(|code| level(code) == Level::Commune), "{words}: {hits:?}");
    }
    let land = first("dat dai", 2);
    assert!(land.iter().all(|code| procedure(code).name.starts_with("Đăng ký đất đai")), "{land:?}");
    let building = first("giay phep xay dung", 1);
    assert!(procedure(&building[0]).name.starts_with("Cấp giấy phép xây dựng mới"), "{building:?}");
}

#[test]
fn accents_that_were_typed_count() {
    let all = |words: &str| SHELF.find(&Query { words: words.to_owned(), ..Query::default() }).entries.len();
    assert!(all("thường trú") < all("thuong tru"));
    assert!(all("thuong tru") > 0);
    // What nothing fits with its accents is looked for without them.
    assert_eq!(first("khái sinh", 1), ["1.001193"]);
}

#[test]
fn part_of_the_words_is_better_than_nothing_and_says_so() {
    let found = SHELF.find(&Query { words: "khai sinh xyzzy".to_owned(), ..Query::default() });
    assert!(found.partly);
    assert_eq!(found.entries.first().map(|entry| entry.code.as_str()), Some("1.001193"));
    let nothing = SHELF.find(&Query { words: "xyzzy plugh".to_owned(), ..Query::default() });
    assert!(nothing.entries.is_empty());
}

#[test]
fn groups_count_what_their_filter_would_show() {
    let query = Query { words: "hộ tịch".to_owned(), level: Some(Level::Commune), ..Query::default() };
    let found = SHELF.find(&query);
    for (level, count) in &found.groups.levels {
        let narrowed = SHELF.find(&Query { level: Some(*level), ..query.clone() });
        assert_eq!(narrowed.entries.len(), *count, "{level:?}");
    }
    for (event, count) in &found.groups.life_events {
        let narrowed = SHELF.find(&Query { life_event: Some(event.clone()), ..query.clone() });
        assert_eq!(narrowed.entries.len(), *count, "{event}");
    }
}

#[test]
fn every_life_event_holds_something() {
    let groups = SHELF.find(&Query::default()).groups;
    for event in EVENTS.events() {
        let count = groups.life_events.get(&event.id).copied().unwrap_or(0);
        // A rule that holds too much helps nobody; school waits for the records of its ministry.
        assert!((1..=200).contains(&count), "{}: {count}", event.id);
    }
    let of = |code: &str| EVENTS.of(procedure(code));
    assert!(of("1.001193").contains(&"birth".to_owned()));
    assert!(of("1.000894").contains(&"marriage".to_owned()));
    assert!(of("1.000656").contains(&"death".to_owned()));
    assert!(of("1.001612").contains(&"business-start".to_owned()));
    assert!(!of("1.001612").contains(&"business-close".to_owned()));
    assert!(of("1.013225").contains(&"home-land".to_owned()));
}

#[test]
fn it_is_told_plainly() {
    let text = |sentences: &[dinh_procedures::plain::Sentence]| {
        sentences.iter().map(dinh_procedures::plain::Sentence::text).collect::<Vec<_>>()
    };
    let vi = plain(procedure("1.004194"), Tongue::Vi);
    assert!(text(&vi.place).contains(&"Cơ quan thực hiện: Công an cấp Xã.".to_owned()));
    assert_eq!(text(&vi.time), ["3 ngày làm việc."]);
    assert_eq!(text(&vi.cost)[0], "Từ 7.000 đến 10.000 đồng, tuỳ trường hợp.");
    let en = plain(procedure("1.004194"), Tongue::En);
    assert_eq!(text(&en.cost)[0], "7,000 to 10,000 đồng, depending on the case.");
    assert!(text(&en.who).contains(&"Vietnamese citizens".to_owned()));
    // “Free” with a remark that names fees is not called free.
    let licence = plain(procedure("3.000346"), Tongue::Vi);
    assert_eq!(text(&licence.time), ["Nộp trực tiếp hoặc qua bưu chính: 3 ngày.", "Nộp trực tuyến: 7 ngày."]);
    assert!(text(&licence.cost)[0].contains("có thể phải nộp phí"), "{:?}", text(&licence.cost));
}

#[test]
fn entities_say_the_same() {
    let at: Timestamp = "2026-08-01T00:00:00Z".parse().expect("a time");
    for record in READ.records.iter().step_by(97) {
        let procedure = &record.procedure;
        let edition = Edition {
            hash: record.hash.clone(),
            decision: procedure.decision.clone(),
            taken_on: date(2026, 7, 31),
            valid_from: None,
            superseded_on: None,
        };
        let entity = graph::of_edition(procedure, &edition, at);
        assert_eq!(graph::edition(&entity).expect("good"), (procedure.clone(), edition.clone()));
        let entry = Entry::of(procedure, &EVENTS);
        let entity = graph::of_procedure(&entry, &edition, "1", at);
        assert_eq!(graph::entry(&entity).expect("good"), entry);
        assert_eq!(graph::standing(&entity).expect("good").hash, record.hash);
    }
}

#[test]
fn a_changed_record_has_another_hash() {
    let one = serde_json::json!({"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Một"});
    let other = serde_json::json!({"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Hai"});
    assert_ne!(content_hash(&one), content_hash(&other));
    assert!(Code::parse("1.000001").is_some());
}
