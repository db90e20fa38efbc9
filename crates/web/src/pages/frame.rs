//! The frame around the pages of a province.

use serde::Serialize;

use super::fault::Fault;
use super::templates::render;
use super::view::{self, Choice, LangLink};
use super::visitor::{Theme, Visitor, encode};
use super::{admin, cards, cases, colours, explore, money};
use crate::procedures::PACK;
use crate::words::Lang;
use axum::response::Html;

/// Where in the house a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Here {
    Operations,
    List,
    Sources,
    Around,
    /// One's own dossiers and what came of them.
    Mine,
    /// The one-stop desk.
    Counter,
    /// What lies on the desks of officials.
    Work,
    /// Fees and payments.
    Money,
    /// How cases go.
    Board,
    /// The e-cards of a unit.
    Cards,
    /// The list of procedures.
    Procedures,
    /// One's own account, and signing in.
    Account,
    /// What administrators and auditors do.
    Admin,
    /// Links with other systems.
    Portal,
    /// What is in the graph, and how programs get at it.
    Explore,
    /// Below one of the others.
    Elsewhere,
}

/// The frame of a page with this title.
pub(super) fn frame(visitor: &Visitor, title: String, here: Here, query: &str) -> view::Frame {
    let lang = visitor.lang();
    let back = encode(visitor.uri.path_and_query().map_or("/", |p| p.as_str()));
    let has_procedures = visitor.province.packs.iter().any(|pack| pack == PACK);
    let nav = places(visitor, has_procedures).into_iter().map(|(place, path, title)| Choice {
        id: path.to_owned(),
        href: visitor.href(path),
        title,
        current: place == here,
    });
    let themes = Theme::ALL.map(|theme| Choice {
        id: theme.name().to_owned(),
        href: format!("/theme/{}?back={back}", theme.name()),
        title: theme_title(theme, lang),
        current: theme == visitor.taste.theme,
    });
    let other = match lang {
        Lang::Vi => LangLink { tag: "en", href: format!("/lang/en?back={back}"), title: "English" },
        Lang::En => LangLink { tag: "vi", href: format!("/lang/vi?back={back}"), title: "Tiếng Việt" },
    };
    view::Frame {
        lang: lang.tag(),
        theme: visitor.taste.theme.name(),
        title,
        tenant: view::Tenant {
            id: visitor.province.tenant.to_string(),
            title: visitor.title(&visitor.province.title).to_owned(),
        },
        provinces: provinces(visitor),
        nav: nav.collect(),
        other_lang: other,
        themes: themes.into(),
        query: query.to_owned(),
        home_href: visitor.href(""),
        list_href: visitor.href("list"),
        sources_href: visitor.href("sources"),
        procedures_href: has_procedures.then(|| visitor.href("procedures")),
        colours_href: colours::address(visitor),
        account: account(visitor, here),
    }
}

/// Where somebody may go: place, path, title. What they do all day comes first, so that it is there on a narrow screen
/// without looking for it.
fn places(visitor: &Visitor, has_procedures: bool) -> Vec<(Here, &'static str, String)> {
    let lang = visitor.lang();
    let mut first = Vec::new();
    if cases::works(visitor) {
        first.push((Here::Work, "work", lang.say("nav-work")));
    }
    if cases::leads(visitor) {
        first.push((Here::Board, "board", lang.say("nav-board")));
    }
    if cases::receives(visitor) {
        first.push((Here::Counter, "counter", lang.say("counter")));
    }
    if cards::manages(visitor) {
        first.push((Here::Cards, "cards", lang.say("cards")));
    }
    if let Some(path) = money::place(visitor) {
        first.push((Here::Money, path, lang.say("nav-money")));
    }
    if cases::links(visitor) {
        first.push((Here::Portal, "portal", lang.say("nav-portal")));
    }
    let everybody = [
        (Here::Operations, "", lang.say("nav-map")),
        (Here::List, "list", lang.say("nav-list")),
        (Here::Sources, "sources", lang.say("nav-sources")),
        (Here::Around, "quanh-toi", lang.say("nav-around")),
    ];
    let mut nav = [first, everybody.to_vec()].concat();
    if visitor.guest.present.is_some() && visitor.app.casework.is_offered() && !cases::works(visitor) {
        nav.push((Here::Mine, "my-cases", lang.say("cases-mine")));
    }
    if has_procedures {
        nav.push((Here::Procedures, "procedures", lang.say("nav-procedures")));
    }
    if explore::works_here(visitor) {
        nav.push((Here::Explore, explore::HOME, lang.say("nav-explore")));
    }
    if admin::could_administer(visitor) || admin::could_audit(visitor) {
        nav.push((Here::Admin, "admin", lang.say("admin")));
    }
    nav
}

fn account(visitor: &Visitor, here: Here) -> view::Account {
    let current = here == Here::Account;
    match &visitor.guest.present {
        Some(present) => view::Account {
            href: visitor.href("account"),
            title: present.account().name.clone(),
            current,
            signed_in: true,
        },
        None => view::Account {
            href: visitor.href("sign-in"),
            title: visitor.lang().say("sign-in"),
            current,
            signed_in: false,
        },
    }
}

fn theme_title(theme: Theme, lang: Lang) -> String {
    match theme {
        Theme::Auto => lang.say("theme-auto"),
        Theme::Light => lang.say("theme-light"),
        Theme::Dark => lang.say("theme-dark"),
    }
}

fn provinces(visitor: &Visitor) -> Vec<Choice> {
    let all = visitor.app.context.packs().provinces();
    all.iter()
        .map(|province| Choice {
            id: province.tenant.to_string(),
            href: format!("/{}/", province.tenant),
            title: visitor.title(&province.title).to_owned(),
            current: province.tenant == visitor.province.tenant,
        })
        .collect()
}

/// A rendered page.
pub(super) fn page(visitor: &Visitor, template: &str, values: impl Serialize) -> Result<Html<String>, Fault> {
    render(template, visitor.lang(), values).map(Html).map_err(|error| Fault::template(visitor.taste, &error))
}
