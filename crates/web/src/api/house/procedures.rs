//! The list of administrative procedures.

use axum::Json;
use axum::extract::Path;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_procedures::{Audience, Code, Edition, Entry, Groups, Level, Procedure, Query};
use serde::Serialize;
use utoipa::ToSchema;

use super::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal, StatedHeaders};
use crate::api::request::{Known, Operation, Parameters};

/// The list of procedures.
pub(crate) struct FindProcedures;

impl Operation for FindProcedures {
    const PARAMETERS: &'static [Known] = &[
        Known::text("text", "Words to look for, with or without accents, or a code."),
        Known::text("lifeEvent", "Name of a life event, such as birth."),
        Known::text("field", "A field of administration, as the list writes it."),
        Known::text("agency", "An agency, as the list writes it."),
        Known::text("audience", "Who files: person, enterprise or organisation."),
        Known::text("level", "At which level: commune, province, ministry or other."),
        Known::number("limit", "Most procedures to return: 20 if not given, at most 500."),
        Known::number("offset", "How many to pass over first: 0 if not given, at most 50000."),
    ];
}

/// One procedure.
pub(crate) struct OneProcedure;

impl Operation for OneProcedure {
    const PARAMETERS: &'static [Known] = &[];
}

/// Most procedures in one answer.
const MOST: usize = 500;
/// Procedures in an answer unless told otherwise.
const USUAL: usize = 20;
/// Longest text of a parameter, in characters.
const MAX_TEXT: usize = 400;

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundProcedures {
    /// How many there are in all.
    total: usize,
    /// True if nothing has all the words, and what has most of them is told instead.
    partly: bool,
    /// The procedures, the best first.
    #[schema(value_type = Vec<Object>)]
    procedures: Vec<Entry>,
    /// How many there are by life event, field, agency, audience and level, each under all other conditions.
    #[schema(value_type = Object)]
    groups: Groups,
}

/// A procedure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeProcedure {
    /// What it says, in Vietnamese as published; `doubts` names what could not be read with certainty.
    #[schema(value_type = Object)]
    procedure: Procedure,
    /// Which edition that is.
    #[schema(value_type = Object)]
    edition: Edition,
    /// The editions that are kept, the latest first.
    #[schema(value_type = Vec<Object>)]
    editions: Vec<Edition>,
}

/// Find administrative procedures
///
/// Answers with procedures of the national list that this province keeps: the nearest office and the shortest name first,
/// what has the words in its name before what has them elsewhere.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/procedures", tag = "province",
    extensions(("x-summary-vi" = json!("Tìm thủ tục hành chính"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<FindProcedures>, StatedHeaders),
    responses((status = 200, description = "The procedures, the best first.", body = FoundProcedures), ReadRefusals)
)]
pub(crate) async fn find_procedures(
    Hall(visit): Hall,
    parameters: Parameters<FindProcedures>,
) -> Result<Json<FoundProcedures>, Refusal> {
    let text = |name: &'static str| {
        let text = parameters.text(name).map(str::trim).filter(|text| !text.is_empty());
        match text {
            Some(text) if text.chars().count() > MAX_TEXT => Err(Problem::bad_data(format!(
                "The URL parameter {name} holds at most {MAX_TEXT} characters."
            ))),
            text => Ok(text.map(str::to_owned)),
        }
    };
    let audience =
        named("audience", text("audience")?, Audience::from_name, "person, enterprise or organisation")?;
    let level = named("level", text("level")?, Level::from_name, "commune, province, ministry or other")?;
    let query = Query {
        words: text("text")?.unwrap_or_default(),
        life_event: text("lifeEvent")?,
        field: text("field")?,
        agency: text("agency")?,
        audience,
        level,
    };
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let offset = parameters.number("offset", crate::procedures::MOST)?.unwrap_or(0);
    let shelf = visit.app.procedures.shelf(&visit.session).await?;
    let found = shelf.find(&query);
    Ok(Json(FoundProcedures {
        total: found.entries.len(),
        partly: found.partly,
        procedures: found.entries.iter().skip(offset).take(limit).map(|entry| (*entry).clone()).collect(),
        groups: found.groups,
    }))
}

/// Retrieve one administrative procedure
///
/// Answers with the present edition of a procedure: steps, ways to file with time limits and fees, documents, conditions,
/// results, legal basis; and with the editions that are kept.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/procedures/{procedure}", tag = "province",
    extensions(("x-summary-vi" = json!("Xem một thủ tục hành chính"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("procedure" = String, Path, description = "Code in the national list, such as 1.001193."),
        Parameters<OneProcedure>, StatedHeaders
    ),
    responses((status = 200, description = "The procedure.", body = WholeProcedure), ReadRefusals)
)]
pub(crate) async fn one_procedure(
    Hall(visit): Hall,
    Path((_tenant, code)): Path<(String, String)>,
    _parameters: Parameters<OneProcedure>,
) -> Result<Json<WholeProcedure>, Refusal> {
    let wrong = || Problem::bad_data("The code must be one digit, a point and six digits, such as 1.001193.");
    let code = Code::parse(&code).ok_or_else(wrong)?;
    let found = visit.app.procedures.whole(&visit.session, &code).await?.ok_or_else(|| {
        Problem::new(ProblemKind::ResourceNotFound, format!("There is no procedure with the code {code}."))
    })?;
    let crate::procedures::Whole { procedure, edition, editions } = found;
    Ok(Json(WholeProcedure { procedure, edition, editions }))
}

fn named<T>(
    name: &str,
    text: Option<String>,
    of: impl Fn(&str) -> Option<T>,
    choices: &str,
) -> Result<Option<T>, Problem> {
    let read = |text: String| {
        of(&text).ok_or_else(|| Problem::bad_data(format!("The URL parameter {name} must be {choices}.")))
    };
    text.map(read).transpose()
}
