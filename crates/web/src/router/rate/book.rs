//! Who has asked how much lately. Bounded: who has not asked for longest is forgotten first.

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_access::Principal;
use dinh_model::Timestamp;
use ipnet::IpNet;
use lru::LruCache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::bucket::Bucket;
use crate::settings::{Budget, RateSettings};

/// Whose budget is spent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Spender {
    /// Somebody who has shown who they are.
    Known(Box<str>),
    /// Everybody of one network. One machine holds a whole /48 easily, or moves about in it.
    Network(IpNet),
}

impl Spender {
    /// True for somebody who has shown who they are.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Whoever `principal` is, asking from `sender`.
    pub(crate) fn of(principal: Option<&Principal>, sender: IpAddr) -> Self {
        match principal {
            Some(known @ (Principal::Operator(_) | Principal::System(_))) => {
                Self::Known(known.to_string().into())
            }
            // An account without a name is nobody in particular.
            Some(known @ Principal::Account(account)) if !account.id.is_empty() => {
                Self::Known(known.to_string().into())
            }
            _ => Self::Network(network(sender)),
        }
    }
}

fn network(address: IpAddr) -> IpNet {
    let bits = if address.is_ipv4() { 24 } else { 48 };
    IpNet::new(address, bits).map_or(IpNet::from(address), |network| network.trunc())
}

/// What a request does to the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Write,
}

/// Why a request must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// The budget is spent.
    Spent { budget: Budget },
    /// So many requests of this caller are under way.
    Crowded { most: u32 },
}

/// What is left to one caller.
struct Account {
    reads: Bucket,
    writes: Bucket,
    places: Arc<Semaphore>,
}

/// Who has asked how much lately. Cheap to clone.
#[derive(Clone)]
pub(in crate::router) struct Book {
    settings: RateSettings,
    accounts: Arc<Mutex<LruCache<Spender, Account>>>,
}

impl Book {
    pub(in crate::router) fn new(settings: RateSettings) -> Self {
        let most = NonZeroUsize::try_from(settings.callers).unwrap_or(NonZeroUsize::MIN);
        Self { settings, accounts: Arc::new(Mutex::new(LruCache::new(most))) }
    }

    /// True if this machine's own requests are counted too.
    pub(super) fn counts_this_machine(&self) -> bool {
        self.settings.this_machine
    }

    /// A place for one request, held until it is answered.
    pub(super) fn admit(
        &self,
        spender: Spender,
        kind: Kind,
        now: Timestamp,
    ) -> Result<OwnedSemaphorePermit, Wait> {
        let (reads, writes, most) = self.allowed(&spender);
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.get_or_insert_mut(spender, || Account {
            reads: Bucket::full(reads, now),
            writes: Bucket::full(writes, now),
            places: Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS))),
        });
        let (bucket, budget) = match kind {
            Kind::Read => (&mut account.reads, reads),
            Kind::Write => (&mut account.writes, writes),
        };
        if !bucket.take(budget, now) {
            return Err(Wait::Spent { budget });
        }
        Arc::clone(&account.places).try_acquire_owned().map_err(|_full| Wait::Crowded { most })
    }

    fn allowed(&self, spender: &Spender) -> (Budget, Budget, u32) {
        let RateSettings { reads, writes, concurrent, known_times, .. } = self.settings;
        match spender {
            Spender::Known(_) => (
                reads.times(known_times),
                writes.times(known_times),
                concurrent.saturating_mul(known_times).get(),
            ),
            Spender::Network(_) => (reads, writes, concurrent.get()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn n(number: u32) -> NonZeroU32 {
        NonZeroU32::new(number).unwrap()
    }

    fn book() -> Book {
        let budget = Budget { per_second: n(1), burst: n(2) };
        let settings = RateSettings {
            reads: budget,
            writes: budget,
            concurrent: n(3),
            live: n(1),
            known_times: n(2),
            callers: n(2),
            this_machine: false,
        };
        Book::new(settings)
    }

    fn stranger(address: &str) -> Spender {
        Spender::of(Some(&Principal::Anonymous), address.parse().unwrap())
    }

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    #[test]
    fn neighbours_share_and_others_do_not() {
        assert_eq!(stranger("203.0.113.7"), stranger("203.0.113.250"));
        assert_ne!(stranger("203.0.113.7"), stranger("203.0.114.7"));
        assert_eq!(stranger("2001:db8:1:2::3"), stranger("2001:db8:1:9::8"));
        assert_ne!(stranger("2001:db8:1::1"), stranger("2001:db8:2::1"));
        let key = Principal::Operator("key".into());
        let known = |address: &str| Spender::of(Some(&key), address.parse().unwrap());
        assert_eq!(known("203.0.113.7"), known("198.51.100.1"));
        assert_ne!(known("203.0.113.7"), stranger("203.0.113.7"));
    }

    #[test]
    fn reads_and_writes_are_counted_apart_and_the_known_have_more() {
        let book = book();
        let ok = |spender: &Spender, kind| book.admit(spender.clone(), kind, NOW).is_ok();
        let here = stranger("203.0.113.7");
        assert_eq!([(); 3].map(|()| ok(&here, Kind::Read)), [true, true, false]);
        assert_eq!([(); 3].map(|()| ok(&here, Kind::Write)), [true, true, false]);
        let known = Spender::Known("operator:key".into());
        assert_eq!([(); 5].map(|()| ok(&known, Kind::Write)), [true, true, true, true, false]);
    }

    #[test]
    fn places_are_given_back() {
        let book = Book::new(RateSettings { concurrent: n(1), ..RateSettings::default() });
        let admit = || book.admit(stranger("203.0.113.7"), Kind::Read, NOW);
        let first = admit().unwrap();
        assert_eq!(admit().err(), Some(Wait::Crowded { most: 1 }));
        drop(first);
        assert!(admit().is_ok());
    }

    #[test]
    fn who_has_not_asked_for_longest_is_forgotten() {
        let book = book();
        for third in 0..200 {
            drop(book.admit(stranger(&format!("203.0.{third}.1")), Kind::Read, NOW));
        }
        assert_eq!(book.accounts.lock().unwrap().len(), 2);
    }
}
