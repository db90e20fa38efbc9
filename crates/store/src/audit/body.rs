//! The body of an entry: bytes, version 1. There is one way to write an entry, so equal entries have equal bytes.
//!
//! `version ‖ who ‖ purpose ‖ origin ‖ form ‖ …`; integers are LEB128, texts have their length before them.
//!
//! | form | what follows |
//! |---|---|
//! | 0, in full | changes, records, names of attributes, entities: kind, identifier, version, places in those names |
//! | 1, short | changes, records, entities: four times the key and the kind, version |
//! | 2, a note | act, entities, attributes, reason and details as lists of none or one |
//!
//! Changes are the number of the first (0: none), and, if there are, SHA-256 over them; there are as many as entities.

use std::collections::HashMap;

use dinh_access::{Principal, Purpose};
use dinh_model::{Change, ChangeKind, EntityId, Term};

use super::chain::{kind_code, kind_of};
use super::{Act, Changes, Did, Digest, Note, OnRecord, Origin, Subject, Touched, What};

/// Version written.
const VERSION: u8 = 1;

/// A part of the program that writes more entities than this at once gets the short form.
pub(crate) const FEW: usize = 8;

/// Which form an entry of a commit gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Everything by name.
    Full,
    /// Keys and versions.
    Short,
}

impl Form {
    /// For whoever writes so many operations.
    pub(crate) fn of(principal: &Principal, operations: usize) -> Self {
        let short = matches!(principal, Principal::System(_)) && operations > FEW;
        if short { Self::Short } else { Self::Full }
    }
}

/// The beginning of a body: who, why, from where. Written in the caller's own task.
#[derive(Clone, Debug)]
pub(crate) struct Head(Vec<u8>);

impl Head {
    pub(crate) fn new(principal: &str, purpose: Purpose, origin: &Origin) -> Self {
        let mut bytes = vec![VERSION];
        text(&mut bytes, principal);
        text(&mut bytes, purpose.name());
        let parts = origin.parts();
        bytes.push(parts.iter().enumerate().map(|(bit, part)| u8::from(part.is_some()) << bit).sum());
        parts.into_iter().flatten().for_each(|part| text(&mut bytes, part));
        Self(bytes)
    }
}

/// Records that a commit has written.
pub(crate) type Records = Vec<OnRecord>;

/// What a commit has done, beside its changes.
pub(crate) struct Deed<'a> {
    /// One key for each change.
    pub(crate) keys: &'a [i64],
    /// SHA-256 over the changes.
    pub(crate) digest: Digest,
    pub(crate) records: &'a Records,
}

/// The body of the entry of a commit.
pub(crate) fn commit_bytes<'a>(
    head: &Head,
    form: Form,
    changes: impl ExactSizeIterator<Item = &'a Change> + Clone,
    deed: &Deed<'_>,
) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(head.0.len() + 64 + changes.len() * 48);
    bytes.extend_from_slice(&head.0);
    bytes.push(u8::from(form == Form::Short));
    let first = changes.clone().next().map_or(0, |change| change.seq);
    number(&mut bytes, first);
    if first > 0 {
        bytes.extend_from_slice(&deed.digest);
    }
    list(&mut bytes, deed.records, |bytes, record| {
        bytes.push(kind_code(record.kind));
        text(bytes, &record.of);
        text(bytes, &record.key);
    });
    match form {
        Form::Full => in_full(&mut bytes, changes),
        Form::Short => {
            number(&mut bytes, changes.len() as u64);
            for (change, key) in changes.zip(deed.keys) {
                number(&mut bytes, (key.cast_unsigned() << 2) | u64::from(kind_code(change.kind)));
                number(&mut bytes, change.version);
            }
        }
    }
    bytes
}

fn in_full<'a>(bytes: &mut Vec<u8>, changes: impl ExactSizeIterator<Item = &'a Change> + Clone) {
    let mut names: Vec<&Term> = Vec::new();
    let mut places: HashMap<&Term, u64> = HashMap::new();
    for name in changes.clone().flat_map(|change| &change.attributes).map(|attribute| &attribute.name) {
        places.entry(name).or_insert_with(|| {
            names.push(name);
            names.len() as u64 - 1
        });
    }
    list(bytes, &names, |bytes, name| text(bytes, name.as_str()));
    number(bytes, changes.len() as u64);
    for change in changes {
        bytes.push(kind_code(change.kind));
        text(bytes, change.entity.as_str());
        number(bytes, change.version);
        // Instances of one attribute stand together.
        let mut own: Vec<&Term> = change.attributes.iter().map(|attribute| &attribute.name).collect();
        own.dedup();
        list(bytes, &own, |bytes, name| number(bytes, places.get(name).copied().unwrap_or_default()));
    }
}

/// The body of a note.
pub(crate) fn note_bytes(head: &Head, note: &Note) -> Vec<u8> {
    let mut bytes = head.0.clone();
    bytes.push(2);
    text(&mut bytes, note.act.name());
    list(&mut bytes, &note.entities, |bytes, id| text(bytes, id.as_str()));
    list(&mut bytes, &note.attributes, |bytes, name| text(bytes, name.as_str()));
    list(&mut bytes, note.reason.as_slice(), |bytes, reason| text(bytes, reason));
    let details = (!note.details.is_null()).then(|| note.details.to_string());
    list(&mut bytes, details.as_slice(), |bytes, details| text(bytes, details));
    bytes
}

fn number(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7F {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push((number & 0x7F) as u8);
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    number(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

fn list<T>(bytes: &mut Vec<u8>, items: &[T], mut each: impl FnMut(&mut Vec<u8>, &T)) {
    number(bytes, items.len() as u64);
    for item in items {
        each(bytes, item);
    }
}

/// What a body says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Body {
    pub(crate) principal: String,
    pub(crate) purpose: String,
    pub(crate) origin: Origin,
    pub(crate) what: What,
}

impl Body {
    /// Reads a body; `None` if it is not one.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        if reader.byte()? != VERSION {
            return None;
        }
        let (principal, purpose) = (reader.text()?.to_owned(), reader.text()?.to_owned());
        let flags = reader.byte()?;
        let mut part = |bit: u8| -> Option<Option<String>> {
            if flags & (1 << bit) == 0 { Some(None) } else { Some(Some(reader.text()?.to_owned())) }
        };
        let origin = Origin { peer: part(0)?, request: part(1)?, session: part(2)? };
        let what = match reader.byte()? {
            0 => What::Did(reader.did(Form::Full)?),
            1 => What::Did(reader.did(Form::Short)?),
            2 => What::Noted(reader.note()?),
            _ => return None,
        };
        (reader.0.is_empty() && flags < 8).then_some(Self { principal, purpose, origin, what })
    }
}

/// Walks over bytes. Never trusts a length.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.bytes(length)?).ok()
    }

    fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = usize::try_from(self.number()?).ok()?;
        // Every item takes a byte at least.
        if length > self.0.len() {
            return None;
        }
        (0..length).map(|_| each(self)).collect()
    }

    fn kind(&mut self) -> Option<ChangeKind> {
        kind_of(u64::from(self.byte()?))
    }

    fn did(&mut self, form: Form) -> Option<Did> {
        let first = self.number()?;
        let digest: Option<Digest> = if first > 0 { Some(self.bytes(32)?.try_into().ok()?) } else { None };
        let records = self.list(|reader| {
            let (kind, of, key) = (reader.kind()?, reader.text()?.to_owned(), reader.text()?.to_owned());
            Some(OnRecord { kind, of, key })
        })?;
        let entities = match form {
            Form::Full => {
                let names = self.list(|reader| reader.text().map(Term::from))?;
                self.list(|reader| reader.named(&names))?
            }
            Form::Short => self.list(Self::keyed)?,
        };
        let changes = digest.map(|digest| Changes { first, count: entities.len() as u64, digest });
        Some(Did { changes, entities, records })
    }

    fn named(&mut self, names: &[Term]) -> Option<Touched> {
        let (kind, id, version) = (self.kind()?, self.text()?, self.number()?);
        let attributes = self.list(|reader| names.get(usize::try_from(reader.number()?).ok()?).cloned())?;
        Some(Touched { subject: Subject::Named(EntityId::trusted(id)), kind, version, attributes })
    }

    fn keyed(&mut self) -> Option<Touched> {
        let (key, version) = (self.number()?, self.number()?);
        let kind = kind_of(key & 3)?;
        Some(Touched { subject: Subject::At(key >> 2), kind, version, attributes: Vec::new() })
    }

    fn note(&mut self) -> Option<Note> {
        let act = Act::from_name(self.text()?)?;
        let entities = self.list(|reader| reader.text().map(EntityId::trusted))?;
        let attributes = self.list(|reader| reader.text().map(Term::from))?;
        let reason = self.list(|reader| reader.text().map(str::to_owned))?.pop();
        let details = self.list(|reader| serde_json::from_str(reader.text()?).ok())?.pop();
        Some(Note { act, entities, attributes, reason, details: details.unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests;
