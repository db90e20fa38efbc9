//! The procedures that ship, each from filing to the end.

mod alone;
mod complaints;
mod forms;
mod law;
mod walks;

pub(super) use walks::any_example;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dinh_forms::{Context, Form, NoFiles, NoUnits};
use jiff::civil::{Date, date};

use super::*;

/// The day on which examples are filed: a Monday. The Tuesday after it is a day off, the 24th of November.
const DAY: Date = date(2026, 11, 23);

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/one-stop").join(folder);
    let entries = fs::read_dir(folder).expect("is a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("is read").path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    files.sort();
    files
}

/// All kinds of the pack, put together as the pack's reader does.
pub(super) fn shipped() -> Vec<Kind> {
    static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(read_kinds);
    KINDS.clone()
}

fn read_kinds() -> Vec<Kind> {
    let read = |file: &Path| Merge::read(&fs::read_to_string(file).expect("is read")).expect("is TOML");
    let all = files("cases", ".toml");
    let name = |file: &Path| file.file_name().expect("has a name").to_string_lossy().into_owned();
    let (bases, own): (Vec<_>, Vec<_>) = all.into_iter().partition(|file| name(file).ends_with(".base.toml"));
    let bases: BTreeMap<String, Merge> =
        bases.iter().map(|file| (name(file).replace(".base.toml", ""), read(file))).collect();
    let put_together = |file: &PathBuf| {
        let own = read(file);
        let mut below = own.extends().into_iter().map(|base| bases[base].clone());
        let lowest = below.next().expect("builds on a base");
        let base = below.fold(lowest, |below, next| next.on(&below).expect("fits"));
        own.on(&base).and_then(Merge::kind).unwrap_or_else(|fault| panic!("{}: {fault}", name(file)))
    };
    own.iter().map(put_together).collect()
}

/// The first version of a kind that ships.
pub(super) fn kind(code: &str) -> Kind {
    let versions = shipped().into_iter().filter(|kind| kind.code == code);
    versions.min_by_key(|kind| kind.version).unwrap_or_else(|| panic!("there is no {code}"))
}

/// Names of the templates of the pack.
pub(super) fn templates() -> BTreeSet<String> {
    let name = |file: &PathBuf| file.file_stem().expect("has a name").to_string_lossy().into_owned();
    files("templates", ".typ").iter().map(name).collect()
}

/// All forms of the pack, by name.
pub(super) fn forms() -> &'static BTreeMap<String, Form> {
    static FORMS: LazyLock<BTreeMap<String, Form>> = LazyLock::new(read_forms);
    &FORMS
}

fn read_forms() -> BTreeMap<String, Form> {
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("is read");
        let form = Form::from_json(&text).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
        (file.file_stem().expect("has a name").to_string_lossy().into_owned(), form)
    };
    files("forms", ".json").iter().map(read).collect()
}

/// Complete answers of an example.
fn example(name: &str) -> Json {
    let all: Json = serde_json::from_str(include_str!("examples.json")).expect("is JSON");
    all.get(name).cloned().unwrap_or_else(|| panic!("there is no example {name}"))
}

/// The same as it is filed: computed values among it.
fn filed(form: Option<&str>, name: &str) -> Map<String, Json> {
    let Some(form) = form else { return Map::new() };
    let forms = forms();
    let context = Context { today: DAY, units: &NoUnits, files: &AnyFile };
    forms[form].accept(&example(name), &context).unwrap_or_else(|faults| panic!("{name}: {faults:?}"))
}

/// A drawer in which every file is a small picture, drawings apart.
struct AnyFile;

impl dinh_forms::DossierFiles for AnyFile {
    fn find(&self, id: &str) -> Option<dinh_forms::FileFact> {
        let media = if id.starts_with("drawing") { "application/pdf" } else { "image/jpeg" };
        Some(dinh_forms::FileFact { name: id.to_owned(), media_type: media.to_owned(), byte_size: 1_000 })
    }
}

/// What somebody does, with everything that must be answered answered somehow.
pub(super) fn acts(
    house: &House,
    case: &Case,
    now: &str,
    actor: &Actor,
    action: &str,
) -> Result<Moved, Refused> {
    use crate::AskKind;
    let unknown = || Refused::NoAction(action.to_owned());
    let known = house.kind.action(action).ok_or_else(unknown)?;
    let asked: Vec<(&str, Answer)> = known
        .asks
        .iter()
        .filter(|ask| ask.required)
        .map(|ask| {
            let answer = match ask.kind {
                AskKind::Choice => text(&ask.choices[0].0),
                AskKind::Date => text("2027-12-31"),
                AskKind::Count => Answer::Count(1),
                AskKind::Parts => Answer::Codes(vec![house.kind.parts[0].code.clone()]),
                AskKind::Unit => text("urn:ngsi-ld:Unit:so-chuyen-nganh"),
                AskKind::Official => text("handler"),
                AskKind::Reason | AskKind::Note => text("Theo quy định hiện hành"),
            };
            (ask.code.as_str(), answer)
        })
        .collect();
    house.act(case, now, actor, action, &asked)
}

fn does(house: &House, case: &Case, now: &str, actor: &Actor, action: &str) -> Case {
    match acts(house, case, now, actor, action) {
        Ok(moved) => moved.case,
        Err(refused) => panic!("{} {action} at {now} in {}: {refused}", house.kind.code, case.state),
    }
}

fn who(name: &str) -> Actor {
    match name {
        "citizen" => citizen(),
        "clerk" => clerk(),
        "records" => records(),
        "handler" => handler(),
        "leader" => leader(),
        _ => program(),
    }
}

/// Opens an example with all parts that it must have, on Monday at eight.
pub(super) fn opened(house: &House, example: &str, channel: Channel) -> Case {
    opened_at(house, "2026-11-23T08:00", filed(house.kind.form.as_deref(), example), channel)
}

fn opened_at(house: &House, now: &str, answers: Map<String, Json>, channel: Channel) -> Case {
    use crate::{Held, HeldAs, Scope};
    let rules = house.rules(at(now));
    let opening = Opening { channel, ..house.opening(&rules, now, answers) };
    let mut case = house.kind.open(opening).expect("opens").case;
    let scope = Scope::of_filing(&case.answers, channel, at(now));
    let missing: Vec<String> = house.kind.missing(&case, &scope).map(|part| part.code.clone()).collect();
    for part in missing {
        case.parts.insert(part, Held { held_as: HeldAs::Original, files: vec![], reused: None });
    }
    case
}
