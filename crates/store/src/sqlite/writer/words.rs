//! Writing what full-text search sees.

use dinh_model::{AttributeChange, Entity};
use rusqlite::params;

use super::Writer;
use super::commit::Context;
use crate::facets::Lens;
use crate::names::NameId;
use crate::spec::Specs;
use crate::sqlite::failure::Failed;
use crate::text::{Words, is_searchable};

/// The words that say whose an entity is and of which types. They begin with a sign that no word of a text has, so that
/// nothing that people look for is the beginning of one.
pub(in crate::sqlite) fn place(tenant: NameId, types: &[NameId]) -> String {
    let mut words = vec![format!("§t{tenant}")];
    words.extend(types.iter().map(|entity_type| format!("§y{entity_type}")));
    words.join(" ")
}

/// Begins every word as typed, so that words as typed and folded words are never looked through together.
pub(in crate::sqlite) const EXACT: &str = "°";

/// Words as the index holds words as typed.
pub(in crate::sqlite) fn marked(words: &str) -> String {
    let marked: Vec<String> =
        words.split(' ').filter(|w| !w.is_empty()).map(|w| format!("{EXACT}{w}")).collect();
    marked.join(" ")
}

impl Writer {
    /// Brings full text up to date, if the words or the types have changed.
    pub(super) fn index_words(
        &self,
        context: &Context<'_>,
        pk: i64,
        before: Option<&Entity>,
        after: Option<&Entity>,
        changes: &[AttributeChange],
    ) -> Failed<()> {
        let specs = self.shared.specs.get();
        let whole = match (before, after) {
            (Some(before), Some(after)) => before.types != after.types,
            _ => true,
        };
        let concerned = whole
            || changes.iter().any(|change| {
                let sides = [&change.before, &change.after];
                sides.into_iter().flatten().any(|instance| {
                    is_searchable(&change.name, std::slice::from_ref(instance), &specs.searchable)
                })
            });
        if !concerned {
            return Ok(());
        }
        let words =
            |entity: Option<&Entity>| entity.map(|e| self.shared.words_of(e, &specs)).unwrap_or_default();
        let (old, new) = (words(before), words(after));
        if old == new && !whole {
            return Ok(());
        }
        if !old.is_empty() {
            self.connection.prepare_cached("DELETE FROM words WHERE rowid = ?1")?.execute([pk])?;
        }
        match after {
            Some(entity) if !new.is_empty() => {
                let types = self.types_of(entity, &specs);
                self.put_words(context.tenant_id, pk, &types, &new)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn types_of(&self, entity: &Entity, specs: &Specs) -> Vec<NameId> {
        Lens { names: &self.shared.names.read(), specs }.types(entity)
    }

    pub(super) fn put_words(&self, tenant: NameId, pk: i64, types: &[NameId], words: &Words) -> Failed<()> {
        let Words { name_exact, name, rest_exact, rest } = words;
        self.connection
            .prepare_cached(
                "INSERT INTO words (rowid, place, name_exact, name, rest_exact, rest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![pk, place(tenant, types), marked(name_exact), name, marked(rest_exact), rest])?;
        Ok(())
    }
}
