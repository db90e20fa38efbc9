//! The headings of the list, each a link that sorts by it.

use super::find::{By, Wanted};
use crate::pages::asked::Asked;
use crate::pages::view::Column;
use crate::pages::visitor::Visitor;

/// The headings. Columns of a layer's own are shown when it is listed alone.
pub(super) fn columns(visitor: &Visitor, asked: &Asked, wanted: &Wanted<'_>) -> Vec<Column> {
    let lang = visitor.lang();
    // What words find comes best first.
    let can_sort = wanted.words.is_none();
    let column = |title: String, name: &str, by: By, right: bool| {
        let is_this = wanted.sort.by == by && can_sort;
        let descending = is_this && !wanted.sort.descending;
        let target = if descending { format!("-{name}") } else { name.to_owned() };
        Column {
            title,
            href: can_sort
                .then(|| format!("{}{}", visitor.href("list"), asked.with("sort", Some(&target)).query())),
            sorted: is_this.then_some(if wanted.sort.descending { "descending" } else { "ascending" }),
            right,
        }
    };
    let mut columns = vec![
        column(lang.say("column-name"), "name", By::Name, false),
        column(lang.say("column-value"), "value", By::Value, true),
        Column { href: None, ..column(lang.say("column-class"), "class", By::Name, false) },
        column(lang.say("column-age"), "at", By::At, false),
    ];
    if let Some(class) = columns.get_mut(2) {
        class.sorted = None;
    }
    if let [layer] = wanted.layers[..] {
        columns.extend(layer.columns.iter().map(|own| {
            let right = own.digits.is_some();
            column(visitor.title(&own.title).to_owned(), &own.name, By::Column(own.name.clone()), right)
        }));
    }
    columns
}
