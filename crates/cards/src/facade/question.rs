//! Presentations of cards from wallets: OpenID4VP 1.0 with a DCQL query and `direct_post`. Each question has its own nonce and
//! is answered once; whoever repeats an answer is refused.

use dinh_credentials::Refused;
use dinh_credentials::card::CardKind;
use dinh_credentials::sdjwt::{self, Presented};
use dinh_model::Tenant;
use serde_json::{Value as Json, json};

use super::status::A_LIST;
use super::wallet::hashed;
use super::{Cards, Standing};
use crate::Error;

/// Kinds of records: questions by the hash of their state, answers by the hash of the asker's secret.
const QUESTION: &str = "card-question";
const ANSWER: &str = "card-answer";
/// For how many seconds a question is open, and its answer kept.
const LASTS: i64 = 300;

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
    /// Asks a wallet for a card. `response` is where it sends the answer, without the state.
    ///
    /// # Errors
    /// [`Error::NotOffered`], [`Error::TooMany`].
    pub async fn question(&self, tenant: &Tenant, response: &str) -> Result<Question, Error> {
        let (state, secret, nonce) = (self.secret()?, self.secret()?, self.secret()?);
        let response_uri = format!("{response}/{state}");
        let client = format!("redirect_uri:{response_uri}");
        let kinds: Vec<&str> = self.rules()?.kinds().iter().map(|kind| kind.credential.as_str()).collect();
        let claims = ["serial", "name", "unit", "position"].map(|name| json!({"id": name, "path": [name]}));
        let query = json!({"credentials": [{
            "id": "card",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": kinds},
            "claims": claims,
            // A person's card has neither unit nor position.
            "claim_sets": [["serial", "name", "unit", "position"], ["serial", "name"]],
        }]});
        let request = json!({
            "response_type": "vp_token",
            "response_mode": "direct_post",
            "client_id": client,
            "response_uri": response_uri,
            "nonce": nonce,
            "state": state,
            "dcql_query": query,
        });
        let body = json!({"nonce": nonce, "audience": client, "answer": hashed(&secret)});
        self.put(tenant, (QUESTION, &state), body, LASTS).await?;
        Ok(Question { state, secret, request, lasts: LASTS })
    }

    /// Takes the answer of a wallet. The question is spent, whatever the answer is.
    ///
    /// # Errors
    /// [`Error::Spent`] for a question that is unknown, answered or too old; [`Error::Refused`] for an answer that proves
    /// nothing.
    pub async fn answer(&self, tenant: &Tenant, state: &str, token: &Json) -> Result<Standing, Error> {
        let question = self.spend(tenant, (QUESTION, state), "state").await?;
        let text = |name: &str| question[name].as_str().unwrap_or_default().to_owned();
        let asked = sdjwt::Asked { audience: text("audience"), nonce: text("nonce"), within: LASTS };
        // DCQL answers with a list for each credential that was asked for.
        let shown = &token["card"];
        let shown = shown.as_str().or_else(|| shown.get(0).and_then(Json::as_str));
        let shown = shown.ok_or_else(|| malformed("vp_token has no presentation named card"))?;
        let keys = self.keys(tenant).await?;
        let presented = sdjwt::verify(shown, &keys, self.seconds(), Some(&asked))?;
        let (standing, kind) = self.judged(tenant, &presented).await?;
        let told = |name: &str| presented.claims.get(name).cloned().unwrap_or(Json::Null);
        let body = json!({
            "standing": standing.name(), "kind": kind.name(), "serial": told("serial"), "name": told("name"),
            "unit": told("unit"), "position": told("position"),
        });
        self.put_at(tenant, (ANSWER, text("answer")), body, LASTS).await?;
        self.write(&self.own(tenant), vec![self.count_op("verified", standing.name())]).await?;
        Ok(standing)
    }

    /// How the card of a presentation stands.
    async fn judged(&self, tenant: &Tenant, presented: &Presented) -> Result<(Standing, CardKind), Error> {
        let vct = presented.claims.get("vct").and_then(Json::as_str).unwrap_or_default();
        let kind = self.rules()?.kinds().iter().find(|kind| kind.credential == vct);
        let kind = kind.ok_or_else(|| malformed("vct is none of ours"))?.code;
        let (uri, place) = presented.status().ok_or_else(|| malformed("status is missing"))?;
        let list = uri.rsplit('/').next().and_then(|list| list.parse::<u32>().ok());
        let place = u32::try_from(place).ok().filter(|place| *place < A_LIST);
        let serial = list.zip(place).and_then(|(list, place)| list.checked_mul(A_LIST)?.checked_add(place));
        let serial = serial.ok_or_else(|| malformed("status is none of ours"))?;
        let card = self.by_serial(tenant, serial).await?.ok_or(Error::NoSuch("card"))?;
        Ok((self.standing_of(&card), kind))
    }

    /// The answer to a question, once, for whoever asked it; none while there is none.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn answered(&self, tenant: &Tenant, secret: &str) -> Result<Option<Json>, Error> {
        match self.spend(tenant, (ANSWER, secret), "answer").await {
            Ok(mut body) => {
                if let Some(object) = body.as_object_mut() {
                    object.remove("until");
                }
                Ok(Some(body))
            }
            Err(Error::Spent(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

fn malformed(why: &str) -> Refused {
    Refused::Malformed { what: "vp_token", why: why.to_owned() }
}
