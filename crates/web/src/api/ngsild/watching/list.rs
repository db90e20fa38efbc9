//! List subscriptions to registrations (CIM 009 clauses 5.11.5 and 6.12.3.2).

use axum::response::Response;
use http::HeaderValue;
use http::header::LINK;

use super::create::WATCHING;
use super::shown::shown;
use crate::api::ngsild::answer::counted;
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::known::{COUNT, LIMIT, OFFSET, OPTIONS_LIST};
use crate::api::ngsild::options::keywords;
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Known, Media, Operation, Parameters, Visit, Window};

/// List subscriptions to registrations.
pub(crate) struct List;

impl Operation for List {
    const PARAMETERS: &'static [Known] = &[LIMIT, OFFSET, COUNT, OPTIONS_LIST];
}

/// List subscriptions to registrations
///
/// Answers with one's own subscriptions to registrations, page by page, each with its counters.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/csourceSubscriptions", tag = "registrations",
    extensions(("x-summary-vi" = json!("Liệt kê các đăng ký nhận tin về nguồn dữ liệu"))),
    params(Parameters<List>, ReadHeaders),
    responses((status = 200, description = "A page of subscriptions.", body = Vec<Object>), ReadRefusals)
)]
pub(crate) async fn list_registration_subscriptions(
    visit: Visit,
    parameters: Parameters<List>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    keywords(&parameters, &["sysAttrs"])?;
    let window = Window::read(&parameters)?;
    let mut all = visit.app.context.registrations().subscriptions(&visit.session)?;
    // What comes of subscriptions that were passed on is a part of it (clause 5.8.1.4).
    all.extend(visit.app.legs.watching(&visit.session)?);
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let (page, more) = window.cut(all);
    let mut objects = Vec::new();
    for view in &page {
        objects.push(shown(view, &answer, &visit));
    }
    let mut response = answer.list(objects);
    for link in window.links(WATCHING, &parameters, Media::LdJson.name(), more) {
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().append(LINK, link);
        }
    }
    Ok(if window.count { counted(response, total) } else { response })
}
