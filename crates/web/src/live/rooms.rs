//! The listeners: who hears what, each with a queue that cannot grow.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
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
    listeners: HashMap<Tenant, Vec<Listener>>,
    /// Nothing will be told any more.
    closed: bool,
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
    /// Adds a listener to some layers of a province. Once the rooms are closed, there is nothing to hear.
    pub(super) fn enter(&self, tenant: &Tenant, layers: Vec<String>) -> Receiver<Bytes> {
        let (queue, messages) = mpsc::channel(QUEUE);
        let listener = Listener { layers, queue, has_missed: false };
        let mut inside = self.lock();
        if !inside.closed {
            inside.listeners.entry(tenant.clone()).or_default().push(listener);
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
        let some = inside.listeners.iter().filter(|(_, all)| !all.is_empty());
        some.map(|(tenant, _)| tenant.clone()).collect()
    }

    /// True if somebody listens to a layer.
    pub(super) fn wants(&self, tenant: &Tenant, layer: &str) -> bool {
        let inside = self.lock();
        let all = inside.listeners.get(tenant);
        all.is_some_and(|all| all.iter().any(|l| l.layers.iter().any(|own| own == layer)))
    }

    /// Tells everybody in a province what concerns them of a moment.
    pub(super) fn tell_moment(&self, tenant: &Tenant, moment: &Moment) {
        self.each(tenant, |listener| {
            let mine = moment.by_layer.iter().filter(|(layer, _)| listener.layers.contains(layer));
            let messages: Vec<&Bytes> = mine.map(|(_, message)| message).collect();
            messages.is_empty()
                || (messages.into_iter().all(|message| listener.tell(message))
                    && listener.tell(&moment.position))
        });
    }

    /// Tells everybody in a province the same.
    pub(super) fn tell(&self, tenant: &Tenant, message: &Bytes) {
        self.each(tenant, |listener| listener.tell(message));
    }

    fn each(&self, tenant: &Tenant, mut tell: impl FnMut(&mut Listener) -> bool) {
        if let Some(all) = self.lock().listeners.get_mut(tenant) {
            all.retain_mut(|listener| tell(listener));
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

    fn moment(layer: &str, text: &'static str) -> Moment {
        Moment { by_layer: vec![(layer.to_owned(), message(text))], position: message("id") }
    }

    #[test]
    fn listeners_hear_their_layers_only() {
        let (rooms, hue) = (Rooms::default(), Tenant::parse("hue").unwrap());
        let mut rain = rooms.enter(&hue, vec!["rain".to_owned()]);
        let mut bus = rooms.enter(&hue, vec!["bus".to_owned()]);
        assert!(rooms.wants(&hue, "rain") && !rooms.wants(&hue, "tide"));
        rooms.tell_moment(&hue, &moment("rain", "r"));
        assert_eq!(rain.try_recv().unwrap(), "r");
        assert_eq!(rain.try_recv().unwrap(), "id");
        assert!(bus.try_recv().is_err());
        drop(bus);
        rooms.tell(&hue, &message(":"));
        assert!(!rooms.wants(&hue, "bus"));
        rooms.tell(&Tenant::parse("other").unwrap(), &message(":"));
        assert_eq!(rain.try_recv().unwrap(), ":");
    }

    #[test]
    fn closed_rooms_end_what_was_heard_and_let_nobody_in() {
        let (rooms, hue) = (Rooms::default(), Tenant::parse("hue").unwrap());
        let mut early = rooms.enter(&hue, vec!["rain".to_owned()]);
        rooms.tell(&hue, &message("last"));
        rooms.close();
        assert_eq!(early.try_recv().unwrap(), "last");
        assert_eq!(early.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
        let mut late = rooms.enter(&hue, vec!["rain".to_owned()]);
        assert_eq!(late.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
    }

    #[test]
    fn who_is_too_slow_is_told_to_fetch_again() {
        let (rooms, hue) = (Rooms::default(), Tenant::parse("hue").unwrap());
        let mut slow = rooms.enter(&hue, vec!["rain".to_owned()]);
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
