use super::*;
use crate::{Book, BookFault, Drawing, Scope, Status};

#[test]
fn the_kinds_that_ship_make_sense() {
    let kind = merged(COPY);
    assert_eq!(kind.faults(&known()), []);
    assert_eq!((kind.code.as_str(), kind.entity_type.as_str()), ("civil-status-copy", "Dossier"));
    assert_eq!(kind.states.len(), 15);
    let nationals: BTreeSet<u8> = kind.states.iter().filter_map(|state| state.national).collect();
    assert!((1..=10).filter(|n| *n != 6).all(|n| nationals.contains(&n)), "6 is for what costs something");
}

#[test]
fn a_kind_is_written_as_it_was_read() {
    let kind = merged(COPY);
    let json = serde_json::to_string(&kind).expect("is JSON");
    assert_eq!(serde_json::from_str::<Kind>(&json).expect("is a kind"), kind);
}

#[test]
fn what_is_written_on_a_base_counts() {
    let own = format!(
        "{COPY}\n[[state]]\ncode = \"processing\"\ntold = {{ vi = \"Khác\", en = \"Other\" }}\n\
         [[action]]\ncode = \"suspend\"\nomit = true\n"
    );
    let kind = merged(&own);
    let state = kind.state("processing").expect("is there");
    assert_eq!((state.told.vi.as_str(), state.title.vi.as_str()), ("Khác", "Đang xử lý"));
    assert!(kind.action("suspend").is_none());
    let wrong = Merge::read("[[state]]\ncode = \"none\"\nomit = true").expect("is TOML");
    let base = Merge::read(BASE).expect("is TOML");
    assert_eq!(
        wrong.on(&base).unwrap_err().to_string(),
        "state: there is no \"none\" in the base to be left out"
    );
}

#[test]
fn lists_of_a_base_are_added_to() {
    let base = Merge::read(BASE).expect("is TOML");
    let on = |own: &str| Merge::read(own).expect("is TOML").on(&base);
    let kind = merged(&format!("{COPY}\n[[action]]\ncode = \"stop\"\nalso = {{ from = [\"received\"] }}\n"));
    let from = &kind.action("stop").expect("is there").from;
    assert_eq!(from, &["processing", "supplement", "suspended", "deciding", "received"]);
    for (own, list) in [
        ("[[action]]\ncode = \"stop\"\nalso = { form = [\"received\"] }", "form"),
        ("[[action]]\ncode = \"stop\"\nalso = { from = \"received\" }", "from"),
        ("[[action]]\ncode = \"stop\"\nalso = { title = [\"x\"] }", "title"),
        ("also = 3", ""),
    ] {
        let fault = on(own).expect_err(own).to_string();
        let says = format!("also: there is no list {list:?} in the base to which something could be added");
        assert_eq!(fault, says, "{own}");
    }
    // Something new has nothing to be added to.
    let new = on("[[action]]\ncode = \"burn\"\nalso = { from = [\"received\"] }").expect("is put together");
    assert!(new.kind().expect_err("is no action").to_string().contains("also"));
}

#[test]
fn a_kind_may_build_on_several_bases() {
    let extends = |text: &str| {
        let merge = Merge::read(text).expect("is TOML");
        merge.extends().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(extends("extends = \"dossier\""), ["dossier"]);
    assert_eq!(extends("extends = [\"dossier\", \"fee\"]"), ["dossier", "fee"]);
    assert_eq!(extends("code = \"x\""), Vec::<String>::new());
}

#[test]
fn fees_may_depend_on_how_a_case_came_in() {
    use crate::Channel;
    let fee = "[[fee]]\ncode = \"copy\"\ntimes = \"1\"\nfree_if = \"case.channel == 'online'\"\n";
    let own = COPY.replace("[[fee]]", "[[fee-before]]");
    let (own, rest) = own.split_once("[[fee-before]]").expect("has a fee");
    let rest = rest.split_once("[[result]]").expect("has a result").1;
    let named = "title = { vi = \"Phí\", en = \"Fee\" }\namount = 5000\nbasis = \"x\"\n";
    let kind = merged(&format!("{own}{fee}{named}[[result]]{rest}"));
    let owed = |scope: &Scope| kind.owed(scope).map(|fees| fees.len());
    let now = at("2026-11-23T08:00");
    assert_eq!(owed(&Scope::of_filing(&Map::new(), Channel::Online, now)), Ok(0));
    assert_eq!(owed(&Scope::of_filing(&Map::new(), Channel::Counter, now)), Ok(1));
    assert_eq!(owed(&Scope::of_answers(&Map::new(), now)), Ok(1), "what is not known is not free");
}

#[test]
fn fees_follow_the_answers() {
    let kind = merged(COPY);
    let owed = |answers: Json| {
        let answers = answers.as_object().cloned().unwrap_or_default();
        let owed = kind.owed(&Scope::of_answers(&answers, at("2026-11-23T08:00")));
        owed.map(|fees| fees.iter().map(|(_, amount)| *amount).sum::<u64>())
    };
    assert_eq!(owed(serde_json::json!({"copies": 3})), Ok(24_000));
    assert_eq!(owed(serde_json::json!({"copies": 3, "exempt": true})), Ok(0));
    assert!(owed(serde_json::json!({})).is_err(), "what cannot be computed is not free");
    assert!(owed(serde_json::json!({"copies": -1})).is_err());
    assert!(owed(serde_json::json!({"copies": 1.5})).is_err());
}

#[test]
fn a_version_holds_until_the_next_one_begins() {
    let version = |version, from: &str, status| Kind {
        version,
        status,
        valid_from: from.parse().expect("is a day"),
        ..merged(COPY)
    };
    let (old, new) =
        (version(1, "2025-07-01", Status::Published), version(2, "2027-03-01", Status::Published));
    let draft = version(3, "2027-06-01", Status::Draft);
    let book = Book::new([old.clone(), new.clone(), draft]).expect("fit together");
    let on =
        |day: &str| book.on("civil-status-copy", day.parse().expect("is a day")).map(|kind| kind.version);
    assert_eq!(on("2025-06-30"), None);
    assert_eq!((on("2025-07-01"), on("2027-02-28")), (Some(1), Some(1)));
    assert_eq!((on("2027-03-01"), on("2030-01-01")), (Some(2), Some(2)));
    let same = Kind { version: 4, ..old.clone() };
    assert!(matches!(Book::new([old.clone(), same]), Err(BookFault::SameDay { .. })));
    assert!(matches!(Book::new([old.clone(), old]), Err(BookFault::Twice { version: 1, .. })));
}

#[test]
fn a_drawing_shows_each_state_once_and_each_way() {
    let kind = merged(COPY);
    let drawing = Drawing::of(&kind);
    assert_eq!(drawing.nodes.len(), kind.states.len());
    let places: BTreeSet<_> = drawing.nodes.iter().map(|node| (node.row, node.column)).collect();
    assert_eq!(places.len(), drawing.nodes.len(), "no two states lie in one place");
    let name = |place: usize| drawing.nodes[place].state.as_str();
    let edge = |from, to| drawing.edges.iter().find(|edge| name(edge.from) == from && name(edge.to) == to);
    assert_eq!(edge("filed", "received").expect("leads there").actions, ["accept"]);
    assert!(edge("done", "filed").is_none());
    for kind in procedures::shipped() {
        let drawing = Drawing::of(&kind);
        let places: BTreeSet<_> = drawing.nodes.iter().map(|node| (node.row, node.column)).collect();
        assert_eq!(places.len(), kind.states.len(), "{}", kind.code);
        assert!(drawing.nodes.iter().all(|node| node.row < drawing.rows && node.column < drawing.columns));
    }
}

#[test]
fn expressions_ask_for_what_there_is_alone() {
    use crate::Expr;
    for (text, fault) in [
        ("answers.copies >", "expression"),
        ("secrets.key == 1", "\"secrets\" is none of"),
        ("matches(answers.name, 'a')", "\"matches\" is none of"),
        (&"1+".repeat(600), "longer than 1000 bytes"),
    ] {
        let found = Expr::new(text).expect_err(text).to_string();
        assert!(found.contains(fault), "{found}");
    }
    let nobody = Scope::of_answers(&Map::new(), at("2026-11-23T08:00"));
    assert!(!Expr::new("answers.age > 3").expect("is CEL").is_true(&nobody), "what is missing is a no");
    assert!(Expr::new("today == '2026-11-23'").expect("is CEL").is_true(&nobody));
}
