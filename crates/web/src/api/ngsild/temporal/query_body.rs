//! Query the evolutions of entities with a body (CIM 009 clauses 5.2.21, 5.2.23, 5.2.44, 5.7.4 and 6.24.3.1).

use axum::response::Response;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::read;
use dinh_ngsild::temporal::{Aggregation, TemporalFormat};
use serde_json::Value as Json;

use super::asked::{Asked, format, needs_time, refused};
use super::query::page;
use crate::api::ngsild::conditions::{collation, refuse_too_wide};
use crate::api::ngsild::federated::Beyond;
use crate::api::ngsild::form::Form;
use crate::api::ngsild::known::{COUNT, FORMAT_TEMPORAL, LIMIT, LOCAL, OFFSET, OPTIONS_TEMPORAL};
use crate::api::ngsild::linked::reaches;
use crate::api::reply::{ReadRefusals, Refusal, WriteHeaders};
use crate::api::request::{JSON, Known, Media, Operation, Parameters, Visit, Window, Written};

/// Query evolutions with a body.
pub(crate) struct Query;

impl Operation for Query {
    const PARAMETERS: &'static [Known] = &[LIMIT, OFFSET, COUNT, FORMAT_TEMPORAL, OPTIONS_TEMPORAL, LOCAL];
}

/// Query the evolutions of entities with a body
///
/// Answers like GET on the evolutions, for queries that are too long for a URL.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/temporal/entityOperations/query", tag = "temporal",
    extensions(("x-summary-vi" = json!("Truy vấn diễn biến bằng thân yêu cầu"))),
    params(Parameters<Query>, WriteHeaders),
    request_body(content = Object, description = "A Query object with temporalQ (clause 5.2.23).", content_type = "application/json"),
    responses(
        (status = 200, description = "A page of evolutions.", body = Vec<Object>),
        (status = 206, description = "Part of the evolutions.", body = Vec<Object>),
        ReadRefusals
    )
)]
pub(crate) async fn query_evolutions_by_body(
    visit: Visit,
    parameters: Parameters<Query>,
    written: Written,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON)?;
    let document = written.document(visit.contexts()).await?;
    if let Some(tag) = document.json.pointer("/ordering/collation").and_then(Json::as_str) {
        collation(tag)?;
    }
    let (mut format, sys_attrs) = format(&parameters)?;
    let aggregation = aggregation(&document.json, format)?;
    let beyond = Beyond::of_body(&document.json, &document.context, parameters.flag("local")?)?;
    let request = read::query(document.json, &document.context)?;
    let Some(time) = request.temporal else {
        return Err(Problem::bad_data("temporalQ: a query for evolutions needs it.").into());
    };
    needs_time(&time)?;
    if aggregation.is_some() {
        format = TemporalFormat::Aggregated;
    }
    let asked = Asked { format, sys_attrs, time, aggregation };
    let mut form = Form::members(&parameters, media, document.context, &visit.headers)?;
    form.sys_attrs = sys_attrs;
    form.pick = request.pick;
    form.omit = request.omit;
    form.attrs = request.attrs;
    form.languages = request.languages;
    form.dataset_ids.clone_from(&request.query.dataset_ids);
    form.check()?;
    let query = EntityQuery { attrs: form.needed_attributes(), ..request.query };
    refuse_too_wide(&query, parameters.flag("local")?)?;
    reaches(&query, None)?;
    page(&visit, (query, Window::read(&parameters)?), &asked, &form, (&parameters, &beyond)).await
}

/// `aggrMethods` and `aggrPeriodDuration`, beside the temporal query, in it, or in `aggrParams`.
fn aggregation(json: &Json, format: TemporalFormat) -> Result<Option<Aggregation>, Problem> {
    let places = ["/temporalQ", "/aggrParams", ""].map(|path| json.pointer(path).unwrap_or(&Json::Null));
    let given = |name: &str| places.iter().find_map(|place| place.get(name));
    let methods = match given("aggrMethods") {
        None => None,
        Some(Json::String(text)) => Some(text.clone()),
        Some(Json::Array(items)) => {
            let texts: Option<Vec<&str>> = items.iter().map(Json::as_str).collect();
            Some(texts.map(|texts| texts.join(",")).ok_or_else(|| wrong("aggrMethods"))?)
        }
        Some(_) => return Err(wrong("aggrMethods")),
    };
    let period = match given("aggrPeriodDuration") {
        None => None,
        Some(Json::String(text)) => Some(text.as_str()),
        Some(_) => return Err(wrong("aggrPeriodDuration")),
    };
    if methods.is_none() && period.is_none() && format != TemporalFormat::Aggregated {
        return Ok(None);
    }
    Aggregation::parse(methods.as_deref(), period).map(Some).map_err(|error| refused(&error))
}

fn wrong(name: &str) -> Problem {
    Problem::bad_data(format!("{name}: it must be a text, or an array of texts."))
}
