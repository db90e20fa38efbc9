//! What an address asks of the list, and the same asked a little differently.

use dinh_procedures::{Audience, Groups, Level, Query};
use serde::Serialize;

use super::parts::{audience_title, level_title};
use crate::pages::asked::Asked;
use crate::pages::view::Filter;
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Most fields and agencies that a filter offers: the largest ones.
const OFFERED: usize = 200;
/// Longest text looked for or filtered by, in characters.
const MAX_TEXT: usize = 400;

/// A choice of a filter, with how many there are.
#[derive(Debug, Serialize)]
pub(super) struct Offer {
    pub(super) value: String,
    pub(super) title: String,
    pub(super) count: usize,
    pub(super) chosen: bool,
    /// True if the title is Vietnamese whatever the language of the page.
    pub(super) data: bool,
}

/// What the address asks.
pub(super) fn query(asked: &Asked) -> Query {
    let text = |name: &str| asked.get(name).map(|text| text.chars().take(MAX_TEXT).collect::<String>());
    Query {
        words: asked.words().unwrap_or_default(),
        life_event: text("event"),
        field: text("field"),
        agency: text("agency"),
        audience: asked.get("who").and_then(Audience::from_name),
        level: asked.get("level").and_then(Level::from_name),
    }
}

/// True if something is asked.
pub(super) fn asks(query: &Query) -> bool {
    let Query { words, life_event, field, agency, audience, level } = query;
    !words.is_empty()
        || life_event.is_some()
        || field.is_some()
        || agency.is_some()
        || audience.is_some()
        || level.is_some()
}

/// Fields or agencies: those with the most procedures, by name.
pub(super) fn names(counts: &std::collections::BTreeMap<String, usize>, chosen: Option<&str>) -> Vec<Offer> {
    let mut largest: Vec<(&String, &usize)> = counts.iter().collect();
    largest.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
    largest.truncate(OFFERED);
    let mut offers: Vec<Offer> = largest
        .into_iter()
        .map(|(name, count)| Offer {
            value: name.clone(),
            title: name.clone(),
            count: *count,
            chosen: chosen == Some(name.as_str()),
            data: true,
        })
        .collect();
    offers.sort_by_cached_key(|offer| dinh_model::fold::fold(&offer.title));
    offers
}

/// Levels, the nearest first.
pub(super) fn levels(visitor: &Visitor, groups: &Groups, chosen: Option<Level>) -> Vec<Offer> {
    let offer = |level: Level| Offer {
        value: level.name().to_owned(),
        title: level_title(level, visitor.lang()),
        count: groups.levels.get(&level).copied().unwrap_or(0),
        chosen: chosen == Some(level),
        data: false,
    };
    Level::ALL.map(offer).into()
}

/// Who files.
pub(super) fn audiences(visitor: &Visitor, groups: &Groups, chosen: Option<Audience>) -> Vec<Offer> {
    let offer = |audience: Audience| Offer {
        value: audience.name().to_owned(),
        title: audience_title(audience, visitor.lang()),
        count: groups.audiences.get(&audience).copied().unwrap_or(0),
        chosen: chosen == Some(audience),
        data: false,
    };
    Audience::ALL.map(offer).into()
}

/// What is filtered by, each with the address without it.
pub(super) fn filters(visitor: &Visitor, asked: &Asked, query: &Query) -> Vec<Filter> {
    let lang = visitor.lang();
    let without = |name: &str| format!("{}{}", visitor.href("procedures"), asked.with(name, None).query());
    let mut filters = Vec::new();
    let mut add = |title: String, name: &str| filters.push(Filter { title, href: without(name) });
    if !query.words.is_empty() {
        add(lang.say_with("filter-words", &args([("words", query.words.clone())])), "q");
    }
    if let Some(id) = &query.life_event {
        let event = visitor.app.procedures.events().event(id);
        add(event.map_or(id.as_str(), |event| event.title.in_language(lang.tag())).to_owned(), "event");
    }
    if let Some(field) = &query.field {
        add(field.clone(), "field");
    }
    if let Some(agency) = &query.agency {
        add(agency.clone(), "agency");
    }
    if let Some(audience) = query.audience {
        add(audience_title(audience, lang), "who");
    }
    if let Some(level) = query.level {
        add(level_title(level, lang), "level");
    }
    filters
}
