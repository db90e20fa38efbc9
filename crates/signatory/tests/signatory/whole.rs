//! The way of a document: signed by whoever decides, sealed by the records clerk, issued, checked by whoever holds it.

use dinh_casework::Signer;
use dinh_documents::{Digest, Standing};
use dinh_signing::signatures::{Finding, Verdict};

use crate::authority::Authority;
use crate::house::{House, WARD, hue, urn};
use crate::judges::{agree, have, pdfsig, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_is_signed_sealed_and_issued_and_every_judge_agrees() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::open(&authority, true).await;
    let (own, seal) = (house.own(&authority).await, house.seal(&authority).await);
    let one = house.numbered("an").await;
    assert!(one.spot.is_some(), "its layout leaves room for signatures");
    let before = house.content(&one.id).await;
    let only = std::slice::from_ref(&one.id);
    let done = house.signatory.sign(&house.leader(), &own.id, (only, false)).await.expect("it is taken");
    let digest = done[0].signed.as_ref().expect("it is signed");
    house.catch_up();
    let signed = house.content(&one.id).await;
    assert!(signed.starts_with(&before) && Digest::of(&signed) == *digest);
    agree(&authority, &signed, 1);
    let done = house.signatory.sign(&house.records(), &seal.id, (only, true)).await.expect("it is taken");
    assert!(done[0].signed.is_ok() && matches!(done[0].issued, Some(Ok(()))), "{done:?}");
    house.catch_up();
    let issued = house.document(&one.id).await;
    assert_eq!(issued.standing, Standing::Valid);
    let who: Vec<(Signer, &str)> = issued.signed.iter().map(|one| (one.signer, one.by.as_str())).collect();
    assert_eq!(who, [(Signer::Person, "leader"), (Signer::Seal, "records")]);
    let content = house.content(&one.id).await;
    assert!(content.starts_with(&signed), "the seal touches nothing of what was signed");
    agree(&authority, &content, 2);
    seen_in_their_places(&authority, &content);
    // Whoever holds it finds out who signed, and that it holds.
    let checked = house.casework.check_paper(&hue(), Some(&issued.code), Some(&Digest::of(&content))).await;
    let checked = checked.expect("an answer").expect("it is known");
    assert_eq!(checked.genuine, Some(true));
    let (id, digest) = checked.signed.expect("it is told who signed");
    let report = house.signatory.status(&hue(), (&id, &digest)).await.expect("an answer").expect("a report");
    assert_eq!(report.verdict(), Some(Verdict::Genuine), "{report:#?}");
    let names: Vec<&str> =
        report.signatures.iter().map(|one| one.signer.as_ref().expect("a signer").name.as_str()).collect();
    assert_eq!(names, ["Nguyễn Văn Bảo", "UBND phường Thuận Hóa"]);
    for one in &report.signatures {
        assert!(one.stamp.is_some() && one.visible);
        assert!(one.checkable_until().expect("an end") > house.signing.now());
    }
    one_altered_byte_is_found(&authority, &house, content).await;
}

/// Both are drawn in the room that the layout leaves, and neither covers the other's words.
fn seen_in_their_places(authority: &Authority, pdf: &[u8]) {
    if !have(&["pdftotext"]) {
        return;
    }
    std::fs::write(authority.path("seen.pdf"), pdf).expect("a file");
    // For eyes: `PAPERS=/tmp/x cargo test -p dinh-signatory` leaves the file there.
    #[expect(clippy::disallowed_methods, reason = "whoever looks at the papers says where they go")]
    if let Ok(folder) = std::env::var("PAPERS") {
        std::fs::write(format!("{folder}/signed.pdf"), pdf).expect("can be left");
    }
    let (_, text) = run(&authority.path(""), "pdftotext", &["-layout", "seen.pdf", "-"]);
    let at = |words: &str| text.find(words).expect(words);
    assert!(at("Ký bởi: Nguyễn Văn Bảo") < at("Cơ quan: UBND phường Thuận Hóa"), "{text}");
    assert_eq!(text.matches("Thời gian ký:").count(), 2, "{text}");
}

async fn one_altered_byte_is_found(authority: &Authority, house: &House, content: Vec<u8>) {
    let mut altered = content;
    let at = altered.len() / 3;
    altered[at] ^= 1;
    std::fs::write(authority.path("altered.pdf"), &altered).expect("a file");
    if have(&["pdfsig", "certutil"]) {
        let said = pdfsig(authority, "altered.pdf");
        assert_eq!(said.matches("Signature is Valid").count(), 0, "{said}");
    }
    if let Ok(report) = house.signing.check(altered.clone()).await {
        assert!(report.verdict().is_none_or(|verdict| verdict == Verdict::Altered), "{report:#?}");
    }
    let known = house.casework.check_paper(&hue(), None, Some(&Digest::of(&altered))).await;
    assert_eq!(known.expect("an answer"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_signature_is_worth_later_depends_on_its_time_stamp() {
    let Some(authority) = Authority::new().await else { return };
    let day = 86_400_000_000;
    for stamped in [false, true] {
        let house = House::open(&authority, stamped).await;
        let own = house.own(&authority).await;
        let one = house.numbered("an").await;
        let only = std::slice::from_ref(&one.id);
        let done = house.signatory.sign(&house.leader(), &own.id, (only, false)).await.expect("it is taken");
        let digest = done[0].signed.as_ref().expect("it is signed").to_string();
        house.catch_up();
        let status = async || {
            let status = house.signatory.status(&hue(), (&one.id, &digest)).await;
            status.expect("an answer").expect("a report").signatures[0].clone()
        };
        let now = status().await;
        assert_eq!(now.verdict, Verdict::Genuine, "{now:#?}");
        assert_eq!(now.stamp.is_some(), stamped);
        assert_eq!(now.findings.contains(&Finding::NotStamped), !stamped);
        // Without a stamp it lasts as long as the certificate of whoever signed, with one as long as that of the stamp.
        let path = now.stamp.as_ref().map_or(&now.path, |stamp| &stamp.path);
        let end = path.iter().map(|one| one.until).min();
        assert_eq!(now.checkable_until(), end);
        house.clock.advance(301 * day);
        let later = status().await;
        assert!(end.is_some_and(|end| end < house.signing.now()));
        assert!(later.verdict > Verdict::Genuine, "{later:#?}");
    }
}

/// Two points across and two up, red.
const RED: [u8; 74] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x08, 0x06, 0x00, 0x00, 0x00, 0x72, 0xb6, 0x0d, 0x24, 0x00,
    0x00, 0x00, 0x11, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x38, 0xc1, 0xc0, 0xf0, 0x1f, 0x84, 0x19,
    0x60, 0x0c, 0x00, 0x3e, 0xc4, 0x07, 0x1d, 0xe4, 0xbb, 0x9e, 0x69, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45,
    0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_picture_of_the_seal_is_seen_on_what_is_sealed_and_only_administrators_set_it() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::open(&authority, false).await;
    let (own, seal) = (house.own(&authority).await, house.seal(&authority).await);
    let (one, two) = (house.numbered("an").await, house.numbered("binh").await);
    let (unit, admin) = (urn(WARD), house.official("quan-tri", "administrator", WARD));
    let refused = house.signing.set_seal_picture(&house.records(), &unit, Some(&RED)).await;
    assert!(refused.is_err(), "{refused:?}");
    house.signing.set_seal_picture(&admin, &unit, Some(&RED)).await.expect("it is kept");
    let large = house.signing.set_seal_picture(&admin, &unit, Some(&vec![0; 500_000])).await;
    assert!(large.is_err(), "{large:?}");
    assert_eq!(house.signing.seal_pictures(&admin).await.expect("a list").len(), 1);
    let of = |pdf: &[u8]| String::from_utf8_lossy(pdf).matches("/Seal ").count();
    for (picture, document) in [(true, &one), (false, &two)] {
        if !picture {
            house.signing.set_seal_picture(&admin, &unit, None).await.expect("it is gone");
        }
        let only = std::slice::from_ref(&document.id);
        let done = house.signatory.sign(&house.leader(), &own.id, (only, false)).await.expect("it is taken");
        assert!(done[0].signed.is_ok(), "{done:?}");
        assert_eq!(of(&house.content(&document.id).await), 0, "a person has none");
        let done =
            house.signatory.sign(&house.records(), &seal.id, (only, false)).await.expect("it is taken");
        assert!(done[0].signed.is_ok(), "{done:?}");
        house.catch_up();
        let content = house.content(&document.id).await;
        assert_eq!(of(&content) > 0, picture);
        agree(&authority, &content, 2);
    }
}
