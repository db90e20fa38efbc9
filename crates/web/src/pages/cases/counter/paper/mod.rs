//! The papers of a dossier (annex I of Circular 03/2025/TT-VPCP), drawn from what is on record: on the screen, and as PDF. Forms
//! 01 to 06; the register, form 07, is a page of its own.

mod drawn;
mod form;
mod late;
mod pdf;
mod print;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_casework::Shown;
use dinh_model::EntityId;
use serde::Serialize;

use crate::pages::account::private;
use crate::pages::cases::parts;
use crate::pages::cases::{one, present, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

pub(in crate::pages::cases) use drawn::Paper;
pub(in crate::pages::cases) use form::Form;
pub(in crate::pages) use pdf::shown as shown_pdf;
pub(super) use pdf::{download, followed};
pub(in crate::pages::cases) use print::chosen;
pub(super) use print::many;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    back_href: String,
    pdf_href: String,
    paper: Paper,
}

/// `GET /{tenant}/cases/{id}/paper/{form}`: a paper.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, id, form)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let (id, form, shown) = asked(&visitor, &id, &form).await?;
    let drawn = drawn::drawn(&visitor, (&shown.dossier, shown.own), form, visitor.lang()).await;
    let paper = drawn.ok_or_else(|| Fault::not_found(visitor.taste))?;
    let base = parts::href(&visitor, &id);
    let values = Values {
        page: frame(&visitor, form.title(visitor.lang()), Here::Elsewhere, ""),
        pdf_href: format!("{base}/pdf/{}", form.name()),
        back_href: base,
        paper,
    };
    Ok(private(rendered(&visitor, "paper.html", values)?.into_response()))
}

/// The case and the form that an address names.
async fn asked(visitor: &Visitor, id: &str, form: &str) -> Result<(EntityId, Form, Shown), Fault> {
    let id = one::parsed(visitor, id)?;
    let form = Form::from_name(form).ok_or_else(|| Fault::not_found(visitor.taste))?;
    let shown = visitor.app.casework.show(&visitor.session, &id).await;
    Ok((id, form, shown.map_err(|error| said::fault(visitor, error))?))
}

/// The papers that there are of a case: address, title and address of the PDF.
pub(in crate::pages::cases) fn of(visitor: &Visitor, shown: &Shown) -> Vec<(String, String, String)> {
    let Some(case) = &shown.dossier.case else { return Vec::new() };
    let base = parts::href(visitor, &shown.dossier.id);
    let there = Form::ALL.into_iter().filter(|form| form.is_there(case, shown.own));
    let paper = |form: Form| {
        let (name, title) = (form.name(), form.title(visitor.lang()));
        (format!("{base}/paper/{name}"), title, format!("{base}/pdf/{name}"))
    };
    there.map(paper).collect()
}

/// The paper that somebody is given who was at the desk just now, and the address of its PDF.
pub(super) async fn given(visitor: &Visitor, shown: &Shown) -> Option<(Paper, String)> {
    let case = shown.dossier.case.as_ref()?;
    let forms = [Form::Refusal, Form::Receipt, Form::Supplement];
    let form = forms.into_iter().find(|form| form.is_there(case, false))?;
    let paper = drawn::drawn(visitor, (&shown.dossier, shown.own), form, visitor.lang()).await?;
    Some((paper, format!("{}/pdf/{}", parts::href(visitor, &shown.dossier.id), form.name())))
}
