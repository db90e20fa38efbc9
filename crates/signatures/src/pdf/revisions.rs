//! What came to a PDF after a signature. Further signatures, and what is needed to check them later, may be added;
//! whatever else is different from what was signed is a change, even if it cannot be seen.

use std::collections::{BTreeSet, HashSet};

use super::file::{Entry, File, PdfFault};
use super::object::{Dict, Object};
use super::parse::is_space;

/// What came after a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Later {
    /// Nothing: the signature covers the whole file.
    Nothing,
    /// Further signatures.
    Signatures,
    /// Only what helps to check signatures later (DSS).
    Evidence,
    /// Something else.
    Changed,
}

/// What came to `bytes` after the first `end` of them.
pub(crate) fn what_came_later(bytes: &[u8], end: usize) -> Result<Later, PdfFault> {
    let (signed, rest) =
        bytes.split_at_checked(end).ok_or(PdfFault::Broken("a signature covers more than is there"))?;
    let old = File::read(signed)?;
    if rest.iter().all(|byte| is_space(*byte)) {
        return Ok(Later::Nothing);
    }
    let new = File::read(bytes)?;
    if old.trailer.get("Root") != new.trailer.get("Root") {
        return Ok(Later::Changed);
    }
    let comparison = Comparison { old: &old, new: &new };
    let mut changed = Vec::new();
    let mut added = HashSet::new();
    for number in old.numbers().chain(new.numbers()).collect::<BTreeSet<_>>() {
        match comparison.of(number)? {
            Difference::None => {}
            Difference::Added => {
                added.insert(number);
            }
            Difference::Changed(was, is) => changed.push((number, was, is)),
        }
    }
    // Bytes that add nothing are no increment that anybody needs.
    if changed.is_empty() || comparison.was_awaited(&added)? {
        return Ok(Later::Changed);
    }
    let mut signatures = false;
    for (number, was, is) in &changed {
        match comparison.allowed(*number, was, is)? {
            None => return Ok(Later::Changed),
            Some(found) => signatures |= found,
        }
    }
    Ok(if signatures { Later::Signatures } else { Later::Evidence })
}

enum Difference {
    None,
    Added,
    Changed(Object, Object),
}

struct Comparison<'f, 'a> {
    old: &'f File<'a>,
    new: &'f File<'a>,
}

impl Comparison<'_, '_> {
    fn of(&self, number: u32) -> Result<Difference, PdfFault> {
        let (was, is) = (self.old.entry(number), self.new.entry(number));
        let same_place = match (was, is) {
            (Entry::In(stream, _), Entry::In(..)) => {
                was == is && self.old.entry(stream) == self.new.entry(stream)
            }
            _ => was == is,
        };
        if same_place {
            return Ok(Difference::None);
        }
        let (was, is) = (self.old.object(number)?, self.new.object(number)?);
        Ok(match was {
            _ if was == is => Difference::None,
            Object::Null => Difference::Added,
            _ => Difference::Changed(was, is),
        })
    }

    /// Whether what was signed refers already to one of the objects that came later: they would fill what was empty.
    fn was_awaited(&self, added: &HashSet<u32>) -> Result<bool, PdfFault> {
        let mut references = Vec::new();
        for number in self.old.numbers() {
            self.old.object(number)?.references(&mut references);
            if references.iter().any(|reference| added.contains(reference)) {
                return Ok(true);
            }
            references.clear();
        }
        Ok(false)
    }

    /// Whether object `number` may become what it became: `Some(true)` where that belongs to a signature.
    fn allowed(&self, number: u32, was: &Object, is: &Object) -> Result<Option<bool>, PdfFault> {
        let (root, catalogue) = self.old.catalogue()?;
        if number == root {
            return self.catalogue_allowed(was, is);
        }
        let refers =
            |key: &str| matches!(catalogue.get(key), Some(Object::Ref(there, _)) if *there == number);
        if refers("DSS") {
            return Ok(Some(false));
        }
        if refers("AcroForm") {
            return self.form_allowed(was, is);
        }
        if matches!(self.old.trailer.get("Info"), Some(Object::Ref(there, _)) if *there == number) {
            const FREE: &[&str] = &["ModDate", "Producer"];
            return Ok(same_but(was, is, FREE).then_some(false));
        }
        if matches!((was, is), (Object::Array(_), Object::Array(_))) {
            return self.list_allowed(was, is);
        }
        let (Some(old), Some(new)) = (was.as_dict(), is.as_dict()) else { return Ok(None) };
        if old.name("Type") == Some(b"Page") && same_but(was, is, &["Annots"]) {
            return self.list_allowed(&self.old.value(old, "Annots")?, &self.new.value(new, "Annots")?);
        }
        let waited = old.name("FT") == Some(b"Sig") && matches!(self.old.value(old, "V")?, Object::Null);
        Ok((waited && same_but(was, is, &["V", "AP", "M"])).then_some(true))
    }

    fn catalogue_allowed(&self, was: &Object, is: &Object) -> Result<Option<bool>, PdfFault> {
        if !same_but(was, is, &["AcroForm", "DSS", "Extensions"]) {
            return Ok(None);
        }
        let (Some(old), Some(new)) = (was.as_dict(), is.as_dict()) else { return Ok(None) };
        if old.get("AcroForm") == new.get("AcroForm") {
            return Ok(Some(false));
        }
        self.form_allowed(&self.old.value(old, "AcroForm")?, &self.new.value(new, "AcroForm")?)
    }

    fn form_allowed(&self, was: &Object, is: &Object) -> Result<Option<bool>, PdfFault> {
        let empty = Dict::default();
        let (old, Some(new)) = (was.as_dict().unwrap_or(&empty), is.as_dict()) else { return Ok(None) };
        let mut free = vec!["Fields", "SigFlags"];
        // What did not stand there may be added; what stood there must stay.
        free.extend(["DA", "DR"].into_iter().filter(|key| old.get(key).is_none()));
        if old.without(&free) != new.without(&free) {
            return Ok(None);
        }
        self.list_allowed(&self.old.value(old, "Fields")?, &self.new.value(new, "Fields")?)
    }

    /// A list may grow at its end by fields and places of signatures that came later.
    fn list_allowed(&self, was: &Object, is: &Object) -> Result<Option<bool>, PdfFault> {
        let old: &[Object] = match was {
            Object::Array(items) => items,
            Object::Null => &[],
            _ => return Ok(None),
        };
        let new: &[Object] = match is {
            Object::Array(items) => items,
            Object::Null => &[],
            _ => return Ok(None),
        };
        let Some(more) = new.strip_prefix(old) else { return Ok(None) };
        for item in more {
            let Object::Ref(number, _) = item else { return Ok(None) };
            if self.old.entry(*number) != Entry::Free || !self.is_signature(*number)? {
                return Ok(None);
            }
        }
        Ok(Some(!more.is_empty()))
    }

    fn is_signature(&self, number: u32) -> Result<bool, PdfFault> {
        let object = self.new.object(number)?;
        let Some(dict) = object.as_dict() else { return Ok(false) };
        if dict.name("FT") == Some(b"Sig") {
            return Ok(true);
        }
        // The place of a field may be an object of its own.
        let parent = self.new.value(dict, "Parent")?;
        Ok(parent.as_dict().and_then(|parent| parent.name("FT")) == Some(b"Sig"))
    }
}

/// Whether two dictionaries (not streams) are the same but for `free`.
fn same_but(was: &Object, is: &Object, free: &[&str]) -> bool {
    match (was, is) {
        (Object::Dict(was), Object::Dict(is)) => was.without(free) == is.without(free),
        _ => false,
    }
}
