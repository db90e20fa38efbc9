//! A changed byte is found wherever it is, and so is whatever was added that is no signature.

use std::sync::LazyLock;

use dinh_signatures::{Finding, RevocationList, Trust, Verdict, verify};
use proptest::prelude::*;

use crate::authority::{Authority, evidence};
use crate::fixture::{field, plain};
use crate::tools::have;

struct Signed {
    plain: Vec<u8>,
    twice: Vec<u8>,
    trust: Trust,
    lists: Vec<RevocationList>,
}

static SIGNED: LazyLock<Option<Signed>> = LazyLock::new(|| {
    have("altered signatures", &["openssl"]).then(|| {
        let authority = Authority::new();
        authority.issue("stamps", "rsa", "stamps");
        let (person, seal) =
            (authority.issue("person", "P-256", "leaf"), authority.issue("seal", "rsa", "leaf"));
        let once = authority.sign(&plain(), &person, &field("Một"), true);
        let twice = authority.sign(&once, &seal, &field("Hai"), true);
        Signed { plain: once, twice, trust: authority.trust(), lists: authority.lists() }
    })
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_changed_bit_anywhere_is_found(place in any::<prop::sample::Index>(), bit in 0..8_u8, two in any::<bool>()) {
        let Some(signed) = &*SIGNED else { return Ok(()) };
        let mut pdf = if two { signed.twice.clone() } else { signed.plain.clone() };
        let at = place.index(pdf.len());
        pdf[at] ^= 1 << bit;
        let found = verify(&pdf, &evidence(&signed.trust, &signed.lists, &[]));
        let all = if two { 2 } else { 1 };
        let genuine = found.as_ref().is_ok_and(|report| {
            report.verdict() == Some(Verdict::Genuine)
                && report.signatures.len() == all
                && report.signatures.iter().all(|one| one.stamp.is_some())
        });
        prop_assert!(!genuine, "byte {at} of {}, bit {bit}: {found:#?}", pdf.len());
    }

    #[test]
    fn whatever_the_bytes_are_reading_ends(bytes in prop::collection::vec(any::<u8>(), 0..600), at in any::<prop::sample::Index>()) {
        let mut pdf = plain();
        let at = at.index(pdf.len());
        pdf.splice(at.., bytes);
        let trust = Trust::default();
        // It may be refused or not; it must not stop the program.
        drop(verify(&pdf, &evidence(&trust, &[], &[])));
    }
}

/// A revision of our own behind the end: `objects` with their numbers, written as PDF.
fn revised(pdf: &[u8], objects: &[(u32, String)], size: u32) -> Vec<u8> {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let previous: usize = text
        .rsplit_once("startxref")
        .expect("a table")
        .1
        .split_whitespace()
        .next()
        .expect("a number")
        .parse()
        .expect("a number");
    let mut out = pdf.to_vec();
    let mut rows = String::new();
    for (number, object) in objects {
        rows = format!("{rows}{number} 1\n{:010} 00000 n \n", out.len());
        out.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n{rows}trailer\n<</Size {size}/Root 1 0 R/Info 6 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n").bytes());
    out
}

fn told(pdf: &[u8], signed: &Signed) -> (Verdict, Vec<Finding>) {
    let report = verify(pdf, &evidence(&signed.trust, &signed.lists, &[])).expect("a report");
    let one = report.signatures.into_iter().next().expect("a signature");
    (one.verdict, one.findings)
}

#[test]
fn what_was_added_and_is_no_signature_is_told() {
    let Some(signed) = &*SIGNED else { return };
    let pdf = &signed.plain;
    assert_eq!(told(pdf, signed).0, Verdict::Genuine);
    let cases = [
        ("another text on the page", vec![(4, "<</Length 0>>\nstream\n\nendstream".to_owned())]),
        ("a page that shows something else", vec![(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>".to_owned())]),
        ("another catalogue", vec![(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[8 0 R]>>/OpenAction[3 0 R/Fit]>>".to_owned())]),
        ("a note on the page", vec![
            (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[8 0 R 90 0 R]>>".to_owned()),
            (90, "<</Type/Annot/Subtype/FreeText/Rect[0 0 500 800]/Contents(Khac)>>".to_owned()),
        ]),
        ("nothing that anybody needs", vec![(91, "(thu)".to_owned())]),
    ];
    for (what, objects) in cases {
        let (verdict, findings) = told(&revised(pdf, &objects, 92), signed);
        assert_eq!(verdict, Verdict::Altered, "{what}: {findings:?}");
        assert!(findings.contains(&Finding::ChangedLater), "{what}: {findings:?}");
    }
    // What only tells which program wrote it last may change; so may the evidence for later.
    let info = revised(pdf, &[(6, "<</Title(Thu)/Producer(Khac)>>".to_owned())], 92);
    assert_eq!(told(&info, signed).0, Verdict::Genuine);
    // Bytes behind the end.
    let mut behind = pdf.clone();
    behind.extend(b"\nxin chao\n%%EOF\n");
    let report = verify(&behind, &evidence(&signed.trust, &signed.lists, &[]));
    assert!(report.is_err() || report.is_ok_and(|report| report.verdict() == Some(Verdict::Altered)));
}

#[test]
fn a_signature_of_another_document_does_not_hold_here() {
    let Some(signed) = &*SIGNED else { return };
    // The same signature, said to cover a little less: the text that it leaves out could be anything.
    let text = String::from_utf8_lossy(&signed.plain).into_owned();
    let range =
        text.split("/ByteRange [").nth(1).expect("a range").split(']').next().expect("an end").to_owned();
    let numbers: Vec<usize> =
        range.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    for changed in [
        [numbers[0] + 1, numbers[1], numbers[2], numbers[3]],
        [numbers[0], numbers[1] - 10, numbers[2], numbers[3]],
        [numbers[0], numbers[1], numbers[2] + 2, numbers[3] - 2],
        [numbers[0], numbers[1], numbers[2], numbers[3] - 20],
    ] {
        let written = format!("{:<10} {:<10} {:<10} {:<10}", changed[0], changed[1], changed[2], changed[3]);
        let at = signed.plain.windows(12).position(|window| window == b"/ByteRange [").expect("a range") + 12;
        let mut pdf = signed.plain.clone();
        pdf[at..at + written.len()].copy_from_slice(written.as_bytes());
        assert_eq!(told(&pdf, signed).0, Verdict::Altered, "{changed:?}");
    }
}
