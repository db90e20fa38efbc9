//! Documents as they are answered.

use dinh_casework::{Issued, Signed};
use dinh_signing::signatures::{Report, Signature};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of documents.
#[derive(Serialize, ToSchema)]
pub(crate) struct DocumentsBody {
    /// How many there are in all.
    pub(super) total: u64,
    /// The documents of this page, the latest first.
    pub(super) documents: Vec<DocumentBody>,
}

/// A document. Instants are RFC 3339.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentBody {
    /// Its URI.
    id: String,
    /// Its version.
    version: u64,
    /// Code of its kind.
    kind: String,
    /// Its number and symbol.
    serial: String,
    /// URI of the case that it came of.
    case: String,
    /// URI of the unit that issues it.
    unit: String,
    /// `numbered`, `valid`, `replaced`, `revoked` or `void`.
    standing: &'static str,
    /// When it got its number.
    numbered_at: String,
    /// When it was issued, once it was.
    issued_at: Option<String>,
    /// The code by which anybody checks it.
    code: String,
    /// SHA-256 of its file as it is now.
    digest: Option<String>,
    /// The signatures that it was given here, in their order.
    signatures: Vec<SignedBody>,
    /// Which of the signatures that it must have it lacks next: `person` or `seal`; none if it lacks none.
    lacks: Option<&'static str>,
    /// Whether it was signed by hand and sealed on paper, as whoever issued it says.
    by_hand: bool,
}

/// A signature that a document was given here.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedBody {
    /// `person` or `seal`.
    r#as: &'static str,
    /// The key of the inventory.
    key: String,
    /// When.
    at: String,
}

/// A document with what its signatures are worth now.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckedDocument {
    /// The document.
    pub(super) document: DocumentBody,
    /// What was found out about each signature of its file, in their order.
    pub(super) checked: Vec<CheckedSignature>,
}

/// What a signature is worth now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckedSignature {
    /// `genuine`, `unknown`, `not-trusted`, `expired`, `revoked` or `altered`.
    #[schema(value_type = String)]
    verdict: dinh_signing::signatures::Verdict,
    /// Who signed, as the certificate says.
    signer: Option<String>,
    /// The organisation of who signed.
    organisation: Option<String>,
    /// When, as a trusted time stamp says.
    stamped_at: Option<String>,
    /// When, as the computer of whoever signed said.
    claimed_at: Option<String>,
    /// Until when it can be checked.
    checkable_until: Option<String>,
}

pub(super) fn document(one: &Issued) -> DocumentBody {
    let signed =
        |one: &Signed| SignedBody { r#as: one.signer.name(), key: one.key.clone(), at: one.at.to_string() };
    DocumentBody {
        id: one.id.to_string(),
        version: one.version,
        kind: one.kind.clone(),
        serial: one.serial.clone(),
        case: one.dossier.to_string(),
        unit: one.issued_by.to_string(),
        standing: one.standing.name(),
        numbered_at: one.numbered.to_string(),
        issued_at: one.issued.map(|at| at.to_string()),
        code: one.code.as_str().to_owned(),
        digest: one.digests.last().cloned(),
        signatures: one.signed.iter().map(signed).collect(),
        lacks: one.lacks().map(dinh_casework::Signer::name),
        by_hand: one.by_hand.is_some(),
    }
}

pub(super) fn checked(report: &Report) -> Vec<CheckedSignature> {
    let one = |one: &Signature| CheckedSignature {
        verdict: one.verdict,
        signer: one.signer.as_ref().map(|signer| signer.name.clone()),
        organisation: one.signer.as_ref().and_then(|signer| signer.organisation.clone()),
        stamped_at: one.stamp.as_ref().map(|stamp| stamp.at.to_string()),
        claimed_at: one.claimed_at.map(|at| at.to_string()),
        checkable_until: one.checkable_until().map(|at| at.to_string()),
    };
    report.signatures.iter().map(one).collect()
}
