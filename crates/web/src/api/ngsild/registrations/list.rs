//! Discover context sources (CIM 009 clauses 5.10.2 and 6.8.3.2).

use axum::response::Response;
use dinh_model::Term;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::{Q as Condition, ScopeExpr};
use dinh_ngsild::registration::{Discovery, Types, Wanted};
use dinh_ngsild::temporal::TemporalQuery;
use http::HeaderValue;
use http::header::LINK;

use super::create::REGISTRATIONS;
use super::shown::shown;
use crate::api::ngsild::answer::counted;
use crate::api::ngsild::conditions::{geo_query, ids, q, types_and_pattern};
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::known::{
    ATTRS, COORDINATES, COUNT, CSF, DATASET_ID, END_TIME_AT, EXPAND_VALUES, GEOMETRY, GEOMETRY_PROPERTY,
    GEOPROPERTY, GEOREL, ID, ID_PATTERN, LANG, LIMIT, OFFSET, OMIT, OPTIONS_LIST, PICK, Q, SCOPE_Q, TIME_AT,
    TIMEPROPERTY, TIMEREL, TYPE,
};
use crate::api::ngsild::options::keywords;
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Known, Media, Operation, Parameters, Visit, Window};

/// Discover context sources.
pub(crate) struct List;

impl Operation for List {
    const PARAMETERS: &'static [Known] = &[
        TYPE,
        ID,
        ID_PATTERN,
        ATTRS,
        PICK,
        OMIT,
        Q,
        CSF,
        EXPAND_VALUES,
        GEOREL,
        GEOMETRY,
        COORDINATES,
        GEOPROPERTY,
        GEOMETRY_PROPERTY,
        SCOPE_Q,
        TIMEREL,
        TIME_AT,
        END_TIME_AT,
        TIMEPROPERTY,
        DATASET_ID,
        LANG,
        LIMIT,
        OFFSET,
        COUNT,
        OPTIONS_LIST,
    ];
}

/// Discover context sources
///
/// Answers with the registrations whose sources may tell what is asked for. At least one of type, id, attrs, q and georel is
/// needed. Sources of a past are found with a timerel, and only so.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/csourceRegistrations", tag = "registrations",
    extensions(("x-summary-vi" = json!("Tìm các nguồn dữ liệu đã đăng ký"))),
    params(Parameters<List>, ReadHeaders),
    responses((status = 200, description = "A page of registrations.", body = Vec<Object>), ReadRefusals)
)]
pub(crate) async fn list_registrations(
    visit: Visit,
    parameters: Parameters<List>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    keywords(&parameters, &["sysAttrs"])?;
    let window = Window::read(&parameters)?;
    let context = answer.context.as_ref();
    let ids = ids(&parameters)?;
    let (types, id_pattern) = types_and_pattern(&parameters, context)?;
    let filter = parameters.text("q").map(|text| q(text, &parameters, context)).transpose()?;
    let csf = parameters.text("csf").map(|text| q(text, &parameters, context)).transpose()?;
    let scopes = parameters.text("scopeQ").map(ScopeExpr::parse).transpose()?;
    let geo = geo_query(&parameters, context)?;
    let text = |name: &'static str| parameters.text(name);
    let time =
        TemporalQuery::parse(text("timerel"), text("timeAt"), text("endTimeAt"), text("timeproperty"), None)?;
    let attributes = attributes(&parameters, filter.as_ref(), context)?;
    let narrows = parameters.has("type") || !attributes.is_empty() || geo.is_some() || !ids.is_empty();
    if !narrows {
        let detail = "The search is too wide: give at least one of type, id, attrs, q and georel.";
        return Err(Problem::bad_data(detail).into());
    }
    let wanted = Wanted {
        ids: &ids,
        id_pattern: id_pattern.as_ref(),
        types: types.as_ref().map_or(Types::Any, Types::Selected),
        attributes: &attributes,
        dataset_ids: &[],
    };
    let discovery = Discovery {
        wanted,
        geo: geo.as_ref(),
        time: time.relation.map(|relation| (time.property, relation)),
        csf: csf.as_ref(),
        scopes: scopes.as_ref(),
    };
    let found = visit.app.context.registrations().discover(&visit.session, &discovery)?;
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let (page, more) = window.cut(found);
    let objects = page.iter().map(|one| shown(&one.registered, None, &answer, &visit));
    let mut response = answer.list(objects.collect());
    // Whatever this page is written in, its neighbours can be had as JSON-LD.
    for link in window.links_as_asked(REGISTRATIONS, &parameters, Media::LdJson.name(), more) {
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().append(LINK, link);
        }
    }
    Ok(if window.count { counted(response, total) } else { response })
}

/// The attributes that are asked for: those named, and those that a condition is about (clause 5.10.2.4).
fn attributes(
    parameters: &Parameters<List>,
    filter: Option<&Condition>,
    context: &dinh_ngsild::context::Context,
) -> Result<Vec<Term>, Problem> {
    let mut all = Vec::new();
    for name in ["attrs", "pick"] {
        for name in parameters.list(name)? {
            if !["id", "type", "scope", "@context"].contains(&name) {
                all.push(context.expand(name));
            }
        }
    }
    if let Some(filter) = filter {
        filter.each_path(&mut |path| all.push(path.attribute.clone()));
    }
    Ok(all)
}
