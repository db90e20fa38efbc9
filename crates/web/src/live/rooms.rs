//! The listeners: who hears what, each with a queue that cannot grow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use dinh_access::{Audience, Sight};
use dinh_model::Tenant;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::message::RESET;

/// Messages that wait for one listener. One who is further behind misses some and is told so.
const QUEUE: usize = 64;

/// The listeners of all provinces.
#[derive(Debug, Default)]
pub(super) struct Rooms(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    listeners: HashMap<Tenant, HashMap<Audience, Room>>,
    /// Nothing will be told any more.
    closed: bool,
}

/// The listeners of a province who see the same, so that what they hear is made once.
#[derive(Debug)]
struct Room {
    sight: Arc<Sight>,
    listeners: Vec<Listener>,
}

#[derive(Debug)]
struct Listener {
    layers: Vec<String>,
    queue: Sender<Bytes>,
    has_missed: bool,
}

impl Listener {
    /// False once nobody listens any more.
    fn tell(&mut self, message: &Bytes) -> bool {
        if self.has_missed {
            match self.queue.try_send(RESET) {
                Ok(()) => self.has_missed = false,
                Err(TrySendError::Full(_)) => return true,
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        match self.queue.try_send(message.clone()) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                metrics::counter!("dinh_live_missed_total").increment(1);
                self.has_missed = true;
                true
            }
            Err(TrySendError::Closed(_)) => false,
        }
    }
}

/// What one moment has brought: messages by layer, and the position that closes it.
#[derive(Debug, Default)]
pub(super) struct Moment {
    pub(super) by_layer: Vec<(String, Bytes)>,
    pub(super) position: Bytes,
}

impl Rooms {
    /// Adds a listener to some layers of a province, who sees so much of it. Once the rooms are closed, there is nothing to hear.
    pub(super) fn enter(&self, tenant: &Tenant, sight: &Arc<Sight>, layers: Vec<String>) -> Receiver<Bytes> {
        let (queue, messages) = mpsc::channel(QUEUE);
        let listener = Listener { layers, queue, has_missed: false };
        let mut inside = self.lock();
        if !inside.closed {
            let rooms = inside.listeners.entry(tenant.clone()).or_default();
            let room = rooms.entry(sight.audience());
            let room = room.or_insert_with(|| Room { sight: Arc::clone(sight), listeners: Vec::new() });
            room.listeners.push(listener);
        }
        messages
    }

    /// Sends everybody home: each hears what was told before, and then the end.
    pub(super) fn close(&self) {
        *self.lock() = Inside { listeners: HashMap::new(), closed: true };
    }

    /// The provinces with somebody listening.
    pub(super) fn tenants(&self) -> Vec<Tenant> {
        let inside = self.lock();
        inside.listeners.keys().cloned().collect()
    }

    /// What those who listen in a province see: each different sight once.
    pub(super) fn sights(&self, tenant: &Tenant) -> Vec<Arc<Sight>> {
        let inside = self.lock();
        let rooms = inside.listeners.get(tenant);
        rooms.into_iter().flat_map(HashMap::values).map(|room| Arc::clone(&room.sight)).collect()
    }

    /// True if somebody of an audience listens to a layer.
    pub(super) fn wants(&self, tenant: &Tenant, audience: &Audience, layer: &str) -> bool {
        let inside = self.lock();
        let room = inside.listeners.get(tenant).and_then(|rooms| rooms.get(audience));
        room.is_some_and(|room| room.listeners.iter().any(|l| l.layers.iter().any(|own| own == layer)))
    }

    /// Tells an audience in a province what concerns them of a moment.
    pub(super) fn tell_moment(&self, tenant: &Tenant, audience: &Audience, moment: &Moment) {
        self.each(tenant, Some(audience), |listener| {
            let mine = moment.by_layer.iter().filter(|(layer, _)| listener.layers.contains(layer));
            let messages: Vec<&Bytes> = mine.map(|(_, message)| message).collect();
            messages.is_empty()
                || (messages.into_iter().all(|message| listener.tell(message))
                    && listener.tell(&moment.position))
        });
    }

    /// Tells everybody in a province the same.
    pub(super) fn tell(&self, tenant: &Tenant, message: &Bytes) {
        self.each(tenant, None, |listener| listener.tell(message));
    }

    /// Speaks to the listeners of an audience, or of all; rooms that have emptied are shut.
    fn each(
        &self,
        tenant: &Tenant,
        audience: Option<&Audience>,
        mut tell: impl FnMut(&mut Listener) -> bool,
    ) {
        let mut inside = self.lock();
        let Some(rooms) = inside.listeners.get_mut(tenant) else { return };
        rooms.retain(|own, room| {
            if audience.is_none_or(|audience| audience == own) {
                room.listeners.retain_mut(|listener| tell(listener));
            }
            !room.listeners.is_empty()
        });
        if rooms.is_empty() {
            inside.listeners.remove(tenant);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    fn everything() -> Arc<Sight> {
        Arc::new(Sight::EVERYTHING)
    }

    fn moment(layer: &str, text: &'static str) -> Moment {
        Moment { by_layer: vec![(layer.to_owned(), message(text))], position: message("id") }
    }

    #[test]
    fn listeners_hear_their_layers_only() {
        let (rooms, hue, all) =
            (Rooms::default(), Tenant::parse("hue").unwrap(), Sight::EVERYTHING.audience());
        let mut rain = rooms.enter(&hue, &everything(), vec!["rain".to_owned()]);
        let mut bus = rooms.enter(&hue, &everything(), vec!["bus".to_owned()]);
        assert!(rooms.wants(&hue, &all, "rain") && !rooms.wants(&hue, &all, "tide"));
        rooms.tell_moment(&hue, &all, &moment("rain", "r"));
        assert_eq!(rain.try_recv().unwrap(), "r");
        assert_eq!(rain.try_recv().unwrap(), "id");
        assert!(bus.try_recv().is_err());
        drop(bus);
        rooms.tell(&hue, &message(":"));
        assert!(!rooms.wants(&hue, &all, "bus"));
        rooms.tell(&Tenant::parse("other").unwrap(), &message(":"));
        assert_eq!(rain.try_recv().unwrap(), ":");
    }

    #[test]
    fn closed_rooms_end_what_was_heard_and_let_nobody_in() {
        let (rooms, hue) = (Rooms::default(), Tenant::parse("hue").unwrap());
        let mut early = rooms.enter(&hue, &everything(), vec!["rain".to_owned()]);
        rooms.tell(&hue, &message("last"));
        rooms.close();
        assert_eq!(early.try_recv().unwrap(), "last");
        assert_eq!(early.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
        let mut late = rooms.enter(&hue, &everything(), vec!["rain".to_owned()]);
        assert_eq!(late.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
    }

    #[test]
    fn who_is_too_slow_is_told_to_fetch_again() {
        let (rooms, hue) = (Rooms::default(), Tenant::parse("hue").unwrap());
        let mut slow = rooms.enter(&hue, &everything(), vec!["rain".to_owned()]);
        for _ in 0..QUEUE + 5 {
            rooms.tell(&hue, &message("x"));
        }
        for _ in 0..QUEUE {
            assert_eq!(slow.try_recv().unwrap(), "x");
        }
        assert!(slow.try_recv().is_err());
        rooms.tell(&hue, &message("y"));
        assert_eq!(slow.try_recv().unwrap(), RESET);
        assert_eq!(slow.try_recv().unwrap(), "y");
    }
}
