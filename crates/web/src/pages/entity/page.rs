//! `GET /{tenant}/entity/{id}`.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_context::graph::Stored;
use dinh_model::{Attribute, Entity, EntityId, OneOrMany, Term, Value};
use dinh_ngsild::write::{Representation, Writer};
use http::header::CONTENT_TYPE;
use serde::Serialize;

use super::links::{self, entity_name};
use super::{attributes, history, reveal};
use crate::layers::{Item, Layer, Place, replay_of};
use crate::look;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::list::value_text;
use crate::pages::present::{age, item_sign};
use crate::pages::view::{self, Badge, Feed, Headline};
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

const PROVIDER: &str = "https://uri.etsi.org/ngsi-ld/default-context/dataProvider";
pub(super) const FEED: &str = "https://uri.etsi.org/ngsi-ld/default-context/feed";
const EXERCISE: &str = "https://uri.etsi.org/ngsi-ld/default-context/exercise";
/// Longest raw record shown on the page, in bytes; the API gives all of it.
const MAX_RAW: usize = 20_000;

/// The page; with `part=panel` what stands beside the map, with `part=raw` the record itself.
pub(crate) async fn entity(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let in_panel = asked.get("part") == Some("panel");
    let Some(stored) = find(&visitor, &id).await? else {
        // For some purpose it may be seen all the same: whoever may state that one is asked for it.
        return reveal::closed(&visitor, &id).await;
    };
    if asked.get("part") == Some("raw") {
        return Ok(
            ([(CONTENT_TYPE, "application/ld+json")], written(&visitor, &stored.entity)).into_response()
        );
    }
    let entity = make(&visitor, &asked, &stored, in_panel).await?;
    let reveal = reveal::offer(&visitor, &stored.entity.id).await?;
    if in_panel {
        return Ok(page(
            &visitor,
            "entity_panel.html",
            minijinja::context! { entity => minijinja::value::Serde(entity) },
        )?
        .into_response());
    }
    whole(&visitor, entity, reveal)
}

/// The whole page of an entity.
pub(super) fn whole(
    visitor: &Visitor,
    entity: view::Entity,
    reveal: Option<view::Reveal>,
) -> Result<Response, Fault> {
    #[derive(Serialize)]
    struct Values {
        page: view::Frame,
        entity: view::Entity,
        reveal: Option<view::Reveal>,
    }
    let frame = frame(visitor, entity.name.clone(), Here::Elsewhere, "");
    Ok(page(visitor, "entity.html", Values { page: frame, entity, reveal })?.into_response())
}

/// What stands beside the map for the entity in the address; nothing if there is none.
pub(crate) async fn panel(visitor: &Visitor, asked: &Asked, id: &str) -> Result<Option<view::Entity>, Fault> {
    match find(visitor, id).await? {
        Some(stored) => make(visitor, asked, &stored, true).await.map(Some),
        None => Ok(None),
    }
}

async fn find(visitor: &Visitor, id: &str) -> Result<Option<Stored>, Fault> {
    let Ok(id) = EntityId::parse(id) else { return Ok(None) };
    visitor.session.find(&id).await.map_err(|e| Fault::of(visitor.taste, e))
}

pub(super) async fn make(
    visitor: &Visitor,
    asked: &Asked,
    stored: &Stored,
    in_panel: bool,
) -> Result<view::Entity, Fault> {
    let (entity, lang) = (&*stored.entity, visitor.lang());
    let display = visitor.app.display();
    let shown = display
        .layers
        .of(&visitor.province.tenant)
        .filter(|layer| layer.holds(entity))
        .map(|layer| (layer, Item::new(layer, entity)));
    let (layer, item) = with_a_value_first(shown).unzip();
    let name = entity_name(visitor, entity);
    let described = visitor.app.context.types().of(&entity.types).next();
    let (links_in, more_links_in) = links::into(visitor, entity).await?;
    Ok(view::Entity {
        id: entity.id.to_string(),
        type_title: described
            .map(|d| visitor.title(&d.title).to_owned())
            .or_else(|| entity.types.first().map(|t| short(t).to_owned()))
            .unwrap_or_default(),
        sign: layer.zip(item.as_ref()).map(|(layer, item)| item_sign(layer, item, visitor.now)),
        layer: layer.map(|layer| layer.id.clone()),
        in_panel,
        href: visitor.entity_href(entity.id.as_str()),
        close_href: format!("{}{}", visitor.href(""), asked.with("sel", None).query()),
        headline: layer.zip(item.as_ref()).and_then(|(layer, item)| headline(visitor, layer, item)),
        badges: badges(visitor, entity, layer, item.as_ref()),
        history: history::history(visitor, asked, entity, layer, &name, in_panel).await?,
        attributes: attributes::rows(visitor, entity, layer),
        links_out: links::out(visitor, entity).await?,
        links_in,
        more_links_in,
        owner: provider(entity),
        feed: feed(visitor, entity),
        place: place(visitor, entity, layer, item.as_ref()),
        created: look::date_time(entity.created_at, lang),
        modified: look::date_time(entity.modified_at, lang),
        version: stored.version,
        raw: raw(visitor, entity),
        raw_href: format!("{}?part=raw", visitor.entity_href(entity.id.as_str())),
        name,
    })
}

/// Of the layers that show an entity the first that has a value to tell, or else the first: a station that measures
/// the temperature only is not presented as a rain gauge without rain.
fn with_a_value_first<'l>(shown: impl Iterator<Item = (&'l Layer, Item)>) -> Option<(&'l Layer, Item)> {
    let mut first = None;
    for (layer, item) in shown {
        if item.value.is_some() {
            return Some((layer, item));
        }
        first = first.or(Some((layer, item)));
    }
    first
}

fn headline(visitor: &Visitor, layer: &Layer, item: &Item) -> Option<Headline> {
    Some(Headline {
        value: value_text(visitor, layer, item)?,
        class_title: item.class_in(layer).map(|class| visitor.title(&class.title).to_owned()),
        age: age(item.at, visitor.now, visitor.lang()),
    })
}

fn badges(visitor: &Visitor, entity: &Entity, layer: Option<&Layer>, item: Option<&Item>) -> Vec<Badge> {
    let lang = visitor.lang();
    let mut badges = Vec::new();
    if is_exercise(entity) {
        badges.push(Badge { tone: "suspect", icon: "warn", text: lang.say("exercise") });
    }
    let replayed = entity.attributes.values().flatten().find_map(replay_of);
    if let Some(at) = item.and_then(|item| item.replay_of).or(replayed) {
        let text = lang.say_with("replayed-of", &args([("when", look::date_time(at, lang))]));
        badges.push(Badge { tone: "replay", icon: "replay", text });
    }
    if layer.zip(item).is_some_and(|(layer, item)| item.value.is_some() && item.is_stale(layer, visitor.now))
    {
        badges.push(Badge { tone: "suspect", icon: "clock", text: lang.say("value-is-stale") });
    }
    let value = layer.and_then(|l| l.value.as_ref()).and_then(|v| entity.attribute(v.attribute.as_str()));
    if let Some(text) = value.and_then(|attribute| attributes::quality(attribute, lang)) {
        badges.push(Badge { tone: "suspect", icon: "warn", text });
    }
    badges
}

/// True for a thing of an exercise: not a real measurement.
pub(crate) fn is_exercise(entity: &Entity) -> bool {
    entity.attribute(EXERCISE).is_some_and(|a| matches!(&a.value, Value::Property(value) if value == true))
}

/// Who answers for the data.
pub(crate) fn provider(entity: &Entity) -> Option<String> {
    entity.attribute(PROVIDER).and_then(Attribute::text).map(str::to_owned)
}

/// The feed that brought it: `urn:ngsi-ld:Feed:<pack>:<feed>`.
fn feed(visitor: &Visitor, entity: &Entity) -> Option<Feed> {
    let Value::Relationship { object: OneOrMany::One(feed), .. } = &entity.attribute(FEED)?.value else {
        return None;
    };
    let (pack, name) = feed.as_str().strip_prefix("urn:ngsi-ld:Feed:")?.split_once(':')?;
    let health = visitor.app.feeds.health(&visitor.province.tenant);
    let title = health.into_iter().find(|h| h.pack == pack && h.feed == name).map(|h| match visitor.lang() {
        crate::words::Lang::Vi => h.title.vi,
        crate::words::Lang::En => h.title.en,
    });
    Some(Feed {
        title: title.unwrap_or_else(|| format!("{pack}/{name}")),
        href: visitor.href(&format!("sources/{}/{}", encode(pack), encode(name))),
    })
}

fn place(
    visitor: &Visitor,
    entity: &Entity,
    layer: Option<&Layer>,
    item: Option<&Item>,
) -> Option<view::Place> {
    let (lon, lat) = item.and_then(|item| item.place.as_ref()).and_then(Place::anchor)?;
    let layers = layer.map(|layer| format!("&layers={}", layer.id)).unwrap_or_default();
    let id = encode(entity.id.as_str());
    Some(view::Place {
        text: look::coordinates(lon, lat, visitor.lang()),
        lon,
        lat,
        href: format!("{}?lon={lon:.5}&lat={lat:.5}&z=14{layers}&sel={id}", visitor.href("")),
    })
}

/// The record as the API gives it, laid out for reading.
fn raw(visitor: &Visitor, entity: &Entity) -> String {
    let json: serde_json::Value = serde_json::from_slice(&written(visitor, entity)).unwrap_or_default();
    let mut text = serde_json::to_string_pretty(&json).unwrap_or_default();
    if text.len() > MAX_RAW {
        let end = (0..=MAX_RAW).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        text.truncate(end);
        text.push_str("\n…");
    }
    text
}

fn written(visitor: &Visitor, entity: &Entity) -> Vec<u8> {
    let context = visitor.app.context.ld_contexts().core();
    let mut bytes = Vec::new();
    Writer::new(&context).represented(Representation::Normalized).entity(&mut bytes, entity);
    bytes
}

fn short(term: &Term) -> &str {
    term.as_str().rsplit(['/', '#']).next().unwrap_or(term.as_str())
}
