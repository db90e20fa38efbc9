//! Names as small integers.
//!
//! Types, attribute names and unit codes are long (`https://uri.etsi.org/ngsi-ld/default-context/temperature`) and few.
//! Rows and documents hold their numbers; this table holds the texts, once, in memory and in the database. Numbers are
//! handed out by the writer and never taken back, not even when the transaction that wanted them fails: a reader may
//! already have seen the number. The row that makes a number durable goes into the next transaction that succeeds,
//! which is always the first one whose rows mention it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use dinh_model::Term;

/// Number of a name. Zero is no name.
pub(crate) type NameId = u32;

/// Most names in one store: a bound on memory (about 20 MB) against clients that invent a name per request.
pub(crate) const MAX_NAMES: usize = 100_000;

/// The store holds [`MAX_NAMES`] different names already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the store knows {MAX_NAMES} different names already, its limit; use names of types and attributes that exist"
)]
pub(crate) struct TooManyNames;

struct Entry {
    term: Term,
    text: Arc<str>,
}

/// The table.
#[derive(Default)]
pub(crate) struct Names {
    entries: Vec<Entry>,
    by_text: HashMap<Arc<str>, NameId>,
    /// Where the texts of `entries` lie in memory. Entries are never removed, so an address seen again is the same
    /// text, and entities read from the store (they share these texts) skip hashing fifty bytes per name.
    by_address: HashMap<usize, NameId, BuildHasherDefault<AddressHasher>>,
    /// How many entries the database holds.
    durable: usize,
}

impl Names {
    /// The table as read from the database, in the order of their numbers, from 1.
    pub(crate) fn load(texts: impl Iterator<Item = String>) -> Self {
        let mut names = Self::default();
        for text in texts {
            names.push(text.into());
        }
        names.durable = names.entries.len();
        names
    }

    fn push(&mut self, text: Arc<str>) -> NameId {
        let id = NameId::try_from(self.entries.len() + 1).unwrap_or(NameId::MAX);
        self.by_address.insert(text.as_ptr() as usize, id);
        self.by_text.insert(Arc::clone(&text), id);
        self.entries.push(Entry { term: Term::new(Arc::clone(&text)), text });
        id
    }

    /// The number of a name that is known.
    pub(crate) fn id(&self, text: &str) -> Option<NameId> {
        let here = self.by_address.get(&(text.as_ptr() as usize)).copied();
        // The beginning of a text has its address too.
        let whole = here.filter(|id| self.text(*id).is_some_and(|known| known.len() == text.len()));
        whole.or_else(|| self.by_text.get(text).copied())
    }

    fn entry(&self, id: NameId) -> Option<&Entry> {
        self.entries.get(usize::try_from(id).ok()?.checked_sub(1)?)
    }

    /// The term of a number.
    pub(crate) fn term(&self, id: NameId) -> Option<&Term> {
        Some(&self.entry(id)?.term)
    }

    /// The text of a number.
    pub(crate) fn text(&self, id: NameId) -> Option<&Arc<str>> {
        Some(&self.entry(id)?.text)
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// The table shared by the writer, which adds to it, and the readers.
#[derive(Clone, Default)]
pub(crate) struct SharedNames(Arc<RwLock<Names>>);

impl SharedNames {
    pub(crate) fn new(names: Names) -> Self {
        Self(Arc::new(RwLock::new(names)))
    }

    /// For a moment's reading. Take it after the first row of a transaction has been read, so that every name in the
    /// rows is known.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Names> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a name, a new one if it is not known. For the writer only.
    pub(crate) fn intern(&self, text: &str) -> Result<NameId, TooManyNames> {
        if let Some(id) = self.read().id(text) {
            return Ok(id);
        }
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= MAX_NAMES { Err(TooManyNames) } else { Ok(names.push(text.into())) }
    }

    /// The names that the database does not hold yet.
    pub(crate) fn not_durable(&self) -> Vec<(NameId, Arc<str>)> {
        let names = self.read();
        let from = names.durable;
        let first = NameId::try_from(from + 1).unwrap_or(NameId::MAX);
        let new = names.entries.get(from..).unwrap_or_default();
        (first..).zip(new.iter().map(|e| Arc::clone(&e.text))).collect()
    }

    /// Marks every name up to `last` as held by the database.
    pub(crate) fn mark_durable(&self, last: NameId) {
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        names.durable = names.durable.max(usize::try_from(last).unwrap_or(usize::MAX));
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.read().len()
    }

    /// True if the database holds all names.
    pub(crate) fn all_durable(&self) -> bool {
        let names = self.read();
        names.durable == names.entries.len()
    }
}

/// Spreads addresses over the table; nobody outside chooses them.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, address: usize) {
        let mixed = (self.0 ^ address as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 29);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_and_new_names_wait_to_become_durable() {
        let names = SharedNames::new(Names::load(["a".to_owned(), "b".to_owned()].into_iter()));
        assert_eq!(names.intern("b"), Ok(2));
        assert!(names.all_durable());
        assert_eq!(names.intern("c"), Ok(3));
        assert_eq!(names.intern("c"), Ok(3));
        assert_eq!(names.not_durable(), [(3, "c".into())]);
        names.mark_durable(3);
        assert!(names.all_durable());
        let held = names.read().term(3).cloned().unwrap();
        assert_eq!(names.read().id(held.as_str()), Some(3), "by address");
        assert_eq!(names.read().id(&String::from("c")), Some(3), "by text");
        let long = SharedNames::new(Names::load(["ab".to_owned(), "a".to_owned()].into_iter()));
        let held = long.read().text(1).cloned().unwrap();
        assert_eq!(
            long.read().id(held.get(..1).unwrap()),
            Some(2),
            "the beginning of a text is another text"
        );
        assert_eq!(names.read().term(0), None);
        assert_eq!(names.read().term(4), None);
    }
}
