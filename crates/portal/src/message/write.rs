//! A dossier's message, drawn from the dossier as it is. Drawn anew each time: what the portal knows is never patched.

use std::collections::BTreeMap;

use dinh_cases::{Case, Held, HeldAs, Kind, Outcome as Ended, Scope};
use dinh_casework::{Applicant, ApplicantKind, Dossier};
use jiff::Timestamp;

use super::bounds::{FILE_NAME, Fault, SUBJECT};
use super::text::cut;
use super::{Attachment, Charge, DossierMessage, Identity, OtherPaper, Outcome, Supplement, when};
use crate::codes::{Counterpart, List};

/// Everything beside the dossier that its messages tell.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// The version of its kind.
    pub kind: &'a Kind,
    /// The number by which the counterpart knows it.
    pub number: &'a str,
    /// The field of its procedure, if it is known.
    pub field: Option<&'a str>,
    /// Names of units, by their URIs.
    pub units: &'a BTreeMap<String, String>,
    /// When it is due, if its clock runs.
    pub due: Option<Timestamp>,
    /// Where it was filed.
    pub origin: Origin,
    /// The applicant's identifier on the portal, if the portal told it.
    pub tech_id: Option<&'a str>,
    /// What has come of it.
    pub outcomes: &'a [Paper],
}

/// Where a dossier was filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// With the province.
    Province,
    /// On the national portal.
    Portal,
}

/// A document that came of a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What it is called.
    pub name: String,
    /// Code of the kind of document.
    pub kind: String,
    /// Its URI.
    pub id: String,
}

impl Around<'_> {
    pub(super) fn unit_name(&self, unit: &str) -> Option<String> {
        self.units.get(unit).cloned()
    }
}

/// The message of a dossier. `case` and `applicant` are those of the dossier, unmasked.
///
/// # Errors
/// What keeps it from being sent: a code that the counterpart's lists do not have, a state without a national one, a text
/// out of bounds.
pub fn dossier(
    dossier: &Dossier,
    (case, applicant): (&Case, &Applicant),
    around: &Around<'_>,
    to: &Counterpart,
) -> Result<DossierMessage, Fault> {
    let kind = around.kind;
    let procedure = kind
        .procedure
        .clone()
        .ok_or_else(|| Fault::new("MaTTHC", "the kind settles no national procedure"))?;
    let national = national(kind, case);
    let national = national.ok_or_else(|| {
        Fault::new("TrangThaiHoSo", format!("the state {:?} has no national number", case.state))
    })?;
    let title = &kind.title.vi;
    let message = DossierMessage {
        number: around.number.to_owned(),
        procedure,
        procedure_name: title.clone(),
        field: around.field.and_then(|field| to.theirs(List::Field, field).ok()).unwrap_or_default(),
        field_name: around.field.unwrap_or_default().to_owned(),
        channel: to.theirs(List::Channel, &case.channel.national().to_string())?,
        applicant: applicant.name.clone(),
        applicant_kind: to.theirs(List::ApplicantKind, &national_kind(applicant.kind).to_string())?,
        tech_id: around.tech_id.unwrap_or_default().to_owned(),
        other: own_number(dossier, around),
        email: applicant.email.clone().unwrap_or_default(),
        telephone: applicant.telephone.clone().unwrap_or_default(),
        subject: cut(&format!("{title} – {}", applicant.name), SUBJECT),
        received: case.received.map(when::written).unwrap_or_default(),
        due: around.due.map(when::written).unwrap_or_default(),
        state: to.theirs(List::State, &national.to_string())?,
        settled: case.ended.map(|(at, _)| when::written(at)).unwrap_or_default(),
        unit: around.unit_name(&case.handling).unwrap_or_default(),
        filed_at: match around.origin {
            Origin::Portal => to.theirs(List::FiledAt, "1")?,
            Origin::Province => to.theirs(List::FiledAt, "2")?,
        },
        digitised: yes(case.parts.values().any(|held| !held.files.is_empty())),
        refused: refused(case),
        filed: when::written(case.opened),
        attachments: attachments(kind, case),
        others: papers(kind, case, to)?,
        supplements: supplements(case, to)?,
        outcomes: around.outcomes.iter().map(outcome).collect(),
        identities: identities(applicant, to)?,
        ..DossierMessage::default()
    };
    charged(returned(message, (kind, case), to)?, (kind, case), to)?.checked()
}

/// Where a case stands among the ten states: where it stands, or, where that has none, where it stood last.
pub fn national(kind: &Kind, case: &Case) -> Option<u8> {
    let of = |code: &str| kind.state(code).and_then(|state| state.national);
    of(&case.state).or_else(|| case.steps.iter().rev().find_map(|step| of(&step.state)))
}

const fn national_kind(kind: ApplicantKind) -> u8 {
    match kind {
        ApplicantKind::Person => 1,
        ApplicantKind::Enterprise => 2,
        ApplicantKind::Authority => 3,
        ApplicantKind::Organisation => 4,
    }
}

/// The number that the dossier has at home, where the counterpart knows it by another.
fn own_number(dossier: &Dossier, around: &Around<'_>) -> String {
    match &dossier.number {
        Some(own) if own != around.number => format!("Mã hồ sơ tại tỉnh: {own}"),
        _ => String::new(),
    }
}

fn refused(case: &Case) -> String {
    match case.ended {
        Some((at, Ended::Refused | Ended::NotAccepted)) => when::written(at),
        _ => String::new(),
    }
}

/// When and how the result was handed over: the step that led to state 10.
fn returned(
    message: DossierMessage,
    (kind, case): (&Kind, &Case),
    to: &Counterpart,
) -> Result<DossierMessage, Fault> {
    let handed = |code: &str| kind.state(code).and_then(|state| state.national) == Some(10);
    let Some(step) = case.steps.iter().find(|step| handed(&step.state)) else { return Ok(message) };
    let posted = step.asked.contains_key("tracking")
        || case.steps.iter().any(|step| step.asked.contains_key("tracking"));
    let how = if posted { "1" } else { "0" };
    Ok(DossierMessage {
        returned: when::written(step.at),
        returned_note: kind.action(&step.action).map(|action| action.title.vi.clone()).unwrap_or_default(),
        returned_by: to.theirs(List::ReturnedBy, how)?,
        ..message
    })
}

/// What it costs by what was filed. What cannot be computed from unfinished answers is left out.
fn charged(
    message: DossierMessage,
    (kind, case): (&Kind, &Case),
    to: &Counterpart,
) -> Result<DossierMessage, Fault> {
    let scope = Scope::of_filing(&case.answers, case.channel, case.opened);
    let owed = kind.owed(&scope).unwrap_or_default();
    let mut charges = Vec::new();
    for (fee, amount) in &owed {
        charges.push(Charge {
            name: fee.title.vi.clone(),
            code: fee.code.clone(),
            collected: to.theirs(List::Collected, "1")?,
            amount: amount.to_string(),
            kind: to.theirs(List::ChargeKind, "2")?,
        });
    }
    let paid = if charges.is_empty() { "0" } else { "3" };
    Ok(DossierMessage { charges, paid_online: to.theirs(List::Paid, paid)?, ..message })
}

/// Files by name. Their contents stay at home.
fn attachments(kind: &Kind, case: &Case) -> Vec<Attachment> {
    let one = |(code, held): (&String, &Held)| {
        let name = kind.part(code).map_or_else(|| code.clone(), |part| part.title.vi.clone());
        let ids: Vec<String> = held.files.iter().chain(&held.reused).cloned().collect();
        let (code, held_as) = (code.clone(), held.held_as);
        ids.into_iter()
            .map(move |id| Attachment {
                id,
                name: cut(&name, FILE_NAME),
                deleted: "False".to_owned(),
                part: code.clone(),
                digitised: yes(held_as == HeldAs::Electronic),
                reused: yes(held_as == HeldAs::Reused),
                from_national_store: yes(false),
                ..Attachment::default()
            })
            .collect::<Vec<_>>()
    };
    case.parts.iter().flat_map(one).collect()
}

/// What is there on paper.
fn papers(kind: &Kind, case: &Case, to: &Counterpart) -> Result<Vec<OtherPaper>, Fault> {
    let mut papers = Vec::new();
    for (code, held) in &case.parts {
        let list = match held.held_as {
            HeldAs::Original => "1",
            HeldAs::Copy => "2",
            HeldAs::Electronic | HeldAs::Reused => continue,
        };
        papers.push(OtherPaper {
            name: kind.part(code).map_or_else(|| code.clone(), |part| part.title.vi.clone()),
            count: "1".to_owned(),
            kind: to.theirs(List::PaperKind, list)?,
        });
    }
    Ok(papers)
}

fn supplements(case: &Case, to: &Counterpart) -> Result<Vec<Supplement>, Fault> {
    let moment = |at: Option<Timestamp>| at.map(when::written).unwrap_or_default();
    let mut all = Vec::new();
    for (place, one) in case.supplements.iter().enumerate() {
        all.push(Supplement {
            id: (place + 1).to_string(),
            text: one.reason.clone(),
            asked: when::written(one.asked),
            answered: moment(one.answered),
            state: to.theirs(List::SupplementState, if one.answered.is_some() { "1" } else { "0" })?,
            due_before: moment(one.due_before),
            due_after: moment(one.due_after),
            ..Supplement::default()
        });
    }
    Ok(all)
}

fn outcome(paper: &Paper) -> Outcome {
    Outcome { name: paper.name.clone(), part: paper.kind.clone(), id: paper.id.clone(), ..Outcome::default() }
}

fn identities(applicant: &Applicant, to: &Counterpart) -> Result<Vec<Identity>, Fault> {
    let Some(number) = applicant.number.as_ref().filter(|_| applicant.kind == ApplicantKind::Person) else {
        return Ok(Vec::new());
    };
    let list = match number.len() {
        12 => "1",
        9 => "2",
        _ => return Ok(Vec::new()),
    };
    Ok(vec![Identity { kind: to.theirs(List::Identity, list)?, number: number.clone() }])
}

fn yes(is: bool) -> String {
    if is { "1" } else { "0" }.to_owned()
}
