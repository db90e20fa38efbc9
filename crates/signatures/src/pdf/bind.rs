//! Many documents as one for the printer. What is bound is a picture of the documents: their signatures are drawn on the
//! pages, and none of them can be checked in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::file::{File, LARGEST, PdfFault};
use super::object::{Dict, Object};

/// How deep trees of pages and values in values may be.
const DEEPEST: usize = 64;
/// How many pages a bound document may have.
const MOST_PAGES: usize = 10_000;
/// An annotation that is not printed: hidden (2), or never looked at (32) (ISO 32000-1, table 165).
const UNSEEN: i64 = 2 | 32;
/// What a page has from the branches above it, unless it says so itself (ISO 32000-1, table 30).
const INHERITED: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];
/// The number of the catalogue, and of the root of the pages.
const CATALOGUE: u32 = 1;
const PAGES: u32 = 2;

/// The pages of all `files`, one file after the other, as one PDF. With `both_sides` every file begins on the front of a
/// sheet: behind an odd number of pages comes an empty one.
///
/// # Errors
/// A file is no PDF, is broken or encrypted, or all together are too large.
pub fn bind(files: &[&[u8]], both_sides: bool) -> Result<Vec<u8>, PdfFault> {
    let together = files.iter().map(|file| file.len()).sum();
    if together > LARGEST {
        return Err(PdfFault::Large(together));
    }
    let mut bound = Bound::default();
    bound.objects.resize(2, Object::Null);
    for bytes in files {
        let from = bound.pages.len();
        Copied {
            file: &File::read(bytes)?,
            bound: &mut bound,
            numbers: BTreeMap::new(),
            waiting: Vec::new(),
        }
        .take_pages()?;
        if both_sides && (bound.pages.len() - from) % 2 == 1 {
            bound.add_empty_page();
        }
    }
    Ok(bound.written())
}

/// What is bound so far; the object with the number 1 is the first.
#[derive(Default)]
struct Bound {
    objects: Vec<Object>,
    pages: Vec<Object>,
    /// The size of the last page, for an empty one behind it.
    size: Option<Object>,
}

impl Bound {
    fn add(&mut self, object: Object) -> u32 {
        self.objects.push(object);
        u32::try_from(self.objects.len()).unwrap_or(u32::MAX)
    }

    fn add_page(&mut self, page: Dict) -> Result<(), PdfFault> {
        if self.pages.len() >= MOST_PAGES {
            return Err(PdfFault::Broken("together they have more than 10,000 pages"));
        }
        self.size = page.get("MediaBox").cloned();
        let number = self.add(Object::Dict(page));
        self.pages.push(Object::Ref(number, 0));
        Ok(())
    }

    fn add_empty_page(&mut self) {
        let mut page = Dict::default();
        page.set("Type", Object::named("Page"));
        page.set("Parent", Object::Ref(PAGES, 0));
        page.set("Resources", Object::Dict(Dict::default()));
        if let Some(size) = self.size.clone() {
            page.set("MediaBox", size);
        }
        let number = self.add(Object::Dict(page));
        self.pages.push(Object::Ref(number, 0));
    }

    fn written(mut self) -> Vec<u8> {
        let mut pages = Dict::default();
        pages.set("Type", Object::named("Pages"));
        pages.set("Count", Object::Int(i64::try_from(self.pages.len()).unwrap_or(i64::MAX)));
        pages.set("Kids", Object::Array(std::mem::take(&mut self.pages)));
        let mut catalogue = Dict::default();
        catalogue.set("Type", Object::named("Catalog"));
        catalogue.set("Pages", Object::Ref(PAGES, 0));
        self.objects[CATALOGUE as usize - 1] = Object::Dict(catalogue);
        self.objects[PAGES as usize - 1] = Object::Dict(pages);
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut table = String::from("0000000000 65535 f \n");
        for (at, object) in self.objects.iter().enumerate() {
            // Writing into a string cannot fail.
            _ = writeln!(table, "{:010} 00000 n ", out.len());
            out.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
            object.write(&mut out);
            out.extend_from_slice(b"\nendobj\n");
        }
        let (table_at, size) = (out.len(), self.objects.len() + 1);
        out.extend_from_slice(format!("xref\n0 {size}\n{table}").as_bytes());
        let root = format!("trailer\n<</Size {size}/Root {CATALOGUE} 0 R>>\nstartxref\n{table_at}\n%%EOF\n");
        out.extend_from_slice(root.as_bytes());
        out
    }
}

/// One file on its way.
struct Copied<'a, 'b> {
    file: &'a File<'a>,
    bound: &'b mut Bound,
    /// Numbers there, and numbers here.
    numbers: BTreeMap<u32, u32>,
    /// What was referred to and is not copied yet: its number there and here.
    waiting: Vec<(u32, u32)>,
}

impl Copied<'_, '_> {
    fn take_pages(mut self) -> Result<(), PdfFault> {
        let (_, catalogue) = self.file.catalogue()?;
        let root = self.file.value(&catalogue, "Pages")?;
        self.take_branch(&root, &Dict::default(), 0)?;
        while let Some((there, here)) = self.waiting.pop() {
            let object = self.file.object(there)?;
            self.bound.objects[here as usize - 1] = self.copy(&object, 0)?;
        }
        Ok(())
    }

    fn take_branch(&mut self, node: &Object, above: &Dict, depth: usize) -> Result<(), PdfFault> {
        let Object::Dict(node) = node else { return Err(PdfFault::Broken("a page is missing")) };
        if depth > DEEPEST {
            return Err(PdfFault::Broken("its tree of pages is too deep"));
        }
        let mut known = above.clone();
        for key in INHERITED {
            if let Some(value) = node.get(key) {
                known.set(key, value.clone());
            }
        }
        match self.file.value(node, "Kids")? {
            Object::Array(kids) => {
                for kid in kids {
                    let kid = self.file.resolve(&kid)?;
                    self.take_branch(&kid, &known, depth + 1)?;
                }
                Ok(())
            }
            _ => self.take_page(node, &known),
        }
    }

    fn take_page(&mut self, node: &Dict, known: &Dict) -> Result<(), PdfFault> {
        let mut page = Dict::default();
        page.set("Type", Object::named("Page"));
        page.set("Parent", Object::Ref(PAGES, 0));
        for key in ["MediaBox", "CropBox", "Rotate"] {
            if let Some(value) = known.get(key) {
                let value = self.file.resolve(value)?;
                page.set(key, self.copy(&value, 0)?);
            }
        }
        let resources = self.file.value(known, "Resources")?;
        let resources = self.copy(&resources, 0)?;
        let mut resources = resources.as_dict().cloned().unwrap_or_default();
        let drawn = self.draw_annotations(node, &mut resources)?;
        page.set("Resources", Object::Dict(resources));
        page.set("Contents", self.contents(node, &drawn)?);
        self.bound.add_page(page)
    }

    /// What the page draws, and `behind` it what else is drawn, with nothing left over of what the page has set.
    fn contents(&mut self, node: &Dict, behind: &str) -> Result<Object, PdfFault> {
        let own = match node.get("Contents") {
            None => Vec::new(),
            Some(Object::Array(list)) => list.clone(),
            Some(reference) => match self.file.resolve(reference)? {
                Object::Array(list) => list,
                _ => vec![reference.clone()],
            },
        };
        let before = self.bound.add(Object::Stream(Dict::default(), b"q".to_vec()));
        let after = self.bound.add(Object::Stream(Dict::default(), format!("Q\n{behind}").into_bytes()));
        let mut all = vec![Object::Ref(before, 0)];
        for one in own {
            all.push(self.copy(&one, 0)?);
        }
        all.push(Object::Ref(after, 0));
        Ok(Object::Array(all))
    }

    /// Makes what is seen of annotations a part of the page, and says what draws it.
    fn draw_annotations(&mut self, node: &Dict, resources: &mut Dict) -> Result<String, PdfFault> {
        let Object::Array(annotations) = self.file.value(node, "Annots")? else { return Ok(String::new()) };
        let pictures = match resources.get("XObject") {
            Some(Object::Ref(number, _)) => self.original(*number)?,
            Some(other) => other.clone(),
            None => Object::Null,
        };
        let mut pictures = pictures.as_dict().cloned().unwrap_or_default();
        let mut drawn = String::new();
        for (at, annotation) in annotations.iter().enumerate() {
            if let Some((form, place)) = self.seen(annotation)? {
                let name = format!("Seen{at}");
                pictures.set(&name, form);
                _ = writeln!(drawn, "q {place} cm /{name} Do Q");
            }
        }
        if !drawn.is_empty() {
            resources.set("XObject", Object::Dict(pictures));
        }
        Ok(drawn)
    }

    /// The object that has `here` as its new number, copied.
    fn original(&mut self, here: u32) -> Result<Object, PdfFault> {
        let there = self.numbers.iter().find(|(_, new)| **new == here).map(|(old, _)| *old);
        let object = there.map_or(Ok(Object::Null), |there| self.file.object(there))?;
        self.copy(&object, 0)
    }

    /// The form that shows an annotation, and the matrix that puts it in its place.
    fn seen(&mut self, annotation: &Object) -> Result<Option<(Object, String)>, PdfFault> {
        let annotation = self.file.resolve(annotation)?;
        let Some(annotation) = annotation.as_dict() else { return Ok(None) };
        if annotation.int("F").unwrap_or(0) & UNSEEN != 0 {
            return Ok(None);
        }
        let appearance = self.file.value(annotation, "AP")?;
        let Some(normal) = appearance.as_dict().and_then(|all| all.get("N")).cloned() else {
            return Ok(None);
        };
        let Object::Stream(form, _) = self.file.resolve(&normal)? else { return Ok(None) };
        let place = self.corners(annotation, "Rect")?.zip(self.corners(&form, "BBox")?);
        let Some(([left, bottom, right, top], [x0, y0, x1, y1])) = place else { return Ok(None) };
        let (across, up) = ((right - left) / (x1 - x0), (top - bottom) / (y1 - y0));
        if !(across.is_finite() && up.is_finite() && across > 0.0 && up > 0.0) {
            return Ok(None); // A signature that is not seen has no size.
        }
        let (x, y) = (left - x0 * across, bottom - y0 * up);
        Ok(Some((self.copy(&normal, 0)?, format!("{across:.5} 0 0 {up:.5} {x:.3} {y:.3}"))))
    }

    fn corners(&self, dict: &Dict, key: &str) -> Result<Option<[f64; 4]>, PdfFault> {
        let Object::Array(items) = self.file.value(dict, key)? else { return Ok(None) };
        let mut all = [0.0; 4];
        for (corner, item) in all.iter_mut().zip(&items) {
            *corner = match self.file.resolve(item)? {
                #[expect(clippy::cast_precision_loss, reason = "places on a sheet are small numbers")]
                Object::Int(number) => number as f64,
                Object::Real(text) => text.parse().unwrap_or_default(),
                _ => return Ok(None),
            };
        }
        Ok((items.len() == 4).then_some(all))
    }

    /// `object` with the numbers that its references have here.
    fn copy(&mut self, object: &Object, depth: usize) -> Result<Object, PdfFault> {
        if depth > DEEPEST {
            return Err(PdfFault::Broken("values stand too deep in one another"));
        }
        Ok(match object {
            Object::Ref(there, _) => Object::Ref(self.number(*there), 0),
            Object::Array(items) => {
                Object::Array(items.iter().map(|item| self.copy(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            Object::Dict(dict) => Object::Dict(self.copy_dict(dict, depth)?),
            Object::Stream(dict, data) => Object::Stream(self.copy_dict(dict, depth)?, data.clone()),
            plain => plain.clone(),
        })
    }

    fn copy_dict(&mut self, dict: &Dict, depth: usize) -> Result<Dict, PdfFault> {
        let copied = dict.0.iter().map(|(name, value)| Ok((name.clone(), self.copy(value, depth + 1)?)));
        copied.collect::<Result<_, PdfFault>>().map(Dict)
    }

    fn number(&mut self, there: u32) -> u32 {
        if let Some(here) = self.numbers.get(&there) {
            return *here;
        }
        let here = self.bound.add(Object::Null);
        self.numbers.insert(there, here);
        self.waiting.push((there, here));
        here
    }
}
