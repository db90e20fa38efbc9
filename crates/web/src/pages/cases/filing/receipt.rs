//! What somebody is told who has filed: the number if there is one, by which secret it can be followed, what comes next.

use axum::response::{IntoResponse as _, Response};
use dinh_cases::Kind;
use dinh_casework::Filed;
use serde::Serialize;

use crate::look;
use crate::pages::account::private;
use crate::pages::cases::exemption;
use crate::pages::cases::parts::{self, say};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Receipt {
    page: view::Frame,
    title: String,
    number: Option<String>,
    secret: Option<String>,
    due: Option<String>,
    told: String,
    case_href: String,
    /// Where a card may prove why the fee is lower.
    exemption_href: Option<String>,
    follow_href: String,
    troubles: Vec<String>,
}

/// The page after filing. `troubles` tell of files that were not taken.
pub(in crate::pages::cases) async fn receipt(
    visitor: &Visitor,
    kind: &Kind,
    done: Filed,
    troubles: Vec<String>,
) -> Result<Response, Fault> {
    let state = kind.state(&done.dossier.state);
    let values = Receipt {
        page: frame(visitor, visitor.lang().say("cases-filed"), Here::Elsewhere, ""),
        title: say(&kind.title, visitor.lang()),
        number: done.dossier.number.clone(),
        secret: done.secret,
        due: done.dossier.due.map(|due| look::date_time(due, visitor.lang())),
        told: state.map(|state| say(&state.told, visitor.lang())).unwrap_or_default(),
        exemption_href: exemption::offered(visitor, &done.dossier.id, "").await.map(|_| {
            let case = parts::href(visitor, &done.dossier.id);
            format!("{case}#exemption")
        }),
        case_href: parts::href(visitor, &done.dossier.id),
        follow_href: visitor.href("follow"),
        troubles,
    };
    Ok(private(rendered(visitor, "case_filed.html", values)?.into_response()))
}
