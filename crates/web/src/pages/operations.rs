//! `GET /{tenant}/`: the operations page, on a desk or on the wall.

use std::collections::BTreeMap;

use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde_json::json;

use super::asked::Asked;
use super::attention::attention;
use super::entity::panel;
use super::fault::Fault;
use super::frame::{Here, frame, page};
use super::legend::groups;
use super::list::{Wanted, make};
use super::sources::{credits, health};
use super::view::{self, ViewChoice};
use super::visitor::{Theme, Visitor};
use crate::assets;
use crate::layers::{Layer, Shape, Sign};
use crate::look;
use crate::tiles::VALUES_FROM_ZOOM;
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    view: &'static str,
    views: Vec<ViewChoice>,
    wall: bool,
    groups: Vec<view::Group>,
    list: view::List,
    entity: Option<view::Entity>,
    attention: Vec<view::Row>,
    clock: view::Clock,
    health: Vec<view::State>,
    credits: Vec<view::Credit>,
    map_config: String,
}

/// The page, or with `part=attention` what asks for attention alone.
pub(super) async fn operations(mut visitor: Visitor) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let app = visitor.app.clone();
    let layers = asked.layers(&app.display().layers, &visitor.province.tenant);
    if asked.get("part") == Some("attention") {
        return attention_part(&visitor, &layers).await;
    }
    let wall = asked.is_set("wall");
    if wall {
        visitor.taste.theme = Theme::Dark;
    }
    let view = match asked.get("view") {
        Some("map") => "map",
        Some("list") => "list",
        _ => "split",
    };
    let wanted = Wanted::new(&asked, layers.clone());
    let found = wanted.find(&visitor.session).await.map_err(|e| Fault::of(visitor.taste, e))?;
    let entity = match asked.get("sel") {
        Some(id) => panel(&visitor, &asked, id).await?,
        None => None,
    };
    let values = Values {
        page: frame(&visitor, visitor.lang().say("operations-page"), Here::Operations, ""),
        view,
        views: views(&visitor, &asked, view),
        wall,
        groups: groups(&visitor, &layers).await?,
        list: make(&visitor, &asked, &wanted, &found),
        entity,
        attention: if wall { attention(&visitor, &layers).await? } else { Vec::new() },
        clock: clock(&visitor),
        health: health(&visitor).await,
        credits: credits(&visitor),
        map_config: config(&visitor, &layers, wall),
    };
    Ok(page(&visitor, "operations.html", values)?.into_response())
}

async fn attention_part(visitor: &Visitor, layers: &[&Layer]) -> Result<Response, Fault> {
    #[derive(Serialize)]
    struct Part {
        attention: Vec<view::Row>,
    }
    let attention = attention(visitor, layers).await?;
    Ok(page(visitor, "attention.html", Part { attention })?.into_response())
}

fn views(visitor: &Visitor, asked: &Asked, current: &str) -> Vec<ViewChoice> {
    let lang = visitor.lang();
    let choices = [
        ("map", "map", lang.say("view-map")),
        ("split", "split", lang.say("view-split")),
        ("list", "list", lang.say("view-list")),
    ];
    choices
        .into_iter()
        .map(|(id, icon, title)| ViewChoice {
            id,
            icon,
            title,
            href: format!("{}{}", visitor.href(""), asked.with("view", Some(id)).query()),
            current: id == current,
        })
        .collect()
}

fn clock(visitor: &Visitor) -> view::Clock {
    view::Clock { time: look::time(visitor.now), date: look::weekday_and_date(visitor.now, visitor.lang()) }
}

/// What the map's script needs to know.
fn config(visitor: &Visitor, on: &[&Layer], wall: bool) -> String {
    let province = &visitor.province;
    let layers: Vec<_> = visitor
        .app
        .display()
        .layers
        .of(&province.tenant)
        .map(|layer| layer_config(visitor, layer, on.iter().any(|other| other.id == layer.id)))
        .collect();
    let signs: BTreeMap<&str, &str> = Sign::ALL.into_iter().map(|sign| (sign.name(), sign.path())).collect();
    json!({
        "tenant": province.tenant,
        "center": province.center,
        "bounds": province.bounds,
        "zoom": province.zoom,
        "layers": layers,
        "signs": signs,
        "valuesFromZoom": VALUES_FROM_ZOOM,
        "workerUrl": assets::address("map-worker.js"),
        "styleUrl": assets::address("map.css"),
        "isWall": wall,
        "words": words(visitor.lang()),
    })
    .to_string()
}

fn layer_config(visitor: &Visitor, layer: &Layer, on: bool) -> serde_json::Value {
    let classes: Vec<_> = layer
        .classes
        .iter()
        .map(|class| {
            json!({
                "title": visitor.title(&class.title),
                "colour": class.colour,
                "dark": class.dark,
                "sign": class.sign,
                "level": class.level,
            })
        })
        .collect();
    json!({
        "id": layer.id,
        "title": visitor.title(&layer.title),
        "shape": match layer.shape {
            Shape::Point => "point",
            Shape::Line => "line",
            Shape::Polygon => "polygon",
        },
        "sign": layer.sign,
        "colour": layer.colours().map(|(colour, _)| colour),
        "dark": layer.colours().map(|(_, dark)| dark),
        "minZoom": layer.min_zoom,
        "isMeasured": layer.is_measured(),
        "on": on,
        "tiles": format!("/tiles/{}/{}/{{z}}/{{x}}/{{y}}", visitor.province.tenant, layer.id),
        "value": layer.value.as_ref().map(|value| json!({"unit": value.unit, "digits": value.digits, "name": value.name})),
        "classes": classes,
    })
}

/// The words that scripts say, with places in braces for what they put in.
fn words(lang: Lang) -> serde_json::Value {
    let n = args([("n", "{n}")]);
    let count = args([("count", "{count}")]);
    json!({
        "age": {
            "now": lang.say("age-now"),
            "minutes": lang.say_with("age-minutes", &n),
            "hours": lang.say_with("age-hours", &n),
            "days": lang.say_with("age-days", &n),
        },
        "noValue": lang.say("no-value"),
        "replayed": lang.say("replayed"),
        "stale": lang.say("value-is-stale"),
        "cluster": lang.say_with("cluster-of", &count),
        "clusterClass": lang.say_with("cluster-class", &args([("class", "{class}")])),
        "changed": lang.say_with("live-changed", &args([("name", "{name}"), ("value", "{value}")])),
        "changes": lang.say_with("live-changes", &count),
        "zoomIn": lang.say("zoom-in"),
        "zoomOut": lang.say("zoom-out"),
        "toProvince": lang.say("to-province"),
        "mapFailed": lang.say("map-failed"),
        "map": lang.say("map"),
    })
}
