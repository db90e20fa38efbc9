//! Purge entities (CIM 009 clauses 5.6.21 and 6.4.3.3).

use axum::response::Response;
use dinh_context::graph::{Commit, Op, OpError, Stored};
use dinh_federation::Purging;
use dinh_model::{Entity, Term};
use dinh_ngsild::mutation::{Mutation, MutationError};
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::{EntityQuery, Projection};

use crate::api::ngsild::conditions::entity_query;
use crate::api::ngsild::federated::{Beyond, purged};
use crate::api::ngsild::form::Form;
use crate::api::ngsild::known::{
    ATTRS, COORDINATES, CSF, DROP, EXPAND_VALUES, GEOMETRY, GEOMETRY_PROPERTY, GEOPROPERTY, GEOREL, ID,
    ID_PATTERN, KEEP, LOCAL, Q, SCOPE_Q, TYPE,
};
use crate::api::reply::{self, Outcome, Refusal, WriteHeaders, WriteRefusals, op_problem};
use crate::api::request::{Author, JSON, Known, Media, Operation, Parameters, Visit};

/// Entities purged by one commit.
const PORTION: usize = 500;
/// Most outcomes told where not all went well.
const MOST_TOLD: usize = 1_000;

/// Purge entities.
pub(crate) struct Purge;

impl Operation for Purge {
    const PARAMETERS: &'static [Known] = &[
        TYPE,
        ID,
        ID_PATTERN,
        ATTRS,
        Q,
        GEOREL,
        GEOMETRY,
        COORDINATES,
        GEOPROPERTY,
        GEOMETRY_PROPERTY,
        SCOPE_Q,
        CSF,
        KEEP,
        DROP,
        EXPAND_VALUES,
        LOCAL,
    ];
}

/// What becomes of the entities found.
enum Fate {
    /// They go.
    Gone,
    /// They lose these attributes.
    Without(Projection),
    /// They lose all attributes but these.
    With(Projection),
}

/// Purge entities
///
/// Deletes the entities that meet all conditions, in portions; with keep or drop, attributes of them instead. At least one
/// of type, attrs, q and georel is needed, or local=true.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/entities", tag = "entities",
    extensions(("x-summary-vi" = json!("Xóa các thực thể theo điều kiện"))),
    params(Parameters<Purge>, WriteHeaders),
    responses(
        (status = 204, description = "All are deleted, or are as asked for."),
        (status = 207, description = "Some are not.", body = reply::BatchResult),
        WriteRefusals
    )
)]
pub(crate) async fn purge_entities(
    Author(visit): Author<Visit>,
    parameters: Parameters<Purge>,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON)?;
    let context = visit.ld_context().await?;
    let form = Form::members(&parameters, media, context, &visit.headers)?;
    if form.attrs.as_ref().is_some_and(|attrs| attrs.depth() > 0) {
        return Err(Problem::bad_data("attrs: entities are not purged by what they link to.").into());
    }
    let members = |name: &'static str| {
        parameters.text(name).map(|text| Projection::parse_attrs(text, &form.context)).transpose()
    };
    let fate = match (members("keep")?, members("drop")?) {
        (None, None) => Fate::Gone,
        (None, Some(drop)) => Fate::Without(drop),
        (Some(keep), None) => Fate::With(keep),
        (Some(_), Some(_)) => return Err(Problem::bad_data("keep goes not with drop.").into()),
    };
    let query = entity_query(&parameters, &form)?;
    let mut beyond = Beyond::read(&parameters, &form)?;
    beyond.local |= parameters.text("type") == Some("*");
    let elsewhere = Box::pin(purged(&visit, &query, &form, &beyond, &fate.elsewhere())).await?;
    let (mut after, mut outcomes, mut failures) = (Some(0), Vec::new(), 0usize);
    loop {
        let portion = EntityQuery { limit: PORTION, after, ..query.clone() };
        let page = visit.session.query(portion).await?;
        let Some(last) = page.entities.last() else { break };
        after = Some(last.place);
        let ops: Vec<(String, Op)> = page.entities.iter().flat_map(|stored| fate.ops(stored)).collect();
        let (ids, ops): (Vec<String>, Vec<Op>) = ops.into_iter().unzip();
        if ops.is_empty() {
            continue;
        }
        let receipt = visit.session.commit(Commit::of(ops)).await?;
        for (id, result) in ids.into_iter().zip(receipt.results) {
            let result = match result {
                // Somebody else was quicker.
                Ok(_) | Err(OpError::NotFound | OpError::Mutation(MutationError::NoAttribute { .. })) => {
                    Ok(false)
                }
                Err(error) => Err(op_problem(&error, Some(&id))),
            };
            failures += usize::from(result.is_err());
            if outcomes.len() < MOST_TOLD || (result.is_err() && failures <= MOST_TOLD) {
                outcomes.push(Outcome { id: Some(id), result });
            }
        }
    }
    Ok(elsewhere.with(&outcomes))
}

impl Fate {
    /// The same for others.
    fn elsewhere(&self) -> Purging {
        match self {
            Self::Gone => Purging::Whole,
            Self::Without(drop) => Purging::Without(drop.attributes().cloned().collect()),
            Self::With(keep) => Purging::But(keep.attributes().cloned().collect()),
        }
    }

    fn ops(&self, stored: &Stored) -> Vec<(String, Op)> {
        let entity: &Entity = &stored.entity;
        let id = entity.id.to_string();
        let dropped = |keeps: &dyn Fn(&Term) -> bool| {
            let names = entity.attributes.keys().filter(|name| !keeps(name));
            let delete =
                |name: &Term| Mutation::DeleteAttribute { name: name.clone(), dataset_id: None, all: true };
            names.map(|name| (id.clone(), Op::mutate(entity.id.clone(), delete(name)))).collect()
        };
        match self {
            Self::Gone => vec![(id, Op::delete(entity.id.clone()))],
            Self::Without(drop) => dropped(&|name| !drop.has(name.as_str())),
            Self::With(keep) => dropped(&|name| keep.has(name.as_str())),
        }
    }
}
