//! Which entries are asked for.

use dinh_context::graph::{Act, AuditQuery};
use dinh_identity::domain::AccountId;
use dinh_model::EntityId;
use serde::Serialize;

use crate::pages::admin::days::{begins, ends};
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::guard::{Stop, failed, lookup};
use crate::pages::admin::said::misread;
use crate::pages::visitor::Visitor;

/// What is done to entities and records.
pub(super) const DEEDS: [&str; 4] = ["created", "updated", "deleted", "record"];
/// Longest text searched for, in characters.
const MAX_WORDS: usize = 200;
/// Most accounts of which one is meant.
const MOST: usize = 5;

/// The fields of the search, as they were typed.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Fields {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) who: String,
    pub(super) entity: String,
    pub(super) action: String,
    pub(super) text: String,
}

impl Fields {
    /// What was typed, from an address or a form.
    pub(super) fn of(given: &Given) -> Self {
        let get = |name: &str| given.get(name).to_owned();
        Self {
            from: get("from"),
            to: get("to"),
            who: get("who"),
            entity: get("entity"),
            action: get("action"),
            text: get("text").chars().take(MAX_WORDS).collect(),
        }
    }

    /// True if something is searched for.
    pub(super) fn is_narrow(&self) -> bool {
        [&self.from, &self.to, &self.who, &self.entity, &self.action, &self.text]
            .iter()
            .any(|f| !f.is_empty())
    }

    /// As the query of an address, without its question mark.
    pub(super) fn query(&self) -> String {
        let all = [
            ("from", &self.from),
            ("to", &self.to),
            ("who", &self.who),
            ("entity", &self.entity),
            ("action", &self.action),
            ("text", &self.text),
        ];
        let typed = all.into_iter().filter(|(_, text)| !text.is_empty());
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(typed).finish()
    }
}

/// The question, or what is wrong with it.
pub(super) async fn query(
    visitor: &Visitor,
    given: &Given,
    limit: usize,
) -> Result<Result<AuditQuery, Trouble>, Stop> {
    let lang = visitor.lang();
    let principal = match given.some("who") {
        None => None,
        Some(text) => match who(visitor, text).await? {
            Ok(principal) => Some(principal),
            Err(trouble) => return Ok(Err(trouble)),
        },
    };
    let read = || {
        let day = |name| given.day(name).map_err(|field: &str| misread(field, lang));
        let entity = given.some("entity").map(EntityId::parse).transpose();
        let entity = entity.map_err(|_not_one| Trouble::new("entity", lang.say("admin-not-a-uri")))?;
        let action = given.some("action").map(str::to_owned);
        let known = |name: &String| DEEDS.contains(&name.as_str()) || Act::from_name(name).is_some();
        if action.as_ref().is_some_and(|action| !known(action)) {
            return Err(Trouble::new("action", lang.say("admin-audit-no-action")));
        }
        Ok(AuditQuery {
            from: day("from")?.and_then(begins),
            to: day("to")?.and_then(ends),
            principal,
            entity,
            action,
            text: given.some("text").map(|text| text.chars().take(MAX_WORDS).collect()),
            after: given.some("after").and_then(|after| after.parse().ok()),
            ..AuditQuery::latest(limit)
        })
    };
    Ok(read())
}

/// The principal meant: by its whole name, by the identifier of an account, or by the name or address of its holder.
async fn who(visitor: &Visitor, text: &str) -> Result<Result<String, Trouble>, Stop> {
    let lang = visitor.lang();
    let whole = ["anonymous", "local"].contains(&text)
        || ["account:", "system:", "operator:"].iter().any(|front| text.starts_with(front));
    if whole {
        return Ok(Ok(text.to_owned()));
    }
    if let Some(id) = AccountId::parse(text) {
        return Ok(Ok(format!("account:{id}")));
    }
    let cards = lookup(visitor)?.named(text, MOST).await.map_err(|error| failed(visitor, &error))?;
    Ok(match cards.as_slice() {
        [only] => Ok(format!("account:{}", only.id)),
        [] => Err(Trouble::new("who", lang.say("admin-audit-nobody"))),
        _ => Err(Trouble::new("who", lang.say("admin-audit-several"))),
    })
}
