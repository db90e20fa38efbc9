//! Statements are brought in: the file once, and each line once whatever files it stands in.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_ledger::{Format, Statement as Read};
use dinh_model::{Entity, EntityId};
use dinh_ngsild::query::EntityQuery;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::statements::MATCH;
use super::{Payments, plain};
use crate::Error;
use crate::model::{CollectionAccount, NewLine, Statement};

/// Lines that become durable together.
const CHUNK: usize = 200;

/// A file that somebody sends.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The account, `bin/number`.
    pub account: String,
    /// The name of the file.
    pub name: String,
    /// The form, for a table; what the account says if none.
    pub profile: Option<String>,
    /// What is in it.
    pub content: Vec<u8>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The statement.
    pub statement: Statement,
    /// How many lines are new.
    pub new: u64,
}

impl Payments {
    /// Brings in a statement. All of it is read before anything is written; one that was brought in before is refused, and
    /// one that was interrupted goes on where it stopped. Lines that another statement had are left out.
    ///
    /// # Errors
    /// [`Error::NotYours`] for others than treasurers of the account's unit, [`Error::Statement`] with the line and what is
    /// wrong, [`Error::OtherAccount`], [`Error::Twice`].
    pub async fn import(&self, session: &Session, upload: Upload) -> Result<Imported, Error> {
        let account = self.account_by_key(session, &upload.account).await?;
        let name = plain("file", &upload.name, 1, 200)?;
        let read = self.read_statement(&account, &upload)?;
        let digest = hex(&Sha256::digest(&upload.content));
        let whose = hex(&Sha256::digest(format!("{} {digest}", account.key())));
        let short: String = whose.chars().take(32).collect();
        let id = EntityId::trusted(format!("urn:ngsi-ld:BankStatement:{short}"));
        let own = self.own(session.tenant());
        let _booking = self.0.booking.lock().await;
        if let Some(stored) = own.find(&id).await? {
            let there = Statement::read(self.names(), &stored)?;
            if there.complete {
                return Err(Error::Twice { at: there.at });
            }
        } else {
            self.begin_statement(session, &id, (&account, &name, &digest), &read).await?;
        }
        let known = self.bring_in(session, &id, &account, &read).await?;
        self.complete(session, &id, known).await?;
        let stored = own.find(&id).await?.ok_or(Error::NoSuch(id))?;
        let statement = Statement::read(self.names(), &stored)?;
        Ok(Imported { new: statement.lines.saturating_sub(known), statement })
    }

    fn read_statement(&self, account: &CollectionAccount, upload: &Upload) -> Result<Read, Error> {
        let format = if let Some(format) = Read::form_of(&upload.content) {
            format
        } else {
            let code = upload.profile.as_ref().or(account.profile.as_ref());
            let code = code.ok_or_else(|| Error::NoProfile(String::new()))?;
            let profile = self.profiles().iter().find(|one| one.code == *code);
            Format::Csv(profile.ok_or_else(|| Error::NoProfile(code.clone()))?)
        };
        let read = Read::read(&upload.content, format)?;
        let expected = &account.account.number;
        match &read.account {
            Some(found) if found != expected && !found.ends_with(expected.as_str()) => {
                Err(Error::OtherAccount { found: found.clone(), expected: expected.clone() })
            }
            _ => Ok(read),
        }
    }

    async fn begin_statement(
        &self,
        session: &Session,
        id: &EntityId,
        (account, name, digest): (&CollectionAccount, &str, &str),
        read: &Read,
    ) -> Result<(), Error> {
        let now = self.now();
        let officer = self.account(session)?.id.to_string();
        let days = read.days();
        let mut entity = Entity::new(id.clone(), self.names().of("BankStatement"), now);
        entity.attributes = Fields::new(self.names(), now)
            .to("unit", &account.unit)
            .with("bankAccount", account.key())
            .with("fileName", name)
            .with("digest", digest)
            .with("state", "reading")
            .maybe("firstDay", days.map(|(first, _)| first.to_string()))
            .maybe("lastDay", days.map(|(_, last)| last.to_string()))
            .with("lineCount", read.lines.len())
            .with("importedAt", now.to_string())
            .with("officer", officer)
            .attributes;
        self.write(session, vec![Op::Create(Arc::new(entity))]).await.map(drop)
    }

    /// Writes the lines that are not there yet, and says how many another statement had before.
    async fn bring_in(
        &self,
        session: &Session,
        id: &EntityId,
        account: &CollectionAccount,
        read: &Read,
    ) -> Result<u64, Error> {
        let (own, now, key) = (self.own(session.tenant()), self.now(), account.key());
        let identities = read.identities(&key);
        let numbered: Vec<_> = read.lines.iter().zip(&identities).enumerate().collect();
        let mut known = 0;
        for chunk in numbered.chunks(CHUNK) {
            let ids: Vec<EntityId> = chunk
                .iter()
                .map(|(_, (_, identity))| EntityId::trusted(format!("urn:ngsi-ld:BankLine:{identity}")))
                .collect();
            let query = EntityQuery {
                ids: ids.clone(),
                limit: CHUNK,
                ..EntityQuery::of_type(self.names().of("BankLine"))
            };
            let there = own.query(query).await?;
            let mut seen = BTreeSet::new();
            for stored in &there.entities {
                let from = dinh_context::fields::Reading { names: self.names(), entity: &stored.entity };
                // A line of this very statement is there from an attempt that was interrupted.
                known += u64::from(from.object("statement").as_ref() != Some(id));
                seen.insert(stored.entity.id.clone());
            }
            let mut ops = Vec::new();
            for ((order, (line, _)), line_id) in chunk.iter().zip(ids) {
                if seen.contains(&line_id) {
                    continue;
                }
                let new =
                    NewLine { unit: &account.unit, bank_account: &key, statement: id, order: *order, line };
                let mut entity = Entity::new(line_id, self.names().of("BankLine"), now);
                entity.attributes = new.whole(Fields::new(self.names(), now)).attributes;
                ops.push(Op::Create(Arc::new(entity)));
            }
            if !ops.is_empty() {
                self.write(session, ops).await?;
            }
        }
        Ok(known)
    }

    /// All of it is there: what finds bills for its lines is told so in the same commit.
    async fn complete(&self, session: &Session, id: &EntityId, known: u64) -> Result<(), Error> {
        let fields =
            Fields::new(self.names(), self.now()).with("state", "complete").with("knownCount", known);
        let mutation = Box::new(fields.change());
        let change = Op::Mutate { id: id.clone(), mutation, expect: None, types: None };
        let body = json!({"statement": id});
        let told = Op::PutRecord { kind: MATCH.to_owned(), key: id.to_string(), body };
        self.write(session, vec![change, told]).await.map(drop)
    }
}

/// Bytes in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    dinh_context::graph::hex(bytes)
}
