//! Many papers in one PDF: `POST /{tenant}/work/print`, for the dossiers that were picked of a queue.

use axum::Form as Posted;
use axum::response::Response;
use dinh_casework::PaperOf;
use dinh_model::EntityId;

use super::form::Form;
use super::pdf;
use crate::pages::cases::{asks, only, present, said, works};
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// Most papers of one file.
const MOST: usize = 100;

/// The forms that are printed for many: name and title.
pub(in crate::pages::cases) fn chosen(lang: Lang) -> Vec<(&'static str, String)> {
    [Form::Receipt, Form::Supplement, Form::Slip].map(|form| (form.name(), form.title(lang))).into()
}

/// The papers of one form of the dossiers that were picked, in their order. Those that have none are left out.
pub(in crate::pages::cases::counter) async fn many(
    visitor: Visitor,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, works(&visitor))?;
    let (lang, casework) = (visitor.lang(), &visitor.app.casework);
    let bad = |says: String| Fault::bad_request(visitor.taste, says);
    let form = asks::value(&pairs, "form").and_then(Form::from_name);
    let form = form.ok_or_else(|| bad(lang.say("papers-print-form")))?;
    let picked = pairs.iter().filter(|(name, _)| name == "case");
    let ids = picked
        .filter_map(|(_, value)| EntityId::parse(value.split_once(' ').map_or(&**value, |(_, id)| id)).ok());
    let ids: Vec<EntityId> = ids.collect();
    if ids.is_empty() {
        return Err(bad(lang.say("cases-batch-nothing")));
    }
    if ids.len() > MOST {
        let most = f64::from(u32::try_from(MOST).unwrap_or(u32::MAX));
        return Err(bad(lang.say_with("cases-error-too-many", &args([("most", most)]))));
    }
    let mut papers: Vec<PaperOf> = Vec::new();
    for id in &ids {
        let shown =
            casework.show(&visitor.session, id).await.map_err(|error| said::fault(&visitor, error))?;
        papers.extend(pdf::of(&visitor, (&shown.dossier, shown.own), form).await);
    }
    if papers.is_empty() {
        return Err(bad(lang.say("papers-print-none")));
    }
    let set = casework.set_forms(visitor.session.tenant(), papers).await;
    let pdf = set.map_err(|error| said::fault(&visitor, error))?;
    Ok(pdf::shown(&format!("{}.pdf", form.title(Lang::Vi)), pdf))
}
