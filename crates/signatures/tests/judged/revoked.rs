//! Revocation, expiry and time stamps: what held when it was signed goes on holding if a stamp shows it.

use dinh_signatures::{Evidence, Finding, Verdict, verify};
use jiff::{SignedDuration, ToSpan as _};

use crate::authority::{Authority, evidence, now};
use crate::fixture::{field, plain};
use crate::tools::have;

fn told(pdf: &[u8], evidence: &Evidence<'_>) -> (Verdict, Vec<Finding>) {
    let report = verify(pdf, evidence).expect("a report");
    let one = report.signatures.into_iter().next().expect("a signature");
    (one.verdict, one.findings)
}

#[test]
fn revocation_is_found_in_lists_and_answers_and_its_time_counts() {
    if !have("revocation", &["openssl"]) {
        return;
    }
    let authority = Authority::new();
    authority.issue("stamps", "rsa", "stamps");
    let responder = "responder";
    authority.issue(responder, "rsa", "responder");
    let who = authority.issue("who", "P-256", "leaf");
    let signed = authority.sign(&plain(), &who, &field("Ký"), false);
    let stamped = authority.sign(&plain(), &who, &field("Ký"), true);
    let trust = authority.trust();
    let roots = &authority.lists()[1..];
    // Nothing is known of the certificate itself.
    let (verdict, findings) = told(&signed, &evidence(&trust, roots, &[]));
    assert_eq!(verdict, Verdict::Unknown);
    assert!(
        matches!(&findings[..], [.., Finding::RevocationUnknown { name }] if name == "Nguyễn-who"),
        "{findings:?}"
    );
    // Responders: named by the issuer, the issuer itself, and a stranger.
    for named in [responder, "below"] {
        let answers = [authority.ocsp(&who, named)];
        assert_eq!(told(&signed, &evidence(&trust, roots, &answers)).0, Verdict::Genuine, "{named}");
    }
    let strange = [authority.ocsp(&who, "who")];
    assert_eq!(told(&signed, &evidence(&trust, roots, &strange)).0, Verdict::Unknown);
    // Openssl revokes to the second, and the stamp is right to a second: it has to be older than both.
    let begun = now();
    while now().as_second() <= begun.as_second() + 1 {
        std::thread::yield_now();
    }
    authority.revoke("who");
    let lists = authority.lists();
    let answers = [authority.ocsp(&who, responder)];
    for evidence in [evidence(&trust, &lists, &[]), evidence(&trust, roots, &answers)] {
        let (verdict, findings) = told(&signed, &evidence);
        assert_eq!(verdict, Verdict::Revoked);
        assert!(findings.iter().any(|one| matches!(one, Finding::Revoked { .. })), "{findings:?}");
        let (verdict, findings) = told(&stamped, &evidence);
        assert_eq!(verdict, Verdict::Genuine, "{findings:?}");
        assert!(findings.iter().any(|one| matches!(one, Finding::RevokedLater { .. })), "{findings:?}");
    }
}

#[test]
fn what_has_expired_holds_with_a_stamp_alone_and_old_lists_have_their_grace() {
    if !have("expiry", &["openssl"]) {
        return;
    }
    let authority = Authority::new();
    authority.issue_between("stamps", "rsa", "stamps", "-days 2000");
    let who = authority.issue_between("who", "rsa", "leaf", "-days 5");
    let (signed, stamped) = (
        authority.sign(&plain(), &who, &field("Ký"), false),
        authority.sign(&plain(), &who, &field("Ký"), true),
    );
    let (trust, lists) = (authority.trust(), authority.lists());
    let mut later = evidence(&trust, &lists, &[]);
    later.now = now() + 240.hours();
    assert_eq!(told(&signed, &later).0, Verdict::Expired);
    assert_eq!(told(&stamped, &later).0, Verdict::Genuine);
    // The lists are new for thirty days.
    later.now = now() + 960.hours();
    let (verdict, findings) = told(&stamped, &later);
    assert_eq!(verdict, Verdict::Unknown);
    assert!(findings.iter().any(|one| matches!(one, Finding::RevocationOld { .. })), "{findings:?}");
    later.grace = SignedDuration::from_hours(24 * 14);
    assert_eq!(told(&stamped, &later).0, Verdict::Genuine);
    // When the stamp's own certificate has ended, it shows nothing any more.
    later.now = now() + 50_000.hours();
    let (verdict, findings) = told(&stamped, &later);
    assert_eq!(verdict, Verdict::Expired);
    assert!(findings.contains(&Finding::StampNotTrusted), "{findings:?}");
    later.now = now() - 48.hours();
    let (_, findings) = told(&signed, &later);
    assert!(findings.iter().any(|one| matches!(one, Finding::NotYet { .. })), "{findings:?}");
}
