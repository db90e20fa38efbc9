//! Papers as PDF. They are official, and so they are in Vietnamese, whatever language the page speaks.

use axum::Form as Posted;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_casework::{Dossier, PaperOf};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::json;

use super::drawn::drawn;
use super::form::Form;
use crate::pages::account::private;
use crate::pages::cases::follow::Code;
use crate::pages::cases::{present, said};
use crate::pages::fault::Fault;
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

/// Longest number and secret that are looked at.
const LONGEST: usize = 60;

/// `GET /{tenant}/cases/{id}/pdf/{form}`: a paper as PDF.
pub(in crate::pages::cases::counter) async fn download(
    visitor: Visitor,
    Path((_, id, form)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let (_, form, dossier) = super::asked(&visitor, &id, &form).await?;
    let of = of(&visitor, (&dossier.dossier, dossier.own), form).await;
    answered(&visitor, &dossier.dossier, form, of).await
}

/// `POST /{tenant}/follow/receipt`: the receipt, for whoever shows the number and the secret that are on it.
pub(in crate::pages::cases::counter) async fn followed(
    visitor: Visitor,
    Posted(code): Posted<Code>,
) -> Result<Response, Fault> {
    let missing = || Fault::not_found(visitor.taste);
    if code.number.len() > LONGEST || code.secret.len() > LONGEST || !visitor.app.casework.is_offered() {
        return Err(missing());
    }
    let tenant = visitor.session.tenant();
    let found = visitor.app.casework.followed(tenant, &code.number, &code.secret).await;
    let dossier = found.map_err(|error| said::fault(&visitor, error))?.ok_or_else(missing)?;
    let of = of(&visitor, (&dossier, true), Form::Receipt).await;
    answered(&visitor, &dossier, Form::Receipt, of).await
}

/// What is to be set; none if there is no such paper.
pub(super) async fn of(visitor: &Visitor, (dossier, own): (&Dossier, bool), form: Form) -> Option<PaperOf> {
    let (at, which) = form.tells_of(dossier.case.as_ref()?)?;
    let paper = drawn(visitor, (dossier, own), form, Lang::Vi).await?;
    let unit = match form {
        Form::Apology | Form::Stop => &dossier.competent,
        Form::Receipt | Form::Supplement | Form::Refusal | Form::Slip => &dossier.receiving,
    };
    Some(PaperOf {
        dossier: dossier.id.clone(),
        unit: unit.clone(),
        template: form.name(),
        which,
        title: form.named(),
        at: at.into(),
        paper: json!(paper),
    })
}

async fn answered(
    visitor: &Visitor,
    dossier: &Dossier,
    form: Form,
    of: Option<PaperOf>,
) -> Result<Response, Fault> {
    let of = of.ok_or_else(|| Fault::not_found(visitor.taste))?;
    let set = visitor.app.casework.set_form(visitor.session.tenant(), of).await;
    let pdf = set.map_err(|error| said::fault(visitor, error))?;
    let name = format!("{} {}.pdf", form.title(Lang::Vi), dossier.number.as_deref().unwrap_or_default());
    Ok(shown(&name, pdf))
}

/// A PDF that the browser shows.
pub(in crate::pages) fn shown(name: &str, pdf: Vec<u8>) -> Response {
    let mut response = private(pdf.into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    // RFC 6266: the name in UTF-8, percent-encoded.
    if let Ok(inline) = HeaderValue::from_str(&format!("inline; filename*=UTF-8''{}", encode(name))) {
        headers.insert(CONTENT_DISPOSITION, inline);
    }
    response
}
