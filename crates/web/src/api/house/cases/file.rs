//! Filing a case.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use dinh_access::Principal;
use dinh_cases::{Channel, Held, HeldAs, Kind};
use dinh_casework::{Applicant, ApplicantKind, AtDesk, Error, Filing};
use dinh_forms::{Answers, Context, Fault, Form, NoFiles, NoUnits, Units};
use dinh_model::EntityId;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::shown::{CaseBody, line};
use super::{Plain, body, no_backdating, refusal, unit};
use crate::api::house::hall::Hall;
use crate::api::reply::{self, Refusal, WriteRefusals};
use crate::api::request::{Parameters, Visit};

/// Longest key against filing twice, in characters.
const LONGEST_ONCE: usize = 100;

/// A case to be filed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilingBody {
    /// Code of the kind.
    kind: String,
    /// `online` for oneself, which is usual; `counter`, `post`, `assisted` or `offline` by an official of the unit that
    /// receives it.
    #[serde(default = "online")]
    #[schema(value_type = Option<String>)]
    channel: Channel,
    /// The form, filled in: checked as on its page. Files are attached afterwards.
    #[serde(default)]
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// Who applies.
    applicant: ApplicantBody,
    /// URI of the unit that receives it.
    receiving: String,
    /// URI of the unit with the power to decide it; the receiving one if absent.
    #[serde(default)]
    competent: Option<String>,
    /// What is there on paper, or in the locker, by the codes of parts.
    #[serde(default)]
    parts: BTreeMap<String, PartBody>,
    /// What makes this filing the same when it comes twice: drawn anew for each case, at most 100 characters.
    #[serde(default)]
    once: Option<String>,
    /// Refused: the time of filing is the server's.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    at: Option<Value>,
}

fn online() -> Channel {
    Channel::Online
}

/// Who applies.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplicantBody {
    /// `person`, `enterprise`, `authority` or `organisation`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    kind: ApplicantKind,
    /// Name.
    name: String,
    /// Personal identification number, or number of the enterprise.
    #[serde(default)]
    number: Option<String>,
    /// Telephone number, for notices.
    #[serde(default)]
    telephone: Option<String>,
    /// E-mail address, for notices.
    #[serde(default)]
    email: Option<String>,
    /// Address.
    #[serde(default)]
    address: Option<String>,
    /// Who acts for them.
    #[serde(default)]
    by: Option<String>,
}

/// A document that need not be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PartBody {
    /// `original` or `copy` on paper, or `reused` from the locker.
    #[schema(value_type = String)]
    held_as: HeldAs,
    /// URI of the document of the locker.
    #[serde(default)]
    reused: Option<String>,
}

/// What came of a filing.
#[derive(Serialize, ToSchema)]
pub(crate) struct FiledBody {
    /// The case.
    case: CaseBody,
    /// By which, with the number, anybody may follow it: told once. Absent if this filing came twice.
    secret: Option<String>,
}

/// File a case
///
/// For oneself, or at a counter as an official of the receiving unit. A filing with the same `once` opens no second case: the
/// first is answered (200), and the attempt is kept in the audit.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cases", tag = "cases",
    extensions(("x-summary-vi" = json!("Nộp hồ sơ"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    request_body(content = FilingBody, content_type = "application/json"),
    responses(
        (status = 201, description = "The case, with its address in Location.", body = FiledBody),
        (status = 200, description = "It had been filed already: the case as it is.", body = FiledBody),
        (status = 409, description = "At the counter: what must be there is missing.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn file_case(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Response, Refusal> {
    let casework = &visit.app.casework;
    casework.may_ask(&visit.session).map_err(refusal::of)?;
    let given: FilingBody = body(request).await?;
    no_backdating(&visit, None, "file", given.at.as_ref()).await?;
    let today = visit.app.privacy.today();
    let kind = casework.book().on(&given.kind, today).cloned();
    let kind = kind.ok_or_else(|| refusal::of(Error::NoKind(given.kind.clone())))?;
    let answers = checked(&visit, &kind, &given.answers).await?;
    let filed = casework.file(&visit.session, filing(&visit, given, answers)?).await.map_err(refusal::of)?;
    let case = line(&visit, &filed.dossier);
    let status = if filed.secret.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let address = format!("/api/v1/{}/cases/{}", visit.session.tenant(), filed.dossier.id);
    let mut response = (status, Json(FiledBody { case, secret: filed.secret })).into_response();
    if let Ok(address) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(LOCATION, address);
    }
    Ok(response)
}

fn filing(visit: &Visit, given: FilingBody, answers: Answers) -> Result<Filing, Refusal> {
    let own = given.channel == Channel::Online;
    let refused = |field: &str, rule: &str, detail: String| {
        let refusal = Refusal::http(StatusCode::UNPROCESSABLE_ENTITY, detail);
        Err(refusal.saying("field", field).saying("rule", rule))
    };
    if given.channel == Channel::Case {
        return refused("channel", "choice", "Channel: a case is opened by another case alone.".to_owned());
    }
    if given.once.as_ref().is_some_and(|once| once.chars().count() > LONGEST_ONCE) {
        return refused("once", "text", format!("Once: at most {LONGEST_ONCE} characters."));
    }
    let mut parts = BTreeMap::new();
    for (code, part) in given.parts {
        if part.held_as == HeldAs::Electronic {
            let detail = format!("Parts.{code}: files are attached once the case is there.");
            return refused(&format!("parts.{code}"), "choice", detail);
        }
        parts.insert(code, Held { held_as: part.held_as, files: Vec::new(), reused: part.reused });
    }
    // Whoever files for themselves does so for those they speak for, and for nobody else.
    let subject = match visit.session.principal() {
        Principal::Account(account) if own => account.subjects.first().cloned(),
        _ => None,
    };
    let applicant = given.applicant;
    Ok(Filing {
        kind: given.kind,
        channel: given.channel,
        answers,
        parts,
        applicant: Applicant {
            kind: applicant.kind,
            name: applicant.name,
            subject: subject.and_then(|subject| EntityId::parse(&subject).ok()),
            number: applicant.number,
            telephone: applicant.telephone,
            email: applicant.email,
            address: applicant.address,
            by: applicant.by,
            by_number: None,
        },
        receiving: unit("receiving", &given.receiving)?,
        competent: given.competent.as_deref().map(|text| unit("competent", text)).transpose()?,
        at_desk: AtDesk::default(),
        parent: None,
        once: given.once,
    })
}

/// The answers as the form of the kind takes them, without files, which come afterwards.
async fn checked(visit: &Visit, kind: &Kind, answers: &Answers) -> Result<Answers, Refusal> {
    let today = visit.app.privacy.today();
    let province = visit.app.context.packs().province(visit.session.tenant().as_str());
    let packs = province.map(|province| province.packs.as_slice()).unwrap_or_default();
    let form = kind.form.as_deref();
    let form =
        form.and_then(|name| packs.iter().find_map(|pack| visit.app.display().forms.on(pack, name, today)));
    let Some(form) = form else {
        let detail = "Answers: this kind of case has no form.";
        if answers.is_empty() {
            return Ok(Answers::new());
        }
        return Err(Refusal::http(StatusCode::UNPROCESSABLE_ENTITY, detail).saying("field", "answers"));
    };
    let register = visit.session.units().await.ok();
    let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
    let context = Context { today, units, files: &NoFiles };
    let faults = form.check(&Value::Object(answers.clone()), &context);
    let hard: Vec<&Fault> = faults.iter().filter(|fault| !fault.soft && !is_file(form, fault)).collect();
    let Some(first) = hard.first() else {
        return Ok(dinh_forms::pruned(&form.settle(answers, today).answers));
    };
    let detail = format!("answers.{}: {}", first.path, first.message.en);
    let refusal = Refusal::http(StatusCode::UNPROCESSABLE_ENTITY, detail);
    let faults: Vec<Value> = hard
        .iter()
        .map(|fault| {
            json!({"field": format!("answers.{}", fault.path), "rule": fault.rule, "reason": fault.message})
        })
        .collect();
    let refusal = refusal.saying("field", format!("answers.{}", first.path)).saying("rule", first.rule);
    Err(refusal.saying("errors", faults))
}

/// True for a fault about a field of files that was not answered.
fn is_file(form: &Form, fault: &Fault) -> bool {
    let of_files = |field: &dinh_forms::Field| matches!(field.kind, dinh_forms::Kind::Files(_));
    fault.rule == "required" && form.walk().iter().any(|(name, field)| *name == fault.path && of_files(field))
}
