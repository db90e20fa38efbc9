//! `GET /{tenant}/portal/arrivals/{id}`: what another system sent, for those who handle the dossier.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_model::EntityId;
use dinh_portal::Arrival;
use serde::Serialize;

use super::{page, rows};
use crate::look;
use crate::pages::account::private;
use crate::pages::cases::parts;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    number: String,
    facts: Vec<(String, String)>,
    files: Vec<String>,
    remarks: Vec<String>,
    /// What was declared with the sender, value by value.
    declared: Vec<super::CameRow>,
    masked: bool,
    case_href: Option<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = crate::pages::cases::present(&visitor) {
        return Ok(*other);
    }
    let id = EntityId::parse(&id).map_err(|_none| Fault::not_found(visitor.taste))?;
    let found = visitor.app.portal.arrived(&visitor.session, &id).await;
    let arrival = found.map_err(|error| page::fault(&visitor, error))?;
    let lang = visitor.lang();
    let message = arrival.message.as_ref();
    let files = message.map(|message| message.attachments.iter().map(|one| one.name.clone()).collect());
    let values = Values {
        page: frame(&visitor, lang.say("portal-arrival"), Here::Elsewhere, ""),
        number: arrival.number.clone(),
        facts: facts(&visitor, &arrival),
        files: files.unwrap_or_default(),
        remarks: arrival.remarks.clone(),
        declared: super::came(&visitor, &id, false).await,
        masked: message.is_none(),
        case_href: arrival.dossier.as_ref().map(|case| parts::href(&visitor, case)),
    };
    Ok(private(rendered(&visitor, "portal_arrival.html", values)?.into_response()))
}

fn facts(visitor: &Visitor, arrival: &Arrival) -> Vec<(String, String)> {
    let lang = visitor.lang();
    let mut facts = vec![
        (lang.say("portal-arrival-from"), rows::counterpart(visitor, &arrival.counterpart)),
        (lang.say("portal-arrival-at"), look::date_time(arrival.arrived, lang)),
        (lang.say("portal-arrival-procedure"), arrival.procedure.clone().unwrap_or_default()),
    ];
    if let Some(message) = &arrival.message {
        let filed = dinh_portal::message::when::read(&message.filed);
        let filed = filed.map(|at| look::date_time(at.into(), lang)).unwrap_or_default();
        facts.extend([
            (lang.say("portal-arrival-name"), message.procedure_name.clone()),
            (lang.say("portal-arrival-filed"), filed),
            (lang.say("cases-applicant"), message.applicant.clone()),
            (lang.say("cases-telephone"), message.telephone.clone()),
            (lang.say("cases-email"), message.email.clone()),
            (lang.say("portal-arrival-subject"), message.subject.clone()),
            (lang.say("portal-arrival-other"), message.other.clone()),
            (lang.say("portal-arrival-note"), message.note.clone()),
            (lang.say("portal-arrival-unit"), message.unit.clone()),
        ]);
    }
    facts.retain(|(_, text)| !text.is_empty());
    facts
}
