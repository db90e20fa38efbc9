//! `GET` and `POST /{tenant}/kinds/{code}/{version}/template/{result}`: a template of a result while it is being written: what it
//! says, and what comes of it with the words of the form where its answers would stand. Nothing of it is kept.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_access::Principal;
use dinh_cases::{Kind, KindResult};
use dinh_casework::Error;
use dinh_documents::{Fault as Wrong, Template};
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;

use super::trial;
use crate::pages::account::private;
use crate::pages::cases::parts::say;
use crate::pages::cases::{asks, counter, only, present, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::args;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    back_href: String,
    file: String,
    text: String,
    /// What is wrong with it, with file and line.
    wrong: Option<String>,
    /// Whether it was looked at and is right.
    right: bool,
}

/// The template as it ships.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, code, version, result)): Path<(String, String, u32, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, trial::may(&visitor))?;
    let (kind, _, template) = found(&visitor, &code, version, &result)?;
    show(&visitor, &kind, template, (None, false))
}

/// Sets it with sample values: shows the PDF, or says what is wrong.
pub(super) async fn look(
    visitor: Visitor,
    Path((_, code, version, result)): Path<(String, String, u32, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, trial::may(&visitor))?;
    let (kind, result, shipped) = found(&visitor, &code, version, &result)?;
    // Browsers end lines in forms with two characters.
    let text =
        asks::value(&pairs, "text").map_or_else(|| shipped.text.clone(), |text| text.replace("\r\n", "\n"));
    let draft = Template { text, ..shipped };
    let unit = match visitor.session.principal() {
        Principal::Account(account) => {
            account.units.iter().next().and_then(|unit| EntityId::parse(unit).ok())
        }
        _ => None,
    };
    let tenant = visitor.session.tenant();
    let set = visitor.app.casework.try_result(tenant, (&kind, &result), unit.as_ref(), draft.clone()).await;
    match set {
        Ok(pdf) if asks::value(&pairs, "do") == Some("pdf") => {
            Ok(counter::shown_pdf(&format!("{}.pdf", result.title.vi), pdf))
        }
        Ok(_) => show(&visitor, &kind, draft, (None, true)),
        Err(Error::Paper(wrong)) => {
            let told = told(&visitor, &wrong);
            show(&visitor, &kind, draft, (Some(told), false))
        }
        Err(error) => Err(said::fault(&visitor, error)),
    }
}

fn found(
    visitor: &Visitor,
    code: &str,
    version: u32,
    result: &str,
) -> Result<(std::sync::Arc<Kind>, KindResult, Template), Fault> {
    let missing = || Fault::not_found(visitor.taste);
    let casework = &visitor.app.casework;
    let kind = casework.book().version(code, version).ok_or_else(missing)?.clone();
    let result = kind.results.iter().find(|one| one.code == result).ok_or_else(missing)?.clone();
    let name = result.template.as_ref().ok_or_else(missing)?;
    let template = casework.template(name).ok_or_else(missing)?;
    Ok((kind, result, template))
}

fn told(visitor: &Visitor, wrong: &Wrong) -> String {
    let lang = visitor.lang();
    match wrong {
        Wrong::Template { place: Some(place), reason } => {
            let line = f64::from(u32::try_from(place.line).unwrap_or(u32::MAX));
            let mut values = args([("file", place.file.clone()), ("reason", reason.clone())]);
            values.set("line", line);
            lang.say_with("papers-template-line", &values)
        }
        other => lang.say_with("papers-template-wrong", &args([("reason", other.to_string())])),
    }
}

fn show(
    visitor: &Visitor,
    kind: &Kind,
    template: Template,
    (wrong, right): (Option<String>, bool),
) -> Result<Response, Fault> {
    let title =
        visitor.lang().say_with("papers-template", &args([("kind", say(&kind.title, visitor.lang()))]));
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let values = Values {
        page: frame(visitor, title, Here::Elsewhere, ""),
        back_href: visitor.href(&format!("kinds/{}/{}", kind.code, kind.version)),
        file: template.file,
        text: template.text,
        wrong,
        right,
    };
    let mut response = private(rendered(visitor, "kind_template.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
