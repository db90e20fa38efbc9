//! The rows of the list.

use dinh_model::Entity;

use super::columns::columns;
use super::find::{Found, MAX_PAGE, PAGE, Wanted};
use crate::layers::{Item, ItemValue, Layer, name_of};
use crate::look;
use crate::pages::asked::Asked;
use crate::pages::present::{age, item_sign, shown};
use crate::pages::view::{Cell, Filter, List, Row};
use crate::pages::visitor::Visitor;
use crate::words::{Args, args};

/// The list as it is shown.
pub(crate) fn make(visitor: &Visitor, asked: &Asked, wanted: &Wanted<'_>, found: &Found<'_>) -> List {
    let address = |asked: &Asked| format!("{}{}", visitor.href("list"), asked.query());
    let pages = found.total.div_ceil(PAGE).clamp(1, MAX_PAGE);
    let turn = |page: u64| {
        let page = if page > 1 { Some(page.to_string()) } else { None };
        address(&asked.with("page", page.as_deref()))
    };
    let first = (wanted.page - 1) * PAGE + 1;
    let is_alone = wanted.layers.len() == 1;
    let selected = asked.get("sel");
    List {
        caption: visitor.lang().say("list-caption"),
        columns: columns(visitor, asked, wanted),
        rows: found
            .entities
            .iter()
            .map(|(layer, stored)| {
                let mut row = row(visitor, layer, &stored.entity);
                row.selected = selected == Some(row.eid.as_str());
                row.cells = if is_alone { cells(visitor, layer, &stored.entity) } else { Vec::new() };
                row
            })
            .collect(),
        shows_type: !is_alone,
        filters: filters(visitor, asked, wanted),
        bbox: asked.get("bbox").filter(|_| wanted.bbox.is_some()).map(str::to_owned),
        from: first,
        to: first + (found.entities.len() as u64).saturating_sub(1),
        total: found.total,
        at_most: found.at_most,
        unsorted: found.unsorted,
        page: wanted.page,
        pages,
        previous_href: (wanted.page > 1).then(|| turn(wanted.page - 1)),
        next_href: (wanted.page < pages).then(|| turn(wanted.page + 1)),
    }
}

/// One entity of a layer.
pub(crate) fn row(visitor: &Visitor, layer: &Layer, entity: &Entity) -> Row {
    let lang = visitor.lang();
    let item = Item::new(layer, entity);
    let class = item.class_in(layer);
    Row {
        eid: entity.id.to_string(),
        href: visitor.entity_href(entity.id.as_str()),
        layer: layer.id.clone(),
        sign: item_sign(layer, &item, visitor.now),
        name: name_of(entity, &layer.label, lang).to_string(),
        type_title: visitor.title(&layer.title).to_owned(),
        value: value_text(visitor, layer, &item),
        class_title: class.map(|class| visitor.title(&class.title).to_owned()).unwrap_or_default(),
        has_value: layer.value.is_some(),
        // Without a value there is nothing to be old.
        age: item.value.as_ref().map(|_| age(item.at.or(Some(entity.modified_at)), visitor.now, lang)),
        replay: item
            .replay_of
            .map(|at| lang.say_with("replayed-of", &args([("when", look::date_time(at, lang))]))),
        selected: false,
        cells: Vec::new(),
    }
}

/// The layer's value of an item, with its unit.
pub(crate) fn value_text(visitor: &Visitor, layer: &Layer, item: &Item) -> Option<String> {
    let value = layer.value.as_ref()?;
    Some(match item.value.as_ref()? {
        ItemValue::Number(number) => {
            look::with_unit(&look::number(*number, value.digits, visitor.lang()), Some(&value.unit))
        }
        ItemValue::Text(text) => visitor.voice(&layer.types).word(text),
    })
}

fn cells(visitor: &Visitor, layer: &Layer, entity: &Entity) -> Vec<Cell> {
    let lang = visitor.lang();
    let cell = |column: &crate::layers::Column| {
        let right = column.digits.is_some();
        let attribute = entity.attribute(column.attribute.as_str());
        let text = attribute.and_then(|attribute| match (attribute.number(), column.digits) {
            (Some(number), Some(digits)) => Some(look::number(number, Some(digits), lang)),
            _ => shown(attribute, None, visitor.voice(&entity.types)).map(|s| s.text),
        });
        Cell { text: text.unwrap_or_default(), right }
    };
    layer.columns.iter().map(cell).collect()
}

fn filters(visitor: &Visitor, asked: &Asked, wanted: &Wanted<'_>) -> Vec<Filter> {
    let without = |name: &str| format!("{}{}", visitor.href("list"), asked.with(name, None).query());
    let mut filters = Vec::new();
    if let Some(words) = &wanted.words {
        let args: Args<'_> = args([("words", words.clone())]);
        filters.push(Filter { title: visitor.lang().say_with("filter-words", &args), href: without("q") });
    }
    if wanted.bbox.is_some() {
        filters.push(Filter { title: visitor.lang().say("filter-box"), href: without("bbox") });
    }
    filters
}
