//! Sealing what is written, and opening what is read.

use std::sync::Arc;

use dinh_model::{Entity, EntityId, Tenant, Term, Timestamp};

use super::cipher::{Cipher, NONCE};
use super::keys::Vault;
use super::opened::Whose;
use crate::Result;
use crate::codec::{DecodeError, EncodeError, Envelope, Opener, Spot};
use crate::names::{NameId, SharedNames};

/// Seals the attributes of one entity as one write leaves it, or found it.
pub(crate) struct Sealing {
    vault: Arc<Vault>,
    tenant: Tenant,
    entity: EntityId,
    types: Vec<Term>,
    number: u64,
    cipher: Arc<Cipher>,
}

impl Vault {
    /// True if entities of these types may have something to seal.
    pub(crate) fn any_sealed(&self, types: &[Term]) -> bool {
        self.marks.any_sealed(types)
    }

    /// True if this attribute of entities of these types is sealed.
    pub(crate) fn is_sealed(&self, types: &[Term], attribute: &Term) -> bool {
        self.marks.sealed(types, attribute)
    }

    /// True if the words of this attribute of entities of these types are not to be found by full text.
    pub(crate) fn hides_words(&self, types: &[Term], attribute: &Term) -> bool {
        self.marks.sealed(types, attribute) && !self.marks.searched(types, attribute)
    }

    /// Whom an entity is about: itself if it names nobody.
    pub(crate) fn subjects(&self, entity: &Entity) -> Vec<EntityId> {
        let mut subjects = self.marks.subjects(entity);
        if subjects.is_empty() {
            subjects.push(entity.id.clone());
        }
        subjects
    }

    /// What seals an entity; none if it has nothing to seal. For the writer alone.
    pub(crate) fn sealing(
        self: &Arc<Self>,
        tenant: &Tenant,
        entity: &Entity,
        now: Timestamp,
    ) -> Result<Option<Sealing>> {
        let any = self.any_sealed(&entity.types)
            && entity.attributes.keys().any(|name| self.marks.sealed(&entity.types, name));
        if !any {
            return Ok(None);
        }
        let subjects = self.subjects(entity);
        let subjects: Vec<&str> = subjects.iter().map(EntityId::as_str).collect();
        let whose =
            Whose { tenant: tenant.clone(), entity: entity.id.clone(), subjects: subjects.join("\n") };
        let (number, cipher) = self.key(whose, now)?;
        Ok(Some(Sealing {
            vault: Arc::clone(self),
            tenant: tenant.clone(),
            entity: entity.id.clone(),
            types: entity.types.clone(),
            number,
            cipher,
        }))
    }
}

impl Sealing {
    /// Number of the key.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// True if this attribute is sealed.
    pub(crate) fn seals(&self, attribute: &Term) -> bool {
        self.vault.marks.sealed(&self.types, attribute)
    }

    /// Seals an instance in its stored form; `base` is the instant that its times are told from.
    pub(crate) fn seal(
        &self,
        attribute: &Term,
        base: Timestamp,
        plain: Vec<u8>,
    ) -> std::result::Result<Envelope<'static>, EncodeError> {
        let mut nonce = [0; NONCE];
        self.vault.random().fill(&mut nonce).map_err(|_none| EncodeError::Randomness)?;
        let spot = Spot { entity: self.entity.as_str(), attribute: attribute.as_str(), base };
        let bound = bound(self.tenant.as_str(), &spot);
        let sealed = self.cipher.seal(nonce, &bound, plain).ok_or(EncodeError::TooDeep)?;
        Ok(Envelope { key: self.number, nonce, sealed: sealed.into() })
    }
}

/// What a sealed instance is bound to: it opens in the place where it was written, and nowhere else.
fn bound(tenant: &str, spot: &Spot<'_>) -> Vec<u8> {
    let mut bound = b"dinh seal 1".to_vec();
    for text in [tenant, spot.entity, spot.attribute] {
        bound.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bound.extend_from_slice(text.as_bytes());
    }
    bound.extend_from_slice(&spot.base.as_micros().to_le_bytes());
    bound
}

/// Opens what one tenant has sealed.
pub(crate) struct Opening<'a> {
    pub(crate) vault: Option<&'a Vault>,
    pub(crate) tenants: &'a SharedNames,
    pub(crate) tenant: NameId,
}

impl Opener for Opening<'_> {
    fn open(
        &self,
        spot: &Spot<'_>,
        envelope: &Envelope<'_>,
    ) -> std::result::Result<Option<Vec<u8>>, DecodeError> {
        let vault = self.vault.ok_or(DecodeError::NoVault)?;
        let cipher = vault.cipher(envelope.key).map_err(|error| DecodeError::Vault(error.to_string()))?;
        let Some(cipher) = cipher else { return Ok(None) };
        let tenant = self.tenants.read().text(self.tenant).map(Arc::clone);
        let bound = bound(tenant.as_deref().unwrap_or_default(), spot);
        match cipher.open(envelope.nonce, &bound, &envelope.sealed) {
            Some(plain) => Ok(Some(plain)),
            None => Err(DecodeError::Seal(envelope.key)),
        }
    }
}
