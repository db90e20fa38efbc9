//! `GET /{tenant}/forms`, `GET` and `POST /{tenant}/forms/{pack}/{form}`: the forms of a province, and trying one out.
//! Nothing of it is kept.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::response::{IntoResponse as _, Response};
use dinh_forms::{
    Context, DossierFiles, FileFact, Filled, Form, Kind, Marks, NoUnits, SummaryGroup, Units, pruned,
};
use dinh_model::admin::Level;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::shown::FormView;
use super::{Posted, PostedFile, Sheet, Wish, sheet};
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::{Visitor, encode};

#[derive(Serialize)]
struct ListValues {
    page: view::Frame,
    forms: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    title: String,
    lead: Option<String>,
    source: String,
    href: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    forms_href: String,
    form: FormView,
    /// What was answered, once nothing is wrong.
    summary: Option<Vec<SummaryGroup>>,
}

/// The files of somebody who tries a form, by made-up identifiers.
#[derive(Default)]
pub(in crate::pages) struct Tried(HashMap<String, FileFact>);

impl DossierFiles for Tried {
    fn find(&self, id: &str) -> Option<FileFact> {
        self.0.get(id).cloned()
    }
}

impl Tried {
    /// Files that were posted, under made-up identifiers that are answers of their fields.
    pub(in crate::pages) fn take(&mut self, files: &[PostedFile], pairs: &mut Vec<(String, String)>) {
        for (index, file) in files.iter().enumerate() {
            let id = format!("try-{index}");
            self.0.insert(id.clone(), file.fact.clone());
            pairs.push((file.field.clone(), id));
        }
    }
}

/// The forms of the province's packs.
pub(super) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    let today = visitor.app.privacy.today();
    let lang = visitor.lang();
    let mut forms = Vec::new();
    for pack in &visitor.province.packs {
        for form in visitor.app.display().forms.of(pack, today) {
            forms.push(Listed {
                title: form.title.in_language(lang.tag()).to_owned(),
                lead: form.lead.as_ref().map(|text| text.in_language(lang.tag()).to_owned()),
                source: form.source.in_language(lang.tag()).to_owned(),
                href: visitor.href(&format!("forms/{}/{}", encode(pack), encode(&form.id))),
            });
        }
    }
    let values = ListValues { page: frame(&visitor, lang.say("forms-title"), Here::Elsewhere, ""), forms };
    Ok(rendered(&visitor, "forms.html", values)?.into_response())
}

/// The empty form.
pub(super) async fn show(
    visitor: Visitor,
    Path((_, pack, id)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let form = found(&visitor, &pack, &id)?;
    drawn(&visitor, &form, Filled::default(), &Wish::Refresh, &Tried::default()).await
}

/// What was posted, checked: the form again with what is wrong, or the answers to read over.
pub(super) async fn check(
    visitor: Visitor,
    Path((_, pack, id)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    let form = found(&visitor, &pack, &id)?;
    let bad = |says: String| Fault::bad_request(visitor.taste, says);
    let posted = Posted::read(request).await.map_err(|unreadable| bad(unreadable.0))?;
    let mut tried = Tried::default();
    let mut pairs = posted.pairs;
    tried.take(&posted.files, &mut pairs);
    let filled = form.read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mut filled = filled.map_err(|e| bad(e.to_string()))?;
    if let Wish::Add(table) = &posted.wish {
        add_row(&form, &mut filled, table);
    }
    drawn(&visitor, &form, filled, &posted.wish, &tried).await
}

fn found(visitor: &Visitor, pack: &str, id: &str) -> Result<Arc<Form>, Fault> {
    let uses = visitor.province.packs.iter().any(|one| one == pack);
    let form = visitor.app.display().forms.on(pack, id, visitor.app.privacy.today()).filter(|_| uses);
    form.cloned().ok_or_else(|| Fault::not_found(visitor.taste))
}

pub(in crate::pages) fn add_row(form: &Form, filled: &mut Filled, table: &str) {
    let Some(Kind::Table { count, .. }) = form.field(table).map(|field| &field.kind) else { return };
    let rows = filled.answers.entry(table).or_insert_with(|| json!([]));
    if let Value::Array(rows) = rows {
        // The page draws as many rows as there must be, even where nothing was posted of them.
        while rows.len() < count.min {
            rows.push(json!({}));
        }
        if rows.len() < count.max {
            rows.push(json!({}));
        }
    }
}

async fn drawn(
    visitor: &Visitor,
    form: &Form,
    mut filled: Filled,
    wish: &Wish,
    tried: &Tried,
) -> Result<Response, Fault> {
    // Without the right to read units, places are written in words.
    let register = visitor.session.units().await.ok();
    let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
    let today = visitor.app.privacy.today();
    let home = register
        .as_deref()
        .and_then(|register| register.at(Level::Province, &visitor.province.province_code, today));
    let context = Context { today, units, files: tried };
    let faults = if *wish == Wish::Check { sheet::faults(form, &filled, &context) } else { Vec::new() };
    let done = *wish == Wish::Check && faults.iter().all(|fault| fault.soft);
    let summary = done.then(|| {
        let answers = pruned(&form.settle(&filled.answers, today).answers);
        form.summary(&answers, visitor.lang().tag(), &context)
    });
    // Files are not kept between two tries; they must be chosen again.
    without_files(form, &mut filled);
    let home = home.map(|unit| unit.id.as_str());
    let sheet = Sheet {
        form,
        filled: &filled,
        faults: &faults,
        marks: &Marks::new(),
        context: &context,
        home,
        lang: visitor.lang(),
    };
    let title = form.title.in_language(visitor.lang().tag()).to_owned();
    let values = Values {
        page: frame(visitor, title, Here::Elsewhere, ""),
        forms_href: visitor.href("forms"),
        form: sheet.draw(),
        summary,
    };
    let mut response = private(rendered(visitor, "form_try.html", values)?.into_response());
    if *wish == Wish::Check && !done {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

pub(in crate::pages) fn without_files(form: &Form, filled: &mut Filled) {
    for field in &form.fields {
        if matches!(field.kind, Kind::Files(_)) {
            filled.answers.shift_remove(&field.name);
        }
    }
}
