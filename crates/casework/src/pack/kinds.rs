//! Kinds of case from all packs, put together on their bases and checked.

use std::collections::{BTreeMap, BTreeSet};

use dinh_cases::{Book, Kind, Known, Merge, Tariff};
use dinh_context::packs::{PackFile, Packs};
use dinh_documents::Template;
use dinh_forms::Form;

use super::{IndicatorSet, Messages};
use crate::Error;

/// Ending of files that others build on and that are no kinds themselves.
const BASE: &str = ".base";

/// What the packs bring.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brought {
    pub(crate) book: Book,
    pub(crate) messages: Messages,
    pub(crate) indicators: Vec<IndicatorSet>,
    pub(crate) tariff: Tariff,
    /// The forms in all their editions.
    pub(crate) forms: Vec<Form>,
}

/// Reads kinds and messages of all packs.
///
/// # Errors
/// [`Error::Pack`] for the first file that makes no sense, with all that is wrong with it.
pub(crate) fn read(packs: &Packs, roles: &BTreeSet<String>) -> Result<Brought, Error> {
    let (mut kinds, mut messages, mut forms) = (Vec::new(), Messages::default(), Vec::new());
    let (mut indicators, mut tariffs) = (Vec::new(), Vec::new());
    for brought in packs.packs() {
        let name = brought.name.as_str();
        let files = packs.files(name, "cases", ".toml").map_err(dinh_context::Error::from)?;
        kinds.extend(of_pack(&files)?);
        for file in packs.files(name, "forms", ".json").map_err(dinh_context::Error::from)? {
            let text = file.text().map_err(dinh_context::Error::from)?;
            forms.push(Form::from_json(text).map_err(|fault| pack(&file.path, &fault))?);
        }
        for file in packs.files(name, "messages", ".toml").map_err(dinh_context::Error::from)? {
            let more: Messages = file.toml().map_err(dinh_context::Error::from)?;
            messages.0.extend(more.0);
        }
        for file in packs.files(name, "indicators", ".toml").map_err(dinh_context::Error::from)? {
            let set: IndicatorSet = file.toml().map_err(dinh_context::Error::from)?;
            indicators.push(set.checked().map_err(|fault| pack(&file.path, &fault))?);
        }
        for file in packs.files(name, "fees", ".toml").map_err(dinh_context::Error::from)? {
            let tariff: Tariff = file.toml().map_err(dinh_context::Error::from)?;
            tariffs.push((file.path, tariff));
        }
    }
    let known = Known {
        roles: roles.clone(),
        messages: messages.0.keys().cloned().collect(),
        forms: fields_of(&forms),
        templates: templates(packs)?.into_iter().map(|template| template.name).collect(),
        kinds: kinds.iter().map(|(_, kind)| kind.code.clone()).collect(),
    };
    for (path, kind) in &kinds {
        let faults = kind.faults(&known);
        if !faults.is_empty() {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            return Err(pack(path, &faults.join("; ")));
        }
    }
    let tariff = with_fees(&mut kinds, tariffs)?;
    let book = Book::new(kinds.into_iter().map(|(_, kind)| kind));
    Ok(Brought { book: book.map_err(|fault| pack("cases", &fault))?, messages, indicators, tariff, forms })
}

/// Rates and reductions of all files, checked together and brought to the kinds that they are about.
fn with_fees(kinds: &mut [(String, Kind)], tariffs: Vec<(String, Tariff)>) -> Result<Tariff, Error> {
    let mut all = Tariff::default();
    for (path, tariff) in tariffs {
        all.rates.extend(tariff.rates);
        all.reductions.extend(tariff.reductions);
        let there: Vec<&Kind> = kinds.iter().map(|(_, kind)| kind).collect();
        let faults = all.faults(&there);
        if !faults.is_empty() {
            return Err(pack(&path, &faults.join("; ")));
        }
    }
    for (_, kind) in kinds {
        kind.tariff = all.about(&kind.code);
    }
    Ok(all)
}

/// The templates of all packs. Their names are those of their files, and each name is used once.
///
/// # Errors
/// [`Error::Pack`] for a name that is used twice, and for what is no text.
pub fn templates(packs: &Packs) -> Result<Vec<Template>, Error> {
    let mut templates: Vec<Template> = Vec::new();
    for brought in packs.packs() {
        for file in packs.files(&brought.name, "templates", ".typ").map_err(dinh_context::Error::from)? {
            let name = file.stem().to_owned();
            if templates.iter().any(|other| other.name == name) {
                return Err(pack(&file.path, &"its name is that of a template of another pack"));
            }
            let text = file.text().map_err(dinh_context::Error::from)?.to_owned();
            templates.push(Template { name, file: file.path.clone(), text });
        }
    }
    Ok(templates)
}

/// What forms ask, by their names: in any of their editions.
fn fields_of(forms: &[Form]) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for form in forms {
        let names = form.fields.iter().map(|field| field.name.clone());
        all.entry(form.id.clone()).or_default().extend(names);
    }
    all
}

/// The kinds of one pack, each with its file. Bases are looked for in the same pack.
fn of_pack(files: &[PackFile]) -> Result<Vec<(String, Kind)>, Error> {
    let mut parts = BTreeMap::new();
    for file in files {
        let text = file.text().map_err(dinh_context::Error::from)?;
        let merge = Merge::read(text).map_err(|fault| pack(&file.path, &fault))?;
        parts.insert(name_of(file), (file.path.clone(), merge));
    }
    let mut kinds = Vec::new();
    for (name, (path, merge)) in &parts {
        if name.ends_with(BASE) {
            continue;
        }
        let kind = based(merge, &parts).and_then(|merge| merge.kind().map_err(|fault| fault.to_string()));
        kinds.push((path.clone(), kind.map_err(|fault| pack(path, &fault))?));
    }
    Ok(kinds)
}

/// A kind on its bases. A base builds on nothing itself: all files that make a kind are named in its own.
fn based(merge: &Merge, parts: &BTreeMap<String, (String, Merge)>) -> Result<Merge, String> {
    let mut below: Option<Merge> = None;
    for base in merge.extends() {
        let name = format!("{base}{BASE}");
        let (_, base) = parts.get(&name).ok_or_else(|| format!("extends: there is no cases/{name}.toml"))?;
        if !base.extends().is_empty() {
            return Err(format!("extends: cases/{name}.toml builds on another base itself"));
        }
        below = Some(match below {
            Some(below) => base.clone().on(&below).map_err(|fault| fault.to_string())?,
            None => base.clone(),
        });
    }
    match below {
        Some(below) => merge.clone().on(&below).map_err(|fault| fault.to_string()),
        None => Ok(merge.clone()),
    }
}

/// `dossier.base` of `one-stop/cases/dossier.base.toml`.
fn name_of(file: &PackFile) -> String {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    name.strip_suffix(".toml").unwrap_or(name).to_owned()
}

fn pack(file: &str, reason: &dyn std::fmt::Display) -> Error {
    Error::Pack { file: file.to_owned(), reason: reason.to_string() }
}
