//! Retrieve the evolution of an entity (CIM 009 clauses 4.5.6 – 4.5.8, 5.7.3 and 6.19.3.1).

use axum::response::Response;
use dinh_model::{Term, Timestamp};
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::temporal::{TemporalEntity, TemporalFormat, TemporalQuery, TimeRelation};
use dinh_ngsild::write::instant_text;
use http::StatusCode;
use http::header::CONTENT_RANGE;

use super::evolution;
use crate::api::ngsild::form::Form;
use crate::api::ngsild::known::{
    AGGR_METHODS, AGGR_PERIOD, ATTRS, DATASET_ID, END_TIME_AT, FORMAT_TEMPORAL, LANG, LAST_N, LOCAL, OMIT,
    OPTIONS_TEMPORAL, PICK, TIME_AT, TIMEPROPERTY, TIMEREL, TYPE_OF_ONE,
};
use crate::api::ngsild::options::keywords;
use crate::api::ngsild::write::types;
use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Given, JSON, Known, Media, Operation, Parameters, Segments, Visit, entity_id};

/// Retrieve the evolution of an entity.
pub(crate) struct Retrieve;

impl Operation for Retrieve {
    const PARAMETERS: &'static [Known] = &[
        ATTRS,
        PICK,
        OMIT,
        TIMEREL,
        TIME_AT,
        END_TIME_AT,
        TIMEPROPERTY,
        LAST_N,
        DATASET_ID,
        LANG,
        FORMAT_TEMPORAL,
        OPTIONS_TEMPORAL,
        TYPE_OF_ONE,
        LOCAL,
        AGGR_METHODS,
        AGGR_PERIOD,
    ];
}

/// Retrieve the evolution of an entity
///
/// Answers with what was observed of an entity over time. What is too much for one answer is cut in time: the status is
/// then 206 and Content-Range tells how far it reaches.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/temporal/entities/{entityId}", tag = "temporal",
    extensions(("x-summary-vi" = json!("Đọc diễn biến của một thực thể"))),
    params(("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Retrieve>, ReadHeaders),
    responses(
        (status = 200, description = "The evolution.", body = Object),
        (status = 206, description = "Part of the evolution.", body = Object),
        (status = 422, description = "Aggregation is not done here.", body = reply::ProblemBody),
        ReadRefusals
    )
)]
pub(crate) async fn retrieve_evolution(
    visit: Visit,
    Segments(id): Segments<String>,
    parameters: Parameters<Retrieve>,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON)?;
    let id = entity_id(&id)?;
    let context = visit.ld_context().await?;
    let (format, sys_attrs) = format(&parameters)?;
    let mut form = Form::members(&parameters, media, context, &visit.headers)?;
    form.sys_attrs = sys_attrs;
    let time = |name: &str| parameters.text(name);
    let query = TemporalQuery::parse(
        time("timerel"),
        time("timeAt"),
        time("endTimeAt"),
        time("timeproperty"),
        time("lastN"),
    )?;
    let stored = visit.session.entity(&id).await?;
    if types(&parameters, &form.context)?.is_some_and(|types| !types.matches(&stored.entity.types)) {
        return Err(Problem::not_found(id.as_str()).into());
    }
    let named = form.attrs.as_ref().or(form.pick.as_ref());
    let wanted: Option<Vec<Term>> = named.map(|named| named.attributes().cloned().collect());
    let told =
        evolution::read(&visit, &stored.entity, &query, wanted.filter(|names| !names.is_empty())).await?;
    let mut response = form.written(|writer, out| writer.evolution(out, &told.entity, &query, format));
    if told.cut {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        reply::put(&mut response, CONTENT_RANGE, &range(&told.entity, &query));
    }
    Ok(response)
}

/// `temporalValues` or records in full, and whether system attributes are wanted.
fn format(given: &Given) -> Result<(TemporalFormat, bool), Problem> {
    let keywords =
        keywords(given, &["temporalValues", "aggregatedValues", "sysAttrs", "normalized", "concise"])?;
    let named = given.text("format").or_else(|| keywords.iter().copied().find(|k| k.ends_with("Values")));
    let format = match named {
        None | Some("normalized") => TemporalFormat::Records,
        Some("temporalValues") => TemporalFormat::Values,
        Some("aggregatedValues") => {
            let detail =
                "format: aggregation over time is not done here; ask for temporalValues and aggregate them.";
            return Err(Problem::new(ProblemKind::OperationNotSupported, detail));
        }
        Some(other) => {
            return Err(Problem::invalid(format!(
                "The URL parameter format is {other:?}; it may be temporalValues."
            )));
        }
    };
    Ok((format, keywords.contains(&"sysAttrs")))
}

/// How far a partial answer reaches (clause 6.3.10).
fn range(told: &TemporalEntity, query: &TemporalQuery) -> String {
    let times = || told.attributes.values().flatten().filter_map(|record| record.attribute.observed_at);
    let (first, last) = (times().min().unwrap_or(Timestamp::from_micros(0)), times().max());
    let last = last.unwrap_or(first);
    let (start, end, size) = match (query.last, query.relation) {
        (Some(n), Some(TimeRelation::Before(to) | TimeRelation::Between(_, to))) => {
            (to, first, n.to_string())
        }
        (Some(n), _) => (last, first, n.to_string()),
        (None, Some(TimeRelation::After(from) | TimeRelation::Between(from, _))) => {
            (from, last, "*".to_owned())
        }
        (None, _) => (first, last, "*".to_owned()),
    };
    format!("DateTime {}-{}/{size}", instant_text(start), instant_text(end))
}
