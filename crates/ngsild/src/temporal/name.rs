//! Names of records: URIs by which one record of an attribute is changed or taken away (clauses 4.5.7 and 4.5.8).
//!
//! A name is made of what tells a record from all others, so that none has to be kept: whose it is, in which way and
//! since when it is known.

use dinh_model::{Iri, Timestamp};

/// What the name of a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstanceName {
    /// Which entity, attribute and data set.
    pub owner: u64,
    /// In which way it is known: a number of the store's.
    pub kind: u8,
    /// Since when.
    pub at: Timestamp,
}

const PREFIX: &str = "urn:ngsi-ld:Instance:";

impl InstanceName {
    /// The name of a record.
    pub fn of(owner: u64, kind: u8, at: Timestamp) -> Self {
        Self { owner, kind, at }
    }

    /// What tells the records of one attribute and data set of an entity from others.
    pub fn owner(entity: &str, attribute: &str, dataset: Option<&Iri>) -> u64 {
        // FNV-1a: it need not withstand anybody, since the path names entity and attribute beside it.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for part in [entity, attribute, dataset.map_or("", |id| id.as_str())] {
            for byte in part.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        hash
    }

    /// From the URI.
    pub fn parse(uri: &str) -> Option<Self> {
        let mut parts = uri.strip_prefix(PREFIX)?.split('-');
        let owner = u64::from_str_radix(parts.next()?, 16).ok()?;
        let kind = parts.next()?.parse().ok()?;
        let at = u64::from_str_radix(parts.next()?, 16).ok()?.cast_signed();
        parts.next().is_none().then_some(Self { owner, kind, at: Timestamp::from_micros(at) })
    }
}

impl std::fmt::Display for InstanceName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{PREFIX}{:016x}-{}-{:x}", self.owner, self.kind, self.at.as_micros().cast_unsigned())
    }
}
