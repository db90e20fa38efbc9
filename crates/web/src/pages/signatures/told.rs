//! What was found out about signatures, in words.

use dinh_signing::signatures::{Finding, Link, PdfFault, Report, Signature, Verdict};
use jiff::Timestamp;
use serde::Serialize;

use crate::look;
use crate::words::{Lang, args};

/// A document.
#[derive(Serialize)]
pub(super) struct Told {
    file: String,
    tone: &'static str,
    icon: &'static str,
    word: String,
    text: String,
    signatures: Vec<One>,
}

/// A signature.
#[derive(Serialize)]
pub(in crate::pages) struct One {
    tone: &'static str,
    icon: &'static str,
    word: String,
    name: String,
    organisation: Option<String>,
    unit: Option<String>,
    stamped: Option<String>,
    claimed: Option<String>,
    reason: Option<String>,
    place: Option<String>,
    /// What speaks against it, or could not be found out.
    doubts: Vec<String>,
    /// What is good to know besides.
    notes: Vec<String>,
    /// What it is worth later on; none if it is worth nothing now.
    lasting: Option<String>,
    path: Vec<Step>,
}

/// A certificate on the way to whom one believes.
#[derive(Serialize)]
struct Step {
    name: String,
    organisation: Option<String>,
    serial: String,
    days: String,
}

/// Tone, icon, word and text of a document.
pub(super) fn told(report: &Report, file: &str, lang: Lang) -> Told {
    let (tone, icon) = sign(report.verdict());
    let (word, text) = match report.verdict() {
        None => (lang.say("signatures-none"), lang.say("signatures-none-text")),
        Some(Verdict::Genuine) => (lang.say("signatures-genuine"), lang.say("signatures-genuine-text")),
        Some(Verdict::Altered) => (lang.say("signatures-altered"), lang.say("signatures-altered-text")),
        Some(Verdict::Revoked) => (lang.say("signatures-revoked"), lang.say("signatures-revoked-text")),
        Some(Verdict::Expired) => (lang.say("signatures-expired"), lang.say("signatures-expired-text")),
        Some(Verdict::NotTrusted) => {
            (lang.say("signatures-not-trusted"), lang.say("signatures-not-trusted-text"))
        }
        Some(Verdict::Unknown) => (lang.say("signatures-unknown"), lang.say("signatures-unknown-text")),
    };
    let signatures = each(report, lang);
    Told { file: file.chars().take(120).collect(), tone, icon, word, text, signatures }
}

/// The signatures of a document, one by one.
pub(in crate::pages) fn each(report: &Report, lang: Lang) -> Vec<One> {
    report.signatures.iter().map(|one| signature(one, lang)).collect()
}

fn sign(verdict: Option<Verdict>) -> (&'static str, &'static str) {
    match verdict {
        Some(Verdict::Genuine) => ("ok", "ok"),
        Some(Verdict::Altered | Verdict::Revoked) => ("danger", "danger"),
        Some(_) => ("warn", "warn"),
        None => ("off", "silent"),
    }
}

fn signature(one: &Signature, lang: Lang) -> One {
    let (tone, icon) = sign(Some(one.verdict));
    let word = match one.verdict {
        Verdict::Genuine => lang.say("signatures-is-genuine"),
        Verdict::Altered => lang.say("signatures-is-altered"),
        Verdict::Revoked => lang.say("signatures-is-revoked"),
        Verdict::Expired => lang.say("signatures-is-expired"),
        Verdict::NotTrusted => lang.say("signatures-is-not-trusted"),
        Verdict::Unknown => lang.say("signatures-is-unknown"),
    };
    let at = |at: Timestamp| look::date_time(at.into(), lang);
    let (notes, doubts) = one.findings.iter().partition::<Vec<_>, _>(|one| one.verdict() == Verdict::Genuine);
    let said = |findings: Vec<&Finding>| findings.into_iter().map(|one| finding(one, lang)).collect();
    One {
        tone,
        icon,
        word,
        name: one.signer.as_ref().map_or_else(|| lang.say("signatures-nobody"), |signer| signer.name.clone()),
        organisation: one.signer.as_ref().and_then(|signer| signer.organisation.clone()),
        unit: one.unit.clone(),
        stamped: one.stamp.as_ref().map(|stamp| at(stamp.at)),
        claimed: one.claimed_at.map(at),
        reason: one.reason.clone(),
        place: one.place.clone(),
        doubts: said(doubts),
        notes: said(notes),
        lasting: lasting(one, lang),
        path: if one.path.is_empty() { one.signer.as_slice() } else { &one.path }
            .iter()
            .map(|link| step(link, lang))
            .collect(),
    }
}

/// Until when it can be checked, and whether the time of signing is proved for longer than the certificate of whoever signed
/// lasts.
fn lasting(one: &Signature, lang: Lang) -> Option<String> {
    if !matches!(one.verdict, Verdict::Genuine | Verdict::Unknown) {
        return None;
    }
    let until = args([("until", look::date(one.checkable_until()?.into(), lang))]);
    Some(match one.stamp {
        Some(_) => lang.say_with("signatures-lasts-stamped", &until),
        None => lang.say_with("signatures-lasts-unstamped", &until),
    })
}

fn step(link: &Link, lang: Lang) -> Step {
    let days =
        args([("from", look::date(link.from.into(), lang)), ("until", look::date(link.until.into(), lang))]);
    Step {
        name: link.name.clone(),
        organisation: link.organisation.clone(),
        serial: link.serial.clone(),
        days: lang.say_with("signatures-days", &days),
    }
}

fn finding(finding: &Finding, lang: Lang) -> String {
    let of = |name: &str, at: Timestamp| {
        args([("name", name.to_owned()), ("at", look::date_time(at.into(), lang))])
    };
    match finding {
        Finding::ContentDiffers => lang.say("signatures-content-differs"),
        Finding::SignatureDoesNotFit => lang.say("signatures-does-not-fit"),
        Finding::CoversNotAll => lang.say("signatures-covers-not-all"),
        Finding::ChangedLater => lang.say("signatures-changed-later"),
        Finding::SignedLater => lang.say("signatures-signed-later"),
        Finding::Unreadable => lang.say("signatures-unreadable"),
        Finding::Unprotected => lang.say("signatures-unprotected"),
        Finding::AlgorithmNotTaken => lang.say("signatures-algorithm"),
        Finding::CertificateMissing => lang.say("signatures-no-certificate"),
        Finding::CertificateNotNamed => lang.say("signatures-not-named"),
        Finding::NotForSigning => lang.say("signatures-not-for-signing"),
        Finding::NoPath => lang.say("signatures-no-path"),
        Finding::AuthorityNotListed => lang.say("signatures-not-listed"),
        Finding::Expired { name, until } => lang.say_with("signatures-was-expired", &of(name, *until)),
        Finding::NotYet { name, from } => lang.say_with("signatures-not-yet", &of(name, *from)),
        Finding::Revoked { name, at } => lang.say_with("signatures-was-revoked", &of(name, *at)),
        Finding::RevokedLater { name, at } => lang.say_with("signatures-revoked-later", &of(name, *at)),
        Finding::RevocationUnknown { name } => {
            lang.say_with("signatures-revocation-unknown", &args([("name", name.clone())]))
        }
        Finding::RevocationOld { name, until } => {
            lang.say_with("signatures-revocation-old", &of(name, *until))
        }
        Finding::NotStamped => lang.say("signatures-not-stamped"),
        Finding::StampDoesNotFit => lang.say("signatures-stamp-does-not-fit"),
        Finding::StampNotTrusted => lang.say("signatures-stamp-not-trusted"),
    }
}

/// Why a file is not read.
pub(super) fn unread(fault: &PdfFault, lang: Lang) -> String {
    match fault {
        PdfFault::NotPdf => lang.say("signatures-not-pdf"),
        PdfFault::Encrypted => lang.say("signatures-encrypted"),
        PdfFault::Large(_) => lang.say("signatures-large"),
        PdfFault::Broken(_) | PdfFault::Unreadable(_) => lang.say("signatures-broken"),
    }
}
