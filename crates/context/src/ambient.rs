//! The machine's own clock and randomness: the one place where they are read.

use dinh_model::{Clock, Ids, Timestamp};
use dinh_store::{NoRandomness, Randomness};
use ring::rand::{SecureRandom as _, SystemRandom};
use uuid::Uuid;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the injected clock")]
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }
}

/// Random version 4 UUIDs.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the injected source of identifiers")]
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }
}

/// The machine's randomness, for what the store seals.
#[derive(Clone, Debug)]
pub struct SystemRandomness(SystemRandom);

impl Default for SystemRandomness {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        self.0.fill(bytes).map_err(|_unspecified| NoRandomness)
    }
}

/// 32 bytes that nobody can guess, from the machine: what a new key is made of.
///
/// # Errors
/// If the machine has no randomness to give.
pub fn fresh_seed() -> std::io::Result<[u8; 32]> {
    let mut seed = [0; 32];
    let filled = SystemRandom::new().fill(&mut seed);
    filled.map_err(|_unspecified| std::io::Error::other("the machine gives no randomness"))?;
    Ok(seed)
}
