//! What is not signed, and says why.

use dinh_signatures::{
    Finding, PdfFault, SignFault, Signing, SoftwareKey, Subject, Verdict, embed, prepare, request,
    signed_request, verify,
};
use ring::rand::SystemRandom;

use crate::authority::{Authority, evidence, now};
use crate::fixture::{field, plain};
use crate::tools::{have, must};

#[test]
fn strangers_wrong_certificates_and_wrong_keys_are_told() {
    if !have("refused signatures", &["openssl"]) {
        return;
    }
    let authority = Authority::new();
    let (who, other) = (authority.issue("who", "rsa", "leaf"), authority.issue("other", "rsa", "leaf"));
    let web = authority.issue("web", "rsa", "web");
    let signing = |chain| Signing { at: now(), chain, algorithm: who.key.algorithm(), stamped: false };
    let refused = prepare(&plain(), &field("Ký"), &signing(vec![web.certificate]));
    assert!(matches!(refused, Err(SignFault::NotForSigning(_))));
    let prepared =
        prepare(&plain(), &field("Ký"), &signing(vec![who.certificate.clone()])).expect("it is prepared");
    let by_other =
        other.key.sign(prepared.algorithm(), prepared.to_sign(), &SystemRandom::new()).expect("it signs");
    assert_eq!(embed(&prepared, &by_other, None), Err(SignFault::OtherKey));
    let signed = authority.sign(&plain(), &who, &field("Ký"), false);
    let again = prepare(&signed, &field("Ký"), &signing(vec![who.certificate.clone()]));
    assert_eq!(again.err(), Some(SignFault::Taken("Ký".to_owned())));
    let none = prepare(b"words", &field("Ký"), &signing(vec![who.certificate.clone()]));
    assert_eq!(none.err(), Some(SignFault::Pdf(PdfFault::NotPdf)));
    // Nobody trusts the authority, or it is on no list any more.
    let mut trust = dinh_signatures::Trust::default();
    let lists = authority.lists();
    let report = verify(&signed, &evidence(&trust, &lists, &[])).expect("a report");
    assert_eq!(report.verdict(), Some(Verdict::NotTrusted));
    assert!(report.signatures[0].findings.contains(&Finding::NoPath));
    trust = authority.trust();
    trust.anchors[0].until = Some("2020-01-01T00:00:00Z".parse().expect("a time"));
    let report = verify(&signed, &evidence(&trust, &lists, &[])).expect("a report");
    assert!(report.signatures[0].findings.contains(&Finding::AuthorityNotListed));
    assert_eq!(report.verdict(), Some(Verdict::NotTrusted));
}

#[test]
fn a_request_for_a_certificate_is_what_openssl_takes() {
    if !have("requests for certificates", &["openssl"]) {
        return;
    }
    let authority = Authority::new();
    let random = SystemRandom::new();
    let bytes = SoftwareKey::generate(&random).expect("a key");
    let key = SoftwareKey::from_pkcs8(&bytes, &random).expect("the key");
    let subject = Subject {
        name: "Ủy ban nhân dân phường Bích Đào".to_owned(),
        organisation: Some("Tỉnh Thử".to_owned()),
        unit: None,
        country: "VN".to_owned(),
    };
    let wanted = request(&subject, key.key_bits(), key.algorithm()).expect("a request");
    let signature = key.sign(key.algorithm(), &wanted, &random).expect("it signs");
    let pem = signed_request(&wanted, &signature, key.algorithm()).expect("a request");
    std::fs::write(authority.file("own.csr"), pem).expect("a file");
    let said = must(
        authority.dir(),
        "openssl",
        &["req", "-in", "own.csr", "-verify", "-noout", "-subject", "-nameopt", "utf8"],
    );
    assert!(said.contains("verify OK") && said.contains("Ủy ban nhân dân phường Bích Đào"), "{said}");
}

#[test]
fn a_certificate_says_where_to_ask_about_it() {
    if !have("addresses of certificates", &["openssl"]) {
        return;
    }
    let certificate = Authority::new().issue("asked", "P-256", "addressed").certificate;
    assert_eq!(certificate.ocsp_addresses(), ["http://127.0.0.1:1/ocsp"]);
    assert_eq!(certificate.crl_addresses(), ["http://127.0.0.1:1/ca.crl"]);
    assert_eq!(certificate.name().as_deref(), Some("Nguyễn-asked"));
    assert!(certificate.signs_documents() && !certificate.is_root());
}
