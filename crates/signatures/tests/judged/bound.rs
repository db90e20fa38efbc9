//! What is bound for the printer shows every page, and every signature that is seen.

use dinh_signatures::{Look, PdfFault, bind};

use crate::authority::Authority;
use crate::fixture::{field, packed, plain};
use crate::tools::{have, must};

/// How many pages there are, and the text of each.
fn pages(authority: &Authority, name: &str, pdf: &[u8]) -> Vec<String> {
    std::fs::write(authority.file(name), pdf).expect("a file");
    must(authority.dir(), "qpdf", &["--check", name]);
    let count = must(authority.dir(), "qpdf", &["--show-npages", name]).trim().parse().expect("a number");
    let text = must(authority.dir(), "pdftotext", &["-layout", name, "-"]);
    let mut told: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    told.truncate(count);
    assert_eq!(told.len(), count);
    told
}

#[test]
fn what_is_printed_shows_all_pages_with_their_signatures() {
    const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
    if !have("binding", &["openssl", "qpdf", "pdftotext"]) {
        return;
    }
    let Ok(font) = std::fs::read(FONT) else {
        assert!(!have(&format!("binding ({FONT})"), &["the-font-dejavu"]));
        return;
    };
    let authority = Authority::new();
    let who = authority.issue("printed", "P-256", "leaf");
    let mut shown = field("Ký");
    shown.look = Some(Look {
        page: 0,
        rect: [300.0, 80.0, 540.0, 160.0],
        lines: vec!["Ký bởi: Nguyễn Thị Hường".to_owned()],
        font: &font,
        seal: None,
    });
    let signed = authority.sign(&packed(authority.dir()), &who, &shown, false);
    let unseen = authority.sign(&plain(), &who, &field("Ký"), false);
    let bound = bind(&[&signed, &unseen, &plain()], false).expect("bound");
    let told = pages(&authority, "bound.pdf", &bound);
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|page| page.contains("Giay chung nhan")), "{told:?}");
    let signatures: Vec<bool> = told.iter().map(|page| page.contains("Ký bởi: Nguyễn Thị Hường")).collect();
    assert_eq!(signatures, [true, false, false]);

    let both = pages(&authority, "both.pdf", &bind(&[&signed, &plain()], true).expect("bound"));
    let written: Vec<bool> = both.iter().map(|page| !page.trim().is_empty()).collect();
    assert_eq!(written, [true, false, true, false], "each begins on the front of a sheet");

    // What is bound is a document like any other.
    assert_eq!(pages(&authority, "again.pdf", &bind(&[&bound, &signed], false).expect("bound")).len(), 4);
}

#[test]
fn what_is_no_pdf_is_not_bound() {
    assert_eq!(bind(&[b"not a PDF"], false), Err(PdfFault::NotPdf));
    let plain = plain();
    let cut = plain.get(..plain.len() - 20).expect("longer");
    assert!(matches!(bind(&[&plain, cut], false), Err(PdfFault::Broken(_))));
}
