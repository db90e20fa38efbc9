//! The templates that ship, and reading PDFs with poppler.

use std::process::Command;

use dinh_documents::{Sheet, Spot, Template, Typeset as _, day_in_words, heading, qr_svg};
use dinh_typeset::Press;
use jiff::civil::date;
use serde_json::{Value as Json, json};

pub(crate) fn shipped() -> Vec<Template> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/one-stop/templates");
    let mut templates = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the pack has templates") {
        let path = entry.expect("can be listed").path();
        let name = path.file_stem().expect("has a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("can be read");
        templates.push(Template { file: format!("one-stop/templates/{name}.typ"), name, text });
    }
    templates
}

pub(crate) fn press() -> Press {
    Press::new(shipped()).expect("the templates that ship are right")
}

pub(crate) fn sheet(template: &str, data: Json) -> Sheet {
    Sheet {
        template: template.to_owned(),
        data,
        title: "Giấy tờ thử".to_owned(),
        language: "vi",
        at: "2026-11-21T07:30:00Z".parse().expect("is a moment"),
        ident: "urn:ngsi-ld:Document:1".to_owned(),
    }
}

/// What stands on every paper: head, QR code and code.
pub(crate) fn around() -> Json {
    let address = "https://dichvu.example/hue/check/K7QM2XWA9PTDHB4E";
    let agency = ("Ủy ban nhân dân phường Thuận Hóa", Some("Ủy ban nhân dân thành phố Huế"));
    json!({
        "head": heading(agency, "15/GPXD", "Thuận Hóa", date(2026, 11, 21)),
        "check": {"code": "K7QM-2XWA-9PTD-HB4E", "address": address, "qr": qr_svg(address)},
        "unit_kind": "committee",
        "today": day_in_words(date(2026, 11, 21)),
    })
}

pub(crate) fn with(mut around: Json, more: Json) -> Json {
    let (Some(all), Json::Object(more)) = (around.as_object_mut(), more) else { return around };
    all.extend(more);
    around
}

pub(crate) fn set(template: &str, data: Json) -> Vec<u8> {
    let pdf = press().pdf(&sheet(template, data)).unwrap_or_else(|fault| panic_with(template, &fault));
    // For eyes: `PAPERS=/tmp/x cargo test -p dinh-typeset` leaves the files there.
    #[expect(clippy::disallowed_methods, reason = "whoever looks at the papers says where they go")]
    if let Ok(folder) = std::env::var("PAPERS") {
        std::fs::write(format!("{folder}/{template}.pdf"), &pdf).expect("can be left");
    }
    pdf
}

#[expect(clippy::panic, reason = "tests say what was wrong")]
fn panic_with(template: &str, fault: &dinh_documents::Fault) -> ! {
    panic!("{template}: {fault}")
}

/// The text within a place of a page.
pub(crate) fn text_within(pdf: &[u8], spot: &Spot) -> Option<String> {
    // Of A4, in points, from its upper left corner.
    let ([left, bottom, right, top], page) = (spot.rect, (spot.page + 1).to_string());
    let crop = [left, 841.89 - top, right - left, top - bottom].map(|number| format!("{}", number.round()));
    let options = ["-f", &page, "-l", &page, "-x", &crop[0], "-y", &crop[1], "-W", &crop[2], "-H", &crop[3]];
    read_with(pdf, &options)
}

/// The text of a PDF as `pdftotext` reads it; none where poppler is not installed.
pub(crate) fn text(pdf: &[u8]) -> Option<String> {
    read_with(pdf, &["-layout"])
}

fn read_with(pdf: &[u8], options: &[&str]) -> Option<String> {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf).expect("can be written");
    let Ok(read) = Command::new("pdftotext").args(options).arg("-nopgbrk").arg(&file).arg("-").output()
    else {
        eprintln_skipped();
        return None;
    };
    assert!(read.status.success(), "pdftotext: {}", String::from_utf8_lossy(&read.stderr));
    let text = String::from_utf8(read.stdout).expect("is UTF-8");
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[expect(clippy::print_stderr, reason = "tests say what they could not do")]
fn eprintln_skipped() {
    eprintln!("SKIPPED: reading the text of PDFs needs pdftotext (poppler-utils)");
}
