//! `GET` and `POST /{tenant}/counter/handover`: dossiers from desk to desk. The one side hands over a list of them, the other
//! confirms what has come; both are on record with every dossier.

use std::collections::BTreeMap;

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_cases::Answer;
use dinh_casework::{AtCounter, Batch};
use dinh_model::EntityId;
use serde::Serialize;

use super::home::{List, list};
use crate::look;
use crate::pages::account::private;
use crate::pages::cases::asks::{self, Choice};
use crate::pages::cases::parts::{self, row};
use crate::pages::cases::{only, present, said, works};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Most rows of a list.
const MOST_ROWS: usize = 100;
/// What the two sides do.
const HAND_OVER: &str = "hand-over";
const TAKE_OVER: &str = "take-over";

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcomes: Vec<Outcome>,
    home_href: String,
    out: List,
    back: List,
    units: Vec<Choice>,
    /// The list of what was handed over just now, to be printed and signed.
    sheet: Option<Sheet>,
}

/// A list that both sides sign.
#[derive(Serialize)]
struct Sheet {
    to: String,
    at: String,
    rows: Vec<SheetRow>,
}

#[derive(Serialize)]
struct SheetRow {
    number: String,
    kind: String,
    applicant: String,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, works(&visitor))?;
    show(&visitor, Vec::new(), None).await
}

/// Hands over, or confirms, what was picked.
pub(super) async fn act(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, works(&visitor))?;
    let lang = visitor.lang();
    let picked = |value: &str| {
        let (version, id) = value.split_once(' ')?;
        Some((EntityId::parse(id).ok()?, version.parse().ok()?))
    };
    let cases: Vec<(EntityId, u64)> =
        pairs.iter().filter(|(name, _)| name == "case").filter_map(|(_, value)| picked(value)).collect();
    let action = match asks::value(&pairs, "do") {
        Some(TAKE_OVER) => TAKE_OVER,
        _ => HAND_OVER,
    };
    if cases.is_empty() {
        let text = lang.say("counter-nothing-picked");
        return show(&visitor, vec![Outcome { tone: "danger", text }], None).await;
    }
    let answers = ["unit", "note"].into_iter().filter_map(|name| {
        let text = asks::value(&pairs, &format!("ask.{name}"))?;
        Some((name.to_owned(), Answer::Text(text.to_owned())))
    });
    let asked: BTreeMap<String, Answer> =
        answers.filter(|(name, _)| action == HAND_OVER || name == "note").collect();
    let to = asked.get("unit").and_then(Answer::text).unwrap_or_default().to_owned();
    let batch = Batch { cases, action: action.to_owned(), asked };
    let tried = match visitor.app.casework.batch(&visitor.session, batch).await {
        Ok(tried) => tried,
        Err(error) => {
            let (outcome, _) = said::told(&visitor, error, None)?;
            return show(&visitor, vec![outcome], None).await;
        }
    };
    let (mut outcomes, mut rows) = (Vec::new(), Vec::new());
    for one in tried {
        match &one.result {
            Ok(dossier) => {
                let now = row(&visitor, dossier);
                rows.push(SheetRow { number: now.number, kind: now.kind, applicant: now.applicant });
            }
            Err(error) => {
                let values = args([("number", one.id.to_string()), ("what", said::words(error, None, lang))]);
                outcomes.push(Outcome { tone: "danger", text: lang.say_with("cases-batch-one", &values) });
            }
        }
    }
    if !rows.is_empty() {
        let count = args([("count", f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX)))]);
        let text = match action {
            TAKE_OVER => lang.say_with("counter-taken-over", &count),
            _ => lang.say_with("counter-handed-over", &count),
        };
        outcomes.insert(0, Outcome { tone: "ok", text });
    }
    let sheet = (action == HAND_OVER && !rows.is_empty()).then_some(rows);
    let sheet = match sheet {
        Some(rows) => {
            let to = parts::unit(&visitor, &to).await;
            Some(Sheet { to, at: look::date_time(visitor.now, lang), rows })
        }
        None => None,
    };
    show(&visitor, outcomes, sheet).await
}

async fn show(visitor: &Visitor, outcomes: Vec<Outcome>, sheet: Option<Sheet>) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let (out, back) =
        (AtCounter::Received("received".to_owned()), AtCounter::OnDesk("handed-over".to_owned()));
    let values = Values {
        page: frame(visitor, lang.say("counter-handover"), Here::Counter, ""),
        outcomes,
        home_href: visitor.href("counter"),
        out: list(visitor, "out", lang.say("counter-to-hand-over"), &out, MOST_ROWS).await?,
        back: list(visitor, "in", lang.say("counter-to-take-over"), &back, MOST_ROWS).await?,
        units: asks::units(visitor).await,
        sheet,
    };
    Ok(private(rendered(visitor, "handover.html", values)?.into_response()))
}
