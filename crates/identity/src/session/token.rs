//! What a browser shows: which account, which session, and the secret that proves it.

use dinh_model::Timestamp;
use uuid::Uuid;

use crate::domain::AccountId;
use crate::entropy::{Entropy, NoEntropy, fresh};
use crate::secret::{hex, sha256};
use crate::text::{base64, unbase64};

const OF_ACCOUNT: usize = 16;
const OF_SESSION: usize = 8;
const OF_SECRET: usize = 32;
const WHOLE: usize = OF_ACCOUNT + OF_SESSION + OF_SECRET;

/// Identifier of a session among those of its account; lists show it. Younger ones sort after older ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SessionId([u8; OF_SESSION]);

impl SessionId {
    pub(crate) fn text(self) -> String {
        hex(&self.0)
    }
}

/// A token: 56 bytes in 75 characters of base64url. Naming account and session in it lets both be found without a
/// second index; what is secret of it are the last 256 bits.
pub(crate) struct Token {
    pub(crate) account: AccountId,
    pub(crate) session: SessionId,
    secret: [u8; OF_SECRET],
}

impl Token {
    /// A fresh one.
    pub(crate) fn fresh(
        account: &AccountId,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<Self, NoEntropy> {
        // Milliseconds in front for the order, randomness behind: 48 and 16 bits.
        let millis = now.as_micros().max(0).cast_unsigned() / 1_000;
        let tail: [u8; 2] = fresh(entropy)?;
        let mut id = [0; OF_SESSION];
        for (to, from) in id.iter_mut().zip(millis.to_be_bytes().into_iter().skip(2).chain(tail)) {
            *to = from;
        }
        Ok(Self { account: account.clone(), session: SessionId(id), secret: fresh(entropy)? })
    }

    /// Reads what [`Token::text`] writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > 2 * WHOLE {
            return None;
        }
        let bytes: [u8; WHOLE] = unbase64(text)?.try_into().ok()?;
        let (account, rest) = bytes.split_first_chunk::<OF_ACCOUNT>()?;
        let (session, secret) = rest.split_first_chunk::<OF_SESSION>()?;
        let account = AccountId::of(Uuid::from_bytes(*account));
        Some(Self { account, session: SessionId(*session), secret: secret.try_into().ok()? })
    }

    pub(crate) fn text(&self) -> String {
        let account = self.account.to_uuid();
        base64(&[&account.as_bytes()[..], &self.session.0, &self.secret].concat())
    }

    /// What is kept of the secret.
    pub(crate) fn hash(&self) -> String {
        sha256(&self.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn a_token_reads_as_itself_and_nothing_else_does() {
        let account = AccountId::parse(&"0123456789abcdef".repeat(2)).unwrap();
        let now = Timestamp::from_micros(1_795_000_000_000_000);
        let token = Token::fresh(&account, now, &SystemEntropy::new()).unwrap();
        let read = Token::parse(&token.text()).unwrap();
        assert_eq!((&read.account, read.session, read.hash()), (&account, token.session, token.hash()));
        assert_eq!(token.text().len(), 75);
        let later = Token::fresh(&account, now.plus_micros(1_000), &SystemEntropy::new()).unwrap();
        assert!(later.session > token.session && later.hash() != token.hash());
        for bad in ["", "abc", &token.text().split_off(1), &"A".repeat(1_000_000), "é"] {
            assert!(Token::parse(bad).is_none());
        }
    }
}
