//! `GET /{tenant}/admin/roles/{code}`: what one role may do.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use dinh_access::{Action, Privacy, Whom};
use serde::Serialize;

use super::list::{Cell, cell};
use super::rules::{RuleView, rule_view};
use crate::pages::admin::guard::{Desk, Place, Stop, could_administer, desk, enter_either, show};
use crate::pages::admin::titles;
use crate::pages::fault::Fault;
use crate::pages::visitor::{Visitor, encode};

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    code: String,
    description: String,
    given: bool,
    step_up: bool,
    marks: Vec<String>,
    /// What the role opens, an action a row.
    rows: Vec<Row>,
    /// The rules that name the role.
    own: Vec<RuleView>,
    /// The rules that speak to everybody.
    common: Vec<RuleView>,
    roles_href: String,
    /// Those who have the role; none for whoever may not see accounts.
    holders_href: Option<String>,
}

#[derive(Serialize)]
struct Row {
    action: String,
    cells: Vec<Cell>,
    /// Whether marks play a part.
    about_data: bool,
}

/// The page.
pub(in crate::pages) async fn one(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Stop> {
    enter_either(&visitor)?;
    let lang = visitor.lang();
    let role = visitor.app.identity.roles().iter().find(|role| role.code == code);
    let role = role.ok_or_else(|| Fault::not_found(visitor.taste))?;
    let named = [Arc::from(code.as_str())].into();
    let rules = visitor.app.context.rules().speaking_to(&named);
    let (common, own): (Vec<_>, Vec<_>) = rules.partition(|rule| rule.whom == Whom::Everybody);
    let holders = || visitor.href(&format!("admin/people?role={}", encode(&code)));
    let values = Values {
        desk: desk(&visitor, visitor.title(&role.title).to_owned(), Place::Roles),
        description: visitor.title(&role.description).to_owned(),
        given: role.given,
        step_up: role.step_up,
        marks: Privacy::ALL.iter().map(|mark| titles::privacy(*mark, lang)).collect(),
        rows: Action::ALL.iter().map(|action| row(&visitor, &code, *action)).collect(),
        own: own.into_iter().map(|rule| rule_view(&visitor, rule)).collect(),
        common: common.into_iter().map(|rule| rule_view(&visitor, rule)).collect(),
        roles_href: visitor.href("admin/roles"),
        holders_href: (role.given && could_administer(&visitor)).then(holders),
        code: code.clone(),
    };
    show(&visitor, "admin_role.html", values)
}

fn row(visitor: &Visitor, code: &str, action: Action) -> Row {
    let (book, lang) = (visitor.app.context.rules(), visitor.lang());
    let marks: &[Privacy] = if action.is_about_data() { &Privacy::ALL } else { &[Privacy::Sensitive] };
    Row {
        action: titles::action(action, lang),
        cells: marks.iter().map(|mark| cell(book, code, action, *mark, lang)).collect(),
        about_data: action.is_about_data(),
    }
}
