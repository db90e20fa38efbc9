//! Where the packs are, and small tools to read them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use dinh_context::packs::Packs;
use dinh_context::schema::Registry;
use dinh_feeds::definition::{FeedDefinition, FeedName};
use dinh_model::Term;

/// The folder `packs/`.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// Expands short names as the house's context does for names of packs.
pub(crate) fn expand(name: &str) -> Term {
    const CORE: [&str; 4] = ["location", "observationSpace", "operationSpace", "status"];
    match name {
        "description" | "title" => Term::new(format!("http://purl.org/dc/terms/{name}")),
        name if CORE.contains(&name) => Term::new(format!("https://uri.etsi.org/ngsi-ld/{name}")),
        name => Term::new(format!("https://uri.etsi.org/ngsi-ld/default-context/{name}")),
    }
}

/// The last part of a full name.
pub(crate) fn short(term: &Term) -> &str {
    term.as_str().rsplit('/').next().unwrap_or_default()
}

/// All packs.
pub(crate) fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(|| Packs::from_folder(&folder()).unwrap())
}

/// All types.
pub(crate) fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| Registry::read(packs(), &expand).unwrap())
}

/// All feeds of all packs.
pub(crate) fn feeds() -> Vec<FeedDefinition> {
    let mut all = Vec::new();
    for pack in packs().packs() {
        for file in packs().files(&pack.name, "feeds", ".toml").unwrap() {
            let name = FeedName::new(&pack.name, file.stem());
            all.push(FeedDefinition::parse(name, &file.path, file.text().unwrap()).unwrap());
        }
    }
    all
}

/// All files below a folder.
pub(crate) fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}
