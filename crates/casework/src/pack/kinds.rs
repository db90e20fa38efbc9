//! Kinds of case from all packs, put together on their bases and checked.

use std::collections::{BTreeMap, BTreeSet};

use dinh_cases::{Book, Kind, Known, Merge};
use dinh_context::packs::{PackFile, Packs};

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
}

/// Reads kinds and messages of all packs.
///
/// # Errors
/// [`Error::Pack`] for the first file that makes no sense, with all that is wrong with it.
pub(crate) fn read(packs: &Packs, roles: &BTreeSet<String>) -> Result<Brought, Error> {
    let (mut kinds, mut messages, mut forms) = (Vec::new(), Messages::default(), BTreeSet::new());
    let mut indicators = Vec::new();
    for brought in packs.packs() {
        let name = brought.name.as_str();
        let files = packs.files(name, "cases", ".toml").map_err(dinh_context::Error::from)?;
        kinds.extend(of_pack(&files)?);
        let forms_of = packs.files(name, "forms", ".json").map_err(dinh_context::Error::from)?;
        forms.extend(forms_of.iter().map(|file| file.stem().to_owned()));
        for file in packs.files(name, "messages", ".toml").map_err(dinh_context::Error::from)? {
            let more: Messages = file.toml().map_err(dinh_context::Error::from)?;
            messages.0.extend(more.0);
        }
        for file in packs.files(name, "indicators", ".toml").map_err(dinh_context::Error::from)? {
            let set: IndicatorSet = file.toml().map_err(dinh_context::Error::from)?;
            indicators.push(set.checked().map_err(|fault| pack(&file.path, &fault))?);
        }
    }
    let known = Known {
        roles: roles.clone(),
        messages: messages.0.keys().cloned().collect(),
        forms,
        kinds: kinds.iter().map(|(_, kind)| kind.code.clone()).collect(),
    };
    for (path, kind) in &kinds {
        let faults = kind.faults(&known);
        if !faults.is_empty() {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            return Err(pack(path, &faults.join("; ")));
        }
    }
    let book = Book::new(kinds.into_iter().map(|(_, kind)| kind));
    Ok(Brought { book: book.map_err(|fault| pack("cases", &fault))?, messages, indicators })
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
