//! Telling others their parts of a batch: one call for each source.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_context::graph::{Act, Note};
use dinh_context::registrations::Match;
use dinh_model::{EntityId, Term};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::registration::Operation;
use futures::{StreamExt as _, stream};
use http::Method;
use serde_json::{Value as Json, json};

use crate::call::call;
use crate::{Answer, Asker, Call, Deed, Failure, Plan, Tongue};

/// Calls on their way at once for one request.
const AT_ONCE: usize = 64;

/// What one source is told of a batch.
#[derive(Debug)]
pub struct Share {
    /// The source.
    pub source: Match,
    items: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    /// The place of the item in the batch.
    at: usize,
    id: EntityId,
    body: Json,
    /// The attributes that the source is told of; none for all.
    mine: BTreeSet<Term>,
    context: Arc<LdContext>,
}

impl Share {
    /// Adds an item of a batch to what a source is told: a whole document, or the identifier of an entity.
    pub fn add(
        shares: &mut Vec<Self>,
        source: &Match,
        (at, id): (usize, &EntityId),
        body: Json,
        (mine, context): (BTreeSet<Term>, &Arc<LdContext>),
    ) {
        let piece = Piece { at, id: id.clone(), body, mine, context: Arc::clone(context) };
        let same = |share: &&mut Self| Arc::ptr_eq(&share.source.registered, &source.registered);
        match shares.iter_mut().find(same) {
            Some(share) => share.items.push(piece),
            None => shares.push(Self { source: source.clone(), items: vec![piece] }),
        }
    }

    /// What became of each item, by its place: whether the source has it anew, or why not.
    pub fn results(&self, result: Result<Answer, Failure>) -> Vec<(usize, Result<bool, Failure>)> {
        let answer = match result {
            Ok(answer) => answer,
            Err(failure) => return self.items.iter().map(|piece| (piece.at, Err(failure.clone()))).collect(),
        };
        let body = answer.body.as_ref();
        let errors = body.and_then(|body| body.get("errors")).and_then(Json::as_array);
        let new = body.and_then(Json::as_array);
        let of = |piece: &Piece| {
            let names =
                |error: &&Json| error.get("entityId").and_then(Json::as_str) == Some(piece.id.as_str());
            if let Some(error) = errors.and_then(|errors| errors.iter().find(names)) {
                return Err(said(error.get("error").unwrap_or(&Json::Null)));
            }
            let is_new = new.is_none_or(|new| new.iter().any(|id| id.as_str() == Some(piece.id.as_str())));
            Ok(answer.status == 201 && is_new)
        };
        self.items.iter().map(|piece| (piece.at, of(piece))).collect()
    }
}

/// What a source said of one item.
fn said(error: &Json) -> Failure {
    let status = error.get("status").and_then(Json::as_u64).and_then(|status| u16::try_from(status).ok());
    let detail = error.get("detail").and_then(Json::as_str).map(str::to_owned);
    Failure::Refused { status: status.unwrap_or(400), detail }
}

impl Asker {
    /// Works out who does what of one item of a batch.
    pub fn plan_of(
        &self,
        operation: Operation,
        id: &EntityId,
        types: Option<&[Term]>,
        attributes: BTreeSet<Term>,
    ) -> Plan {
        self.plan(&Deed {
            operation,
            id,
            types,
            attributes,
            method: Method::POST,
            suffix: "",
            query: Vec::new(),
            body: None,
        })
    }

    /// Tells each source its share. The audit notes first what leaves the house.
    ///
    /// # Errors
    /// The audit cannot be written: then nothing leaves.
    pub async fn tell_shares(
        &self,
        operation: Operation,
        path: &str,
        query: &[(&'static str, String)],
        shares: Vec<Share>,
    ) -> Result<Vec<(Share, Result<Answer, Failure>)>, dinh_context::Error> {
        if shares.is_empty() {
            return Ok(Vec::new());
        }
        let to: Vec<&str> =
            shares.iter().map(|share| share.source.registered.registration.id.as_str()).collect();
        let details = json!({"operation": operation.as_str(), "registrations": to});
        let ids: BTreeSet<EntityId> =
            shares.iter().flat_map(|share| share.items.iter().map(|piece| piece.id.clone())).collect();
        self.session
            .note(Note { entities: ids.into_iter().collect(), details, ..Note::of(Act::Forward) })
            .await?;
        let calls: Vec<_> = shares.iter().map(|share| self.tell_share(path, query, share)).collect();
        let results: Vec<_> = stream::iter(calls).buffered(AT_ONCE).collect().await;
        Ok(shares.into_iter().zip(results).collect())
    }

    async fn tell_share(
        &self,
        path: &str,
        query: &[(&'static str, String)],
        share: &Share,
    ) -> Result<Answer, Failure> {
        let mut tongue = Tongue::of(self, &share.source.registered.registration).await;
        let same = share.items.iter().all(|piece| piece.body.is_string() || piece.context == self.context);
        if !same && !tongue.rewrites {
            // Each item brings its own words.
            tongue.content = Some("application/ld+json".to_owned());
        }
        let bodies = share.items.iter().map(|piece| {
            if piece.body.is_string() {
                return Ok(piece.body.clone());
            }
            let own = Self { context: Arc::clone(&piece.context), ..self.clone() };
            let mut body = own.narrowed_body(&piece.body, &piece.mine, &tongue)?;
            if !same
                && !tongue.rewrites
                && let (Some(members), Some(source)) = (body.as_object_mut(), piece.context.source())
            {
                members.insert("@context".to_owned(), source.clone());
            }
            Ok(body)
        });
        let bodies: Vec<Json> = bodies.collect::<Result<_, Failure>>()?;
        let call_of = Call {
            method: Method::POST,
            path: path.to_owned(),
            query: query.to_vec(),
            body: Some(Json::Array(bodies)),
        };
        call(self, &share.source, &tongue, call_of).await
    }
}
