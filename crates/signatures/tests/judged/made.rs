//! What is made is accepted by others, and by ourselves.

use std::path::Path;

use dinh_signatures::{Algorithm, Finding, Look, Picture, Verdict, verify};

use crate::authority::{Authority, evidence};
use crate::fixture::{field, packed, plain};
use crate::tools::{have, must, run};

const JUDGES: [&str; 4] = ["openssl", "pdfsig", "qpdf", "certutil"];

/// What `pdfsig` says, which believes the root.
fn pdfsig(authority: &Authority, file: &str) -> String {
    let dir = authority.dir();
    if !dir.join("nss").exists() {
        std::fs::create_dir(dir.join("nss")).expect("a directory");
        must(dir, "certutil", &["-N", "-d", "nss", "--empty-password"]);
        must(dir, "certutil", &["-A", "-d", "nss", "-n", "root", "-t", "CT,C,C", "-i", "root.pem"]);
        // This judge looks for authorities in its own cupboard only, not in the signature.
        must(dir, "certutil", &["-A", "-d", "nss", "-n", "below", "-t", ",,", "-i", "below.pem"]);
    }
    must(dir, "pdfsig", &["-nssdir", "nss", file])
}

/// `openssl cms -verify -cades` over the bytes that the last signature covers.
fn cades(authority: &Authority, pdf: &[u8]) {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let range =
        text.rsplit_once("/ByteRange [").expect("a range").1.split(']').next().expect("an end").to_owned();
    let numbers: Vec<usize> =
        range.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    let (from, to, rest) = (numbers[1], numbers[2], numbers[3]);
    let digit =
        |byte: u8| u8::try_from(char::from(byte).to_digit(16).expect("a digit")).expect("it is small");
    let (pairs, _) = pdf[from + 1..to - 1].as_chunks::<2>();
    let mut message: Vec<u8> = pairs.iter().map(|[high, low]| digit(*high) << 4 | digit(*low)).collect();
    let long = 4 + usize::from(message[2]) * 256 + usize::from(message[3]);
    message.truncate(long);
    std::fs::write(authority.file("content"), [&pdf[..from], &pdf[to..to + rest]].concat()).expect("a file");
    std::fs::write(authority.file("message"), message).expect("a file");
    must(
        authority.dir(),
        "openssl",
        &[
            "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "message", "-content", "content",
            "-CAfile", "root.pem", "-purpose", "any", "-out", "seen",
        ],
    );
}

fn checked_by_qpdf(dir: &Path, file: &str) {
    let output = run(dir, "qpdf", &["--check", file]);
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("No syntax or stream encoding errors"), "{said}");
}

fn judged(authority: &Authority, name: &str, pdf: &[u8], signatures: usize) {
    std::fs::write(authority.file(name), pdf).expect("a file");
    checked_by_qpdf(authority.dir(), name);
    let said = pdfsig(authority, name);
    assert_eq!(said.matches("Signature is Valid").count(), signatures, "{said}");
    assert_eq!(said.matches("Certificate is Trusted").count(), signatures, "{said}");
    assert!(said.contains("ETSI.CAdES.detached") && said.contains("Total document signed"), "{said}");
    assert!(!said.contains("Jan 01 1970"), "{said}");
    cades(authority, pdf);
    let (trust, lists) = (authority.trust(), authority.lists());
    let report = verify(pdf, &evidence(&trust, &lists, &[])).expect("a report");
    assert_eq!(report.signatures.len(), signatures);
    assert_eq!(report.verdict(), Some(Verdict::Genuine), "{report:#?}");
}

#[test]
fn every_kind_of_key_signs_every_form_of_pdf_and_all_judges_agree() {
    if !have("judges of signatures", &JUDGES) {
        return;
    }
    let authority = Authority::new();
    authority.issue("stamps", "rsa", "stamps");
    let documents = [plain(), packed(authority.dir())];
    for kind in ["rsa", "P-256", "P-384"] {
        let who = authority.issue(&format!("who-{kind}"), kind, "leaf");
        for (at, document) in documents.iter().enumerate() {
            for stamped in [false, true] {
                let signed = authority.sign(document, &who, &field("Ký"), stamped);
                assert!(signed.starts_with(document), "what was there is untouched");
                judged(&authority, &format!("{kind}-{at}-{stamped}.pdf"), &signed, 1);
            }
        }
    }
}

#[test]
fn pss_signs_and_the_judges_agree() {
    if !have("judges of PSS", &JUDGES) {
        return;
    }
    let authority = Authority::new();
    let who = authority.issue("pss", "rsa", "leaf");
    let signed = authority.sign_as(&plain(), &who, &field("Ký"), false, Algorithm::RsaPssSha256);
    cades(&authority, &signed);
    let (trust, lists) = (authority.trust(), authority.lists());
    let report = verify(&signed, &evidence(&trust, &lists, &[])).expect("a report");
    assert_eq!(report.verdict(), Some(Verdict::Genuine), "{report:#?}");
}

#[test]
fn a_person_and_then_a_seal_sign_and_both_hold() {
    if !have("several signatures", &JUDGES) {
        return;
    }
    let authority = Authority::new();
    authority.issue("stamps", "rsa", "stamps");
    let (person, seal) = (authority.issue("person", "P-256", "leaf"), authority.issue("seal", "rsa", "leaf"));
    for (name, document) in [("plain", plain()), ("packed", packed(authority.dir()))] {
        let once = authority.sign(&document, &person, &field("Người ký"), true);
        let twice = authority.sign(&once, &seal, &field("Con dấu"), true);
        judged(&authority, &format!("{name}-twice.pdf"), &twice, 2);
        let (trust, lists) = (authority.trust(), authority.lists());
        let report = verify(&twice, &evidence(&trust, &lists, &[])).expect("a report");
        let [first, second] = &report.signatures[..] else { panic!("two signatures") };
        assert_eq!((first.field.as_str(), second.field.as_str()), ("Người ký", "Con dấu"));
        assert!(
            first.findings.contains(&Finding::SignedLater)
                && !second.findings.contains(&Finding::SignedLater)
        );
        assert_eq!(first.signer.as_ref().map(|signer| signer.name.as_str()), Some("Nguyễn-person"));
        assert_eq!(first.unit.as_deref(), Some("Bích-Đào"));
        assert_eq!(first.reason.as_deref(), Some("Ký duyệt"));
        assert!(first.stamp.is_some() && first.claimed_at.is_some());
        assert_eq!(first.path.len(), 3);
    }
}

#[test]
fn a_signature_that_is_seen_is_vietnamese_text_with_the_seal() {
    const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
    if !have("a visible signature", &["openssl", "pdfsig", "qpdf", "certutil", "pdftotext", "pdffonts"]) {
        return;
    }
    let Ok(font) = std::fs::read(FONT) else {
        assert!(!have(&format!("a visible signature ({FONT})"), &["the-font-dejavu"]));
        return;
    };
    let authority = Authority::new();
    let who = authority.issue("seen", "rsa", "leaf");
    let mut shown = field("Ký");
    shown.look = Some(Look {
        page: 0,
        rect: [300.0, 80.0, 540.0, 160.0],
        lines: ["Ký bởi: Nguyễn Thị Hường", "UBND phường Bích Đào", "Ngày 20/11/2026 14:05:00 +07:00"]
            .map(str::to_owned)
            .to_vec(),
        font: &font,
        seal: Some(Picture { width: 2, height: 2, points: [[200, 0, 0, 255]; 4].concat() }),
    });
    for (name, document) in [("plain", plain()), ("packed", packed(authority.dir()))] {
        let signed = authority.sign(&document, &who, &shown, false);
        judged(&authority, &format!("{name}-seen.pdf"), &signed, 1);
        let text = must(authority.dir(), "pdftotext", &["-layout", &format!("{name}-seen.pdf"), "-"]);
        assert!(text.contains("Ký bởi: Nguyễn Thị Hường") && text.contains("UBND phường Bích Đào"), "{text}");
        let fonts = must(authority.dir(), "pdffonts", &[&format!("{name}-seen.pdf")]);
        assert!(fonts.contains("DINHSG+Signature") && fonts.contains("yes yes yes"), "{fonts}");
        assert!(signed.len() < document.len() + 60_000, "the font is a part: {}", signed.len());
    }
}

#[test]
fn signatures_of_others_are_read_and_ours_may_follow() {
    if !have("signatures of others", &["openssl", "pdfsig", "qpdf", "certutil", "pk12util"]) {
        return;
    }
    let authority = Authority::new();
    let (other, own) = (authority.issue("other", "rsa", "leaf"), authority.issue("own", "P-256", "leaf"));
    let dir = authority.dir();
    std::fs::write(authority.file("plain.pdf"), plain()).expect("a file");
    std::fs::create_dir(dir.join("nss")).expect("a directory");
    must(dir, "certutil", &["-N", "-d", "nss", "--empty-password"]);
    must(dir, "certutil", &["-A", "-d", "nss", "-n", "root", "-t", "CT,C,C", "-i", "root.pem"]);
    must(dir, "certutil", &["-A", "-d", "nss", "-n", "below", "-t", ",,", "-i", "below.pem"]);
    must(
        dir,
        "openssl",
        &[
            "pkcs12",
            "-export",
            "-in",
            "other.pem",
            "-inkey",
            "other.key",
            "-out",
            "other.p12",
            "-passout",
            "pass:x",
            "-name",
            "other",
        ],
    );
    must(dir, "pk12util", &["-d", "nss", "-i", "other.p12", "-W", "x", "-K", ""]);
    must(dir, "pdfsig", &["-nssdir", "nss", "-add-signature", "-nick", "other", "plain.pdf", "theirs.pdf"]);
    let theirs = authority.read("theirs.pdf");
    let (trust, lists) = (authority.trust(), authority.lists());
    let report = verify(&theirs, &evidence(&trust, &lists, &[])).expect("a report");
    assert_eq!(report.verdict(), Some(Verdict::Genuine), "{report:#?}");
    assert_eq!(
        report.signatures[0].signer.as_ref().map(|one| one.serial.clone()),
        Some(other.certificate.serial())
    );
    let both = authority.sign(&theirs, &own, &field("Ký sau"), false);
    let report = verify(&both, &evidence(&trust, &lists, &[])).expect("a report");
    assert_eq!(report.signatures.len(), 2);
    assert_eq!(report.verdict(), Some(Verdict::Genuine), "{report:#?}");
    std::fs::write(authority.file("both.pdf"), &both).expect("a file");
    assert_eq!(pdfsig(&authority, "both.pdf").matches("Signature is Valid").count(), 2);
    checked_by_qpdf(dir, "both.pdf");
}
