//! Checks the signatures of a document: that each covers what it should, that nothing but signatures came later, who
//! signed, whether they are trusted, and when it was.

use der::Encode as _;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::asn1::oid;
use crate::certificate::Certificate;
use crate::cms::Message;
use crate::pdf::{Dict, Entry, File, Later, Object, PdfFault, what_came_later};
use crate::report::{Finding, Link, Report, Signature, Stamp, Verdict};
use crate::revocation::{OcspAnswer, RevocationList, Status, later};
use crate::stamp;
use crate::trust::{Purpose, Trust, path};

/// How many fields of a document are looked through for signatures.
const MOST_FIELDS: usize = 10_000;
/// How many signatures of a document are checked.
pub const MOST_SIGNATURES: usize = 64;

/// What signatures are judged by.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// Whom to believe.
    pub trust: &'a Trust,
    /// Further certificates, from which paths may be made.
    pub certificates: &'a [Certificate],
    /// Lists of revoked certificates.
    pub lists: &'a [RevocationList],
    /// Answers of responders.
    pub answers: &'a [OcspAnswer],
    /// How much longer than it says something about revocation is taken for new, should its source be away.
    pub grace: SignedDuration,
    /// Now.
    pub now: Timestamp,
}

/// Checks all signatures of a document.
pub fn verify(pdf: &[u8], evidence: &Evidence<'_>) -> Result<Report, PdfFault> {
    let file = File::read(pdf)?;
    let mut signatures = Vec::new();
    for (_, field) in fields(&file)? {
        if field.name("FT") != Some(b"Sig") || matches!(file.value(&field, "V")?, Object::Null) {
            continue;
        }
        if signatures.len() >= MOST_SIGNATURES {
            return Err(PdfFault::Broken("it has more than 64 signatures"));
        }
        signatures.push(one(pdf, &file, &field, evidence)?);
    }
    signatures.sort_by_key(|signature| signature.covers);
    Ok(Report { signatures })
}

/// The certificates that the signatures of a document carry: what a caller may look up revocation for.
pub fn certificates(pdf: &[u8]) -> Result<Vec<Certificate>, PdfFault> {
    let file = File::read(pdf)?;
    let mut all: Vec<Certificate> = Vec::new();
    for (_, field) in fields(&file)?.into_iter().take(MOST_SIGNATURES) {
        let value = file.value(&field, "V")?;
        let Some(Object::Text(contents)) = value.as_dict().and_then(|value| value.get("Contents")) else {
            continue;
        };
        let Some((message, _)) = Message::read(contents) else { continue };
        let token = message.unsigned(oid::TIME_STAMP_TOKEN).and_then(|token| token.to_der().ok());
        let stamped = token.and_then(|token| Message::read(&token)).map(|(message, _)| message.certificates);
        for certificate in message.certificates.into_iter().chain(stamped.into_iter().flatten()) {
            if !all.contains(&certificate) {
                all.push(certificate);
            }
        }
    }
    Ok(all)
}

/// The fields of the form, with the numbers of their objects.
pub(crate) fn fields(file: &File<'_>) -> Result<Vec<(u32, Dict)>, PdfFault> {
    let (_, catalogue) = file.catalogue()?;
    let form = file.value(&catalogue, "AcroForm")?;
    let Some(form) = form.as_dict() else { return Ok(Vec::new()) };
    let Object::Array(roots) = file.value(form, "Fields")? else { return Ok(Vec::new()) };
    let mut left: Vec<Object> = roots.into_iter().rev().collect();
    let (mut found, mut seen) = (Vec::new(), 0);
    while let Some(next) = left.pop() {
        seen += 1;
        if seen > MOST_FIELDS {
            return Err(PdfFault::Broken("it has more than 10,000 fields, or they go round in circles"));
        }
        let Object::Ref(number, _) = next else { continue };
        let Object::Dict(field) = file.object(number)? else { continue };
        if let (None, Object::Array(kids)) = (field.get("FT"), file.value(&field, "Kids")?) {
            left.extend(kids.into_iter().rev());
        } else {
            found.push((number, field));
        }
    }
    Ok(found)
}

/// Whether a signature allows nothing after it (DocMDP with P 1; ISO 32000-1, 12.8.2.2).
pub(crate) fn allows_nothing(file: &File<'_>, value: &Dict) -> Result<bool, PdfFault> {
    let Object::Array(references) = file.value(value, "Reference")? else { return Ok(false) };
    for reference in references.iter().take(16) {
        let reference = file.resolve(reference)?;
        let Some(reference) =
            reference.as_dict().filter(|one| one.name("TransformMethod") == Some(b"DocMDP"))
        else {
            continue;
        };
        let parameters = file.value(reference, "TransformParams")?;
        if parameters.as_dict().and_then(|parameters| parameters.int("P")) == Some(1) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn one(pdf: &[u8], file: &File<'_>, field: &Dict, evidence: &Evidence<'_>) -> Result<Signature, PdfFault> {
    let value = file.value(field, "V")?;
    let words =
        |dict: Option<&Dict>, key: &str| dict.and_then(|dict| dict.get(key)).and_then(Object::as_words);
    let value = value.as_dict();
    let mut signature = Signature {
        field: words(Some(field), "T").unwrap_or_default(),
        verdict: Verdict::Altered,
        findings: Vec::new(),
        signer: None,
        unit: None,
        reason: words(value, "Reason"),
        place: words(value, "Location"),
        claimed_at: words(value, "M").as_deref().and_then(date),
        stamp: None,
        path: Vec::new(),
        visible: field.get("AP").is_some(),
        covers: 0,
    };
    let gap = gap(pdf, file, field)?;
    match (value, gap) {
        (Some(value), Some(gap)) => {
            signature.covers = gap.end;
            match value.name("SubFilter") {
                Some(b"ETSI.CAdES.detached" | b"adbe.pkcs7.detached") => {
                    judge(pdf, &gap, &mut signature, evidence);
                }
                Some(b"ETSI.RFC3161") => judge_stamp(pdf, &gap, &mut signature, evidence),
                // The older ways stand on SHA-1.
                _ => signature.findings.push(Finding::AlgorithmNotTaken),
            }
            let came = what_came_later(pdf, gap.end).unwrap_or(Later::Changed);
            let closed = came == Later::Signatures && allows_nothing(file, value)?;
            match came {
                Later::Changed => signature.findings.push(Finding::ChangedLater),
                Later::Signatures if closed => signature.findings.push(Finding::ChangedLater),
                Later::Signatures => signature.findings.push(Finding::SignedLater),
                Later::Nothing | Later::Evidence => {}
            }
        }
        _ => signature.findings.push(Finding::CoversNotAll),
    }
    signature.findings.dedup();
    signature.verdict = signature.findings.iter().map(Finding::verdict).max().unwrap_or(Verdict::Genuine);
    Ok(signature)
}

/// The place of a signature, and where ends what it covers.
struct Gap {
    from: usize,
    to: usize,
    end: usize,
}

/// Finds the place of the signature from where its object lies, and compares it with what the signature says it covers:
/// everything from the first byte to the end of its revision, but that place.
fn gap(pdf: &[u8], file: &File<'_>, field: &Dict) -> Result<Option<Gap>, PdfFault> {
    let Some(Object::Ref(number, _)) = field.get("V") else { return Ok(None) };
    let Entry::At(at, _) = file.entry(*number) else { return Ok(None) };
    let (object, from) = file.object_at(*number, at)?;
    let Some(value) = object.as_dict() else { return Ok(None) };
    let Object::Array(range) = file.value(value, "ByteRange")? else { return Ok(None) };
    let range: Vec<usize> = range
        .iter()
        .filter_map(|number| match number {
            Object::Int(number) => usize::try_from(*number).ok(),
            _ => None,
        })
        .collect();
    let [0, gap_from, gap_to, rest] = range[..] else { return Ok(None) };
    let (Some(end), Some(place)) = (gap_to.checked_add(rest), pdf.get(gap_from..gap_to)) else {
        return Ok(None);
    };
    let digits = place.strip_prefix(b"<").and_then(|place| place.strip_suffix(b">"));
    let whole = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    // It has to be the string of this very object: the name of the key stands before it.
    let before = pdf.get(from..gap_from).unwrap_or_default().trim_ascii_end();
    let same =
        matches!(value.get("Contents"), Some(Object::Text(bytes)) if bytes.len() * 2 + 2 == place.len());
    let fits = whole && same && before.ends_with(b"/Contents") && end <= pdf.len() && is_end(pdf, end);
    Ok(fits.then_some(Gap { from: gap_from, to: gap_to, end }))
}

/// Whether a revision ends there.
fn is_end(pdf: &[u8], end: usize) -> bool {
    pdf.get(..end).is_some_and(|covered| covered.trim_ascii_end().ends_with(b"%%EOF"))
}

fn judge(pdf: &[u8], gap: &Gap, signature: &mut Signature, evidence: &Evidence<'_>) {
    let findings = &mut signature.findings;
    let digits = pdf.get(gap.from + 1..gap.to - 1).unwrap_or_default();
    let Some((message, used)) = bytes_of(digits).and_then(|bytes| Message::read(&bytes)) else {
        findings.push(Finding::Unreadable);
        return;
    };
    // Nobody fills the room that is left with anything but zeros, or writes digits now large, now small.
    let small = digits.iter().any(u8::is_ascii_lowercase);
    let large = digits.iter().any(u8::is_ascii_uppercase);
    if digits.iter().skip(used * 2).any(|digit| *digit != b'0') || (small && large) {
        findings.push(Finding::Unreadable);
    }
    let Some(hash) = message.hash else {
        findings.push(Finding::AlgorithmNotTaken);
        return;
    };
    let covered = [pdf.get(..gap.from).unwrap_or_default(), pdf.get(gap.to..gap.end).unwrap_or_default()];
    findings.extend(message.findings(&hash.digest(&covered), oid::DATA));
    if message.has_unsigned_besides(oid::TIME_STAMP_TOKEN) {
        findings.push(Finding::Unprotected);
    }
    let stamp = stamp_of(&message, evidence, findings);
    let Some(certificate) = message.certificate() else { return };
    signature.signer = Some(Link::from(certificate));
    signature.unit = certificate.unit();
    let at = stamp.as_ref().map_or(evidence.now, |stamp| stamp.at);
    let pool = [message.certificates.as_slice(), evidence.certificates].concat();
    let (path, mut found) = path(certificate, &pool, evidence.trust, Purpose::Documents, at);
    found.extend(revocation(&path, evidence, at));
    signature.path = path.iter().map(Link::from).collect();
    signature.findings.extend(found);
    signature.stamp = stamp;
}

/// A time stamp over the document: nobody signed, but it was there at that time.
fn judge_stamp(pdf: &[u8], gap: &Gap, signature: &mut Signature, evidence: &Evidence<'_>) {
    let covered = [pdf.get(..gap.from).unwrap_or_default(), pdf.get(gap.to..gap.end).unwrap_or_default()];
    let token = bytes_of(pdf.get(gap.from + 1..gap.to - 1).unwrap_or_default()).unwrap_or_default();
    let used = Message::read(&token).map_or(0, |(_, used)| used);
    let (token, rest) = token.split_at(used);
    if rest.iter().any(|byte| *byte != 0) {
        signature.findings.push(Finding::Unreadable);
    }
    match stamp::check(token, &covered) {
        Ok(read) => {
            signature.signer = Some(Link::from(&read.certificate));
            signature.stamp = trusted(&read, evidence);
            match &signature.stamp {
                Some(stamp) => signature.path.clone_from(&stamp.path),
                None => signature.findings.push(Finding::StampNotTrusted),
            }
        }
        Err(Finding::StampDoesNotFit) => signature.findings.push(Finding::ContentDiffers),
        Err(finding) => signature.findings.push(finding),
    }
}

fn stamp_of(message: &Message, evidence: &Evidence<'_>, findings: &mut Vec<Finding>) -> Option<Stamp> {
    let Some(token) = message.unsigned(oid::TIME_STAMP_TOKEN) else {
        findings.push(Finding::NotStamped);
        return None;
    };
    let token = token.to_der().ok()?;
    let read = match stamp::check(&token, &[message.signer.signature.as_bytes()]) {
        Ok(read) => read,
        Err(finding) => {
            findings.push(finding);
            return None;
        }
    };
    trusted(&read, evidence).or_else(|| {
        findings.push(Finding::StampNotTrusted);
        None
    })
}

/// A time stamp of somebody trusted.
fn trusted(read: &stamp::Read, evidence: &Evidence<'_>) -> Option<Stamp> {
    let pool = [read.pool.as_slice(), evidence.certificates].concat();
    let (path, mut wrong) = path(&read.certificate, &pool, evidence.trust, Purpose::Stamps, read.at);
    // A stamp holds as long as the certificate of its authority, unless another one holds it (which B-T has not).
    wrong.extend(crate::trust::validity(&path, evidence.now));
    wrong.extend(
        revocation(&path, evidence, evidence.now).into_iter().filter(|one| one.verdict() == Verdict::Revoked),
    );
    let ahead = read.at > later(evidence.now, SignedDuration::from_mins(5));
    if path.is_empty() || !wrong.is_empty() || ahead {
        return None;
    }
    Some(Stamp { at: read.at, path: path.iter().map(Link::from).collect() })
}

/// What is known about the revocation of a path, but for its root, which nobody revokes but those who trust it.
fn revocation(path: &[Certificate], evidence: &Evidence<'_>, at: Timestamp) -> Vec<Finding> {
    path.windows(2)
        .filter_map(|pair| {
            let [certificate, issuer] = pair else { return None };
            let name = certificate.name().unwrap_or_else(|| certificate.subject());
            let lists =
                evidence.lists.iter().filter_map(|list| list.status(certificate, issuer, evidence.now));
            let answers =
                evidence.answers.iter().filter_map(|one| one.status(certificate, issuer, evidence.now));
            let known: Vec<Status> = lists.chain(answers).collect();
            let revoked = known.iter().filter_map(|status| match status {
                Status::Revoked(since) => Some(*since),
                Status::Good(_) => None,
            });
            if let Some(since) = revoked.min() {
                return Some(if since > at {
                    Finding::RevokedLater { name, at: since }
                } else {
                    Finding::Revoked { name, at: since }
                });
            }
            let fresh = known.iter().filter_map(|status| match status {
                Status::Good(until) => Some(*until),
                Status::Revoked(_) => None,
            });
            match fresh.max() {
                None => Some(Finding::RevocationUnknown { name }),
                Some(until) if later(until, evidence.grace) < evidence.now => {
                    Some(Finding::RevocationOld { name, until })
                }
                Some(_) => None,
            }
        })
        .collect()
}

fn bytes_of(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// A date as PDF writes it: `D:20261120140500+07'00'`.
fn date(text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix("D:")?;
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i8>().ok();
    let year: i16 = text.get(0..4)?.parse().ok()?;
    let civil = DateTime::new(
        year,
        number(4..6).unwrap_or(1),
        number(6..8).unwrap_or(1),
        number(8..10).unwrap_or(0),
        number(10..12).unwrap_or(0),
        number(12..14).unwrap_or(0),
        0,
    )
    .ok()?;
    let sign: i32 = match text.get(14..15) {
        Some("+") => 1,
        Some("-") => -1,
        _ => 0,
    };
    let (hours, minutes) = (number(15..17).unwrap_or(0), number(18..20).unwrap_or(0));
    let seconds = sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60);
    Offset::from_seconds(seconds).ok()?.to_timestamp(civil).ok()
}
