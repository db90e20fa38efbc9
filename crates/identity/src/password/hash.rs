//! How passwords are kept: hashed with Argon2id (RFC 9106), a few at once, on threads of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::Error;
use crate::entropy::{Entropy, fresh};

/// What a hash costs whoever computes it. The default is what OWASP recommends at least (Password Storage Cheat Sheet,
/// 2025): 19 MiB, two passes, one lane. Hashes made at another cost stay good and are made anew at the next sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// How many hashes are computed at once; each takes its memory.
    pub at_once: usize,
    /// How many may wait for that; more are refused.
    pub waiting: usize,
}

impl Default for Cost {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1, at_once: 4, waiting: 256 }
    }
}

/// Computes and checks hashes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hasher(Arc<Inner>);

struct Inner {
    argon: Argon2<'static>,
    cost: Cost,
    turns: Semaphore,
    waiting: AtomicUsize,
    entropy: Arc<dyn Entropy>,
    /// The hash of a password that nobody knows: checked where there is none, so that it takes as long.
    nobody: String,
}

/// What came of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, but its hash was made at another cost.
    Outdated,
}

impl Hasher {
    pub(crate) fn new(cost: Cost, entropy: Arc<dyn Entropy>) -> Result<Self, Error> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
            .map_err(|error| Error::Settings(format!("passwords: {error}")))?;
        if cost.at_once == 0 {
            return Err(Error::Settings("passwords.at_once: at least 1".to_owned()));
        }
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon, &fresh::<32>(entropy.as_ref())?, &fresh(entropy.as_ref())?)?;
        let turns = Semaphore::new(cost.at_once);
        Ok(Self(Arc::new(Inner { argon, cost, turns, waiting: AtomicUsize::new(0), entropy, nobody })))
    }

    /// The PHC string of a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Error> {
        let salt: [u8; 16] = fresh(self.0.entropy.as_ref())?;
        self.in_turn(move |inner| hash(&inner.argon, password.as_bytes(), &salt)).await
    }

    /// Checks a password against the hash that is kept. Without one it is wrong, and takes as long.
    pub(crate) async fn verify(&self, password: String, kept: Option<String>) -> Result<Verdict, Error> {
        self.in_turn(move |inner| {
            let Ok(parsed) = PasswordHash::new(kept.as_deref().unwrap_or(&inner.nobody)) else {
                return Err(Error::Damaged("a password hash cannot be read".to_owned()));
            };
            let right = inner.argon.verify_password(password.as_bytes(), &parsed).is_ok();
            let current = Params::try_from(&parsed).is_ok_and(|params| {
                let own = inner.argon.params();
                (params.m_cost(), params.t_cost(), params.p_cost())
                    == (own.m_cost(), own.t_cost(), own.p_cost())
            });
            Ok(match (right && kept.is_some(), current) {
                (false, _) => Verdict::Wrong,
                (true, true) => Verdict::Right,
                (true, false) => Verdict::Outdated,
            })
        })
        .await
    }

    /// Does `work` on a thread for blocking work, when it is its turn.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let inner = &self.0;
        if inner.waiting.fetch_add(1, Ordering::Relaxed) >= inner.cost.waiting + inner.cost.at_once {
            inner.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::Busy { most: inner.cost.waiting });
        }
        // Counted down also when the caller goes away while waiting.
        let _counted = Counted(&inner.waiting);
        let _turn =
            inner.turns.acquire().await.map_err(|_closed| Error::Busy { most: inner.cost.waiting })?;
        let owned = Arc::clone(inner);
        let done = tokio::task::spawn_blocking(move || work(&owned)).await;
        done.map_err(|error| Error::Damaged(format!("a password could not be checked: {error}")))?
    }
}

struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hash(argon: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<String, Error> {
    let made = argon.hash_password_with_salt(password, salt);
    Ok(made.map_err(|error| Error::Damaged(format!("a password could not be hashed: {error}")))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    fn hasher(cost: Cost) -> Hasher {
        Hasher::new(cost, Arc::new(SystemEntropy::new())).unwrap()
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only_and_an_old_cost_is_noticed() {
        let cheap = hasher(Cost { memory_kib: 64, passes: 1, ..Cost::default() });
        let kept = cheap.hash("bảy quả ổi treo".into()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{kept}");
        assert_ne!(kept, cheap.hash("bảy quả ổi treo".into()).await.unwrap(), "salted");
        let verify = |hasher: &Hasher, password: &str, kept: Option<&str>| {
            let (hasher, password, kept) = (hasher.clone(), password.to_owned(), kept.map(str::to_owned));
            async move { hasher.verify(password, kept).await.unwrap() }
        };
        assert_eq!(verify(&cheap, "bảy quả ổi treo", Some(&kept)).await, Verdict::Right);
        assert_eq!(verify(&cheap, "bay qua oi treo", Some(&kept)).await, Verdict::Wrong);
        assert_eq!(verify(&cheap, "bảy quả ổi treo", None).await, Verdict::Wrong);
        let dear = hasher(Cost { memory_kib: 128, passes: 1, ..Cost::default() });
        assert_eq!(verify(&dear, "bảy quả ổi treo", Some(&kept)).await, Verdict::Outdated);
        assert_eq!(verify(&dear, "sai", Some(&kept)).await, Verdict::Wrong);
    }

    #[test]
    fn the_default_is_what_owasp_asks_for() {
        let params = Cost::default();
        assert_eq!((params.memory_kib, params.passes, params.lanes), (19_456, 2, 1));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn more_than_may_wait_are_refused_and_the_others_are_served() {
        let cost = Cost { memory_kib: 1024, passes: 1, lanes: 1, at_once: 1, waiting: 3 };
        let hasher = hasher(cost);
        let tries = (0..40).map(|n| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.hash(format!("mật khẩu số {n}")).await })
        });
        let done = futures::future::join_all(tries).await;
        let (mut served, mut refused) = (0, 0);
        for result in done {
            match result.unwrap() {
                Ok(_) => served += 1,
                Err(Error::Busy { most: 3 }) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert!(served >= 4 && served + refused == 40, "{served} served, {refused} refused");
        hasher.hash("sau đó vẫn được".into()).await.unwrap();
    }
}
