//! The rules that the packs of a test write.

use dinh_context::packs::Packs;
use dinh_policies::PolicyFile;

/// The rules that hold where packs bring none of their own.
pub(crate) fn rules(packs: &Packs) -> Vec<dinh_access::Rule> {
    let files = packs.policies().expect("policies");
    let texts = files.iter().map(|(pack, file)| PolicyFile {
        path: &file.path,
        pack,
        text: file.text().expect("text"),
    });
    let core = dinh_ngsild::context::Context::core();
    dinh_policies::read(&texts.collect::<Vec<_>>(), &|name| core.expand(name)).expect("rules")
}
