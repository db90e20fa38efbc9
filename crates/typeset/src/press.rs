//! The press.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use dinh_documents::{Fault, Laid, Sheet, Template, Typeset};
use serde_json::json;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Datetime, Smart};
use typst::syntax::{FileId, Source};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::world::{Desk, Shop, file};
use crate::{faults, fonts, spot};

/// Most pages of one document.
const MOST_PAGES: usize = 600;
/// Most bytes of values: a register of 200 pages has one megabyte.
const MOST_VALUES: usize = 16 * 1024 * 1024;
/// Most bytes of a template.
const MOST_TEMPLATE: usize = 256 * 1024;
/// How long a template that is being written may take.
const TRIAL: Duration = Duration::from_secs(20);
/// What is remembered is forgotten when it was of no use for so many sheets.
const REMEMBERED: usize = 20;
/// Where a template finds the values.
const VALUES: &str = "/sheet.json";
/// What is typeset: it loads a template and gives it the values.
const MAIN: &str = "/main.typ";
/// Name of a template that is being written and has no other.
const DRAFT: &str = "draft";

/// Sets sheets with the templates of the packs. Cheap to clone.
#[derive(Clone)]
pub struct Press {
    shop: Arc<Shop>,
    templates: Arc<Vec<Template>>,
    trying: Arc<AtomicBool>,
}

impl Press {
    /// Takes the templates in.
    ///
    /// # Errors
    /// [`Fault::Template`] for the first one that cannot be read, with its file and line.
    pub fn new(templates: Vec<Template>) -> Result<Self, Fault> {
        let mut sources = HashMap::new();
        for template in &templates {
            let source = read(&template.name, template)?;
            sources.insert(source.id(), source);
        }
        let press = Self {
            shop: Arc::new(Shop::new(sources)),
            templates: Arc::new(templates),
            trying: Arc::new(AtomicBool::new(false)),
        };
        Ok(press)
    }

    fn desk(&self, sheet: &Sheet, draft: Option<Source>) -> Result<Desk, Fault> {
        let values =
            json!({"title": sheet.title, "language": sheet.language, "data": sheet.data}).to_string();
        if values.len() > MOST_VALUES {
            return Err(Fault::Size { size: values.len(), most: MOST_VALUES });
        }
        let main = format!(
            "#let sheet = json(\"{VALUES}\")\n#set document(title: sheet.title)\n#set text(lang: sheet.language)\n\
             #import \"/{}.typ\": paper\n#paper(sheet.data)\n",
            sheet.template
        );
        let no_path = || Fault::NoTemplate(sheet.template.clone());
        let main = Source::new(file(MAIN).ok_or_else(no_path)?, main);
        let values = (file(VALUES).ok_or_else(no_path)?, Bytes::from_string(values));
        Ok(Desk { shop: Arc::clone(&self.shop), main, values, draft })
    }

    /// The file of a pack that a file of the world is.
    fn named(&self, id: FileId) -> String {
        let path = id.vpath().get_without_slash();
        let name = path.strip_suffix(".typ").unwrap_or(path);
        let template = self.templates.iter().find(|template| template.name == name);
        template.map_or_else(|| path.to_owned(), |template| template.file.clone())
    }

    fn set(&self, desk: &Desk, sheet: &Sheet) -> Result<Laid, Fault> {
        let told = |wrong: &[_]| faults::told(desk, wrong, &|id| self.named(id));
        let document = typst::compile::<PagedDocument>(desk).output.map_err(|wrong| told(&wrong))?;
        let pages = document.pages().len();
        if pages > MOST_PAGES {
            return Err(Fault::Pages { pages, most: MOST_PAGES });
        }
        let standards = PdfStandards::new(&[PdfStandard::A_2u])
            .map_err(|reason| Fault::Template { place: None, reason: reason.message().to_string() })?;
        let options = PdfOptions {
            ident: Smart::Custom(sheet.ident.clone()),
            creator: Smart::Custom(Some("Đình".to_owned())),
            timestamp: moment(sheet.at),
            standards,
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|wrong| told(&wrong))?;
        comemo::evict(REMEMBERED);
        Ok(Laid { pdf, spot: spot::of(&document) })
    }
}

impl Typeset for Press {
    fn lay(&self, sheet: &Sheet) -> Result<Laid, Fault> {
        if !self.templates.iter().any(|template| template.name == sheet.template) {
            return Err(Fault::NoTemplate(sheet.template.clone()));
        }
        self.set(&self.desk(sheet, None)?, sheet)
    }

    fn trial(&self, draft: &Template, sheet: &Sheet) -> Result<Vec<u8>, Fault> {
        let known = self.templates.iter().any(|template| template.name == draft.name);
        let name = if known { draft.name.clone() } else { DRAFT.to_owned() };
        let source = read(&name, draft)?;
        let sheet = Sheet { template: name, ..sheet.clone() };
        let desk = self.desk(&sheet, Some(source))?;
        // What somebody writes may never end. It is not waited for, and nothing else is tried until it has.
        if self.trying.swap(true, Ordering::AcqRel) {
            return Err(busy());
        }
        let (press, (sender, receiver)) = (self.clone(), mpsc::channel());
        std::thread::spawn(move || {
            let set = press.set(&desk, &sheet).map(|laid| laid.pdf);
            press.trying.store(false, Ordering::Release);
            sender.send(set).ok();
        });
        receiver.recv_timeout(TRIAL).unwrap_or_else(|_late| Err(busy()))
    }

    fn templates(&self) -> Vec<&Template> {
        self.templates.iter().collect()
    }

    fn font(&self) -> Option<Arc<[u8]>> {
        Some(fonts::of_signatures())
    }
}

fn busy() -> Fault {
    let reason =
        format!("takes longer than {} seconds; nothing else is tried until it has ended", TRIAL.as_secs());
    Fault::Template { place: None, reason }
}

/// A template as it is read, if it can be.
fn read(name: &str, template: &Template) -> Result<Source, Fault> {
    let is_name = !name.is_empty()
        && name.len() <= 60
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let id = file(&format!("/{name}.typ")).filter(|_| is_name);
    let id = id.ok_or_else(|| Fault::NoTemplate(name.to_owned()))?;
    if template.text.len() > MOST_TEMPLATE {
        return Err(Fault::Size { size: template.text.len(), most: MOST_TEMPLATE });
    }
    let source = Source::new(id, template.text.clone());
    let wrong: Vec<SourceDiagnostic> =
        source.root().errors_and_warnings().0.into_iter().map(SourceDiagnostic::from).collect();
    if wrong.is_empty() {
        return Ok(source);
    }
    let shop = Arc::new(Shop::new(HashMap::new()));
    let desk = Desk { shop, main: source, values: (id, Bytes::new([])), draft: None };
    Err(faults::told(&desk, &wrong, &|_| template.file.clone()))
}

/// A moment as PDF writes it, in the time of Vietnam.
fn moment(at: jiff::Timestamp) -> Option<Timestamp> {
    let local = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7)));
    let part = |part: i8| u8::try_from(part).ok();
    let datetime = Datetime::from_ymd_hms(
        i32::from(local.year()),
        part(local.month())?,
        part(local.day())?,
        part(local.hour())?,
        part(local.minute())?,
        part(local.second())?,
    )?;
    Timestamp::new_local(datetime, 7 * 60)
}
