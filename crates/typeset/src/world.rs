//! All that a template can see.

use std::collections::HashMap;
use std::sync::Arc;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::fonts;

/// What stays the same from sheet to sheet.
pub(crate) struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// Templates by their files.
    pub(crate) sources: HashMap<FileId, Source>,
}

/// One sheet with everything that it is set with.
pub(crate) struct Desk {
    pub(crate) shop: Arc<Shop>,
    pub(crate) main: Source,
    /// The values: a file of JSON.
    pub(crate) values: (FileId, Bytes),
    /// A template that is being written, instead of the one of its name.
    pub(crate) draft: Option<Source>,
}

/// The name of a file within the world. There are as many as there are templates, and no more.
pub(crate) fn file(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl Shop {
    pub(crate) fn new(sources: HashMap<FileId, Source>) -> Self {
        let (book, fonts) = fonts::built_in();
        Self { library: LazyHash::new(Library::default()), book: LazyHash::new(book), fonts, sources }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        if let Some(draft) = self.draft.as_ref().filter(|draft| draft.id() == id) {
            return Ok(draft.clone());
        }
        self.shop.sources.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.values.0 { Ok(self.values.1.clone()) } else { Err(missing(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
