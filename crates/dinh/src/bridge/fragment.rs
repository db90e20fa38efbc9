//! What a feed wants written, in the words of the graph.

use std::sync::Arc;

use dinh_context::graph::{Done, DoneKind, Op, OpError, UpsertMode};
use dinh_feeds::definition::Mode;
use dinh_feeds::mapping::Mapped;
use dinh_feeds::sink::{Applied, EntityWrite, Refusal};
use dinh_model::{Entity, Timestamp};
use dinh_ngsild::mutation::{Fragment, Mutation};

/// The entity that a fragment makes where there is none.
pub(crate) fn whole(fragment: &Mapped, now: Timestamp) -> Entity {
    let mut entity = Entity {
        id: fragment.id.clone(),
        types: fragment.types.clone(),
        scopes: fragment.scopes.clone(),
        created_at: now,
        modified_at: now,
        attributes: fragment.on_create.clone(),
    };
    entity.attributes.extend(fragment.attributes.clone());
    entity
}

/// The operations of one write, in order.
///
/// Some attributes are written only when an entity is created. Whether it exists is known for sure only inside the
/// commit, so both are asked for: first to create it whole, which is refused if it exists, then to bring in what the
/// feed knows, which changes nothing if it was created just now.
pub(super) fn ops(write: &EntityWrite, now: Timestamp) -> Vec<Op> {
    let fragment = &write.fragment;
    let mut ops = match fragment.mode {
        Mode::Upsert => {
            let part = Entity { attributes: fragment.attributes.clone(), ..whole(fragment, now) };
            let mode = UpsertMode::Update { no_overwrite: false };
            vec![Op::Create(Arc::new(whole(fragment, now))), Op::upsert(part, mode)]
        }
        Mode::Update => {
            let scopes = (!fragment.scopes.is_empty()).then(|| fragment.scopes.clone());
            let part = Fragment { scopes, ..Fragment::from(fragment.attributes.clone()) };
            vec![Op::mutate(fragment.id.clone(), Mutation::Append { fragment: part, overwrite: true })]
        }
    };
    // What was observed earlier goes into the history; then the present value holds again.
    for late in &write.late {
        for attribute in [&late.observed, &late.present] {
            let mutation = Mutation::ReplaceAttribute {
                name: late.name.clone(),
                attribute: Box::new(attribute.clone()),
            };
            ops.push(Op::mutate(fragment.id.clone(), mutation));
        }
    }
    ops
}

/// What the results of [`ops`] say about the write.
pub(super) fn outcome(results: &[Result<Done, OpError>]) -> Result<Applied, Refusal> {
    let refusal = |error: &OpError| Refusal(error.to_string());
    let (first, others) = results.split_first().ok_or_else(|| Refusal("nothing was written".to_owned()))?;
    let mut applied = match first {
        Ok(done) => applied(done.kind),
        // It exists; the next operation tells what became of it.
        Err(OpError::AlreadyExists) => Applied::Same,
        Err(error) => return Err(refusal(error)),
    };
    for result in others {
        let done = result.as_ref().map_err(refusal)?;
        if applied == Applied::Same {
            applied = self::applied(done.kind);
        }
    }
    Ok(applied)
}

fn applied(kind: DoneKind) -> Applied {
    match kind {
        DoneKind::Created => Applied::Created,
        DoneKind::Updated | DoneKind::Deleted => Applied::Changed,
        DoneKind::Unchanged => Applied::Same,
    }
}
