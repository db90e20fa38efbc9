//! Telling others what is written (clauses 4.3.6.2, 4.3.6.3 and 5.6): what is kept elsewhere goes there and not here, what is
//! kept at several places goes to all of them.

use std::collections::BTreeSet;

use dinh_context::graph::{Act, Note};
use dinh_context::registrations::Match;
use dinh_model::{EntityId, Term};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::read::{self, Reader};
use dinh_ngsild::registration::{Discovery, Information, Mode, Operation, Types, Wanted};
use dinh_ngsild::write::Writer;
use futures::{StreamExt as _, stream};
use http::Method;
use serde_json::{Value as Json, json};

use crate::call::call;
use crate::question::segment;
use crate::{Asker, Call, Failure, Fate, Tongue};

/// Calls on their way at once for one request.
const AT_ONCE: usize = 64;
/// Members of an entity that are no attributes.
const NOT_ATTRIBUTES: [&str; 7] = ["id", "@id", "type", "@type", "scope", "@context", "expiresAt"];

/// What is written to one entity.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    /// The operation, as registrations name it.
    pub operation: Operation,
    /// The entity.
    pub id: &'a EntityId,
    /// Its types, as far as they are known.
    pub types: Option<&'a [Term]>,
    /// The attributes concerned; none for the whole entity.
    pub attributes: BTreeSet<Term>,
    /// HTTP method.
    pub method: Method,
    /// The path below that of the entity, e.g. `/attrs`; where a single attribute is concerned, its name follows.
    pub suffix: &'static str,
    /// Parameters that are passed on.
    pub query: Vec<(&'static str, String)>,
    /// What is written, without its `@context`.
    pub body: Option<&'a Json>,
}

/// Who does what of a deed.
#[derive(Debug, Default)]
pub struct Plan {
    /// Sources that are told, each with the attributes that it is told of; none for the whole entity.
    pub told: Vec<(Match, BTreeSet<Term>)>,
    /// Sources that keep what is written, and take no such operation.
    pub refused: Vec<Match>,
    /// Attributes that are kept elsewhere, and not written here.
    pub elsewhere: BTreeSet<Term>,
    /// Whether nothing is left to be written here.
    pub nothing_here: bool,
    /// Whether the request was here before, and would have to go on to where it came from.
    pub goes_round: bool,
}

impl Plan {
    /// True if all of it is done here alone.
    pub fn is_local(&self) -> bool {
        self.told.is_empty() && self.refused.is_empty() && !self.nothing_here && !self.goes_round
    }
}

impl Asker {
    /// Works out who does what.
    pub fn plan(&self, deed: &Deed<'_>) -> Plan {
        let attributes: Vec<Term> = deed.attributes.iter().cloned().collect();
        let wanted = Wanted {
            ids: std::slice::from_ref(deed.id),
            types: deed.types.map_or(Types::Any, Types::Of),
            attributes: &attributes,
            ..Wanted::default()
        };
        let mut plan = Plan::default();
        let mut left = deed.attributes.clone();
        let proxied = self.proxied(&wanted);
        plan.goes_round = self.went_round() && !proxied.is_empty();
        for mode in [Mode::Exclusive, Mode::Redirect] {
            if !deed.attributes.is_empty() && left.is_empty() {
                break;
            }
            let mut taken = BTreeSet::new();
            for source in proxied.iter().filter(|source| source.registered.registration.mode == mode) {
                let Some(mine) = of_source(source, &left) else { continue };
                let whole = source.information().any(|part| !part.names_attributes());
                // Whoever deletes an entity deletes what is kept of it here too (clause 5.6.6.4).
                plan.nothing_here |=
                    whole && !matches!(deed.operation, Operation::DeleteEntity | Operation::DeleteBatch);
                taken.extend(mine.iter().cloned());
                if source.registered.registration.supports(deed.operation) {
                    plan.told.push((source.clone(), mine));
                } else {
                    plan.refused.push(source.clone());
                }
            }
            left.retain(|name| !taken.contains(name));
            plan.elsewhere.extend(taken);
        }
        plan.nothing_here |= !deed.attributes.is_empty() && left.is_empty();
        if !plan.nothing_here {
            let search = Discovery { wanted, ..Discovery::default() };
            for source in self.matching(&[deed.operation], &search) {
                if source.registered.registration.mode == Mode::Inclusive
                    && let Some(mine) = of_source(&source, &left)
                {
                    plan.told.push((source, mine));
                }
            }
        }
        plan
    }

    /// Tells the sources of a plan, beside one another. The audit notes first what leaves the house.
    ///
    /// # Errors
    /// The audit cannot be written: then nothing leaves.
    pub async fn tell(&self, deed: &Deed<'_>, plan: &Plan) -> Result<Vec<Fate>, dinh_context::Error> {
        let mut fates: Vec<Fate> = Vec::new();
        if !plan.told.is_empty() {
            let to: Vec<&str> =
                plan.told.iter().map(|(source, _)| source.registered.registration.id.as_str()).collect();
            let details = json!({"operation": deed.operation.as_str(), "registrations": to});
            let attributes = deed.attributes.iter().cloned().collect();
            let note =
                Note { entities: vec![deed.id.clone()], attributes, details, ..Note::of(Act::Forward) };
            self.session.note(note).await?;
        }
        let calls: Vec<_> =
            plan.told.iter().map(|(source, mine)| self.tell_one(deed, source, mine)).collect();
        fates.extend(stream::iter(calls).buffered(AT_ONCE).collect::<Vec<_>>().await);
        Ok(fates)
    }

    async fn tell_one(&self, deed: &Deed<'_>, source: &Match, mine: &BTreeSet<Term>) -> Fate {
        let tongue = Tongue::of(self, &source.registered.registration).await;
        // What is written to one attribute names none.
        let of_one = deed.suffix == "/attrs/" && !deed.attributes.is_empty();
        let body = deed
            .body
            .map(|body| if of_one { Ok(body.clone()) } else { self.narrowed_body(body, mine, &tongue) });
        let path = path(deed, &tongue.context);
        let result = match body.transpose() {
            Ok(body) => {
                let call_of = Call { method: deed.method.clone(), path, query: deed.query.clone(), body };
                call(self, source, &tongue, call_of).await
            }
            Err(failure) => Err(failure),
        };
        Fate { source: source.clone(), result }
    }

    /// What of a body concerns a source, in the words that it is spoken to.
    pub(crate) fn narrowed_body(
        &self,
        body: &Json,
        mine: &BTreeSet<Term>,
        tongue: &Tongue,
    ) -> Result<Json, Failure> {
        let mut body = body.clone();
        if !mine.is_empty() {
            keep(&mut body, &self.context, |name| mine.contains(name));
        }
        if tongue.rewrites { self.rewritten(body, tongue) } else { Ok(body) }
    }

    /// The same in other words (clause 4.3.6.6).
    fn rewritten(&self, body: Json, tongue: &Tongue) -> Result<Json, Failure> {
        let whole = body.get("id").or_else(|| body.get("@id")).is_some() && body.get("type").is_some();
        if !whole {
            // A fragment: its names are all that is in words.
            return Ok(renamed(body, &self.context, &tongue.context));
        }
        let reader = Reader::new(&self.context, self.session.context().clock().now());
        let entity = read::entity(&reader, body).map_err(|error| Failure::Unreadable(error.to_string()))?;
        let mut out = Vec::new();
        Writer::new(&tongue.context).entity(&mut out, &entity);
        serde_json::from_slice(&out).map_err(|error| Failure::Unreadable(error.to_string()))
    }
}

/// The attributes of a deed that a source is about: none if none is. An empty set stands for all of it.
pub(crate) fn of_source(source: &Match, left: &BTreeSet<Term>) -> Option<BTreeSet<Term>> {
    let parts: Vec<&Information> = source.information().collect();
    if parts.iter().any(|part| !part.names_attributes()) {
        return Some(left.clone());
    }
    let named = |name: &&Term| parts.iter().any(|part| part.attributes().any(|one| one == *name));
    let mine: BTreeSet<Term> = left.iter().filter(named).cloned().collect();
    (left.is_empty() || !mine.is_empty()).then_some(mine)
}

/// Leaves the attributes of a body that `wanted` holds for, and what is no attribute.
pub(crate) fn keep(body: &mut Json, context: &LdContext, wanted: impl Fn(&Term) -> bool) {
    if let Some(members) = body.as_object_mut() {
        members.retain(|name, _| NOT_ATTRIBUTES.contains(&name.as_str()) || wanted(&context.expand(name)));
    }
}

fn renamed(body: Json, from: &LdContext, to: &LdContext) -> Json {
    let Json::Object(members) = body else { return body };
    let renamed = members.into_iter().map(|(name, value)| {
        let name = if NOT_ATTRIBUTES.contains(&name.as_str()) {
            name
        } else {
            to.compact(&from.expand(&name)).into_owned()
        };
        (name, value)
    });
    Json::Object(renamed.collect())
}

fn path(deed: &Deed<'_>, context: &LdContext) -> String {
    if deed.operation == Operation::CreateEntity {
        return "/entities".to_owned();
    }
    let mut path = format!("/entities/{}{}", segment(deed.id.as_str()), deed.suffix);
    if deed.suffix == "/attrs/"
        && let Some(name) = deed.attributes.first()
    {
        path.push_str(&segment(&context.compact(name)));
    }
    path
}
