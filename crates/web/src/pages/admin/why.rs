//! `GET /{tenant}/admin/why`: why somebody sees something, or does not. No value of the data is shown.

use std::sync::Arc;

use axum::response::Response;
use dinh_access::{Action, Judged, Outcome, Principal, Purpose};
use dinh_context::{Error, Explained, Why};
use dinh_identity::Card;
use dinh_identity::domain::AccountId;
use dinh_model::{EntityId, Term};
use serde::Serialize;

use super::given::Trouble;
use super::guard::{Desk, Place, Stop, desk, enter_either, failed, lookup, show};
use super::roles::{RuleView, rule_view};
use super::titles;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;
use crate::words::Lang;

/// Who is meant by nobody in particular.
const ANONYMOUS: &str = "anonymous";
/// Most accounts or entities to choose from.
const MOST: usize = 10;
/// The actions that can be asked about.
const ACTIONS: [Action; 4] = [Action::Read, Action::Reveal, Action::Write, Action::Export];

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    account: String,
    entity: String,
    factor: bool,
    actions: Vec<Offered>,
    purposes: Vec<Offered>,
    trouble: Option<Trouble>,
    /// Accounts, or entities, to choose from where several fit.
    accounts: Vec<Pick>,
    entities: Vec<Pick>,
    answer: Option<Answer>,
}

/// One of a list of choices.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Offered {
    pub(super) value: String,
    pub(super) title: String,
    pub(super) chosen: bool,
}

#[derive(Serialize)]
struct Pick {
    href: String,
    title: String,
    about: String,
}

#[derive(Serialize)]
struct Answer {
    who: String,
    roles: Vec<String>,
    units: Vec<String>,
    action: String,
    purpose: String,
    entity: String,
    entity_href: String,
    entity_type: String,
    whole: Line,
    attributes: Vec<Line>,
    rules: Vec<Told>,
}

/// What comes of it for the entity or for an attribute.
#[derive(Serialize)]
struct Line {
    title: String,
    privacy: String,
    tone: &'static str,
    icon: &'static str,
    word: String,
    /// The rules that hold, by their titles.
    because: Vec<String>,
}

/// A rule for the action, and whether it holds for the entity.
#[derive(Serialize)]
struct Told {
    rule: RuleView,
    holds: bool,
    /// It holds for some attributes, though not for the entity.
    in_part: bool,
}

/// Who is asked about.
struct Who {
    name: String,
    principal: Principal,
}

/// The page.
pub(in crate::pages) async fn why(visitor: Visitor) -> Result<Response, Stop> {
    enter_either(&visitor)?;
    let asked = Asked::of(&visitor.uri);
    let lang = visitor.lang();
    let action = asked.get("action").and_then(Action::from_name).filter(|action| ACTIONS.contains(action));
    let purpose = asked.get("purpose").and_then(Purpose::from_name);
    let (action, purpose) = (action.unwrap_or(Action::Read), purpose.unwrap_or_default());
    let mut values = Values {
        desk: desk(&visitor, lang.say("admin-why"), Place::Why),
        account: asked.get("account").unwrap_or_default().to_owned(),
        entity: asked.get("entity").unwrap_or_default().to_owned(),
        factor: asked.is_set("factor"),
        actions: ACTIONS
            .iter()
            .map(|one| choice(one.name(), titles::action(*one, lang), *one == action))
            .collect(),
        purposes: Purpose::ALL
            .iter()
            .map(|one| choice(one.name(), titles::purpose(*one, lang), *one == purpose))
            .collect(),
        trouble: None,
        accounts: Vec::new(),
        entities: Vec::new(),
        answer: None,
    };
    if !values.account.is_empty() || !values.entity.is_empty() {
        let who = who(&visitor, &asked, &mut values).await?;
        let entity = which(&visitor, &asked, &mut values).await?;
        if let (Some(who), Some(entity)) = (who, entity) {
            answer(&visitor, who, Why { who: Principal::Anonymous, purpose, action, entity }, &mut values)
                .await?;
        }
    }
    show(&visitor, "admin_why.html", values)
}

pub(super) fn choice(value: &str, title: String, chosen: bool) -> Offered {
    Offered { value: value.to_owned(), title, chosen }
}

/// The account meant, as it acts now; where several fit, they are offered.
async fn who(visitor: &Visitor, asked: &Asked, values: &mut Values) -> Result<Option<Who>, Stop> {
    let lang = visitor.lang();
    let words = asked.get("account").unwrap_or_default().trim();
    if words == ANONYMOUS {
        return Ok(Some(Who { name: lang.say("admin-who-anonymous"), principal: Principal::Anonymous }));
    }
    let lookup = lookup(visitor)?;
    let card = match AccountId::parse(words) {
        Some(id) => lookup.card(&id).await.map_err(|error| failed(visitor, &error))?,
        None if words.is_empty() => None,
        None => {
            let mut cards = lookup.named(words, MOST).await.map_err(|error| failed(visitor, &error))?;
            if cards.len() > 1 {
                values.accounts = cards.iter().map(|card| pick(visitor, asked, card)).collect();
                return Ok(None);
            }
            cards.pop()
        }
    };
    let Some(card) = card else {
        values.trouble = Some(Trouble::new("account", lang.say("admin-why-no-account")));
        return Ok(None);
    };
    let acting = lookup.acting(&card.id, values.factor).await.map_err(|error| failed(visitor, &error))?;
    let Some(acting) = acting else {
        values.trouble = Some(Trouble::new("account", lang.say("admin-why-not-active")));
        return Ok(None);
    };
    Ok(Some(Who { name: card.name, principal: Principal::Account(Arc::new(acting)) }))
}

fn pick(visitor: &Visitor, asked: &Asked, card: &Card) -> Pick {
    Pick {
        href: visitor.href(&format!("admin/why{}", asked.with("account", Some(card.id.as_str())).query())),
        title: card.name.clone(),
        about: titles::kind(card.kind, visitor.lang()),
    }
}

/// The entity meant: by its identifier, or by words among those that the visitor sees.
async fn which(visitor: &Visitor, asked: &Asked, values: &mut Values) -> Result<Option<EntityId>, Stop> {
    let lang = visitor.lang();
    let words = asked.get("entity").unwrap_or_default().trim();
    if let Ok(id) = EntityId::parse(words) {
        return Ok(Some(id));
    }
    if words.is_empty() {
        values.trouble.get_or_insert(Trouble::new("entity", lang.say("admin-why-no-entity")));
        return Ok(None);
    }
    let text: String = words.chars().take(200).collect();
    let hits = visitor.session.search(&text, &[], MOST).await.map_err(|e| Fault::of(visitor.taste, e))?;
    if hits.is_empty() {
        values.trouble.get_or_insert(Trouble::new("entity", lang.say("admin-why-no-entity")));
    }
    values.entities = hits
        .iter()
        .map(|hit| {
            let entity = &hit.found.entity;
            Pick {
                href: visitor
                    .href(&format!("admin/why{}", asked.with("entity", Some(entity.id.as_str())).query())),
                title: visitor.name_of(entity),
                about: type_title(visitor, &entity.types),
            }
        })
        .collect();
    Ok(None)
}

async fn answer(visitor: &Visitor, who: Who, why: Why, values: &mut Values) -> Result<(), Stop> {
    let lang = visitor.lang();
    let why = Why { who: who.principal.clone(), ..why };
    let explained = match visitor.session.explain(&why).await {
        Ok(explained) => explained,
        Err(Error::NotFound(_)) => {
            values.trouble = Some(Trouble::new("entity", lang.say("admin-why-no-entity")));
            return Ok(());
        }
        Err(error) => return Err(Fault::of(visitor.taste, error).into()),
    };
    let (roles, units) = match &who.principal {
        Principal::Account(account) => (
            account.roles.iter().map(|code| titles::role(visitor, code)).collect(),
            account.units.iter().map(ToString::to_string).collect(),
        ),
        _ => (vec![titles::role(visitor, ANONYMOUS)], Vec::new()),
    };
    let mut lines = explained.judged.iter().map(|judged| line(visitor, &explained.types, judged));
    let Some(whole) = lines.next() else { return Ok(()) };
    values.answer = Some(Answer {
        who: who.name,
        roles,
        units,
        action: titles::action(why.action, lang),
        purpose: titles::purpose(why.purpose, lang),
        entity: why.entity.to_string(),
        entity_href: visitor.entity_href(why.entity.as_str()),
        entity_type: type_title(visitor, &explained.types),
        whole,
        attributes: lines.collect(),
        rules: told(visitor, &explained),
    });
    Ok(())
}

fn line(visitor: &Visitor, types: &[Term], judged: &Judged) -> Line {
    let lang = visitor.lang();
    let (tone, icon, word) = outcome(judged.outcome, lang);
    let registry = visitor.app.context.types();
    let title = match &judged.attribute {
        None => lang.say("admin-why-whole"),
        Some(name) => registry
            .attribute(types, name.as_str())
            .map_or_else(|| titles::last(name.as_str()).to_owned(), |of| visitor.title(&of.title).to_owned()),
    };
    let rules = visitor.app.context.rules().rules();
    let title_of = |id: &Arc<str>| {
        let rule = rules.iter().find(|rule| rule.id == *id);
        rule.and_then(|rule| rule.titles.get(lang.tag())).cloned().unwrap_or_else(|| id.to_string())
    };
    Line {
        title,
        privacy: titles::privacy(judged.privacy, lang),
        tone,
        icon,
        word,
        because: judged.said.iter().filter(|said| said.holds).map(|said| title_of(&said.rule)).collect(),
    }
}

fn outcome(outcome: Outcome, lang: Lang) -> (&'static str, &'static str, String) {
    match outcome {
        Outcome::Allowed => ("ok", "ok", lang.say("admin-why-allowed")),
        Outcome::Masked => ("watch", "silent", lang.say("admin-why-masked")),
        Outcome::Refused => ("danger", "danger", lang.say("admin-why-refused")),
    }
}

/// The rules for the action: those that hold first.
fn told(visitor: &Visitor, explained: &Explained) -> Vec<Told> {
    let Some(whole) = explained.judged.first() else { return Vec::new() };
    let rules = visitor.app.context.rules().rules();
    let anywhere = |id: &Arc<str>| {
        let mut said = explained.judged.iter().flat_map(|judged| &judged.said);
        said.any(|said| said.rule == *id && said.holds)
    };
    let mut told: Vec<Told> = whole
        .said
        .iter()
        .filter_map(|said| {
            let rule = rules.iter().find(|rule| rule.id == said.rule)?;
            let in_part = !said.holds && anywhere(&said.rule);
            Some(Told { rule: rule_view(visitor, rule), holds: said.holds, in_part })
        })
        .collect();
    told.sort_by_key(|told| (!told.holds, !told.in_part));
    told
}

fn type_title(visitor: &Visitor, types: &[Term]) -> String {
    let described = visitor.app.context.types().of(types).next();
    let short = || types.first().map_or("", |term| titles::last(term.as_str())).to_owned();
    described.map_or_else(short, |described| visitor.title(&described.title).to_owned())
}
