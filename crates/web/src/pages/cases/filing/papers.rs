//! Files that come with a filing.

use dinh_cases::Kind;
use dinh_model::EntityId;

use super::OWN;
use crate::pages::cases::said;
use crate::pages::form::PostedFile;
use crate::pages::privacy;
use crate::pages::visitor::Visitor;

/// Attaches files to the parts that their fields name, and says which were not taken, and why.
pub(in crate::pages::cases) async fn attached(
    visitor: &Visitor,
    kind: &Kind,
    id: &EntityId,
    files: Vec<PostedFile>,
) -> Vec<String> {
    let mut troubles = Vec::new();
    for file in files {
        let part = file.field.strip_prefix(&format!("{OWN}part.")).unwrap_or(&file.field).to_owned();
        let name = file.fact.name.clone();
        if kind.part(&part).is_none() {
            continue;
        }
        let named = (file.fact.name, file.fact.media_type);
        let trouble = match privacy::looked_at(visitor, named, file.content).await {
            Ok(checked) => {
                let (name, media) = (checked.name().to_owned(), checked.kind().media_type());
                let casework = &visitor.app.casework;
                let kept =
                    casework.attach(&visitor.session, id, &part, (&name, media), checked.into_bytes()).await;
                kept.err().map(|error| said::words(&error, Some(kind), visitor.lang()))
            }
            Err(text) => Some(text),
        };
        troubles.extend(trouble.map(|why| format!("{name}: {why}")));
    }
    troubles
}
