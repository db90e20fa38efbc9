//! Files of requests: taking them in, after they were looked at, and handing them out again.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::response::{IntoResponse as _, Response};
use dinh_context::File;
use dinh_model::EntityId;
use dinh_privacy::{Attachment, Error};
use dinh_uploads::{Checked, Refused};
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::about::About;
use super::{one, said};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::{Visitor, encode};
use crate::uploading::{MOST, look_at};
use crate::words::Lang;

/// Largest form with a file in it, in bytes.
pub(super) const MOST_FORM: usize = MOST + (64 << 10);

/// A file, as lists show it.
#[derive(Serialize)]
pub(super) struct FileRow {
    name: String,
    size: String,
    href: String,
}

/// Files as lists show them; `base` is the page that they belong to.
pub(super) fn rows(files: &[Attachment], base: &str, lang: Lang) -> Vec<FileRow> {
    let row = |file: &Attachment| FileRow {
        name: file.name.clone(),
        size: look::bytes(file.bytes, lang),
        href: format!("{base}/files/{}", encode(file.id.as_str())),
    };
    files.iter().map(row).collect()
}

/// `POST /{tenant}/my-data/requests/{id}/files`: attaches a file.
pub(super) async fn attach(
    About { visitor, id }: About,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fault> {
    let looked = match form {
        Ok(form) => taken(&visitor, form).await,
        Err(_no_form) => Err(visitor.lang().say("privacy-file-missing")),
    };
    let (outcome, status) = match looked {
        Ok(checked) => {
            let (name, kind) = (checked.name().to_owned(), checked.kind().media_type());
            let privacy = &visitor.app.privacy;
            let kept = privacy.attach(&visitor.session, &id, (&name, kind), checked.into_bytes()).await;
            match kept {
                Ok(()) => {
                    let text = visitor.lang().say("privacy-file-attached");
                    (Outcome { tone: "ok", text }, StatusCode::OK)
                }
                Err(error) => said::told(&visitor, error)?,
            }
        }
        Err(text) => (Outcome { tone: "danger", text }, StatusCode::UNPROCESSABLE_ENTITY),
    };
    one::show(&visitor, &id, Some(outcome), status).await
}

/// The file of a form, looked at; or why it is not taken.
async fn taken(visitor: &Visitor, mut form: Multipart) -> Result<Checked, String> {
    let lang = visitor.lang();
    let broken = || lang.say("privacy-file-missing");
    let refused = |refused: &Refused| {
        let words = refused.words();
        if lang == Lang::En { words.en } else { words.vi }
    };
    while let Some(field) = form.next_field().await.map_err(|_broken| broken())? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let declared = field.content_type().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_cut| refused(&Refused::TooLarge(MOST)))?;
        return looked_at(visitor, (name, declared), bytes.to_vec()).await;
    }
    Err(broken())
}

/// A file that was sent, by its name and what the browser says it is, looked at; or why it is not taken.
pub(in crate::pages) async fn looked_at(
    visitor: &Visitor,
    (name, declared): (String, String),
    content: Vec<u8>,
) -> Result<Checked, String> {
    let looked = look_at(&visitor.app, (name, declared), content).await;
    looked.map_err(|refused| match refused.map(|refused| refused.words()) {
        Some(words) if visitor.lang() == Lang::En => words.en,
        Some(words) => words.vi,
        None => visitor.lang().say("privacy-file-missing"),
    })
}

/// `GET /{tenant}/my-data/requests/{id}/files/{file}`: a file of one's own.
pub(super) async fn own(
    About { visitor, id }: About,
    Path((_, _, file)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let file = EntityId::parse(&file).map_err(|_unreadable| Fault::not_found(visitor.taste))?;
    handed_out(&visitor, visitor.app.privacy.own_file(&visitor.session, &id, &file).await)
}

/// `GET /{tenant}/privacy/{id}/files/{file}`: a file of a request that is settled.
pub(super) async fn of_desk(
    About { visitor, id }: About,
    Path((_, _, file)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let file = EntityId::parse(&file).map_err(|_unreadable| Fault::not_found(visitor.taste))?;
    handed_out(&visitor, visitor.app.privacy.file_to_settle(&visitor.session, &id, &file).await)
}

fn handed_out(visitor: &Visitor, file: Result<File, Error>) -> Result<Response, Fault> {
    Ok(saved(file.map_err(|error| said::fault(visitor, error))?))
}

/// A file to be saved: browsers neither guess what it is nor show it as a page of ours.
pub(crate) fn saved(file: File) -> Response {
    let mut response = private(file.content.into_response());
    let headers = response.headers_mut();
    let kind = HeaderValue::from_str(&file.media_type);
    headers.insert(
        CONTENT_TYPE,
        kind.unwrap_or_else(|_odd| HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    // RFC 6266: the name in UTF-8, percent-encoded.
    let saved = format!("attachment; filename*=UTF-8''{}", encode(&file.name));
    if let Ok(saved) = HeaderValue::from_str(&saved) {
        headers.insert(CONTENT_DISPOSITION, saved);
    }
    response
}
