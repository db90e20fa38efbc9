//! The layers with their legends, as the operations page lists them.

use dinh_ngsild::query::EntityQuery;

use super::fault::Fault;
use super::list::of_types;
use super::present::{class_sign, layer_sign};
use super::view;
use super::visitor::Visitor;
use crate::layers::Layer;
use crate::look;

/// The layers of the province by group; `on` are shown.
pub(super) async fn groups(visitor: &Visitor, on: &[&Layer]) -> Result<Vec<view::Group>, Fault> {
    let app = visitor.app.clone();
    let mut groups: Vec<view::Group> = Vec::new();
    for layer in app.display().layers.of(&visitor.province.tenant) {
        let query = EntityQuery {
            types: Some(of_types(layer)),
            attrs: vec![layer.geometry.clone()],
            ..EntityQuery::default()
        };
        let count = visitor.session.count(query).await.map_err(|e| Fault::of(visitor.taste, e))?;
        let title = visitor.title(&layer.group);
        let index = groups.iter().position(|group| group.title == title).unwrap_or_else(|| {
            groups.push(view::Group { title: title.to_owned(), layers: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(index) {
            group.layers.push(entry(visitor, layer, count, on));
        }
    }
    Ok(groups)
}

fn entry(visitor: &Visitor, layer: &Layer, count: u64, on: &[&Layer]) -> view::Layer {
    let is_on = on.iter().any(|other| other.id == layer.id);
    #[expect(clippy::cast_precision_loss, reason = "a count of entities is far below 2^52")]
    let count = look::number(count as f64, Some(0), visitor.lang());
    view::Layer {
        id: layer.id.clone(),
        title: visitor.title(&layer.title).to_owned(),
        note: visitor.title(&layer.note).to_owned(),
        sign: layer_sign(layer),
        count,
        on: is_on,
        chosen: is_on && on.len() == 1,
        unit: layer.value.as_ref().map(|value| value.unit.clone()).unwrap_or_default(),
        classes: layer
            .classes
            .iter()
            .enumerate()
            .map(|(index, class)| view::Class {
                sign: class_sign(layer, index, class),
                title: visitor.title(&class.title).to_owned(),
            })
            .collect(),
    }
}
