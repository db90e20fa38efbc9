//! Notifications with the entities that relationships lead to (clauses 4.5.23 and 5.8.6).

use std::collections::HashSet;

use dinh_model::Entity;
use serde_json::Value as Json;

use super::{Accept, Notification, NotificationItem, Subscription};
use crate::linked::{Inline, Join, Linked, Place, Shown};
use crate::vocabulary::location;
use crate::write::{Object, Representation, Writer, feature, push_array};

impl Subscription {
    /// What is shown of the entities told of.
    fn shown(&self) -> Shown<'_> {
        Shown { pick: self.notification.pick.as_ref(), omit: self.notification.omit.as_ref() }
    }

    /// Where the links of entities that are told of lead, if the subscription wants to know, and how many levels deep.
    pub fn links_of(&self, entities: &[&Entity]) -> Option<(Linked<'_>, usize)> {
        let join = self.notification.join.as_ref()?;
        Some((Linked::begin(entities, HashSet::new(), self.shown(), &self.dataset_ids), join.levels))
    }
}

impl Notification<'_> {
    /// Appends what is told, with linked entities beside or inside it.
    pub(super) fn joined(
        &self,
        writer: &Writer<'_>,
        out: &mut Vec<u8>,
        items: &[NotificationItem<'_>],
        (join, linked): (&Join, &Linked<'_>),
    ) {
        let is_geojson = self.subscription.notification.endpoint.accept() == Accept::GeoJson;
        // The @context of features stands once, beside all of them.
        let embed = writer.embed_context.filter(|_| !is_geojson);
        let root = Writer { embed_context: embed, ..*writer };
        let one = |out: &mut Vec<u8>, item: &NotificationItem<'_>| match is_geojson {
            true => feature(&root, out, item.entity, &location()),
            false => self.item(&root, out, item),
        };
        let all = |out: &mut Vec<u8>| match join.place {
            Place::Flat => {
                let linked = linked.in_order.iter().map(|(entity, shown)| Told::Linked(entity, *shown));
                push_array(out, items.iter().map(Told::Item).chain(linked), |out, told| match told {
                    Told::Item(item) => one(out, item),
                    Told::Linked(entity, shown) => {
                        let writer = behind(&root, shown);
                        match is_geojson {
                            true => feature(&writer, out, entity, &location()),
                            false => writer.entity(out, entity),
                        }
                    }
                });
            }
            Place::Inline => push_array(out, items, |out, item| {
                let write = |entity: &Entity, shown: Shown<'_>, is_root: bool| {
                    let mut bytes = Vec::new();
                    match is_root {
                        true => one(&mut bytes, item),
                        false => {
                            let inner = Writer { embed_context: None, ..behind(&root, shown) };
                            inner.entity(&mut bytes, entity);
                        }
                    }
                    bytes
                };
                let replaces = root.representation == Representation::Simplified;
                let inline =
                    Inline { linked, context: root.context, replaces, features: is_geojson, write: &write };
                let json: Json = inline.of(item.entity, self.subscription.shown(), join.levels);
                out.extend_from_slice(json.to_string().as_bytes());
            }),
        };
        if !is_geojson {
            return all(out);
        }
        let mut object = Object::open(out);
        object.text("type", "FeatureCollection");
        all(object.member("features"));
        if let Some(context) = writer.embed_context {
            object.raw("@context", context);
        }
        object.close();
    }
}

/// An entity in a flat list.
enum Told<'t> {
    Item(&'t NotificationItem<'t>),
    Linked(&'t Entity, Shown<'t>),
}

/// How an entity behind a relationship is written: with what is shown there.
fn behind<'w>(writer: &Writer<'w>, shown: Shown<'w>) -> Writer<'w> {
    Writer { pick: shown.pick, omit: shown.omit, attrs: None, ..*writer }
}
