//! A PDF as its tables describe it: where each object lies in the newest revision.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::filter;
use super::object::{Dict, Object};
use super::parse::{Parser, Unreadable, is_space};

/// The largest PDF that is read, in bytes.
pub const LARGEST: usize = 64 << 20;
/// How many revisions a PDF may have.
const MOST_REVISIONS: usize = 1_000;
/// How many objects a PDF may have.
const MOST_OBJECTS: u64 = 2_000_000;

/// Why a file is not read as a PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfFault {
    /// More bytes than are read.
    #[error("the PDF has {0} bytes; at most {LARGEST} are read")]
    Large(usize),
    /// It begins with something else.
    #[error("the file is no PDF: it does not begin with %PDF-")]
    NotPdf,
    /// What the table of its objects lacks.
    #[error("the PDF is broken: {0}")]
    Broken(&'static str),
    /// Where reading ended.
    #[error("the PDF is broken at {0}")]
    Unreadable(#[from] Unreadable),
    /// It asks for a password.
    #[error("the PDF is encrypted; signatures are made and checked in PDFs without a password")]
    Encrypted,
}

/// Where an object lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// At this byte, with this generation.
    At(usize, u16),
    /// In this stream of objects, as the how manieth.
    In(u32, usize),
    /// Nowhere any more.
    Free,
}

/// Objects of one stream of objects, with their numbers.
type Packed = Rc<Vec<(u32, Object)>>;

/// A PDF, read from its newest table back to its oldest.
#[derive(Debug)]
pub(crate) struct File<'a> {
    bytes: &'a [u8],
    entries: BTreeMap<u32, Entry>,
    /// The newest trailer.
    pub(crate) trailer: Dict,
    /// Where the newest table begins.
    pub(crate) table_at: usize,
    /// Whether the newest table is a stream.
    pub(crate) table_is_stream: bool,
    packed: RefCell<BTreeMap<u32, Packed>>,
}

impl<'a> File<'a> {
    /// Reads the tables of `bytes`.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, PdfFault> {
        if bytes.len() > LARGEST {
            return Err(PdfFault::Large(bytes.len()));
        }
        if !bytes.starts_with(b"%PDF-") {
            return Err(PdfFault::NotPdf);
        }
        let table_at = last_table(bytes)?;
        let mut file = Self {
            bytes,
            entries: BTreeMap::new(),
            trailer: Dict::default(),
            table_at,
            table_is_stream: false,
            packed: RefCell::default(),
        };
        file.read_tables()?;
        if file.trailer.get("Encrypt").is_some() {
            return Err(PdfFault::Encrypted);
        }
        Ok(file)
    }

    fn read_tables(&mut self) -> Result<(), PdfFault> {
        let mut seen = HashSet::new();
        let mut next = Some(self.table_at);
        while let Some(at) = next {
            if !seen.insert(at) || seen.len() > MOST_REVISIONS {
                return Err(PdfFault::Broken("its tables go round in circles or are more than 1,000"));
            }
            let mut parser = Parser::new(self.bytes, at);
            let first = seen.len() == 1;
            let trailer = if parser.take("xref") {
                let trailer = self.read_table(&mut parser)?;
                // A hybrid: what old readers cannot see stands in a stream beside the table.
                if let Some(beside) = trailer.int("XRefStm") {
                    self.read_table_stream(offset(beside)?)?;
                }
                trailer
            } else {
                self.table_is_stream |= first;
                self.read_table_stream(at)?
            };
            next = trailer.int("Prev").map(offset).transpose()?;
            if first {
                self.trailer = trailer;
            }
        }
        Ok(())
    }

    fn read_table(&mut self, parser: &mut Parser<'_>) -> Result<Dict, PdfFault> {
        while !parser.take("trailer") {
            let first = parser.number()?;
            let count = parser.number()?;
            for number in first..first.saturating_add(bounded(count)?) {
                let at = parser.number()?;
                let generation = parser.number()?;
                let entry = if parser.take("n") {
                    Entry::At(offset_of(at)?, u16::try_from(generation).unwrap_or(u16::MAX))
                } else if parser.take("f") {
                    Entry::Free
                } else {
                    return Err(PdfFault::Broken("a row of its table is neither `n` nor `f`"));
                };
                self.note(number, entry)?;
            }
        }
        match parser.object()? {
            Object::Dict(trailer) => Ok(trailer),
            _ => Err(PdfFault::Broken("its trailer is no dictionary")),
        }
    }

    fn read_table_stream(&mut self, at: usize) -> Result<Dict, PdfFault> {
        const BROKEN: PdfFault = PdfFault::Broken("the stream with its table makes no sense");
        let (_, object, _) = Parser::new(self.bytes, at).indirect(&|_| None)?;
        let Object::Stream(dict, data) = object else { return Err(BROKEN) };
        if dict.name("Type") != Some(b"XRef") {
            return Err(BROKEN);
        }
        let data = filter::undo(&dict, &data).ok_or(BROKEN)?;
        let numbers = |key: &str| -> Option<Vec<u64>> {
            let Some(Object::Array(items)) = dict.get(key) else { return None };
            items
                .iter()
                .map(|item| match item {
                    Object::Int(number) => u64::try_from(*number).ok(),
                    _ => None,
                })
                .collect()
        };
        let widths =
            numbers("W").filter(|widths| widths.len() == 3 && widths.iter().all(|width| *width <= 8));
        let widths: Vec<usize> =
            widths.ok_or(BROKEN)?.iter().map(|width| usize::try_from(*width).unwrap_or(8)).collect();
        let size = dict.int("Size").and_then(|size| u64::try_from(size).ok()).ok_or(BROKEN)?;
        let sections = numbers("Index").unwrap_or_else(|| vec![0, size]);
        let mut rows = data.chunks_exact(widths.iter().sum::<usize>().max(1));
        for section in sections.as_chunks::<2>().0 {
            for number in section[0]..section[0].saturating_add(bounded(section[1])?) {
                let row = rows.next().ok_or(BROKEN)?;
                self.note(number, row_of(row, &widths).ok_or(BROKEN)?)?;
            }
        }
        Ok(dict)
    }

    /// The newest table is read first, so what is known already stays.
    fn note(&mut self, number: u64, entry: Entry) -> Result<(), PdfFault> {
        let number = u32::try_from(bounded(number)?)
            .map_err(|_large| PdfFault::Broken("the number of an object is too large"))?;
        self.entries.entry(number).or_insert(entry);
        Ok(())
    }

    /// The numbers of all objects that its tables know.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.entries.keys().copied()
    }

    /// Where object `number` lies.
    pub(crate) fn entry(&self, number: u32) -> Entry {
        self.entries.get(&number).copied().unwrap_or(Entry::Free)
    }

    /// One more than the highest number in use.
    pub(crate) fn next_number(&self) -> u32 {
        let highest = self.entries.keys().next_back().copied().unwrap_or(0);
        let said = self.trailer.int("Size").and_then(|size| u32::try_from(size).ok()).unwrap_or(0);
        highest.saturating_add(1).max(said)
    }

    /// Object `number`; [`Object::Null`] if there is none.
    pub(crate) fn object(&self, number: u32) -> Result<Object, PdfFault> {
        match self.entry(number) {
            Entry::Free => Ok(Object::Null),
            Entry::At(at, _) => self.object_at(number, at).map(|(object, _)| object),
            Entry::In(stream, index) => {
                let packed = self.packed(stream)?;
                match packed.get(index) {
                    Some((there, object)) if *there == number => Ok(object.clone()),
                    _ => Err(PdfFault::Broken("an object is not in the stream where its table has it")),
                }
            }
        }
    }

    /// Object `number` that lies at `at`, and where its own bytes begin.
    pub(crate) fn object_at(&self, number: u32, at: usize) -> Result<(Object, usize), PdfFault> {
        let (there, object, from) = Parser::new(self.bytes, at).indirect(&|number| self.length(number))?;
        if there != number {
            return Err(PdfFault::Broken("an object is not where its table has it"));
        }
        Ok((object, from))
    }

    fn length(&self, number: u32) -> Option<usize> {
        // The length of a stream is a number that stands for itself; following more would go round in circles.
        let Entry::At(at, _) = self.entry(number) else { return None };
        match Parser::new(self.bytes, at).indirect(&|_| None).ok()? {
            (there, Object::Int(long), _) if there == number => usize::try_from(long).ok(),
            _ => None,
        }
    }

    fn packed(&self, stream: u32) -> Result<Packed, PdfFault> {
        const BROKEN: PdfFault = PdfFault::Broken("a stream of objects makes no sense");
        if let Some(known) = self.packed.borrow().get(&stream) {
            return Ok(Rc::clone(known));
        }
        let Entry::At(at, _) = self.entry(stream) else { return Err(BROKEN) };
        let (Object::Stream(dict, data), _) = self.object_at(stream, at)? else { return Err(BROKEN) };
        let data = filter::undo(&dict, &data).ok_or(BROKEN)?;
        let first = dict.int("First").and_then(|first| usize::try_from(first).ok()).ok_or(BROKEN)?;
        let count = dict.int("N").and_then(|count| u64::try_from(count).ok()).ok_or(BROKEN)?;
        let mut parser = Parser::new(&data, 0);
        let mut objects = Vec::new();
        for _ in 0..bounded(count)? {
            let number = u32::try_from(parser.number()?).map_err(|_large| BROKEN)?;
            let at = first.checked_add(offset_of(parser.number()?)?).ok_or(BROKEN)?;
            objects.push((number, Parser::new(&data, at).object()?));
        }
        let objects = Rc::new(objects);
        self.packed.borrow_mut().insert(stream, Rc::clone(&objects));
        Ok(objects)
    }

    /// What `object` is or refers to.
    pub(crate) fn resolve(&self, object: &Object) -> Result<Object, PdfFault> {
        match object {
            Object::Ref(number, _) => self.object(*number),
            other => Ok(other.clone()),
        }
    }

    /// What `key` of `dict` is or refers to; [`Object::Null`] if it has no such key.
    pub(crate) fn value(&self, dict: &Dict, key: &str) -> Result<Object, PdfFault> {
        dict.get(key).map_or(Ok(Object::Null), |object| self.resolve(object))
    }

    /// The number of its catalogue and the catalogue.
    pub(crate) fn catalogue(&self) -> Result<(u32, Dict), PdfFault> {
        match self.trailer.get("Root") {
            Some(Object::Ref(number, _)) => match self.object(*number)? {
                Object::Dict(catalogue) => Ok((*number, catalogue)),
                _ => Err(PdfFault::Broken("its catalogue is missing")),
            },
            _ => Err(PdfFault::Broken("its trailer names no catalogue")),
        }
    }
}

fn row_of(row: &[u8], widths: &[usize]) -> Option<Entry> {
    let mut rest = row;
    let mut fields = [1, 0, 0];
    for (field, width) in fields.iter_mut().zip(widths) {
        let (now, later) = rest.split_at_checked(*width)?;
        rest = later;
        if *width > 0 {
            *field = now.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        }
    }
    match fields {
        [1, at, generation] => {
            Some(Entry::At(usize::try_from(at).ok()?, u16::try_from(generation).unwrap_or(u16::MAX)))
        }
        [2, stream, index] => Some(Entry::In(u32::try_from(stream).ok()?, usize::try_from(index).ok()?)),
        _ => Some(Entry::Free),
    }
}

fn bounded(count: u64) -> Result<u64, PdfFault> {
    if count > MOST_OBJECTS { Err(PdfFault::Broken("it has more than 2,000,000 objects")) } else { Ok(count) }
}

fn offset(at: i64) -> Result<usize, PdfFault> {
    usize::try_from(at).map_err(|_negative| PdfFault::Broken("a table is said to be before the beginning"))
}

fn offset_of(at: u64) -> Result<usize, PdfFault> {
    usize::try_from(at).map_err(|_large| PdfFault::Broken("an object is said to be beyond the end"))
}

/// Where the newest table begins: the number after the last `startxref`, with nothing but `%%EOF` after it.
fn last_table(bytes: &[u8]) -> Result<usize, PdfFault> {
    const WORD: &[u8] = b"startxref";
    const BROKEN: PdfFault = PdfFault::Broken("it does not end with startxref and %%EOF");
    let end = bytes.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1);
    let tail_at = end.saturating_sub(64);
    let tail = bytes.get(tail_at..end).unwrap_or_default();
    let at = tail.windows(WORD.len()).rposition(|window| window == WORD).ok_or(BROKEN)?;
    let mut parser = Parser::new(bytes, tail_at + at + WORD.len());
    let table = offset_of(parser.number()?)?;
    let mut rest = bytes.get(parser.at..end).unwrap_or_default();
    while let [first, later @ ..] = rest
        && is_space(*first)
    {
        rest = later;
    }
    if rest == b"%%EOF" { Ok(table) } else { Err(BROKEN) }
}
