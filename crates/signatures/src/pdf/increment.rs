//! Adds objects to a PDF behind its end (ISO 32000-1, 7.5.6). Nothing that is there is touched.

use std::collections::BTreeMap;

use super::file::{Entry, File, PdfFault};
use super::object::{Dict, Object};

/// What is going to be added.
#[derive(Debug)]
pub(crate) struct Increment<'a> {
    bytes: &'a [u8],
    file: &'a File<'a>,
    objects: BTreeMap<u32, Object>,
    next: u32,
}

impl<'a> Increment<'a> {
    /// Nothing yet, to be added to `bytes`, which were read as `file`.
    pub(crate) fn new(bytes: &'a [u8], file: &'a File<'a>) -> Self {
        Self { bytes, file, objects: BTreeMap::new(), next: file.next_number() }
    }

    /// Adds an object and says its number.
    pub(crate) fn add(&mut self, object: Object) -> u32 {
        let number = self.next;
        self.next += 1;
        self.objects.insert(number, object);
        number
    }

    /// Replaces object `number`.
    pub(crate) fn put(&mut self, number: u32, object: Object) {
        self.objects.insert(number, object);
    }

    /// Object `number` as it will be.
    pub(crate) fn object(&self, number: u32) -> Result<Object, PdfFault> {
        self.objects.get(&number).map_or_else(|| self.file.object(number), |object| Ok(object.clone()))
    }

    /// Appends `items` to the list that `key` of object `holder` is or refers to. A list that stands for itself is
    /// replaced, so that the object which refers to it stays as it is.
    pub(crate) fn append(&mut self, holder: u32, key: &str, items: &[Object]) -> Result<(), PdfFault> {
        let Object::Dict(mut dict) = self.object(holder)? else {
            return Err(PdfFault::Broken("what should be a dictionary is none"));
        };
        let own = match dict.get(key) {
            Some(Object::Ref(number, _)) => Some(*number),
            _ => None,
        };
        let list = match own {
            Some(number) => self.object(number)?,
            None => dict.get(key).cloned().unwrap_or(Object::Null),
        };
        let mut list = match list {
            Object::Array(list) => list,
            Object::Null => Vec::new(),
            _ => return Err(PdfFault::Broken("what should be a list is none")),
        };
        list.extend_from_slice(items);
        if let Some(number) = own {
            self.put(number, Object::Array(list));
        } else {
            dict.set(key, Object::Array(list));
            self.put(holder, Object::Dict(dict));
        }
        Ok(())
    }

    /// The file with what was added, and where each added object begins.
    pub(crate) fn write(self) -> (Vec<u8>, BTreeMap<u32, usize>) {
        let mut out = Vec::with_capacity(self.bytes.len() + (64 << 10));
        out.extend_from_slice(self.bytes);
        if !out.ends_with(b"\n") {
            out.push(b'\n');
        }
        let mut places = BTreeMap::new();
        for (number, object) in &self.objects {
            places.insert(*number, out.len());
            // What is written anew keeps its generation: references to it name one.
            let generation = self.generation(*number);
            out.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
            object.write(&mut out);
            out.extend_from_slice(b"\nendobj\n");
        }
        let table_at = out.len();
        if self.file.table_is_stream {
            self.write_table_stream(&places, &mut out);
        } else {
            self.write_table(&places, &mut out);
        }
        out.extend_from_slice(format!("startxref\n{table_at}\n%%EOF\n").as_bytes());
        (out, places)
    }

    fn generation(&self, number: u32) -> u16 {
        match self.file.entry(number) {
            Entry::At(_, generation) => generation,
            Entry::In(..) | Entry::Free => 0,
        }
    }

    fn trailer(&self, size: u32) -> Dict {
        let mut trailer = Dict::default();
        trailer.set("Size", Object::Int(i64::from(size)));
        for key in ["Root", "Info", "ID"] {
            if let Some(value) = self.file.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        trailer.set("Prev", Object::Int(i64::try_from(self.file.table_at).unwrap_or(0)));
        trailer
    }

    fn write_table(&self, places: &BTreeMap<u32, usize>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"xref\n");
        for section in sections(places) {
            out.extend_from_slice(format!("{} {}\n", section[0].0, section.len()).as_bytes());
            for (number, at) in section {
                out.extend_from_slice(format!("{at:010} {:05} n \n", self.generation(number)).as_bytes());
            }
        }
        out.extend_from_slice(b"trailer\n");
        Object::Dict(self.trailer(self.next)).write(out);
        out.push(b'\n');
    }

    fn write_table_stream(&self, places: &BTreeMap<u32, usize>, out: &mut Vec<u8>) {
        let own = self.next;
        let mut places = places.clone();
        places.insert(own, out.len());
        let mut index = Vec::new();
        let mut rows = Vec::new();
        for section in sections(&places) {
            index.push(Object::Int(i64::from(section[0].0)));
            index.push(Object::Int(i64::try_from(section.len()).unwrap_or(0)));
            for (number, at) in section {
                rows.push(1);
                rows.extend_from_slice(&u32::try_from(at).unwrap_or(u32::MAX).to_be_bytes());
                rows.extend_from_slice(&self.generation(number).to_be_bytes());
            }
        }
        let mut dict = self.trailer(own + 1);
        dict.set("Type", Object::named("XRef"));
        dict.set("W", Object::Array([1, 4, 2].map(Object::Int).to_vec()));
        dict.set("Index", Object::Array(index));
        out.extend_from_slice(format!("{own} 0 obj\n").as_bytes());
        Object::Stream(dict, rows).write(out);
        out.extend_from_slice(b"\nendobj\n");
    }
}

/// Runs of numbers that follow one another.
fn sections(places: &BTreeMap<u32, usize>) -> Vec<Vec<(u32, usize)>> {
    let mut sections: Vec<Vec<(u32, usize)>> = Vec::new();
    for (number, at) in places {
        match sections.last_mut() {
            Some(section) if section.last().is_some_and(|(last, _)| last + 1 == *number) => {
                section.push((*number, *at));
            }
            _ => sections.push(vec![(*number, *at)]),
        }
    }
    sections
}
