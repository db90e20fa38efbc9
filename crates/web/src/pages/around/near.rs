//! What of a layer is near a place.

use dinh_context::graph::{AreaQuery, Bounds};
use dinh_model::{Entity, Geometry};
use dinh_ngsild::query::metres_between;
use geo::Point as GeoPoint;

use crate::layers::{Around, ChartKind, Item, Layer, Shape, name_of};
use crate::look;
use crate::look::chart::{Chart, Kind, Threshold, Width, draw, thin};
use crate::pages::entity::{Span, is_exercise, read_series};
use crate::pages::fault::Fault;
use crate::pages::list::value_text;
use crate::pages::present::{age, item_sign, shown, title_of};
use crate::pages::view::{Age, Card, Measure, Near, NearChart};
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Most entities compared by distance.
const MOST: usize = 3_000;
/// Metres of a degree of latitude.
const DEGREE: f64 = 111_320.0;
/// Values drawn in a small chart.
const POINTS: usize = 120;

/// The answer of one layer.
pub(super) async fn card(
    visitor: &Visitor,
    layer: &Layer,
    around: &Around,
    (lon, lat): (f64, f64),
) -> Result<Card, Fault> {
    let reach = around.within / DEGREE;
    let wide = reach / lat.to_radians().cos().max(0.1);
    let query = AreaQuery {
        bounds: Bounds { west: lon - wide, south: lat - reach, east: lon + wide, north: lat + reach },
        types: layer.types.clone(),
        property: layer.geometry.clone(),
        limit: MOST,
    };
    let area = match layer.shape {
        Shape::Point => visitor.session.points_in(&query).await,
        Shape::Line | Shape::Polygon => visitor.session.shapes_in(&query).await,
    };
    let area = area.map_err(|e| Fault::of(visitor.taste, e))?;
    let here = Geometry::Point(GeoPoint::new(lon, lat));
    let mut found: Vec<(f64, &Entity)> = area
        .entities
        .iter()
        // Exercises are for those who take part in them; the public must not mistake one for a flood.
        .filter(|stored| layer.holds(&stored.entity) && !is_exercise(&stored.entity))
        .filter_map(|stored| {
            let shape = stored.entity.geometry(layer.geometry.as_str())?.shape()?;
            let metres = metres_between(&here, &shape, None);
            (metres <= around.within).then_some((metres, &*stored.entity))
        })
        .collect();
    // The nearest first, but a station without a value says nothing.
    let has_value = |entity: &Entity| Item::new(layer, entity).value.is_some();
    if layer.value.is_some() && found.iter().any(|(_, entity)| has_value(entity)) {
        found.retain(|(_, entity)| has_value(entity));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut items = Vec::new();
    for (metres, entity) in found.into_iter().take(around.limit) {
        let with_chart = around.chart && items.is_empty();
        items.push(near(visitor, layer, around, entity, metres, with_chart).await?);
    }
    let none = visitor.title(&around.none);
    Ok(Card {
        id: layer.id.clone(),
        title: visitor.title(&around.title).to_owned(),
        none: if none.is_empty() { visitor.lang().say("around-nothing") } else { none.to_owned() },
        items,
    })
}

async fn near(
    visitor: &Visitor,
    layer: &Layer,
    around: &Around,
    entity: &Entity,
    metres: f64,
    with_chart: bool,
) -> Result<Near, Fault> {
    let lang = visitor.lang();
    let item = Item::new(layer, entity);
    let chart = if with_chart { chart(visitor, layer, entity).await? } else { None };
    let has_value = layer.value.is_none() || item.value.is_some();
    Ok(Near {
        href: visitor.entity_href(entity.id.as_str()),
        name: name_of(entity, &layer.label, lang).to_string(),
        distance: distance(metres, visitor),
        values: values(visitor, layer, around, entity, &item),
        class_title: item.class_in(layer).map(|class| visitor.title(&class.title).to_owned()),
        sign: item_sign(layer, &item, visitor.now),
        chart,
        age: has_value.then(|| match item.at {
            Some(at) => age(Some(at), visitor.now, lang),
            None => recorded(visitor, entity),
        }),
        source: crate::pages::entity::provider(entity),
        stale: has_value && item.is_stale(layer, visitor.now),
        replay: item
            .replay_of
            .map(|at| lang.say_with("replayed-of", &args([("when", look::date_time(at, lang))]))),
    })
}

/// The age of what was not measured at a known time: that of its record, which must not pass for one of the value.
fn recorded(visitor: &Visitor, entity: &Entity) -> Age {
    let lang = visitor.lang();
    let told = age(Some(entity.modified_at), visitor.now, lang);
    let text = lang.say_with("age-recorded", &args([("age", told.text.clone())]));
    Age { text, ..told }
}

fn values(visitor: &Visitor, layer: &Layer, around: &Around, entity: &Entity, item: &Item) -> Vec<Measure> {
    let types = visitor.app.context.types();
    let title = |name: &str| title_of(types.attribute(&entity.types, name), name, visitor.lang());
    let own = layer.value.as_ref().zip(value_text(visitor, layer, item));
    let mut values: Vec<Measure> = own
        .map(|(value, text)| Measure { title: title(value.attribute.as_str()), text })
        .into_iter()
        .collect();
    for term in &around.attributes {
        let kind = types.attribute(&entity.types, term.as_str());
        if let Some(attribute) = entity.attribute(term.as_str())
            && let Some(shown) = shown(attribute, kind, visitor.voice(&entity.types))
        {
            values.push(Measure { title: title(term.as_str()), text: shown.text });
        }
    }
    values
}

async fn chart(visitor: &Visitor, layer: &Layer, entity: &Entity) -> Result<Option<NearChart>, Fault> {
    let Some(value) = &layer.value else { return Ok(None) };
    let lang = visitor.lang();
    let from = visitor.now.plus_micros(-Span::Day.micros());
    let points =
        read_series(&visitor.session, &entity.id, &value.attribute, from, visitor.now.plus_micros(1))
            .await
            .map_err(|e| Fault::of(visitor.taste, e))?;
    // A chart of nothing but zeros says less than the word beside it.
    let is_flat = value.chart == ChartKind::Bars && points.iter().all(|point| point.value == 0.0);
    if points.len() < 2 || is_flat {
        return Ok(None);
    }
    let points = thin(points, POINTS);
    let measure = title_of(
        visitor.app.context.types().attribute(&entity.types, value.attribute.as_str()),
        value.attribute.as_str(),
        lang,
    );
    let title = lang.say_with("around-chart", &args([("measure", measure)]));
    let thresholds: Vec<Threshold> = layer
        .thresholds
        .iter()
        .filter_map(|threshold| {
            let told = threshold.attribute.as_ref().and_then(|a| entity.attribute(a.as_str())?.number());
            let name = visitor.title(&threshold.title).to_owned();
            Some(Threshold { value: told.or(threshold.value)?, name, tone: threshold.tone })
        })
        .collect();
    let svg = draw(&Chart {
        lang,
        kind: if value.chart == ChartKind::Bars { Kind::Bars } else { Kind::Line },
        points: &points,
        from,
        to: visitor.now,
        longest_join: 3 * 3_600_000_000,
        thresholds: &thresholds,
        unit: &value.unit,
        description: &title,
        width: Width::Narrow,
    });
    Ok(Some(NearChart { title, svg }))
}

fn distance(metres: f64, visitor: &Visitor) -> String {
    let lang = visitor.lang();
    if metres < 950.0 {
        let n = look::number((metres / 10.0).round() * 10.0, Some(0), lang);
        return lang.say_with("around-distance-m", &args([("n", n)]));
    }
    let km = metres / 1000.0;
    let n = look::number(km, Some(u8::from(km < 10.0)), lang);
    lang.say_with("around-distance-km", &args([("n", n)]))
}
