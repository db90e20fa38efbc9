//! What a feed wants written, in the words of the graph.

use std::sync::Arc;

use dinh_context::graph::{Done, DoneKind, Op, OpError};
use dinh_feeds::definition::Mode;
use dinh_feeds::mapping::Mapped;
use dinh_feeds::sink::{Applied, EntityWrite};
use dinh_model::{Entity, Timestamp};
use dinh_ngsild::mutation::{Fragment, Instance, Mutation};

/// The entity that a fragment makes where there is none.
pub(crate) fn whole(fragment: &Mapped, now: Timestamp) -> Entity {
    let mut entity = Entity {
        id: fragment.id.clone(),
        types: fragment.types.clone(),
        scopes: fragment.scopes.clone(),
        created_at: now,
        modified_at: now,
        expires_at: None,
        attributes: fragment.on_create.clone(),
    };
    entity.attributes.extend(fragment.attributes.clone());
    entity
}

/// Makes the entity whole, with what is written only when it is created. Refused if it exists.
pub(super) fn create(write: &EntityWrite, now: Timestamp) -> Op {
    Op::Create(Arc::new(whole(&write.fragment, now)))
}

/// The write for an entity that has gone meanwhile: what was its present value is no more, so nothing is late.
pub(super) fn anew(write: &EntityWrite) -> EntityWrite {
    let mut fragment = write.fragment.clone();
    for late in &write.late {
        fragment.set(late.name.clone(), late.observed.clone());
    }
    EntityWrite { fragment, late: Vec::new() }
}

/// Brings what the feed knows into the entity. Refused if there is none.
pub(super) fn bring_in(write: &EntityWrite) -> Op {
    let Mapped { id, types, scopes, mode, attributes, .. } = &write.fragment;
    let mut part = Fragment::from(attributes.clone());
    part.scopes = (!scopes.is_empty()).then(|| scopes.clone());
    if *mode == Mode::Upsert {
        part.types.clone_from(types);
    }
    // What was observed earlier goes into the history; then, in the same change, the present value holds again.
    for late in &write.late {
        let both = [&late.observed, &late.present].map(|one| Instance::Set(one.clone()));
        part.attributes.entry(late.name.clone()).or_default().extend(both);
    }
    Op::mutate(id.clone(), Mutation::Append { fragment: part, overwrite: true })
}

/// What the results of the operations of one write, in order, say about it.
pub(super) fn outcome(results: &[Result<Done, OpError>]) -> Result<Applied, OpError> {
    let told = match results {
        // It exists, and the second operation has told it what the feed knows.
        [Err(OpError::AlreadyExists), then, ..] => then,
        [first, ..] => first,
        // Cannot be: every write has an operation, and every operation a result.
        [] => return Err(OpError::Undone),
    };
    told.as_ref().map_err(OpError::clone).map(|done| match done.kind {
        DoneKind::Created => Applied::Created,
        DoneKind::Updated | DoneKind::Deleted => Applied::Changed,
        DoneKind::Unchanged => Applied::Same,
    })
}
