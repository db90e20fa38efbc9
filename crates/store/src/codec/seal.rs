//! Sealed instances: version 2 of the stored form.
//!
//! Where something is sealed, each instance of an attribute of the entity itself has a byte before it: 0 for one in
//! plain form, 1 for a sealed one: number of the key, nonce of twelve bytes, and the length and bytes of what the plain
//! form was sealed to. The names of attributes, and in changes the data set, stay in plain form beside it. What has
//! nothing sealed is written as version 1, to the byte as before.

use std::borrow::Cow;

use dinh_model::{Attribute, Attributes, Term, Timestamp};

use super::reader::Reader;
use super::writer::Writer;
use super::{DecodeError, EncodeError};
use crate::vault::{NONCE, Sealing};

const PLAIN: u8 = 0;
const SEALED: u8 = 1;

/// Where an instance stands.
pub(crate) struct Spot<'a> {
    pub(crate) entity: &'a str,
    pub(crate) attribute: &'a str,
    /// The instant that its times are told from.
    pub(crate) base: Timestamp,
}

/// A sealed instance.
pub(crate) struct Envelope<'a> {
    pub(crate) key: u64,
    pub(crate) nonce: [u8; NONCE],
    pub(crate) sealed: Cow<'a, [u8]>,
}

/// Opens sealed instances.
pub(crate) trait Opener {
    /// The plain form; `None` if its key is destroyed.
    fn open(&self, spot: &Spot<'_>, envelope: &Envelope<'_>) -> Result<Option<Vec<u8>>, DecodeError>;
}

/// Opens nothing, but remembers what it met.
#[derive(Default)]
pub(crate) struct Onlooker {
    seen: std::cell::RefCell<Vec<(String, u64)>>,
}

impl Onlooker {
    /// The attributes that are sealed, and the numbers of their keys.
    pub(crate) fn seen(self) -> Vec<(String, u64)> {
        self.seen.into_inner()
    }
}

impl Opener for Onlooker {
    fn open(&self, spot: &Spot<'_>, envelope: &Envelope<'_>) -> Result<Option<Vec<u8>>, DecodeError> {
        self.seen.borrow_mut().push((spot.attribute.to_owned(), envelope.key));
        Ok(None)
    }
}

impl Writer<'_> {
    /// The attributes of an entity of which some are sealed.
    pub(super) fn sealed_attributes(
        &mut self,
        attributes: &Attributes,
        base: Timestamp,
        sealing: &Sealing,
    ) -> Result<(), EncodeError> {
        self.length(attributes.len());
        for (name, instances) in attributes {
            self.name(name.as_str())?;
            self.length(instances.len());
            let sealing = Some(sealing).filter(|sealing| sealing.seals(name));
            instances.iter().try_for_each(|one| self.tagged_instance(name, one, base, sealing))?;
        }
        Ok(())
    }

    /// An instance with the byte that says whether it is sealed.
    pub(super) fn tagged_instance(
        &mut self,
        name: &Term,
        instance: &Attribute,
        base: Timestamp,
        sealing: Option<&Sealing>,
    ) -> Result<(), EncodeError> {
        let Some(sealing) = sealing else {
            self.byte(PLAIN);
            return self.instance(instance, base, 0);
        };
        let mut plain = self.beside(64);
        plain.instance(instance, base, 0)?;
        let envelope = sealing.seal(name, base, plain.bytes)?;
        self.byte(SEALED);
        self.unsigned(envelope.key);
        self.bytes.extend_from_slice(&envelope.nonce);
        self.length(envelope.sealed.len());
        self.bytes.extend_from_slice(&envelope.sealed);
        Ok(())
    }
}

impl Reader<'_> {
    /// The attributes of an entity of which some are sealed; those whose keys are destroyed are left out.
    pub(super) fn sealed_attributes(
        &mut self,
        entity: &str,
        base: Timestamp,
        opener: &dyn Opener,
    ) -> Result<Attributes, DecodeError> {
        let length = self.length()?;
        let mut attributes = Vec::with_capacity(length.min(1024));
        for _ in 0..length {
            let name = self.term()?;
            let count = self.length()?;
            let mut instances = Vec::with_capacity(count.min(1024));
            for _ in 0..count {
                let spot = Spot { entity, attribute: name.as_str(), base };
                instances.extend(self.tagged_instance(&spot, opener)?);
            }
            if !instances.is_empty() || count == 0 {
                attributes.push((name, instances));
            }
        }
        Ok(attributes.into_iter().collect())
    }

    /// An instance behind the byte that says whether it is sealed; `None` if its key is destroyed.
    pub(super) fn tagged_instance(
        &mut self,
        spot: &Spot<'_>,
        opener: &dyn Opener,
    ) -> Result<Option<Attribute>, DecodeError> {
        match self.byte()? {
            PLAIN => return self.instance(spot.base, 0).map(Some),
            SEALED => {}
            other => return Err(DecodeError::Tag(other)),
        }
        let key = self.unsigned()?;
        let nonce = self.bytes(NONCE)?.try_into().map_err(|_length| DecodeError::Truncated)?;
        let length = self.length()?;
        let sealed = self.bytes(length)?;
        let Some(plain) = opener.open(spot, &Envelope { key, nonce, sealed: sealed.into() })? else {
            return Ok(None);
        };
        let mut inner = self.of(&plain);
        let instance = inner.instance(spot.base, 0)?;
        inner.end()?;
        Ok(Some(instance))
    }
}
