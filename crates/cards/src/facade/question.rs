//! Questions to wallets: OpenID4VP 1.0 with a DCQL query and `direct_post`. Each question has its own nonce and is answered once;
//! whoever repeats an answer is refused and told why.

use dinh_context::Session;
use dinh_context::graph::Op;
use dinh_credentials::Refused;
use dinh_credentials::card::CardKind;
use dinh_credentials::sdjwt::{self, Presented, SdJwt};
use dinh_model::Tenant;
use serde_json::{Map, Value as Json, json};

use super::presentation::{Claim, Told};
use super::status::A_LIST;
use super::uses::Use;
use super::wallet::hashed;
use super::{Cards, Standing, plain};
use crate::{Card, Error};

/// Kinds of records: questions that are open, and what became of them. Their keys are hashes of the state; neither says
/// anything of a person.
const QUESTION: &str = "card-question";
const ASKED: &str = "card-asked";
/// For how many seconds a question is open, and its answer kept.
pub(super) const LASTS: i64 = 300;

/// What is asked of a wallet, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// A card of this kind; of any kind if none is named.
    pub kind: Option<CardKind>,
    /// What it is to say; what programs ask for if none is named.
    pub claims: Vec<Claim>,
    /// Why it is asked.
    pub why: String,
    /// What the answer is to be used for: for that alone it counts.
    pub purpose: Use,
    /// What that is about: the case of an exemption; empty otherwise.
    pub about: String,
}

/// A question to a wallet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What the wallet names the question by.
    pub state: String,
    /// What the asker fetches the answer with; not for the wallet.
    pub secret: String,
    /// What is sent to the wallet: the parameters of the request.
    pub request: Json,
    /// For how many seconds it is open.
    pub lasts: i64,
}

impl Cards {
    /// Asks a wallet for a card of any kind, for a program. `response` is where it sends the answer, without the state.
    ///
    /// # Errors
    /// [`Error::NotOffered`], [`Error::TooMany`].
    pub async fn question(&self, tenant: &Tenant, response: &str) -> Result<Question, Error> {
        self.asked(tenant, (&Wish::default(), ""), response).await
    }

    /// Asks a wallet, for the person who asks: what becomes of it is told by [`Cards::presentation`] to them alone.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::Missing`] if nothing is asked for, [`Error::Text`] without a reason,
    /// [`Error::TooMany`].
    pub async fn ask(&self, session: &Session, wish: &Wish, response: &str) -> Result<Question, Error> {
        let asker = self.account(session)?.id.to_string();
        let of_unit = |kind| self.rules().and_then(|rules| rules.kind(kind)).is_ok_and(|kind| kind.of_unit);
        // A person's card has neither unit nor position: a wallet that is asked for them could not answer at all.
        let has = |claim: &Claim| match (wish.kind, claim) {
            (None, _) => true,
            (Some(kind), Claim::Benefits) => !of_unit(kind),
            (Some(kind), claim) => of_unit(kind) || !claim.is_of_unit(),
        };
        let claims: Vec<Claim> = wish.claims.iter().copied().filter(has).collect();
        if claims.is_empty() {
            return Err(Error::Missing("claims"));
        }
        let wish = Wish { claims, why: plain("why", &wish.why, 5, 200)?, ..wish.clone() };
        self.asked(session.tenant(), (&wish, &asker), response).await
    }

    async fn asked(
        &self,
        tenant: &Tenant,
        (wish, asker): (&Wish, &str),
        response: &str,
    ) -> Result<Question, Error> {
        let (state, secret, nonce) = (self.secret()?, self.secret()?, self.secret()?);
        let response_uri = format!("{response}/{state}");
        let client = format!("redirect_uri:{response_uri}");
        let request = json!({
            "response_type": "vp_token",
            "response_mode": "direct_post",
            "client_id": client,
            "response_uri": response_uri,
            "nonce": nonce,
            "state": state,
            "dcql_query": self.query(wish)?,
        });
        let claims: Vec<&str> = claims(wish).iter().map(|claim| claim.name()).collect();
        let body = json!({
            "nonce": nonce, "audience": client, "answer": hashed(&secret), "asker": asker, "why": wish.why,
            "kind": wish.kind.map(CardKind::name), "claims": claims, "request": request,
            "asked": self.seconds(), "use": wish.purpose.name(), "about": wish.about,
        });
        self.put(tenant, (QUESTION, &state), body, LASTS).await?;
        self.sweep(tenant, ASKED).await?;
        Ok(Question { state, secret, request, lasts: LASTS })
    }

    /// The question in DCQL (OpenID4VP 1.0, section 6).
    fn query(&self, wish: &Wish) -> Result<Json, Error> {
        let rules = self.rules()?;
        let kinds = rules.kinds().iter().filter(|kind| wish.kind.is_none_or(|wished| wished == kind.code));
        let kinds: Vec<&str> = kinds.map(|kind| kind.credential.as_str()).collect();
        let asked = claims(wish);
        let names: Vec<&str> = asked.iter().map(|claim| claim.name()).collect();
        let claim = |name: &&str| json!({"id": name, "path": [name]});
        let mut credential = json!({
            "id": "card",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": kinds},
            "claims": names.iter().map(claim).collect::<Vec<_>>(),
        });
        let of_all: Vec<&str> = asked.iter().filter(|one| one.is_of_all()).map(|one| one.name()).collect();
        if wish.kind.is_none() && of_all.len() < names.len() && !of_all.is_empty() {
            // A person's card has neither unit nor position, that of a unit no benefits.
            credential["claim_sets"] = json!([names, of_all]);
        }
        Ok(json!({"credentials": [credential]}))
    }

    /// Takes the answer of a wallet. The question is spent, whatever the answer is.
    ///
    /// # Errors
    /// [`Error::Repeated`] for a question that was answered before, [`Error::Spent`] for one that is unknown or too old;
    /// [`Error::Refused`] for an answer that proves nothing.
    pub async fn answer(&self, tenant: &Tenant, state: &str, token: &Json) -> Result<Standing, Error> {
        let Some(question) = self.open_question(tenant, state).await? else {
            return Err(self.repeated(tenant, state).await?);
        };
        let told = self.judged(tenant, &question, token).await;
        let outcome = match &told {
            Ok(told) => told.standing.name(),
            Err(Error::Refused(refused)) => refused.code(),
            Err(Error::NoSuch(_)) => Standing::NotACard.name(),
            Err(_) => "broken",
        };
        let mut became = question.clone();
        if let Some(became) = became.as_object_mut() {
            became.retain(|name, _| !["nonce", "audience", "request"].contains(&&**name));
            became.insert("refused".to_owned(), json!(told.is_err()));
            became.insert("outcome".to_owned(), json!(outcome));
            became.insert("answered".to_owned(), json!(self.seconds()));
            became.insert("until".to_owned(), json!(self.seconds() + LASTS));
        }
        let answer = question["answer"].as_str().unwrap_or_default();
        // Before it is known that there is an answer: whoever sees that finds it.
        let kept = told.as_ref().is_ok_and(|told| self.0.answers.keep(tenant, answer, told, self.seconds()));
        let key = hashed(state);
        let mut ops = vec![
            Op::DeleteRecord { kind: QUESTION.to_owned(), key: key.clone() },
            Op::PutRecord { kind: ASKED.to_owned(), key, body: became },
            self.count_op("verified", if told.is_err() { "forged" } else { outcome }),
        ];
        let plain_use =
            question["use"].as_str().and_then(Use::from_name).unwrap_or_default() == Use::Presentation;
        if let Some(told) = told.as_ref().ok().filter(|told| plain_use && told.standing == Standing::Valid) {
            ops.push(self.used_op(Use::Presentation, told.kind));
        }
        // Of two who answer at the same time one is heard.
        if self.write(&self.own(tenant), ops).await.is_err() {
            if kept {
                self.0.answers.take(tenant, answer, self.seconds());
            }
            return Err(self.repeated(tenant, state).await?);
        }
        told.map(|told| told.standing)
    }

    /// What is said to whoever sends an answer to a question that is not open.
    async fn repeated(&self, tenant: &Tenant, state: &str) -> Result<Error, Error> {
        let Some(mut became) = self.became(tenant, state).await? else { return Ok(Error::Spent("state")) };
        let times = became["repeated"].as_u64().unwrap_or_default().saturating_add(1);
        let left = became["until"].as_i64().unwrap_or_default() - self.seconds();
        became["repeated"] = json!(times);
        self.put_at(tenant, (ASKED, hashed(state)), became, left).await?;
        Ok(Error::Repeated)
    }

    /// A question that is open.
    pub(super) async fn open_question(&self, tenant: &Tenant, state: &str) -> Result<Option<Json>, Error> {
        self.kept_of(tenant, QUESTION, state).await
    }

    /// What became of a question.
    pub(super) async fn became(&self, tenant: &Tenant, state: &str) -> Result<Option<Json>, Error> {
        self.kept_of(tenant, ASKED, state).await
    }

    async fn kept_of(&self, tenant: &Tenant, kind: &str, state: &str) -> Result<Option<Json>, Error> {
        let record = self.own(tenant).record(kind, &hashed(state)).await?;
        let is_on = |body: &Json| body["until"].as_i64().unwrap_or_default() > self.seconds();
        Ok(record.map(|record| record.body).filter(is_on))
    }

    /// What a presentation says, once it is believed, of what was asked for.
    async fn judged(&self, tenant: &Tenant, question: &Json, token: &Json) -> Result<Told, Error> {
        let text = |name: &str| question[name].as_str().unwrap_or_default().to_owned();
        let asked = sdjwt::Asked { audience: text("audience"), nonce: text("nonce"), within: LASTS };
        // DCQL answers with a list for each credential that was asked for.
        let shown = &token["card"];
        let shown = shown.as_str().or_else(|| shown.get(0).and_then(Json::as_str));
        let shown = shown.ok_or_else(|| malformed("vp_token has no presentation named card"))?;
        let keys = self.keys(tenant).await?;
        let presented = sdjwt::verify(shown, &keys, self.seconds(), Some(&asked))?;
        let (card, kind) = self.card_of(tenant, &presented).await?;
        if question["kind"].as_str().is_some_and(|wished| wished != kind.name()) {
            return Err(malformed("it is a card of another kind than was asked for").into());
        }
        let wanted = question["claims"].as_array().map(Vec::as_slice).unwrap_or_default();
        let wanted = wanted.iter().filter_map(Json::as_str);
        // A wallet may show more than was asked for: that is not looked at.
        let claims: Map<String, Json> =
            wanted.filter_map(|name| Some((name.to_owned(), presented.claims.get(name)?.clone()))).collect();
        let standing = self.standing_of(&card);
        let task = self.task_of(&card, standing);
        Ok(Told { standing, kind, claims, hidden: hidden(shown), task, card: card.id })
    }

    /// The card of a presentation.
    async fn card_of(&self, tenant: &Tenant, presented: &Presented) -> Result<(Card, CardKind), Error> {
        let vct = presented.claims.get("vct").and_then(Json::as_str).unwrap_or_default();
        let kind = self.rules()?.kinds().iter().find(|kind| kind.credential == vct);
        let kind = kind.ok_or_else(|| malformed("vct is none of ours"))?.code;
        let (uri, place) = presented.status().ok_or_else(|| malformed("status is missing"))?;
        let list = uri.rsplit('/').next().and_then(|list| list.parse::<u32>().ok());
        let place = u32::try_from(place).ok().filter(|place| *place < A_LIST);
        let serial = list.zip(place).and_then(|(list, place)| list.checked_mul(A_LIST)?.checked_add(place));
        let serial = serial.ok_or_else(|| malformed("status is none of ours"))?;
        Ok((self.by_serial(tenant, serial).await?.ok_or(Error::NoSuch("card"))?, kind))
    }
}

/// What a wish asks for.
fn claims(wish: &Wish) -> &[Claim] {
    if wish.claims.is_empty() { &Claim::OF_PROGRAMS } else { &wish.claims }
}

/// How much of a presentation was kept back: hashes without their disclosure.
fn hidden(shown: &str) -> usize {
    let Ok(shown) = SdJwt::read(shown) else { return 0 };
    let all = shown.issued.claims["_sd"].as_array().map_or(0, Vec::len);
    all.saturating_sub(shown.disclosures.len())
}

fn malformed(why: &str) -> Refused {
    Refused::Malformed { what: "vp_token", why: why.to_owned() }
}
