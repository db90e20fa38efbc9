//! Signs with the classes that the colour sheet of the province knows.

use crate::layers::{Class, Item, Layer, Shape};
use crate::pages::view;
use dinh_model::Timestamp;

/// The sign of a layer as a whole.
pub(crate) fn layer_sign(layer: &Layer) -> view::Sign {
    make(layer, None, "x", false)
}

/// The sign of a class in a legend.
pub(crate) fn class_sign(layer: &Layer, index: usize, class: &Class) -> view::Sign {
    make(layer, Some(class), &index.to_string(), false)
}

/// The sign of an item. Without a class it is grey: it must not borrow the colour of one.
pub(crate) fn item_sign(layer: &Layer, item: &Item, now: Timestamp) -> view::Sign {
    let class = item.class.map_or_else(|| "none".to_owned(), |class| class.to_string());
    make(layer, item.class_in(layer), &class, item.is_stale(layer, now))
}

fn make(layer: &Layer, class: Option<&Class>, name: &str, stale: bool) -> view::Sign {
    let area = layer.shape != Shape::Point;
    let sign = class.map_or(layer.sign, |class| class.sign);
    view::Sign {
        path: match layer.shape {
            Shape::Point => sign.path(),
            Shape::Line => "M2 15c4-9 8 2 16-10",
            Shape::Polygon => "M3 5l8-2l6 5l-2 9l-9-1z",
        },
        class: format!("c-{}-{name}", layer.id),
        stale,
        area,
    }
}
