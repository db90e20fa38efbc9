//! `GET /{tenant}/procedures/{procedure}`: what a citizen needs first, and then everything.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_procedures::plain::{Plain, Sentence, Tongue, plain};
use dinh_procedures::{Channel, Code, Edition, Procedure};
use serde::Serialize;

use super::papers::{self, Coded, Set};
use super::parts::{Part, channel_title, doubt_title, duration, level_title, money, parts};
use crate::look;
use crate::pages::cases;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::procedures::Whole;
use crate::words::Lang;

/// The answers, each as sentences of parts.
#[derive(Debug, Serialize)]
struct Answers {
    who: Vec<Vec<Part>>,
    place: Vec<Vec<Part>>,
    time: Vec<Vec<Part>>,
    cost: Vec<Vec<Part>>,
    bring: Vec<Vec<Part>>,
    get: Vec<Vec<Part>>,
}

/// A way to file.
#[derive(Debug, Serialize)]
struct Way {
    title: String,
    time: Option<String>,
    fees: Vec<(Option<String>, Option<String>)>,
    note: Option<String>,
}

/// The steps of one case, each as its lines.
#[derive(Debug, Serialize)]
struct Steps {
    case: Option<String>,
    steps: Vec<Vec<String>>,
}

/// An edition that is or was in force.
#[derive(Debug, Serialize)]
struct EditionRow {
    decision: String,
    taken: String,
    valid_from: Option<String>,
    superseded: Option<String>,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    list_href: String,
    /// Where a dossier of it is filed, if it can be filed here.
    file_href: Option<String>,
    code: String,
    decision: String,
    levels: String,
    kind: Option<String>,
    fields: Vec<String>,
    answers: Answers,
    steps: Vec<Steps>,
    ways: Vec<Way>,
    documents: Vec<Set>,
    conditions: Vec<String>,
    results: Vec<Coded>,
    acts: Vec<Coded>,
    agencies: Vec<String>,
    authorities: Vec<String>,
    delegated: Vec<String>,
    taking_part: Vec<String>,
    related: Vec<String>,
    keywords: Vec<String>,
    description: Vec<String>,
    doubts: Vec<String>,
    source: Option<String>,
    edition: EditionRow,
    editions: Vec<EditionRow>,
}

/// The page.
pub(super) async fn one(
    visitor: Visitor,
    Path((_tenant, code)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let code = Code::parse(&code).ok_or_else(|| Fault::not_found(visitor.taste))?;
    let whole = visitor.app.procedures.whole(&visitor.session, &code).await;
    let whole = whole.map_err(|error| Fault::of(visitor.taste, error))?;
    let whole = whole.ok_or_else(|| Fault::not_found(visitor.taste))?;
    Ok(rendered(&visitor, "procedure.html", values(&visitor, whole))?.into_response())
}

fn values(visitor: &Visitor, whole: Whole) -> Values {
    let lang = visitor.lang();
    let Whole { procedure, edition, editions } = whole;
    let tongue = if lang == Lang::En { Tongue::En } else { Tongue::Vi };
    let levels: Vec<String> = procedure.levels.iter().map(|level| level_title(*level, lang)).collect();
    Values {
        page: frame(visitor, procedure.name.clone(), Here::Procedures, ""),
        list_href: visitor.href("procedures"),
        file_href: cases::filing_href(visitor, &procedure.code.to_string()),
        answers: answers(&plain(&procedure, tongue)),
        steps: steps(&procedure),
        ways: procedure.channels.iter().map(|way| self::way(way, lang)).collect(),
        doubts: procedure.doubts.iter().map(|doubt| doubt_title(*doubt, lang)).collect(),
        edition: edition_row(&edition, lang),
        editions: editions.iter().map(|edition| edition_row(edition, lang)).collect(),
        code: procedure.code.to_string(),
        decision: procedure.decision,
        levels: levels.join(", "),
        kind: procedure.kind,
        fields: procedure.fields.into_iter().map(|field| field.name).collect(),
        documents: procedure.documents.into_iter().map(papers::set).collect(),
        conditions: procedure.conditions.as_deref().map(lines).unwrap_or_default(),
        results: procedure.results.into_iter().map(papers::result).collect(),
        acts: procedure.legal_basis.into_iter().map(papers::act).collect(),
        agencies: procedure.agencies.into_iter().map(|agency| agency.name).collect(),
        authorities: procedure.authorities,
        delegated: procedure.delegated,
        taking_part: procedure.taking_part,
        related: procedure.related,
        keywords: procedure.keywords,
        description: procedure.description.as_deref().map(lines).unwrap_or_default(),
        source: procedure.source,
    }
}

fn answers(plain: &Plain) -> Answers {
    let told = |sentences: &[Sentence]| sentences.iter().map(parts).collect();
    Answers {
        who: told(&plain.who),
        place: told(&plain.place),
        time: told(&plain.time),
        cost: told(&plain.cost),
        bring: told(&plain.bring),
        get: told(&plain.get),
    }
}

fn steps(procedure: &Procedure) -> Vec<Steps> {
    let one = |set: &dinh_procedures::StepSet| Steps {
        case: set.case.clone(),
        steps: set.steps.iter().map(|step| lines(step)).collect(),
    };
    procedure.steps.iter().map(one).collect()
}

fn way(way: &Channel, lang: Lang) -> Way {
    let fee = |fee: &dinh_procedures::Fee| (fee.amount.map(|amount| money(amount, lang)), fee.note.clone());
    Way {
        title: channel_title(way.kind, lang),
        time: way.time.map(|time| duration(time, lang)),
        fees: way.fees.iter().map(fee).collect(),
        note: way.note.clone(),
    }
}

fn edition_row(edition: &Edition, lang: Lang) -> EditionRow {
    EditionRow {
        decision: edition.decision.clone(),
        taken: look::day(edition.taken_on, lang),
        valid_from: edition.valid_from.map(|day| look::day(day, lang)),
        superseded: edition.superseded_on.map(|day| look::day(day, lang)),
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
