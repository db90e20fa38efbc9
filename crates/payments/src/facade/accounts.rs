//! The accounts at banks to which units have money paid.

use std::sync::Arc;

use dinh_context::Session;
use dinh_context::fields::{Fields, Reading};
use dinh_context::graph::Op;
use dinh_ledger::BankAccount;
use dinh_model::{Entity, EntityId, Tenant};
use dinh_ngsild::query::{Direction, EntityQuery};
use jiff::civil::Date;
use serde_json::Value as Json;

use super::who::{KEEPER, TREASURER};
use super::{Payments, plain};
use crate::Error;
use crate::model::CollectionAccount;

/// Most accounts of a province.
const MOST: usize = 1_000;

/// An account to be put into use.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The unit.
    pub unit: EntityId,
    /// The bank, by its number at NAPAS.
    pub bin: String,
    /// The number.
    pub number: String,
    /// Whose it is.
    pub holder: String,
    /// What the bank is called.
    pub bank: String,
    /// The form of its statements, if they are tables.
    pub profile: Option<String>,
    /// From which day on.
    pub valid_from: Date,
}

impl Payments {
    /// The accounts of all units.
    ///
    /// # Errors
    /// [`Error::NotYours`] for others than administrators and treasurers, who see those of their units.
    pub async fn accounts(&self, session: &Session) -> Result<Vec<CollectionAccount>, Error> {
        let account = self.has(session, &[KEEPER]).or_else(|_| self.has(session, &[TREASURER]))?;
        let sees_all = account.roles.contains(KEEPER);
        let all = self.all_accounts(session.tenant(), None).await?;
        Ok(all.into_iter().filter(|one| sees_all || account.units.contains(one.unit.as_str())).collect())
    }

    async fn all_accounts(
        &self,
        tenant: &Tenant,
        unit: Option<&EntityId>,
    ) -> Result<Vec<CollectionAccount>, Error> {
        let query = EntityQuery {
            q: unit.map(|unit| self.is("unit", Json::String(unit.to_string()))),
            order: vec![self.order("validFrom", Direction::Descending)],
            limit: MOST,
            ..EntityQuery::of_type(self.names().of("CollectionAccount"))
        };
        let page = self.own(tenant).query(query).await?;
        let accounts = page.entities.iter().map(|stored| CollectionAccount::read(self.names(), stored));
        Ok(accounts.collect::<Result<_, _>>()?)
    }

    /// The account to which a unit has money paid today: its own, or that of the unit above it.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn account_of(
        &self,
        tenant: &Tenant,
        unit: &EntityId,
    ) -> Result<Option<CollectionAccount>, Error> {
        let (today, own) = (self.today(), self.own(tenant));
        let mut unit = unit.clone();
        for _ in 0..6 {
            let mut accounts = self.all_accounts(tenant, Some(&unit)).await?;
            accounts.retain(|one| one.holds_on(today));
            if let Some(latest) = accounts.into_iter().next() {
                return Ok(Some(latest));
            }
            let found = own.find(&unit).await?;
            let above = found
                .and_then(|stored| Reading { names: self.names(), entity: &stored.entity }.object("parent"));
            match above {
                Some(parent) => unit = parent,
                None => break,
            }
        }
        Ok(None)
    }

    /// An account by `bin/number`, for a treasurer of its unit.
    pub(super) async fn account_by_key(
        &self,
        session: &Session,
        key: &str,
    ) -> Result<CollectionAccount, Error> {
        let accounts = self.all_accounts(session.tenant(), None).await?;
        let found = accounts.into_iter().find(|one| one.key() == key).ok_or(Error::NoAccount)?;
        self.acts(session, &[TREASURER], &found.unit)?;
        Ok(found)
    }

    /// Puts an account into use; the one that the unit had before ends on the day before.
    ///
    /// # Errors
    /// [`Error::NotYours`] for others than administrators with a second factor, [`Error::Bank`], [`Error::Text`],
    /// [`Error::NoProfile`], and [`Error::Day`] for a day that is not after the one on which the last account began.
    pub async fn put_account(&self, session: &Session, new: NewAccount) -> Result<CollectionAccount, Error> {
        let account = self.has(session, &[KEEPER])?;
        if !account.stepped_up {
            return Err(Error::NotYours);
        }
        let bank = BankAccount::new(&new.bin, &new.number)?;
        if dinh_ledger::card::looks_like_one(&bank.number) {
            return Err(Error::Card("number"));
        }
        let holder = plain("holder", &new.holder, 2, 100)?;
        let name = plain("bank", &new.bank, 2, 100)?;
        if let Some(code) =
            new.profile.as_ref().filter(|code| !self.profiles().iter().any(|one| one.code == **code))
        {
            return Err(Error::NoProfile(code.clone()));
        }
        let now = self.now();
        let _booking = self.0.booking.lock().await;
        let mut ops = Vec::new();
        for other in self.all_accounts(session.tenant(), Some(&new.unit)).await? {
            if other.valid_to.is_some() {
                continue;
            }
            let last = new.valid_from.yesterday().map_err(|_early| Error::Day("validFrom"))?;
            if last < other.valid_from {
                return Err(Error::Day("validFrom"));
            }
            let fields = Fields::new(self.names(), now).with("validTo", last.to_string());
            let mutation = Box::new(fields.change());
            ops.push(Op::Mutate { id: other.id, mutation, expect: Some(other.version), types: None });
        }
        let id = self.fresh("CollectionAccount");
        let mut entity = Entity::new(id.clone(), self.names().of("CollectionAccount"), now);
        entity.attributes = Fields::new(self.names(), now)
            .to("unit", &new.unit)
            .with("bin", bank.bin.as_str())
            .with("number", bank.number.as_str())
            .with("holder", holder)
            .with("bankName", name)
            .maybe("profile", new.profile)
            .with("validFrom", new.valid_from.to_string())
            .attributes;
        ops.push(Op::Create(Arc::new(entity)));
        self.write(session, ops).await?;
        let stored = self.own(session.tenant()).find(&id).await?.ok_or(Error::NoSuch(id))?;
        Ok(CollectionAccount::read(self.names(), &stored)?)
    }
}
