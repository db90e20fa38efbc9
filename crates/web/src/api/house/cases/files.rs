//! Files of a case.

use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use dinh_ngsild::problem::Problem;
use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::shown::{WholeCase, whole};
use super::{Plain, refusal};
use crate::api::house::hall::Hall;
use crate::api::reply::{self, ReadRefusals, Refusal, WriteRefusals, sentence};
use crate::api::request::{Known, Operation, Parameters, Segments, entity_id, read_bytes};
use crate::pages::saved;
use crate::uploading::{MOST, look_at};

/// Attach a file.
pub(crate) struct Attach;

impl Operation for Attach {
    const PARAMETERS: &'static [Known] =
        &[Known::text("part", "Code of the part that it is."), Known::text("name", "Its name.")];
}

/// Attach a file to a case
///
/// The body is the file, at most 10 MiB: a PDF or a picture. Its content is looked at before it is kept; what its sender says
/// of it is not believed.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cases/{id}/files", tag = "cases",
    extensions(("x-summary-vi" = json!("Đính kèm tệp vào hồ sơ"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the case."), Parameters<Attach>
    ),
    request_body(content((String = "application/pdf"), (String = "image/jpeg"), (String = "image/png"))),
    responses(
        (status = 200, description = "The case as it is then.", body = WholeCase),
        (status = 409, description = "The part is full, or the case has ended.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn attach_file(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    parameters: Parameters<Attach>,
    request: Request,
) -> Result<Json<WholeCase>, Refusal> {
    let (id, casework) = (entity_id(&path.0.1)?, &visit.app.casework);
    casework.may_ask(&visit.session).map_err(refusal::of)?;
    let needed = |name: &'static str| {
        let text = parameters.text(name).map(str::to_owned).filter(|text| !text.is_empty());
        text.ok_or_else(|| Problem::bad_data(format!("The URL parameter {name} is needed.")))
    };
    let (part, name) = (needed("part")?, needed("name")?);
    let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let declared = declared.unwrap_or_default().to_owned();
    let bytes = match read_bytes(request, MOST).await {
        Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let says = format!("the file is larger than {MOST} bytes");
            casework.deny(&visit.session, Some(&id), "attach", &says).await.map_err(refusal::of)?;
            return Err(refused.saying("field", "file").saying("rule", "size"));
        }
        read => read?,
    };
    let checked = match look_at(&visit.app, (name, declared), bytes.to_vec()).await {
        Ok(checked) => checked,
        Err(refused) => {
            let says = refused.map(|refused| refused.words().en);
            let says = says.unwrap_or_else(|| "the file could not be looked at".to_owned());
            casework.deny(&visit.session, Some(&id), "attach", &says).await.map_err(refusal::of)?;
            let refusal = Refusal::http(StatusCode::UNPROCESSABLE_ENTITY, sentence(&says));
            return Err(refusal.saying("field", "file").saying("rule", "content"));
        }
    };
    let (name, kind) = (checked.name().to_owned(), checked.kind().media_type());
    let kept = casework.attach(&visit.session, &id, &part, (&name, kind), checked.into_bytes()).await;
    kept.map_err(refusal::of)?;
    let shown = casework.show(&visit.session, &id).await.map_err(refusal::of)?;
    Ok(Json(whole(&visit, shown)))
}

/// Open a file of a case
///
/// That it was opened is kept in the audit.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cases/{id}/files/{file}", tag = "cases",
    extensions(("x-summary-vi" = json!("Mở một tệp của hồ sơ"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the case."),
        ("file" = String, Path, description = "URI of the file."), Parameters<Plain>
    ),
    responses((status = 200, description = "The file.", body = Vec<u8>), ReadRefusals)
)]
pub(crate) async fn open_case_file(
    Hall(visit): Hall,
    path: Segments<(String, String, String)>,
    _parameters: Parameters<Plain>,
) -> Result<Response<Body>, Refusal> {
    let (id, file) = (entity_id(&path.0.1)?, entity_id(&path.0.2)?);
    let opened = visit.app.casework.open_file(&visit.session, &id, &file).await;
    Ok(saved(opened.map_err(refusal::of)?))
}
