//! What there is after a dossier was taken in: the paper to give to whoever brought it, and the way to the next one.

use axum::response::{IntoResponse as _, Response};
use dinh_cases::{Kind, Outcome};
use dinh_casework::Filed;
use serde::Serialize;

use super::paper::{self, Paper};
use crate::pages::account::private;
use crate::pages::cases::parts::{self, say};
use crate::pages::cases::{exemption, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    tone: &'static str,
    told: String,
    kind: String,
    number: Option<String>,
    secret: Option<String>,
    troubles: Vec<String>,
    case_href: String,
    /// Where a card may prove why the fee is lower.
    exemption_href: Option<String>,
    again_href: String,
    home_href: String,
    paper: Option<Paper>,
    pdf_href: Option<String>,
}

/// The page after a dossier was taken in. `troubles` tell what did not work, of files and of receiving it.
pub(super) async fn page(
    visitor: &Visitor,
    kind: &Kind,
    done: Filed,
    troubles: Vec<String>,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let shown = visitor.app.casework.show(&visitor.session, &done.dossier.id).await;
    let shown = shown.map_err(|error| said::fault(visitor, error))?;
    let dossier = &shown.dossier;
    let refused = dossier.ended.is_some_and(|(_, outcome)| outcome == Outcome::NotAccepted);
    let asked = dossier.case.as_ref().is_some_and(|case| case.open_supplement().is_some());
    let (tone, title) = match (refused, asked, dossier.received) {
        (true, ..) => ("danger", lang.say("counter-done-refused")),
        (_, true, _) => ("warn", lang.say("counter-done-asked")),
        (.., Some(_)) => ("ok", lang.say("counter-done-received")),
        _ => ("ok", lang.say("counter-done-filed")),
    };
    let state = kind.state(&dossier.state);
    let (paper, pdf_href) = paper::given(visitor, &shown).await.unzip();
    let values = Values {
        page: frame(visitor, title, Here::Counter, ""),
        tone,
        told: state.map(|state| say(&state.told, lang)).unwrap_or_default(),
        kind: say(&kind.title, lang),
        number: dossier.number.clone(),
        secret: done.secret,
        troubles,
        exemption_href: exemption::offered(visitor, &dossier.id, "").await.map(|_| {
            let case = parts::href(visitor, &dossier.id);
            format!("{case}#exemption")
        }),
        case_href: parts::href(visitor, &dossier.id),
        again_href: visitor.href(&format!("counter/{}", kind.code)),
        home_href: visitor.href("counter"),
        paper,
        pdf_href,
    };
    Ok(private(rendered(visitor, "counter_taken.html", values)?.into_response()))
}
