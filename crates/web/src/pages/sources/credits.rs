//! Whose data are shown, under which terms.

use crate::pages::view::Credit;
use crate::pages::visitor::Visitor;

/// The sources of the province's packs, the geography included, each once.
pub(crate) fn credits(visitor: &Visitor) -> Vec<Credit> {
    let packs = visitor.app.context.packs();
    let mut credits: Vec<Credit> = Vec::new();
    for name in &visitor.province.packs {
        for source in packs.pack(name).into_iter().flat_map(|pack| &pack.sources) {
            let credit = Credit { name: source.name.clone(), licence: source.licence.clone() };
            if !credits.contains(&credit) {
                credits.push(credit);
            }
        }
    }
    credits
}
