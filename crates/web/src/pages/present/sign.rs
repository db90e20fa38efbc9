//! Signs with the classes that the colour sheet of the province knows.

use crate::layers::{Class, Item, Layer, Shape};
use crate::pages::view;
use dinh_model::Timestamp;

/// The sign of a layer as a whole.
pub(crate) fn layer_sign(layer: &Layer) -> view::Sign {
    make(layer, None, None, false)
}

/// The sign of a class in a legend.
pub(crate) fn class_sign(layer: &Layer, index: usize, class: &Class) -> view::Sign {
    make(layer, Some(class), Some(index), false)
}

/// The sign of an item.
pub(crate) fn item_sign(layer: &Layer, item: &Item, now: Timestamp) -> view::Sign {
    make(layer, item.class_in(layer), item.class.map(usize::from), item.is_stale(layer, now))
}

fn make(layer: &Layer, class: Option<&Class>, index: Option<usize>, stale: bool) -> view::Sign {
    let area = layer.shape != Shape::Point;
    let sign = class.map_or(layer.sign, |class| class.sign);
    let index = index.map_or_else(|| "x".to_owned(), |index| index.to_string());
    view::Sign {
        path: match layer.shape {
            Shape::Point => sign.path(),
            Shape::Line => "M2 15c4-9 8 2 16-10",
            Shape::Polygon => "M3 5l8-2l6 5l-2 9l-9-1z",
        },
        class: format!("c-{}-{index}", layer.id),
        stale,
        area,
    }
}
