//! Results of procedures.

use serde_json::json;

use crate::common::{around, press, set, sheet, shipped, text, text_within, with};
use dinh_documents::Typeset as _;
use dinh_typeset::Press;

/// Templates that are set with a result.
const RESULTS: [&str; 10] = [
    "admission-notice",
    "birth-certificate",
    "civil-status-extract",
    "disaster-support",
    "environmental-permit",
    "house-construction-permit",
    "household-business",
    "residence-confirmation",
    "road-works-permit",
    "social-assistance",
];

fn result() -> serde_json::Value {
    with(
        around(),
        json!({
            "result": {"title": "Bản sao Trích lục hộ tịch"},
            "case": {"number": "H57.12-261121-0007", "title": "Thủ tục", "received": "21/11/2026", "decided": "23/11/2026"},
            "applicant": {"name": "Nguyễn Thị Ánh Tuyết"},
            "basis": [{"number": "50/2014/QH13", "title": "Luật Xây dựng"}],
            "valid_until": "21/11/2027",
            "said": {
                "owner.name": "Nguyễn Thị Ánh Tuyết", "person.name": "Nguyễn Thị Ánh Tuyết", "head.name": "Nguyễn Thị Ánh Tuyết",
                "child.name": "Nguyễn Thị Ánh Tuyết", "requester.name": "Nguyễn Thị Ánh Tuyết", "client": "Nguyễn Thị Ánh Tuyết",
                "owner": "Nguyễn Thị Ánh Tuyết", "subject.name": "Nguyễn Thị Ánh Tuyết", "event": "Khai sinh", "site": "12 Lê Lợi, phường Thuận Hóa",
                "builtArea": "86,5", "work": "Xây dựng mới",
            },
            "tables": {
                "floors": [{"level": "Tầng 1", "area": "86,5"}, {"level": "Tầng 2", "area": "80"}],
                "damages": [{"what": "Nhà sập một phần", "count": "1", "measure": "nhà", "amount": "40.000.000 đ"}],
                "trades": [{"trade": "Bán lẻ lương thực, thực phẩm", "code": "4711"}],
            },
        }),
    )
}

#[test]
fn results_name_the_person_the_number_and_the_code() {
    for template in RESULTS {
        let pdf = set(template, result());
        assert!(pdf.starts_with(b"%PDF-1.7"), "{template}");
        let Some(text) = text(&pdf) else { continue };
        for wanted in [
            "Nguyễn Thị Ánh Tuyết",
            "Số: 15/GPXD",
            "Nơi nhận:",
            "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH",
            "K7QM-2XWA-9PTD-HB4E",
        ] {
            let parts_of_it = wanted.split(' ').all(|word| text.contains(word));
            assert!(parts_of_it, "{template}: {wanted} is not in {text}");
        }
    }
}

#[test]
fn every_template_that_ships_is_set_somewhere_in_these_tests() {
    let forms =
        ["official", "receipt", "supplement", "refusal", "apology", "stop", "slip", "register", "bundle"];
    for template in shipped() {
        let name = template.name.as_str();
        assert!(forms.contains(&name) || RESULTS.contains(&name), "{name} is not tested");
    }
}

#[test]
fn the_same_sheet_becomes_the_same_bytes_and_is_an_archive_file() {
    let data = result();
    let (one, other) = (Press::new(shipped()), Press::new(shipped()));
    let sheet = sheet("house-construction-permit", data);
    let one = one.expect("is right").pdf(&sheet).expect("is set");
    assert_eq!(one, other.expect("is right").pdf(&sheet).expect("is set"));
    let has = |text: &str| one.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("pdfaid:part>2<") || has("pdfaid:part=\"2\""), "says that it is PDF/A-2");
    assert!(has("/MarkInfo") && has("/StructTreeRoot"), "is tagged");
}

#[test]
fn every_result_leaves_room_for_signatures_and_writes_nothing_there() {
    for template in RESULTS {
        let laid = press().lay(&sheet(template, result())).expect("is set");
        let spot = laid.spot.expect(template);
        let [left, bottom, right, top] = spot.rect;
        assert!(right - left > 150.0 && (84.0..=86.0).contains(&(top - bottom)), "{template}: {spot:?}");
        assert!(left > 85.0 && right < 560.0 && bottom > 50.0 && top < 842.0, "{template}: {spot:?}");
        let Some(within) = text_within(&laid.pdf, &spot) else { continue };
        assert_eq!(within.trim(), "", "{template}: something is written where signatures go");
    }
}
