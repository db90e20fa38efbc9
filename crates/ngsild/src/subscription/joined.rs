//! Notifications with the entities that relationships lead to (clauses 4.5.23 and 5.8.6).

use std::collections::HashSet;

use dinh_model::Entity;

use super::{Accept, Notification, NotificationItem, Subscription};
use crate::linked::{Inline, Join, Linked, Place, Shown};
use crate::vocabulary::location;
use crate::write::{Object, Representation, Writer, feature};

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
        let embed_context = writer.embed_context.filter(|_| !is_geojson);
        let root = Writer { embed_context, ..*writer };
        let told = Told { notification: self, root, is_geojson, linked };
        if !is_geojson {
            return told.all(out, items, join);
        }
        let mut object = Object::open(out);
        object.text("type", "FeatureCollection");
        told.all(object.member("features"), items, join);
        if let Some(context) = writer.embed_context {
            object.raw("@context", context);
        }
        object.close();
    }
}

/// What is told, with what it links to.
struct Told<'n> {
    notification: &'n Notification<'n>,
    /// Writes the entities told of.
    root: Writer<'n>,
    is_geojson: bool,
    linked: &'n Linked<'n>,
}

impl Told<'_> {
    fn all(&self, out: &mut Vec<u8>, items: &[NotificationItem<'_>], join: &Join) {
        out.push(b'[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            match join.place {
                Place::Flat => self.one(out, item),
                Place::Inline => self.inline(out, item, join.levels),
            }
        }
        if join.place == Place::Flat {
            for (entity, shown) in &self.linked.in_order {
                out.push(b',');
                self.behind(out, entity, *shown);
            }
        }
        out.push(b']');
    }

    /// An entity told of.
    fn one(&self, out: &mut Vec<u8>, item: &NotificationItem<'_>) {
        if self.is_geojson {
            feature(&self.root, out, item.entity, &location());
        } else {
            self.notification.item(&self.root, out, item);
        }
    }

    /// An entity in the list that is linked.
    fn behind(&self, out: &mut Vec<u8>, entity: &Entity, shown: Shown<'_>) {
        let writer = behind(&self.root, shown);
        if self.is_geojson {
            feature(&writer, out, entity, &location());
        } else {
            writer.entity(out, entity);
        }
    }

    /// An entity told of with those that it links to inside.
    fn inline(&self, out: &mut Vec<u8>, item: &NotificationItem<'_>, levels: usize) {
        let write = |entity: &Entity, shown: Shown<'_>, is_root: bool| {
            let mut bytes = Vec::new();
            if is_root {
                self.one(&mut bytes, item);
            } else {
                let inner = Writer { embed_context: None, ..behind(&self.root, shown) };
                inner.entity(&mut bytes, entity);
            }
            bytes
        };
        let inline = Inline {
            linked: self.linked,
            context: self.root.context,
            replaces: self.root.representation == Representation::Simplified,
            features: self.is_geojson,
            write: &write,
        };
        let shown = self.notification.subscription.shown();
        out.extend_from_slice(inline.of(item.entity, shown, levels).to_string().as_bytes());
    }
}

/// How an entity behind a relationship is written: with what is shown there.
fn behind<'w>(writer: &Writer<'w>, shown: Shown<'w>) -> Writer<'w> {
    Writer { pick: shown.pick, omit: shown.omit, attrs: None, ..*writer }
}
