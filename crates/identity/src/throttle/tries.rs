//! Counts attempts by name and by network.

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use dinh_model::Timestamp;
use ipnet::IpNet;
use lru::LruCache;

use super::Tries;
use super::delay::Pace;
use super::network::network_of;
use crate::secret::Digest;

/// Names and networks that are counted, of each; those longest unused are forgotten first. What counts against
/// accounts is kept in the store as well.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(100_000).expect("not zero");

/// Counts attempts.
pub(crate) struct Throttle {
    names: Mutex<LruCache<Digest, Tries>>,
    networks: Mutex<LruCache<IpNet, Tries>>,
}

/// An attempt that may be made.
#[derive(Debug)]
pub(crate) struct Admitted {
    name: Digest,
    network: Option<IpNet>,
    /// Failures of the name before it.
    pub(crate) before: u32,
}

impl Default for Throttle {
    fn default() -> Self {
        let networks = Mutex::new(LruCache::new(REMEMBERED));
        Self { names: Mutex::new(LruCache::new(REMEMBERED)), networks }
    }
}

impl Throttle {
    /// True if the failures of `name` are in memory; otherwise what is kept of them comes with [`Throttle::admit`].
    pub(crate) fn knows(&self, name: &Digest) -> bool {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).contains(name)
    }

    /// What counts against a name at this moment.
    pub(crate) fn tries(&self, name: &Digest) -> Tries {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).peek(name).copied().unwrap_or_default()
    }

    /// Counts an attempt, or says until when to wait.
    pub(crate) fn admit(
        &self,
        name: &Digest,
        kept: Option<Tries>,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Admitted, Timestamp> {
        let network = address.map(network_of);
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        let of_name = names.get(name).copied().or(kept).unwrap_or_default();
        let of_network = network.and_then(|network| networks.get(&network).copied()).unwrap_or_default();
        let wait = of_name.wait_until(Pace::NAME, now).max(of_network.wait_until(Pace::NETWORK, now));
        if let Some(until) = wait {
            return Err(until);
        }
        names.put(name.clone(), of_name.another(now));
        if let Some(network) = network {
            networks.put(network, of_network.another(now));
        }
        Ok(Admitted { name: name.clone(), network, before: of_name.failures })
    }

    /// The attempt was right: its name is free again, and its network has one failure less. (Not none: whoever owns
    /// one account could otherwise go on for ever against others.)
    pub(crate) fn forgive(&self, admitted: &Admitted) {
        self.names
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .put(admitted.name.clone(), Tries::default());
        if let Some(network) = &admitted.network {
            let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(tries) = networks.get_mut(network) {
                *tries = tries.one_less();
            }
        }
    }

    /// Frees a name: its holder has shown by other means who they are.
    pub(crate) fn clear(&self, name: &Digest) {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).put(name.clone(), Tries::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::InstallationKey;

    const SECOND: i64 = 1_000_000;

    fn name(n: usize) -> Digest {
        InstallationKey::new([1; 32]).unwrap().digest("email", &n.to_string())
    }

    #[test]
    fn a_name_waits_longer_and_longer_from_wherever_it_is_tried() {
        let throttle = Throttle::default();
        let mut now = Timestamp::from_micros(0);
        for attempt in 0_u8..6 {
            let address = IpAddr::from([10, attempt, 0, 1]);
            throttle.admit(&name(1), None, Some(address), now).unwrap();
        }
        let until = throttle.admit(&name(1), None, None, now).unwrap_err();
        assert_eq!(until, Timestamp::from_micros(2 * SECOND));
        now = until;
        let right = throttle.admit(&name(1), None, None, now).unwrap();
        assert!(throttle.admit(&name(1), None, None, now).is_err(), "another while the first is looked at");
        throttle.forgive(&right);
        throttle.admit(&name(1), None, None, now).unwrap();
    }

    #[test]
    fn a_network_waits_whatever_names_it_tries_and_one_right_password_does_not_clear_it() {
        let throttle = Throttle::default();
        let now = Timestamp::from_micros(0);
        for attempt in 0..50_u8 {
            let address = IpAddr::from([10, 0, 0, attempt]);
            throttle.admit(&name(attempt.into()), None, Some(address), now).unwrap();
        }
        let own = throttle.admit(&name(500), None, Some(IpAddr::from([10, 0, 0, 99])), now).unwrap();
        throttle.forgive(&own);
        throttle.admit(&name(501), None, Some(IpAddr::from([10, 0, 0, 7])), now).unwrap();
        assert!(throttle.admit(&name(502), None, Some(IpAddr::from([10, 0, 0, 7])), now).is_err());
        throttle.admit(&name(502), None, Some(IpAddr::from([10, 0, 1, 7])), now).unwrap();
    }

    #[test]
    fn what_was_kept_counts_after_a_restart() {
        let throttle = Throttle::default();
        let kept = Tries { failures: 20, last: 0 };
        assert!(!throttle.knows(&name(1)));
        let until = throttle.admit(&name(1), Some(kept), None, Timestamp::from_micros(1)).unwrap_err();
        assert_eq!(until, Timestamp::from_micros(900 * SECOND));
    }
}
