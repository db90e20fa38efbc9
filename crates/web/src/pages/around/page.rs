//! `GET /{tenant}/quanh-toi`.

use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::near::card;
use super::place::{Named, commune_at, communes, find, in_sentence, today};
use crate::layers::Layer;
use crate::look;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::view::{self, PlaceChoice};
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Places suggested before anything is typed.
const SUGGESTED: usize = 8;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    around: view::Around,
}

/// The question, the places to choose from, or the answer.
pub(crate) async fn around(visitor: Visitor) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let start_href = visitor.href("quanh-toi");
    let typed = asked.get("place").map(str::trim).filter(|text| !text.is_empty()).unwrap_or_default();
    let typed: String = typed.chars().take(200).collect();
    let mut around = view::Around {
        start_href: start_href.clone(),
        place: typed.clone(),
        problem: None,
        choices_title: String::new(),
        choices: Vec::new(),
        result: None,
    };
    let name = asked.get("name").map(|name| name.chars().take(120).collect::<String>());
    if let Some(place) = asked.place() {
        around.result = Some(answer(&visitor, place, name).await?);
    } else if typed.is_empty() {
        suggest(&visitor, &mut around).await?;
    } else {
        let found = find(&visitor, &typed).await.map_err(|e| Fault::of(visitor.taste, e))?;
        match &found[..] {
            [] => {
                let mut args = args([("place", typed)]);
                args.set("province", visitor.title(&visitor.province.title).to_owned());
                around.problem = Some(visitor.lang().say_with("around-not-found", &args));
                suggest(&visitor, &mut around).await?;
            }
            [one] => {
                around.result = Some(answer(&visitor, (one.lon, one.lat), Some(one.name.clone())).await?);
            }
            several => {
                around.choices_title = visitor.lang().say("around-which");
                around.choices = several.iter().map(|named| choice(&start_href, named)).collect();
            }
        }
    }
    let title =
        around.result.as_ref().map_or_else(|| visitor.lang().say("around-title"), |r| r.title.clone());
    let values = Values { page: frame(&visitor, title, Here::Around, ""), around };
    Ok(page(&visitor, "around.html", values)?.into_response())
}

async fn suggest(visitor: &Visitor, around: &mut view::Around) -> Result<(), Fault> {
    let register = visitor.session.units().await.map_err(|e| Fault::of(visitor.taste, e))?;
    let named = communes(&register, today(visitor), visitor.lang());
    // The middle of the province is where most people live: its communes are suggested.
    let [lon, lat] = visitor.province.center;
    let mut near: Vec<&Named> = named.iter().collect();
    near.sort_by(|a, b| {
        let away = |n: &Named| (n.lon - lon).hypot(n.lat - lat);
        away(a).total_cmp(&away(b))
    });
    around.choices_title = visitor.lang().say("around-suggestions");
    around.choices =
        near.into_iter().take(SUGGESTED).map(|named| choice(&around.start_href, named)).collect();
    Ok(())
}

fn choice(start: &str, named: &Named) -> PlaceChoice {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("lon", &format!("{:.5}", named.lon))
        .append_pair("lat", &format!("{:.5}", named.lat))
        .append_pair("name", &named.name)
        .finish();
    PlaceChoice { href: format!("{start}?{query}"), name: named.name.clone(), note: named.note.clone() }
}

async fn answer(
    visitor: &Visitor,
    (lon, lat): (f64, f64),
    name: Option<String>,
) -> Result<view::AroundResult, Fault> {
    let lang = visitor.lang();
    let register = visitor.session.units().await.map_err(|e| Fault::of(visitor.taste, e))?;
    let commune = commune_at(&register, lon, lat, today(visitor), lang);
    let mut layers: Vec<&Layer> = visitor
        .app
        .display()
        .layers
        .of(&visitor.province.tenant)
        .filter(|layer| layer.around.is_some())
        .collect();
    layers.sort_by_key(|layer| layer.around.as_ref().map_or(u32::MAX, |around| around.order));
    let mut cards = Vec::new();
    for layer in layers {
        if let Some(around) = &layer.around {
            cards.push(card(visitor, layer, around, (lon, lat)).await?);
        }
    }
    let called = name.or_else(|| commune.clone()).unwrap_or_else(|| look::coordinates(lon, lat, lang));
    let said = match &commune {
        // Whoever asked for a commune by its name knows where that is.
        Some(commune) if *commune == called => String::new(),
        Some(commune) => lang.say_with("around-in", &args([("commune", in_sentence(commune, lang))])),
        None => lang.say("around-outside"),
    };
    Ok(view::AroundResult {
        title: lang.say_with("around-of", &args([("place", in_sentence(&called, lang))])),
        r#where: said,
        cards,
        map_href: format!("{}?lon={lon:.5}&lat={lat:.5}&z=13", visitor.href("")),
    })
}
