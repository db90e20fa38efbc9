//! The history of an attribute: chart, title that says the finding, and the same numbers as a table.

use dinh_context::schema::AttributeType;
use dinh_model::{Attribute, Entity, Term, Value};
use serde_json::json;

use super::series::{Span, read_series};
use crate::layers::{ChartKind, Layer};
use crate::look::chart::{Chart, Kind, Point, Threshold, Width, draw, thin};
use crate::look::{self};
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::present::{number_of_digits, title_of};
use crate::pages::view::{Choice, History, HistoryPoint};
use crate::pages::visitor::Visitor;
use crate::words::{Args, Lang};

/// Most points drawn and listed.
const MOST: usize = 400;
/// Values further apart than so many usual intervals are not joined.
const GAP: i64 = 3;
/// Shortest gap, in microseconds: sources are never on time to the second.
const SHORTEST_GAP: i64 = 600_000_000;
const MILLIMETRES: &str = "MMT";

/// True if a value is observed: only those have a history worth a chart.
pub(super) fn has_history(attribute: &Attribute) -> bool {
    attribute.observed_at.is_some() && matches!(&attribute.value, Value::Property(json) if json.is_number())
}

/// What is drawn.
struct Measured<'a> {
    entity: &'a Entity,
    name: String,
    term: Term,
    kind: Option<&'a AttributeType>,
    layer: Option<&'a Layer>,
}

/// The history of the attribute asked for, or else of the layer's value, or else of the first that has one.
pub(super) async fn history(
    visitor: &Visitor,
    asked: &Asked,
    entity: &Entity,
    layer: Option<&Layer>,
    entity_name: &str,
    in_panel: bool,
) -> Result<Option<History>, Fault> {
    let mut observed: Vec<&Term> = entity
        .attributes
        .iter()
        .filter(|(_, instances)| instances.iter().any(has_history))
        .map(|(name, _)| name)
        .collect();
    let wanted = asked.get("attr");
    let usual = layer.and_then(|layer| layer.value.as_ref()).map(|value| &value.attribute);
    observed.sort_by_key(|term| Some(*term) != usual);
    let chosen = observed.iter().find(|term| wanted == Some(short(term))).or_else(|| observed.first());
    let Some(term) = chosen else { return Ok(None) };
    let span = asked.get("range").and_then(Span::from_name).unwrap_or(Span::Day);
    let measured = Measured {
        entity,
        name: entity_name.to_owned(),
        term: (*term).clone(),
        kind: visitor.app.context.types().attribute(&entity.types, term.as_str()),
        layer: layer.filter(|_| Some(*term) == usual),
    };
    let to = visitor.now.plus_micros(1);
    let from = visitor.now.plus_micros(-span.micros());
    let points = read_series(&visitor.session, &entity.id, term, from, to)
        .await
        .map_err(|e| Fault::of(visitor.taste, e))?;
    let mut history = make(visitor, &measured, points, span, in_panel);
    let address = |attr: &str, span: Span| {
        format!("{}?attr={attr}&range={}", visitor.entity_href(entity.id.as_str()), span.name())
    };
    history.ranges = Span::ALL
        .map(|other| Choice {
            id: other.name().to_owned(),
            href: address(short(term), other),
            title: span_title(other, visitor.lang()),
            current: other == span,
        })
        .into();
    history.attributes = observed
        .iter()
        .map(|other| Choice {
            id: short(other).to_owned(),
            href: address(short(other), span),
            title: title_of(
                visitor.app.context.types().attribute(&entity.types, other.as_str()),
                other.as_str(),
                visitor.lang(),
            ),
            current: other == term,
        })
        .collect();
    Ok(Some(history))
}

fn make(
    visitor: &Visitor,
    measured: &Measured<'_>,
    points: Vec<Point>,
    span: Span,
    in_panel: bool,
) -> History {
    let lang = visitor.lang();
    let measure = title_of(measured.kind, measured.term.as_str(), lang);
    let digits = measured
        .layer
        .and_then(|l| l.value.as_ref()?.digits)
        .unwrap_or_else(|| number_of_digits(measured.kind));
    let unit = unit(measured);
    let thresholds = thresholds(visitor, measured);
    let total = points.len();
    let join = longest_join(&points);
    let points = thin(points, MOST);
    // Of a thinned series two values of each stretch are left, which may be two stretches apart.
    let join = if total > points.len() { join.max(4 * span.micros() / to_i64(points.len())) } else { join };
    let kind = chart_kind(measured);
    let mut args = Args::new();
    args.set("measure", measure.clone());
    args.set("name", measured.name.clone());
    args.set("span", span_title(span, lang));
    let title = title(lang, args, &points, &thresholds, |value| {
        look::with_unit(&look::number(value, Some(digits), lang), Some(&unit))
    });
    let (from, to) = (visitor.now.plus_micros(-span.micros()), visitor.now);
    let svg = draw(&Chart {
        lang,
        kind,
        points: &points,
        from,
        to,
        longest_join: join,
        thresholds: &thresholds,
        unit: &unit,
        description: &title,
        width: if in_panel { Width::Narrow } else { Width::Page },
    });
    let marks: Vec<_> =
        thresholds.iter().map(|t| json!({"value": t.value, "name": t.name, "tone": t.tone})).collect();
    History {
        kind: if kind == Kind::Bars { "bars" } else { "line" },
        attribute: short(&measured.term).to_owned(),
        measure: if unit.is_empty() { measure } else { format!("{measure} ({unit})") },
        attributes: Vec::new(),
        ranges: Vec::new(),
        title,
        svg,
        source_line: source_line(visitor, measured, &points, total),
        digits,
        join_seconds: join / 1_000_000,
        from: from.as_micros() / 1_000_000,
        to: to.as_micros() / 1_000_000,
        thresholds: serde_json::Value::from(marks).to_string(),
        count: points.len(),
        points: points.iter().rev().map(|p| row(p, digits, lang)).collect(),
        unit,
    }
}

fn row(point: &Point, digits: u8, lang: Lang) -> HistoryPoint {
    HistoryPoint {
        iso: point.at.to_string(),
        time: look::date_time(point.at, lang),
        value: look::number(point.value, Some(digits), lang),
        raw: point.value,
    }
}

fn unit(measured: &Measured<'_>) -> String {
    if let Some(value) = measured.layer.and_then(|layer| layer.value.as_ref()) {
        return value.unit.clone();
    }
    let declared = measured.kind.and_then(|kind| kind.unit.as_ref()).map(|unit| unit.symbol.clone());
    let code = measured.entity.attribute(measured.term.as_str()).and_then(|a| a.unit_code.clone());
    declared.or_else(|| code.map(|code| look::symbol(&code).to_owned())).unwrap_or_default()
}

/// Amounts of rain stand on zero as bars, even where no layer says so.
fn chart_kind(measured: &Measured<'_>) -> Kind {
    let by_layer = measured.layer.and_then(|layer| layer.value.as_ref()).map(|value| value.chart);
    let is_amount =
        measured.kind.and_then(|kind| kind.unit.as_ref()).is_some_and(|unit| unit.code == MILLIMETRES);
    if by_layer == Some(ChartKind::Bars) || is_amount { Kind::Bars } else { Kind::Line }
}

fn thresholds(visitor: &Visitor, measured: &Measured<'_>) -> Vec<Threshold> {
    let of_layer = measured.layer.into_iter().flat_map(|layer| &layer.thresholds);
    let mut all: Vec<Threshold> = of_layer
        .filter_map(|threshold| {
            let told =
                threshold.attribute.as_ref().and_then(|a| measured.entity.attribute(a.as_str())?.number());
            let name = visitor.title(&threshold.title).to_owned();
            Some(Threshold { value: told.or(threshold.value)?, name, tone: threshold.tone })
        })
        .collect();
    all.sort_by(|a, b| a.value.total_cmp(&b.value));
    all
}

/// Values are joined by a line if they are not further apart than a few usual intervals.
fn longest_join(points: &[Point]) -> i64 {
    let mut steps: Vec<i64> =
        points.iter().zip(points.iter().skip(1)).map(|(a, b)| b.at.micros_since(a.at)).collect();
    steps.sort_unstable();
    let usual = steps.get(steps.len() / 2).copied().unwrap_or(0);
    usual.saturating_mul(GAP).max(SHORTEST_GAP)
}

fn to_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).max(1)
}

/// The finding: how high the values went, and past which threshold; or the question, where there is none.
fn title(
    lang: Lang,
    mut args: Args<'_>,
    points: &[Point],
    thresholds: &[Threshold],
    written: impl Fn(f64) -> String,
) -> String {
    let Some(highest) = points.iter().map(|p| p.value).max_by(f64::total_cmp) else {
        return lang.say_with("chart-title", &args);
    };
    args.set("value", written(highest));
    let crossed = thresholds.iter().rev().find(|t| t.value <= highest);
    let next = thresholds.iter().find(|t| t.value > highest);
    match (crossed, next) {
        (Some(threshold), _) => {
            args.set("threshold", threshold.name.clone());
            lang.say_with("chart-title-crossed", &args)
        }
        (None, Some(threshold)) => {
            args.set("threshold", threshold.name.clone());
            lang.say_with("chart-title-below", &args)
        }
        (None, None) => lang.say_with("chart-title", &args),
    }
}

fn source_line(visitor: &Visitor, measured: &Measured<'_>, points: &[Point], total: usize) -> String {
    let lang = visitor.lang();
    let mut args = Args::new();
    let provider = super::page::provider(measured.entity).unwrap_or_default();
    args.set("source", if provider.is_empty() { lang.say("source-unknown") } else { provider });
    let newest = points.last().map(|p| look::date_time(p.at, lang)).unwrap_or_default();
    args.set("when", newest);
    args.set("count", u32::try_from(total).unwrap_or(u32::MAX));
    if total > points.len() {
        lang.say_with("chart-source-thinned", &args)
    } else {
        lang.say_with("chart-source", &args)
    }
}

fn span_title(span: Span, lang: Lang) -> String {
    match span {
        Span::Day => lang.say("span-day"),
        Span::Week => lang.say("span-week"),
        Span::Month => lang.say("span-month"),
        Span::Year => lang.say("span-year"),
    }
}

fn short(term: &Term) -> &str {
    term.as_str().rsplit(['/', '#']).next().unwrap_or(term.as_str())
}
