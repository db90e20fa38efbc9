//! How the holder of an account is reached, for the parts of the program that tell them something of their own.

use super::Identity;
use crate::Error;
use crate::domain::{AccountId, AccountRecord, Language, State};
use crate::kept::kind;

/// How the holder of an account is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Whether they have chosen to be spoken to in English.
    pub english: bool,
    /// Their e-mail address, if they have given one.
    pub email: Option<String>,
    /// Their telephone number, if they have given one.
    pub phone: Option<String>,
}

impl Identity {
    /// How the holder of an account is reached; none if there is no such account, or none any more. Not for answers to
    /// those who ask: nobody's right to know is checked here.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn reached(&self, account: &str) -> Result<Option<Reached>, Error> {
        let Some(id) = AccountId::parse(account) else { return Ok(None) };
        let record = self.0.kept.get::<AccountRecord>(kind::ACCOUNT, id.as_str()).await?;
        Ok(record.filter(|record| record.state != State::Closed).map(|record| Reached {
            english: record.language == Language::En,
            email: record.email.map(|address| address.text),
            phone: record.phone.map(|address| address.text),
        }))
    }
}
