//! The body of a notification (clauses 5.3.1 and 5.8.6).

use std::collections::BTreeMap;

use dinh_model::{Attribute, Change, ChangeKind, Entity, Iri, Term, Timestamp};

use super::{Accept, Subscription};
use crate::context::Context;
use crate::linked::Linked;
use crate::vocabulary::{ID, location};
use crate::write::{Extra, Languages, Object, Writer, feature_collection, header, in_order, instances};

/// An entity to tell of, and the change that calls for it.
#[derive(Clone, Copy, Debug)]
pub struct NotificationItem<'a> {
    /// The entity after the change, or before it if the change deletes it.
    pub entity: &'a Entity,
    /// The change; none in periodic notifications.
    pub change: Option<&'a Change>,
}

/// A notification to write.
#[derive(Clone, Copy, Debug)]
pub struct Notification<'a> {
    /// Its URI.
    pub id: &'a Iri,
    /// What it answers.
    pub subscription: &'a Subscription,
    /// When it is made.
    pub at: Timestamp,
    /// Shortens names: the context of the subscription.
    pub context: &'a Context,
    /// Content of `@context` members, where the media type wants them: JSON, as it is to appear.
    pub embed_context: &'a str,
    /// The entities that those told of link to, if the subscription wants them.
    pub linked: Option<&'a Linked<'a>>,
}

impl Notification<'_> {
    /// Appends the body.
    pub fn write(&self, out: &mut Vec<u8>, items: &[NotificationItem<'_>]) {
        let params = &self.subscription.notification;
        let languages = self.subscription.lang.as_deref().and_then(|lang| Languages::parse(lang).ok());
        let mut writer = Writer::new(self.context).represented(params.representation());
        writer.sys_attrs = params.sys_attrs == Some(true);
        writer.pick = params.pick.as_ref();
        writer.omit = params.omit.as_ref();
        writer.attrs = params.attributes.as_ref();
        writer.languages = languages.as_ref();
        writer.dataset_ids = &self.subscription.dataset_ids;
        let accept = params.endpoint.accept();
        let embeds = match accept {
            Accept::Json => false,
            Accept::JsonLd => true,
            Accept::GeoJson => !params.endpoint.prefers_plain_body(),
        };
        writer.embed_context = embeds.then_some(self.embed_context);
        let mut object = Object::open(out);
        object.text("id", self.id.as_str());
        object.text("type", "Notification");
        object.text("subscriptionId", self.subscription.id.as_str());
        object.instant("notifiedAt", self.at);
        let data = object.member("data");
        if let (Some(join), Some(linked)) = (&params.join, self.linked) {
            self.joined(&writer, data, items, (join, linked));
        } else if accept == Accept::GeoJson {
            feature_collection(&writer, data, items.iter().map(|item| item.entity), &location());
        } else {
            data.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    data.push(b',');
                }
                self.item(&writer, data, item);
            }
            data.push(b']');
        }
        object.close();
    }

    pub(super) fn item(&self, writer: &Writer<'_>, out: &mut Vec<u8>, item: &NotificationItem<'_>) {
        let gone = item.change.filter(|change| change.kind == ChangeKind::Deleted);
        let mut object = Object::open(out);
        if writer.shows(ID) {
            object.text("id", item.entity.id.as_str());
        }
        header(writer, &mut object, item.entity);
        if let Some(change) = gone {
            object.instant("deletedAt", change.at);
        }
        let told = match gone {
            Some(change) => self.gone(item.entity, change.at),
            None => self.told(writer, item),
        };
        let mut shown: Vec<_> = told
            .iter()
            .filter(|(name, told)| writer.shows(name.as_str()) && !told.is_empty())
            .map(|(name, told)| (writer.context.compact(name), told))
            .collect();
        shown.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (short, told) in shown {
            instances(writer, object.member(&short), told);
        }
        if let Some(context) = writer.embed_context {
            object.raw("@context", context);
        }
        object.close();
    }

    /// The attributes as they are, with what they were and with those that went.
    fn told<'e>(&self, writer: &Writer<'_>, item: &NotificationItem<'e>) -> Told<'e> {
        let mut told: Told<'e> = item
            .entity
            .attributes
            .iter()
            .map(|(name, all)| {
                let all = in_order(writer.dataset_ids, all).map(|instance| (instance, Extra::default()));
                (name, all.collect())
            })
            .collect();
        let Some(change) = item.change else { return told };
        for attribute in &change.attributes {
            let before = attribute.before.as_ref();
            if let (true, Some(before)) = (self.subscription.tells_deletion(attribute), before) {
                let wanted =
                    writer.dataset_ids.is_empty() || writer.dataset_ids.contains(&attribute.dataset_id);
                let list = told.entry(&attribute.name).or_default();
                // Of several instances that all went, one stands for all, unless each has a value to show.
                let one_is_enough = !self.shows_changes()
                    && !item.entity.attributes.contains_key(&attribute.name)
                    && !list.is_empty();
                if wanted && !one_is_enough {
                    list.push((before, self.extra_of_deleted(before, change.at)));
                }
            } else if let (true, Some(before)) = (self.shows_changes(), before)
                && let Some(list) = told.get_mut(&attribute.name)
            {
                for (instance, extra) in list.iter_mut().filter(|(i, _)| i.dataset_id == attribute.dataset_id)
                {
                    debug_assert_eq!(instance.dataset_id, before.dataset_id);
                    extra.previous = Some(&before.value);
                }
            }
        }
        told
    }

    /// The attributes of an entity that went: all with what they were, or the watched ones by name, or none.
    fn gone<'e>(&self, entity: &'e Entity, at: Timestamp) -> Told<'e> {
        let all = self.shows_changes();
        let watched = self.subscription.notices(ChangeKind::Deleted);
        let names = entity
            .attributes
            .iter()
            .filter(|(name, _)| all || (watched && self.subscription.watches(name.as_str())));
        names
            .map(|(name, instances)| {
                let mut told: Vec<_> = instances
                    .iter()
                    .map(|instance| (instance, self.extra_of_deleted(instance, at)))
                    .collect();
                if !all {
                    told.truncate(1);
                }
                (name, told)
            })
            .collect()
    }

    fn shows_changes(&self) -> bool {
        self.subscription.notification.show_changes == Some(true)
    }

    fn extra_of_deleted<'e>(&self, before: &'e Attribute, at: Timestamp) -> Extra<'e> {
        Extra {
            previous: self.shows_changes().then_some(&before.value),
            deleted: true,
            deleted_at: (self.subscription.notification.sys_attrs == Some(true)).then_some(at),
            instance_id: None,
        }
    }
}

type Told<'e> = BTreeMap<&'e Term, Vec<(&'e Attribute, Extra<'e>)>>;
