//! `GET /{tenant}/admin/roles`: all roles, and what they open.

use axum::response::Response;
use dinh_access::plain::{Holds, of_role};
use dinh_access::{Action, Privacy, RuleBook};
use serde::Serialize;

use crate::pages::admin::guard::{Desk, Place, Stop, desk, enter_either, show};
use crate::pages::admin::titles;
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

/// What is done to data, in the order of the overview.
const DATA: [Action; 4] = [Action::Read, Action::Reveal, Action::Write, Action::Export];
/// What is not about data.
const HOUSE: [Action; 4] = [Action::Erase, Action::Administer, Action::Audit, Action::Follow];

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    roles: Vec<Role>,
    /// The actions on data, each over as many columns as there are marks.
    actions: Vec<String>,
    marks: Vec<String>,
    house: Vec<String>,
}

#[derive(Serialize)]
struct Role {
    code: String,
    href: String,
    title: String,
    description: String,
    given: bool,
    step_up: bool,
    cells: Vec<Cell>,
}

/// One cell of the overview.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Cell {
    pub(super) tone: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: String,
}

/// The page.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Stop> {
    enter_either(&visitor)?;
    let lang = visitor.lang();
    let roles = visitor.app.identity.roles().iter().map(|role| Role {
        href: visitor.href(&format!("admin/roles/{}", encode(&role.code))),
        title: visitor.title(&role.title).to_owned(),
        description: visitor.title(&role.description).to_owned(),
        given: role.given,
        step_up: role.step_up,
        cells: cells(&visitor, &role.code),
        code: role.code.clone(),
    });
    let values = Values {
        roles: roles.collect(),
        desk: desk(&visitor, lang.say("admin-roles"), Place::Roles),
        actions: DATA.iter().map(|action| titles::action(*action, lang)).collect(),
        marks: Privacy::ALL.iter().map(|mark| titles::privacy(*mark, lang)).collect(),
        house: HOUSE.iter().map(|action| titles::action(*action, lang)).collect(),
    };
    show(&visitor, "admin_roles.html", values)
}

fn cells(visitor: &Visitor, role: &str) -> Vec<Cell> {
    let (book, lang) = (visitor.app.context.rules(), visitor.lang());
    let about_data = DATA.iter().flat_map(|action| Privacy::ALL.map(|mark| (*action, mark)));
    let house = HOUSE.iter().map(|action| (*action, Privacy::Sensitive));
    about_data.chain(house).map(|(action, mark)| cell(book, role, action, mark, lang)).collect()
}

/// Yes, no, or under conditions: a sign and a word. What is not of a person is never masked, and not revealed.
pub(super) fn cell(book: &RuleBook, role: &str, action: Action, mark: Privacy, lang: Lang) -> Cell {
    if action == Action::Reveal && !mark.is_of_a_person() {
        return Cell { tone: "off", sign: "·", word: lang.say("admin-holds-moot") };
    }
    let (tone, sign, word) = match of_role(book, role, action, mark) {
        Holds::Always => ("ok", "●", lang.say("admin-holds-always")),
        Holds::Depends => ("watch", "◐", lang.say("admin-holds-depends")),
        Holds::Never => ("off", "–", lang.say("admin-holds-never")),
    };
    Cell { tone, sign, word }
}
