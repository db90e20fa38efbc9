//! Cards on paper: both sides as PDF, in the size of a card.

use std::process::Command;
use std::sync::Arc;

use dinh_cards::{Error, MOST_PRINTED, NewCard, Step};
use dinh_documents::Template;
use dinh_typeset::Press;
use tempfile::TempDir;

use crate::house::{House, OTHER, REASON, UNIT};

const NAMES: (&str, &str) = ("UBND thành phố Huế", "dichvu.example/hue/verify");

fn with_press(house: &House) {
    let file = house.context.packs().file("cards", "templates/card.typ").unwrap();
    let (name, text) = ("card".to_owned(), file.text().unwrap().to_owned());
    let press = Press::new(vec![Template { name, file: file.path, text }]).unwrap();
    house.cards.set_press(Arc::new(press));
}

/// What a tool of poppler says of a PDF; none where it is not installed.
#[expect(clippy::print_stderr, reason = "tests say what they could not do")]
fn told(tool: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cards.pdf");
    std::fs::write(&path, pdf).unwrap();
    let Ok(output) = Command::new(tool).arg(&path).args(arguments).output() else {
        eprintln!("SKIPPED: looking at PDFs needs {tool} (poppler-utils)");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn picture() -> Vec<u8> {
    // Eight by ten pixels, grey (PNG).
    let hex = "89504e470d0a1a0a0000000d49484452000000080000000a0800000000acac405c000000144944415478da63884aca2aaa6aea9ac4406d06006ef424e1783084c80000000049454e44ae426082";
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    hex.as_bytes().chunks(2).map(byte).collect()
}

#[tokio::test]
async fn both_sides_are_pages_of_the_size_of_a_card() {
    let house = House::open().await;
    with_press(&house);
    let photo = Some(("anh.png".to_owned(), "image/png".to_owned(), picture()));
    let new = NewCard { photo, ..house.new_card() };
    let id = house.cards.propose(&house.officer(), new).await.unwrap();
    let early = house.cards.print(&house.officer(), std::slice::from_ref(&id), NAMES).await;
    assert!(matches!(early, Err(Error::NotValid(_))), "{early:?}");
    let card = house.grant(&id).await;
    let ids = [id.clone(), id.clone()];
    let pdf = house.cards.print(&house.officer(), &ids, NAMES).await.unwrap();
    assert_eq!(pdf, house.cards.print(&house.officer(), &ids, NAMES).await.unwrap(), "the same bytes");
    // For eyes: `PAPERS=/tmp/x cargo test -p dinh-cards` leaves the file there.
    #[expect(clippy::disallowed_methods, reason = "whoever looks at the cards says where they go")]
    if let Ok(folder) = std::env::var("PAPERS") {
        std::fs::write(format!("{folder}/cards.pdf"), &pdf).unwrap();
    }
    if let Some(text) = told("pdftotext", &["-"], &pdf) {
        // Long addresses go on in the next line.
        let close = |text: &str| text.split_whitespace().collect::<String>();
        let text = close(&text);
        for wanted in
            ["Nguyễn Thị Phương Thảo", "Sở Nội vụ", "Phó Trưởng phòng", "000001", "23/11/2031", NAMES.1]
        {
            assert!(text.contains(&close(wanted)), "{wanted} is not in {text}");
        }
        assert!(text.contains(&card.number.unwrap()) && text.contains(&card.random.unwrap()), "{text}");
    }
    let Some(facts) = told("pdfinfo", &[], &pdf) else { return };
    assert!(facts.contains("Pages:           4"), "{facts}");
    // 85.6 × 54 mm in points.
    assert!(facts.contains("242.646 x 153.071 pts"), "{facts}");
}

#[tokio::test]
async fn what_may_not_be_printed_is_refused() {
    let house = House::open().await;
    let card = house.card().await;
    let one = std::slice::from_ref(&card.id);
    let nothing = house.cards.print(&house.officer(), one, NAMES).await;
    assert!(matches!(nothing, Err(Error::Paper(_))), "nothing sets type yet: {nothing:?}");
    with_press(&house);
    let stranger = house.official("x", "card-officer", OTHER);
    assert!(house.cards.print(&stranger, one, NAMES).await.is_err());
    let clerk = house.official("y", "officer", UNIT);
    assert!(matches!(house.cards.print(&clerk, one, NAMES).await, Err(Error::NotManager)));
    let many = vec![card.id.clone(); MOST_PRINTED + 1];
    let refused = house.cards.print(&house.officer(), &many, NAMES).await;
    assert!(matches!(refused, Err(Error::TooMany { most: MOST_PRINTED, .. })), "{refused:?}");
    house.cards.step(&house.head(), (&card.id, card.version), Step::Revoke, REASON).await.unwrap();
    let revoked = house.cards.print(&house.officer(), one, NAMES).await;
    assert!(matches!(revoked, Err(Error::NotValid(_))), "{revoked:?}");
}
