//! How subscriptions stand with their notifications: for those who look after them.

use dinh_access::Action;
use dinh_model::Timestamp;
use dinh_ngsild::subscription::Subscription;
use url::Url;

use super::entry::{Counters, Entry};
use super::keeper::is_of;
use super::{Shared, Subscriptions};
use crate::owner::Halt;
use crate::{Error, Session};

/// What stands for the part of an address that others need not know.
const REST: &str = "/…";

/// What waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Nothing.
    Nothing,
    /// So many changes that may concern it.
    Changes(usize),
    /// More than fit into its queue: so many changes of the feed are still to be looked through.
    ToRead(u64),
}

/// A subscription with everything that is known of its notifications.
#[derive(Clone)]
pub struct Standing {
    /// What was asked for. Of somebody else's, without the secrets that are sent along and with the host of the endpoint alone.
    pub subscription: Subscription,
    /// True if it is the session's own.
    pub own: bool,
    /// What has become of its notifications.
    pub counters: Counters,
    /// Why it tells nothing although nobody has paused it.
    pub halted: Option<Halt>,
    /// What waits.
    pub waiting: Waiting,
    /// When the next attempt is made, after one that has failed.
    pub next_try: Option<Timestamp>,
    /// How many changes of the feed are still to be looked through of what was asked for again.
    pub again: Option<u64>,
}

impl Subscriptions {
    /// A page of the subscriptions of the session's tenant that are its own, by identifier, and how many there are in all;
    /// whoever runs the house, and administrators, see everybody's. With `troubled` only those that fail or have something
    /// waiting.
    ///
    /// # Errors
    /// Whoever asks may not read here.
    pub async fn standings(
        &self,
        session: &Session,
        troubled: bool,
        (offset, limit): (usize, usize),
    ) -> Result<(Vec<Standing>, usize), Error> {
        session.may_read()?;
        let administers = session.may(Action::Administer).is_ok();
        let mut all = self.0.book.of(session.tenant());
        all.retain(|entry| (administers || is_of(entry, session)) && (!troubled || entry.is_troubled()));
        let mut page = Vec::new();
        for entry in all.iter().skip(offset).take(limit) {
            page.push(standing(&self.0, entry, is_of(entry, session)).await);
        }
        Ok((page, all.len()))
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none that the session may know of.
    pub async fn standing(&self, session: &Session, id: &str) -> Result<Standing, Error> {
        session.may_read()?;
        let administers = session.may(Action::Administer).is_ok();
        let found = self.0.book.get(session.tenant(), id);
        let found = found.filter(|entry| administers || is_of(entry, session));
        let entry = found.ok_or_else(|| Error::NoSubscription(id.to_owned()))?;
        Ok(standing(&self.0, &entry, is_of(&entry, session)).await)
    }
}

impl Entry {
    /// True if its last notification failed, or something waits.
    fn is_troubled(&self) -> bool {
        let state = self.lock();
        state.counters.deliveries.is_failing() || state.behind || !state.queue.is_empty()
    }
}

async fn standing(shared: &Shared, entry: &Entry, own: bool) -> Standing {
    let mut subscription = entry.subscription.clone();
    let mut counters = entry.counters();
    if !own {
        let endpoint = &mut subscription.notification.endpoint;
        endpoint.uri = host_of(&endpoint.uri);
        endpoint.receiver_info.clear();
        endpoint.notifier_info.clear();
        counters.last_error = counters.last_error.filter(|said| !said.contains("://"));
    }
    let halted = shared.reading_of(entry).await.err();
    let state = entry.lock();
    let waiting = if state.behind || state.turn.is_some() {
        let head = shared.store.head(&shared.feed);
        Waiting::ToRead(head.saturating_sub(state.turn.unwrap_or(state.position)))
    } else if state.queue.is_empty() {
        Waiting::Nothing
    } else {
        Waiting::Changes(state.queue.len())
    };
    Standing {
        subscription,
        own,
        counters,
        halted,
        waiting,
        next_try: state.next_try,
        again: state.again_left(),
    }
}

/// The host of an address: what follows may be a secret, and so may what stands before it.
fn host_of(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return REST.to_owned() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{REST}", url.scheme(), url.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_the_host_alone_is_told() {
        for (address, told) in [
            ("https://hooks.example/services/T0/B0/secret?key=1", "https://hooks.example/…"),
            ("mqtts://user:word@broker.example:8883/topic", "mqtts://broker.example:8883/…"),
            ("nonsense", "/…"),
        ] {
            assert_eq!(host_of(address), told);
        }
    }
}
