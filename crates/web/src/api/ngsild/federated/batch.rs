//! Batches of which others keep something: each source is told its part of the batch in one call (clause 5.6.7 to 5.6.10).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dinh_federation::{Asker, Overwriting, Share, Singly};
use dinh_model::{EntityId, Term};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::registration::Operation;
use serde_json::Value as Json;

use super::write::problem;
use crate::api::reply::{Outcome, Refusal};
use crate::api::request::{Document, Item, Visit};

/// A batch.
pub(in crate::api::ngsild) struct Many {
    pub(in crate::api::ngsild) operation: Operation,
    /// The path below that of the API.
    pub(in crate::api::ngsild) path: &'static str,
    /// Parameters that are passed on.
    pub(in crate::api::ngsild) query: Vec<(&'static str, String)>,
    /// It is for this server alone.
    pub(in crate::api::ngsild) local: bool,
}

/// Tells others their parts of a batch. Leaves in `items` what is to be done here; answers with what became of the rest, by the
/// places of the items: an item may be done both here and there.
pub(in crate::api::ngsild) async fn share(
    visit: &Visit,
    many: &Many,
    items: &mut [Item],
) -> Result<BTreeMap<usize, Told>, Refusal> {
    let mut told: BTreeMap<usize, Told> = BTreeMap::new();
    if many.local || Asker::is_alone(&visit.session) {
        return Ok(told);
    }
    let Some(context) = items.iter().find_map(|item| Some(Arc::clone(&item.document.as_ref().ok()?.context)))
    else {
        return Ok(told);
    };
    let asker = Asker::new(visit.session.clone(), visit.headers.clone(), context);
    let mut shares: Vec<Share> = Vec::new();
    let mut alone: Vec<Alone> = Vec::new();
    let overwriting = many.overwriting();
    for (at, item) in items.iter_mut().enumerate() {
        let Ok(document) = &mut item.document else { continue };
        let Some(id) = item.id.as_deref().and_then(|id| EntityId::parse(id).ok()) else { continue };
        let (types, attributes) = concerns(document);
        let mut plan = asker.plan_of(many.operation, &id, types.as_deref(), attributes.clone());
        let how = (many.operation, overwriting);
        let singly = asker.singly(&mut plan, how, (&id, types.as_deref()), &attributes);
        if plan.is_local() && singly.is_empty() {
            continue;
        }
        visit.session.may_write_elsewhere(&id, types.as_deref()).await?;
        let mut fate = Told { nothing_here: plan.nothing_here, ..Told::default() };
        for source in &plan.refused {
            let detail = format!(
                "{} keeps this, and its source does not take the operation {}.",
                source.registered.registration.id,
                many.operation.as_str()
            );
            fate.problems.push(Problem::new(ProblemKind::Conflict, detail).about(id.as_str()));
        }
        for (source, mine) in &plan.told {
            Share::add(
                &mut shares,
                source,
                (at, &id),
                document.json.clone(),
                (mine.clone(), &document.context),
            );
        }
        if !singly.is_empty() {
            let (json, context) = (document.json.clone(), Arc::clone(&document.context));
            alone.push(Alone { at, id, types, json, context, singly });
        }
        leave(document, &plan.elsewhere);
        told.insert(at, fate);
    }
    for (share, result) in asker.tell_shares(many.operation, many.path, &many.query, shares).await? {
        let registration = share.source.registered.registration.id.to_string();
        for (at, result) in share.results(result) {
            let Some(fate) = told.get_mut(&at) else { continue };
            match result {
                Ok(new) => {
                    fate.done = true;
                    fate.new |= new;
                }
                Err(failure) => fate.problems.push(problem(&failure, &registration)),
            }
        }
    }
    told_alone(&asker, (many.operation, overwriting), alone, &mut told).await?;
    Ok(told)
}

/// An item that sources which take no batch are told of alone.
struct Alone {
    at: usize,
    id: EntityId,
    types: Option<Vec<Term>>,
    json: Json,
    context: Arc<LdContext>,
    singly: Singly,
}

/// Tells sources that take no batch of items alone.
async fn told_alone(
    asker: &Asker,
    how: (Operation, Overwriting),
    alone: Vec<Alone>,
    told: &mut BTreeMap<usize, Told>,
) -> Result<(), Refusal> {
    for one in alone {
        let asker = asker.speaking(one.context);
        let about = (&one.id, one.types.as_deref());
        let results = asker.tell_singly(how, about, &one.json, one.singly).await?;
        let Some(fate) = told.get_mut(&one.at) else { continue };
        for (source, result) in results {
            match result {
                Ok(new) => {
                    fate.done = true;
                    fate.new |= new;
                }
                Err(failure) => {
                    fate.problems.push(problem(&failure, source.registered.registration.id.as_str()));
                }
            }
        }
    }
    Ok(())
}

impl Many {
    fn overwriting(&self) -> Overwriting {
        let options = self.query.iter().filter(|(name, _)| *name == "options");
        let mut words = options.flat_map(|(_, words)| words.split(','));
        if words.clone().any(|word| word == "noOverwrite") {
            Overwriting::Never
        } else if words.any(|word| word == "update") {
            Overwriting::Updates
        } else {
            Overwriting::Usual
        }
    }
}

/// The same for a batch of identifiers of entities.
pub(in crate::api::ngsild) async fn share_ids(
    visit: &Visit,
    many: &Many,
    ids: &[Json],
) -> Result<BTreeMap<usize, Told>, Refusal> {
    let core = visit.contexts().core();
    let item = |id: &Json| Item {
        id: id.as_str().map(str::to_owned),
        document: Ok(Document { json: id.clone(), context: Arc::clone(&core) }),
    };
    let mut items: Vec<Item> = ids.iter().map(item).collect();
    share(visit, many, &mut items).await
}

/// What became of an item elsewhere.
#[derive(Debug, Default)]
pub(in crate::api::ngsild) struct Told {
    /// Whether nothing of it is done here.
    pub(in crate::api::ngsild) nothing_here: bool,
    /// Whether somebody did a part of it.
    done: bool,
    /// Whether somebody has it anew.
    new: bool,
    /// Why others did not.
    problems: Vec<Problem>,
}

impl Told {
    /// What became of an item altogether.
    pub(in crate::api::ngsild) fn with(self, outcome: &mut Outcome) {
        if let Some(problem) = self.problems.into_iter().next() {
            outcome.result = Err(problem);
        } else if self.nothing_here {
            outcome.result = Ok(self.new);
        } else if self.done
            && outcome.result.as_ref().is_err_and(|problem| problem.kind == ProblemKind::ResourceNotFound)
        {
            outcome.result = Ok(false);
        }
    }
}

fn concerns(document: &Document) -> (Option<Vec<Term>>, BTreeSet<Term>) {
    let context = document.context.as_ref();
    let types = document.json.get("type").or_else(|| document.json.get("@type")).map(|member| match member {
        Json::String(one) => vec![context.expand(one)],
        Json::Array(all) => all.iter().filter_map(Json::as_str).map(|name| context.expand(name)).collect(),
        _ => Vec::new(),
    });
    let members = document.json.as_object().into_iter().flatten();
    let names = members.map(|(name, _)| name.as_str()).filter(|name| is_attribute(name));
    (types, names.map(|name| context.expand(name)).collect())
}

fn is_attribute(name: &str) -> bool {
    !["id", "@id", "type", "@type", "scope", "@context", "expiresAt"].contains(&name)
}

fn leave(document: &mut Document, elsewhere: &BTreeSet<Term>) {
    let context: Arc<LdContext> = Arc::clone(&document.context);
    if let Some(members) = document.json.as_object_mut() {
        members.retain(|name, _| !is_attribute(name) || !elsewhere.contains(&context.expand(name)));
    }
}
