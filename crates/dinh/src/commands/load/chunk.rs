//! Chunks: consecutive records that are sent together.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};

use super::entry::{Content, Entry};
use crate::target::batch::{Entity, Manner};

/// Most records in a chunk.
const MOST: usize = 500;
/// Most bytes in a chunk, unless one record alone is larger.
const MOST_BYTES: usize = 2 << 20;

/// Consecutive records that are written in the same manner.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Records of the file before this chunk.
    pub(super) first: u64,
    /// The records.
    pub(super) entries: Vec<Entry>,
    /// How its entities are written.
    pub(super) manner: Manner,
    has_entities: bool,
    bytes: usize,
}

impl Chunk {
    /// True if `entry` may still join.
    fn takes(&self, entry: &Entry) -> bool {
        let same_manner = match &entry.content {
            Content::Entity(entity) => !self.has_entities || entity.manner == self.manner,
            Content::Refused { .. } => true,
        };
        same_manner && self.entries.len() < MOST && self.bytes + entry.size() <= MOST_BYTES
    }

    fn add(&mut self, entry: Entry) {
        if let Content::Entity(entity) = &entry.content {
            self.manner = entity.manner;
            self.has_entities = true;
        }
        self.bytes += entry.size();
        self.entries.push(entry);
    }

    /// The identifiers in it, as numbers: two chunks with a number in common must not be on their way together, or
    /// the later might overtake the earlier.
    pub(super) fn identifiers(&self, hasher: &RandomState) -> HashSet<u64> {
        self.entities().map(|entity| hasher.hash_one(&entity.id)).collect()
    }

    /// The entities among its records.
    pub(super) fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.entries.iter().filter_map(|entry| match &entry.content {
            Content::Entity(entity) => Some(entity),
            Content::Refused { .. } => None,
        })
    }
}

/// Cuts records into chunks. The same records from the same start are always cut alike.
#[derive(Debug)]
pub(super) struct Chunker {
    skip: u64,
    seen: u64,
    chunk: Chunk,
}

impl Chunker {
    /// Passes over `skip` records first.
    pub(super) fn after(skip: u64) -> Self {
        Self { skip, seen: 0, chunk: Chunk { first: skip, ..Chunk::default() } }
    }

    /// Takes a record; a chunk that is full comes out.
    pub(super) fn push(&mut self, entry: Entry) -> Option<Chunk> {
        self.seen += 1;
        if self.seen <= self.skip {
            return None;
        }
        let full = (!self.chunk.entries.is_empty() && !self.chunk.takes(&entry)).then(|| self.take());
        self.chunk.add(entry);
        full
    }

    /// What is left at the end.
    pub(super) fn finish(mut self) -> Option<Chunk> {
        (!self.chunk.entries.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> Chunk {
        let first = self.seen - 1;
        std::mem::replace(&mut self.chunk, Chunk { first, ..Chunk::default() })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json::value::to_raw_value;

    use super::*;

    fn entry(number: usize, more: usize, is_ld: bool) -> Entry {
        let mut json = json!({"id": format!("urn:x:{number}"), "text": "x".repeat(more)});
        if is_ld {
            json["@context"] = json!([]);
        }
        Entry::of_json(u64::try_from(number).expect("small"), to_raw_value(&json).expect("JSON"))
    }

    fn cut(entries: impl Iterator<Item = Entry>, skip: u64) -> Vec<(u64, usize)> {
        let mut chunker = Chunker::after(skip);
        let mut chunks: Vec<Chunk> = entries.filter_map(|entry| chunker.push(entry)).collect();
        chunks.extend(chunker.finish());
        chunks.iter().map(|chunk| (chunk.first, chunk.entries.len())).collect()
    }

    #[test]
    fn chunks_are_bounded_and_resume_where_they_were_cut() {
        let all = |n: usize| (0..n).map(|i| entry(i, 0, false));
        assert_eq!(cut(all(1200), 0), [(0, 500), (500, 500), (1000, 200)]);
        assert_eq!(cut(all(1200), 500), [(500, 500), (1000, 200)]);
        assert_eq!(cut(all(3), 3), []);
        let large = (0..5).map(|i| entry(i, MOST_BYTES / 2, false));
        assert_eq!(cut(large, 0), [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)]);
    }

    #[test]
    fn a_chunk_is_of_one_manner_and_refused_records_fit_into_any() {
        let mixed = [
            entry(0, 0, false),
            Entry::refused(1, "no", "?"),
            entry(2, 0, true),
            entry(3, 0, true),
            entry(4, 0, false),
        ];
        assert_eq!(cut(mixed.into_iter(), 0), [(0, 2), (2, 2), (4, 1)]);
    }

    #[test]
    fn chunks_know_their_identifiers() {
        let hasher = RandomState::new();
        let of = |numbers: &[usize]| {
            let mut chunk = Chunk::default();
            for number in numbers {
                chunk.add(entry(*number, 0, false));
            }
            chunk.identifiers(&hasher)
        };
        assert!(of(&[1, 2]).is_disjoint(&of(&[3, 4])));
        assert!(!of(&[1, 2]).is_disjoint(&of(&[2, 3])));
    }
}
